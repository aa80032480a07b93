"""The modal in which a mentor says what they saw, step by step: whom, cases and their key, a level, or a card. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.curriculum.model import Area, Case
from bot.curriculum.wording import Wording
from bot.ratings.rules import Behaviour
from bot.slack import codec
from bot.slack.blocks import Block, context, header, menu, modal, picker, plain, section, text_input, the_only

RATE = "mentor_rate"
STARTED, CASES_RATED, RATED, CHANGE, CARD_SENT = (
    "rating_started", "rating_cases", "rating_rated", "rating_change", "rating_card",
)  # fmt: skip
PICK, WHO, WHAT, AREA, LEVEL, SEEN, ON, CASE, SAW = "pick", "who", "what", "area", "level", "seen", "on", "case", "saw"
LEVELS, VISIT = WHATS = ("levels", "visit")
NOT_SEEN = "not_seen"
SAWS = ("yes", "partly", "not_yet")
LONGEST = 500


@dataclass(frozen=True)
class KeyShown:
    """A sample case after it was rated: its number, its level and why, and what the mentor said."""

    number: int
    level: int
    why: str
    said: int


@dataclass(frozen=True)
class Step:
    """One area of one manager. `until` is the day on which the seal breaks at the latest, in words; `today` is local."""

    enrollment_id: int
    week: int
    area: Area
    number: int
    total: int
    name: str
    until: str
    today: date
    key: Sequence[KeyShown] = ()


def start(words: Wording, managers: Sequence[tuple[str, str]]) -> Block:
    """Whom it is about (where there is a choice), and whether the areas or a visit."""
    blocks = [] if len(managers) == 1 else [_field(words, WHO, "rating.who_label", menu(PICK, managers))]
    whats = picker(PICK, [(what, words.plain(f"rating.what_{what}")) for what in WHATS], several=False)
    whats["initial_option"] = whats["options"][0]
    blocks.append(_field(words, WHAT, "rating.what_label", whats))
    return _modal(words, STARTED, blocks, ids=the_only(managers))


def whom(words: Wording, managers: Sequence[tuple[str, str]]) -> Block:
    """Only whom it is about: no areas are asked at the moment."""
    return _modal(words, STARTED, [_field(words, WHO, "rating.who_label", menu(PICK, managers))])


def cases(words: Wording, one: Step) -> Block:
    """Two sample cases, each with its five levels; the rubric stands above them."""
    blocks = [context(words.mrkdwn("rating.cases_intro")), header(one.area.title), *_rubric(words, one.area)]
    for place, case in enumerate(one.area.cases):
        blocks += _case(words, one.area, place, case)
    return _modal(words, CASES_RATED, blocks, ids=_ids(one))


def rate(words: Wording, one: Step) -> Block:
    """A level, one sentence of what was seen, and the day; who reads it and when stands above, before it is sent."""
    blocks = [
        context(
            words.mrkdwn("rating.place", name=one.name, number=one.number, total=one.total),
            words.mrkdwn("rating.audience", name=one.name, day=one.until),
        ),
        *(_key(words, each) for each in one.key),
        header(one.area.title),
        *_rubric(words, one.area),
        _field(words, level_block(one.area.id), "rating.level_label", _levels(words, one.area), name=one.name),
        {
            **text_input(
                words.plain("rating.seen_label"), PICK, block(SEEN, one.area.id),
                hint=words.plain("rating.seen_hint"), longest=LONGEST,
            ),
            "optional": True,
        },
        _field(words, block(ON, one.area.id), "rating.on_label", _day(one.today)),
    ]  # fmt: skip
    return _modal(words, RATED, blocks, ids=_ids(one), submit="next" if one.number < one.total else "last")


def card(words: Wording, enrollment_id: int, name: str, behaviours: Sequence[Behaviour], *, none_open: bool) -> Block:
    """Three behaviours, one tap each, and one line that may be left out."""
    blocks = [section(words.mrkdwn("rating.none_open", name=name))] if none_open else []
    blocks.append(section(words.mrkdwn("rating.card_intro", name=name)))
    for one in behaviours:
        options = [(saw, words.plain(f"rating.saw_{saw}")) for saw in SAWS]
        blocks.append(
            {
                "type": "input", "block_id": block(SAW, one.source), "label": plain(one.text, "label"),
                "element": picker(PICK, options, several=False),
            }
        )  # fmt: skip
    line = text_input(words.plain("rating.card_label"), PICK, SEEN, longest=LONGEST)
    blocks += [{**line, "optional": True}, context(words.mrkdwn("rating.card_audience", name=name))]
    return _modal(words, CARD_SENT, blocks, ids=codec.write(enrollment_id), submit="send")


def kept(
    words: Wording, enrollment_id: int, week: int, name: str, until: str, areas: Sequence[tuple[str, str]]
) -> Block:
    """All areas are in, but not the manager's: a level may still be changed."""
    again = {**_field(words, AREA, "rating.change_label", menu(PICK, areas)), "optional": True}
    blocks = [section(words.mrkdwn("rating.kept", name=name, day=until)), again]
    return _modal(words, CHANGE, blocks, ids=codec.write(enrollment_id, week), submit="change")


