"""Who may see what of a manager, and who may do what: one table, as data. Pure.

A role is what someone is to this manager now, so that a mentor who was replaced is nobody the next minute. What somebody does to
another's things is asked of it first (`may_do`). What may be seen stands here to be read: no room asks `may_see`, each keeps
to it in what it reads from the records.
"""

from enum import Enum


class Role(Enum):
    """What someone is to a manager."""

    SELF = "the manager"
    MENTOR = "their mentor"
    BUDDY = "their buddy"
    PEER = "of their group"
    STAFF = "staff"
    NOBODY = "anyone else"  # also an ex-mentor, and someone else's mentor


class What(Enum):
    """What there is to see of a manager."""

    LESSONS = "lessons done, the area in progress"
    ANSWER = "single answers, right or wrong, confidence"
    AREAS = "where they stand in the areas"
    REFLECTION = "a reflection"
    ACTION = "an action and its status"
    ACTION_NOTE = "what they wrote about how an action went"
    SELF_RATING = "their rating of themselves"
    MENTOR_RATING = "the mentor's rating with what was seen"
    NOTE = "kudos, notes, talks and observation cards"
    ASK = "what they want to talk about"
    GROUP = "that a group exists, and whether it met"
    GROUP_WORDS = "what was said in a group"
    RELATION = "what they said of the talks with their mentor"
    SILENCE = "reminders ignored, response times"
    BLOCKS = "whom they would rather not meet"


class Act(Enum):
    """What there is to do about a manager."""

    RATE_SELF = "rate themselves"
    RATE = "rate what was seen"
    OBSERVE = "fill in an observation card"
    KUDOS = "send kudos or a note"
    TALKED = "say that they talked, and set the next date"
    BRIEF = "read the brief for a one-to-one"
    ASK = "ask for a talk"
    SETTLE = "say that an ask is settled"
    SHARE = "show more of themselves to the mentor"
    PICK_TIME = "pick a time for a group"
    SAY_MET = "say whether a group met"
    GIVE_MENTOR = "give a mentor or a buddy"
    CHANGE_ROUND = "swap, leave out or start in a round"
    ENROL = "enrol, move, take out, bring back"
    LEAD = "start, pause, extend or close a cohort"
    EXPLAIN = "see which messages failed, and why one has not come"


class Seen(Enum):
    """How far something may be seen."""

    YES = "yes"
    IF_SHARED = "if they share it"
    ONCE_OPEN = "once both ratings are in"
    OWN = "if it is their own"
    COUNTED = "in groups of five and more"
    NO = "no"


_MANAGER = {
    **dict.fromkeys(What, Seen.YES), What.MENTOR_RATING: Seen.ONCE_OPEN,
}  # fmt: skip
_MENTOR = {
    What.LESSONS: Seen.YES, What.ANSWER: Seen.IF_SHARED, What.AREAS: Seen.IF_SHARED, What.REFLECTION: Seen.IF_SHARED,
    What.ACTION: Seen.YES, What.ACTION_NOTE: Seen.IF_SHARED, What.SELF_RATING: Seen.ONCE_OPEN,
    What.MENTOR_RATING: Seen.OWN, What.NOTE: Seen.OWN, What.ASK: Seen.YES,
}  # fmt: skip
_STAFF = {
    What.LESSONS: Seen.YES, What.ANSWER: Seen.COUNTED, What.AREAS: Seen.COUNTED, What.ACTION: Seen.YES,
    What.SELF_RATING: Seen.COUNTED, What.MENTOR_RATING: Seen.COUNTED, What.GROUP: Seen.YES, What.SILENCE: Seen.COUNTED,
}  # fmt: skip

SIGHT: dict[Role, dict[What, Seen]] = {
    Role.SELF: _MANAGER,
    Role.MENTOR: _MENTOR,
    Role.BUDDY: {},
    Role.PEER: {What.GROUP: Seen.YES, What.GROUP_WORDS: Seen.YES},
    Role.STAFF: _STAFF,
    Role.NOBODY: {},
}

ACTS: dict[Role, frozenset[Act]] = {
    Role.SELF: frozenset({Act.RATE_SELF, Act.ASK, Act.SETTLE, Act.SHARE, Act.PICK_TIME, Act.SAY_MET}),
    Role.MENTOR: frozenset({Act.RATE, Act.OBSERVE, Act.KUDOS, Act.TALKED, Act.BRIEF, Act.SETTLE}),
    Role.BUDDY: frozenset(),
    Role.PEER: frozenset({Act.PICK_TIME, Act.SAY_MET}),
    Role.STAFF: frozenset({Act.GIVE_MENTOR, Act.CHANGE_ROUND, Act.ENROL, Act.LEAD, Act.EXPLAIN}),
    Role.NOBODY: frozenset(),
}


def sight(role: Role, what: What) -> Seen:
    """How far someone of that role may see that."""
    return SIGHT[role].get(what, Seen.NO)


def may_see(role: Role, what: What, *, shared: bool = False, is_open: bool = False, own: bool = False) -> bool:
    """Whether one person may see this one thing: `shared` with the mentor, `is_open` (no longer sealed), or their `own` words."""
    match sight(role, what):
        case Seen.YES:
            return True
        case Seen.IF_SHARED:
            return shared
        case Seen.ONCE_OPEN:
            return is_open
        case Seen.OWN:
            return own
        case _:
            return False


def may_do(role: Role, act: Act) -> bool:
    """Whether someone of that role may do that."""
    return act in ACTS[role]
