"""The places where words are needed, and which names may stand in them. The words themselves are in content/messages/.

Samples show what a name may hold at its most awkward: `content check` renders every phrase with them.
"""

from bot.curriculum.wording import Phrases

_NAME = "Ana-Maria <Vidmar> & Söhne"
_TITLE = "Stages the buyer can prove"
_WHEN = "Wednesday 30 September, 17:30"

PHRASES: Phrases = {
    "lesson": {
        "about": {"area": "Performance management, reward and recognition", "minutes": 4, "number": 30, "total": 40},
        "example": {},
        "next": {"when": _WHEN},
        "last": {},
    },
    "check": {
        "audience": {},
        "how": {},
        "how_several": {},
        "sure": {},
        "think_so": {},
        "guess": {},
        "scale": {"labels": "1 · someone would have to show me"},
        "write": {},
        "reflection_audience": {},
        "reflection_audience_plain": {},
        "reflection_title": {},
        "reflection_save": {},
        "reflection_close": {},
        "reflection_label": {},
        "reflection_empty": {},
        "reflection_answer": {"text": "I took the <ball> & ran"},
        "scale_answer": {"point": "3: with a checklist"},
        "right": {},
        "wrong": {},
        "picked": {"option": "The buyer sent the criteria for comparing offers"},
        "better": {"option": "The buyer sent the criteria for comparing offers"},
        "sure_but_wrong": {},
        "pick_first": {},
        "not_yours": {},
        "gone": {},
    },
    "action": {"heading": {}, "audience": {}, "promise": {}, "promised": {"due": "Wednesday 30 September"}},
    "nudge": {"text": {"first_name": _NAME, "title": _TITLE, "minutes": 4}},
    "peers": {
        "heading": {"names": "Maya, Tom and Ana"},
        "hello": {"names": "Maya, Tom and Ana", "reason": "You have not met yet."},
        "and": {},
        "reason_new": {},
        "reason_longest_ago": {},
        "reason_trio": {},
        "topic": {"title": _TITLE},
        "no_topic": {},
        "audience": {},
        "did_you_meet": {},
        "met_audience": {},
        "answer_yes": {},
        "answer_not_yet": {},
        "answer_could_not": {},
        "met_yes": {},
        "met_not_yet": {},
        "met_could_not": {},
    },
    "digest": {
        "heading": {},
        "intro": {"first_name": _NAME},
        "progress": {"name": _NAME, "done": 2, "given": 12},
        "area": {"area": "Sales tracking and execution"},
        "promised": {"due": "Wednesday 30 September"},
        "ask": {"lesson": _TITLE},
        "more": {"count": 3},
        "audience": {},
    },
    "home": {
        "heading": {},
        "progress": {"first_name": _NAME, "done": 1, "given": 2, "total": 10},
        "waiting": {},
        "waiting_lesson": {"title": _TITLE},
        "nothing_waits": {},
        "next": {"when": _WHEN},
        "your_mentor": {"name": _NAME},
        "mentor": {"names": _NAME, "count": 1},
        "staff": {"enrolled": 12, "unconfirmed": 1, "failed": 1},
        "unreachable": {"names": _NAME},
        "without_mentor": {"names": _NAME},
        "nobody": {},
        "promise": {},
    },
}