def told(words: Wording, sentence: str, **values: Any) -> Block:
    """A modal of one sentence."""
    return modal(
        callback_id="rating_told", title=words.plain("rating.title"), close=words.plain("rating.close"),
        blocks=[section(words.mrkdwn(sentence, **values))],
    )  # fmt: skip


def block(field: str, of: str | int) -> str:
    """A block of its own for each area (case, behaviour), so that nothing is carried on into the next step."""
    return f"{field}:{of}"


def level_block(area_id: str) -> str:
    """Where the level of an area is picked."""
    return block(LEVEL, area_id)


def case_block(area_id: str, place: int) -> str:
    """Where the level of a sample case is picked."""
    return block(CASE, f"{area_id}:{place}")


def _case(words: Wording, area: Area, place: int, case: Case) -> list[Block]:
    options = [(str(level.value), str(level.value)) for level in area.levels]
    label = words.plain("rating.case_label", number=place + 1)
    question = {
        "type": "input", "block_id": case_block(area.id, place), "label": plain(label, "label"),
        "element": picker(PICK, options, several=False),
    }  # fmt: skip
    return [section(words.mrkdwn("rating.case", number=place + 1, text=case.text)), question]


def _key(words: Wording, one: KeyShown) -> Block:
    return section(words.mrkdwn("rating.key", number=one.number, level=one.level, why=one.why, said=one.said))


def _rubric(words: Wording, area: Area) -> list[Block]:
    return [
        section(words.mrkdwn("baseline.level", level=level.value, behaviour=level.behaviour)) for level in area.levels
    ]


def _levels(words: Wording, area: Area) -> Block:
    options = [(str(level.value), str(level.value)) for level in area.levels]
    return picker(PICK, [*options, (NOT_SEEN, words.plain("rating.not_seen"))], several=False)


def _day(today: date) -> Block:
    return {"type": "datepicker", "action_id": PICK, "initial_date": today.isoformat()}


def _field(words: Wording, block_id: str, label: str, element: Block, **values: Any) -> Block:
    text = plain(words.plain(label, **values), "label")
    return {"type": "input", "block_id": block_id, "label": text, "element": element}


def _ids(one: Step) -> str:
    return codec.write(one.enrollment_id, one.week, one.area.id)


def _modal(words: Wording, callback_id: str, blocks: Sequence[Block], *, ids: str = "", submit: str = "next") -> Block:
    return modal(
        callback_id=callback_id, title=words.plain("rating.title"), submit=words.plain(f"rating.{submit}"),
        close=words.plain("rating.close"), blocks=blocks, ids=ids,
    )  # fmt: skip
