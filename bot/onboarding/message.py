"""How the welcome and the baseline look. Pure."""

from dataclasses import dataclass

from bot.curriculum.model import Area
from bot.curriculum.wording import Wording
from bot.slack import codec
from bot.slack.blocks import (
    Block,
    Drawn,
    button,
    clip,
    context,
    drawn,
    header,
    modal,
    picker,
    plain,
    reading,
    section,
)

BEGIN, SETTINGS = "welcome_begin", "preferences_settings"
RATE, RATE_AT, RATE_AGAIN, RATED = "baseline_open", "baseline_at", "baseline_again", "baseline_rated"
LEVEL = "level"


@dataclass(frozen=True)
class Welcome:
    """What the welcome tells one reader. `mentor` and `buddy` are None as long as nobody is named."""

    first_name: str
    minutes: int
    weeks: int
    days: str
    at: str
    every_weeks: int
    sealed_days: int  # working days after which a mentor sees a self-rating in any case
    mentor: str | None
    buddy: str | None


@dataclass(frozen=True)
class Step:
    """One area of the baseline. `earlier` is the first answer, where it is asked once more.

    `until` is the day on which the mentor sees it at the latest, in words (None where no checkpoint was opened); `is_open`:
    they do already.
    """

    area: Area
    number: int
    total: int
    week: int
    earlier: int | None
    has_mentor: bool
    until: str | None = None
    is_open: bool = False


@dataclass(frozen=True)
class Thanks:
    """When it was that all areas were rated."""

    is_first: bool
    is_last: bool
    has_mentor: bool


def welcome(words: Wording, one: Welcome, *, begun: bool, next_at: str | None) -> Drawn:
    """What this is, who the mentor is and what they will and won't see, and what it is never used for."""
    mentor = words.mrkdwn("welcome.mentor", name=one.mentor) if one.mentor else words.mrkdwn("welcome.no_mentor")
    blocks = [
        header(words.plain("welcome.heading", first_name=one.first_name)),
        section(words.mrkdwn("welcome.hello", minutes=one.minutes, weeks=one.weeks)),
        section(words.mrkdwn("welcome.ways", days=one.days, at=one.at, every_weeks=one.every_weeks)),
        section(mentor),
        *([section(words.mrkdwn("welcome.buddy", name=one.buddy))] if one.buddy else []),
        section(words.mrkdwn("welcome.sees", sealed_days=one.sealed_days)),
        section(words.mrkdwn("welcome.sees_not")),
        context(words.mrkdwn("welcome.purpose")),
    ]
    if begun:
        blocks.append(section(_begun(words, next_at)))
    return drawn(blocks, clip(reading(blocks), 3900))


def reminder(words: Wording, first_name: str, *, begun: bool, next_at: str | None) -> Drawn:
    """One line, once."""
    text = _begun(words, next_at) if begun else words.mrkdwn("welcome.reminder", first_name=first_name)
    return drawn([section(text)], text)


def not_begun_row(words: Wording) -> list[Block]:
    """One button to begin, and a smaller one for other days."""
    return [
        button(words.plain("welcome.begin"), BEGIN, "begin", style="primary"),
        button(words.plain("welcome.settings"), SETTINGS, "settings"),
    ]


def baseline_row(words: Wording) -> list[Block]:
    """What is left to do at the beginning."""
    return [button(words.plain("baseline.open"), RATE, "rate", style="primary")]


def step(words: Wording, one: Step) -> Block:
    """One area with its five levels in plain words; who sees the answer stands above it."""
    blocks = [
        context(words.mrkdwn("baseline.place", number=one.number, total=one.total), _audience(words, one)),
        header(one.area.title),
        *(
            section(words.mrkdwn("baseline.level", level=level.value, behaviour=level.behaviour))
            for level in one.area.levels
        ),
        *([context(words.mrkdwn("baseline.earlier", level=one.earlier))] if one.earlier else []),
        _which(words, one),
    ]
    return modal(
        callback_id=RATED,
        title=words.plain("baseline.title"),
        submit=words.plain("baseline.next" if one.number < one.total else "baseline.last"),
        close=words.plain("baseline.close"),
        ids=codec.write(one.week, one.area.id),
        blocks=blocks,
    )


def thanks(words: Wording, one: Thanks) -> Block:
    """All areas are in: what it is used for."""
    key = "thanks" if one.is_first else "thanks_again" if one.is_last else "thanks_between"
    blocks = [section(words.mrkdwn(f"baseline.{key}"))]
    if one.has_mentor:
        blocks.append(context(words.mrkdwn("baseline.both")))
    return _told(words, blocks)


def not_yours(words: Wording) -> Block:
    """For someone who is not asked: an account that was erased, a modal from before."""
    return _told(words, [section(words.mrkdwn("baseline.not_yours"))])


def level_block(area_id: str) -> str:
    """The block of the question: one of its own for each area, so that no pick is carried on into the next step."""
    return f"{LEVEL}:{area_id}"


def _which(words: Wording, one: Step) -> Block:
    options = [(str(level.value), str(level.value)) for level in one.area.levels]
    return {
        "type": "input",
        "block_id": level_block(one.area.id),
        "label": plain(words.plain("baseline.which"), "label"),
        "element": picker(LEVEL, options, several=False),
    }


def _audience(words: Wording, one: Step) -> str:
    if not one.has_mentor:
        return words.mrkdwn("baseline.audience_alone")
    return words.mrkdwn("baseline.audience_open") if one.is_open else words.mrkdwn("baseline.audience", day=one.until)


def _begun(words: Wording, next_at: str | None) -> str:
    return words.mrkdwn("welcome.begun_next", when=next_at) if next_at else words.mrkdwn("welcome.begun")


def _told(words: Wording, blocks: list[Block]) -> Block:
    return modal(
        callback_id="baseline_told", title=words.plain("baseline.title"), close=words.plain("baseline.done"),
        blocks=blocks,
    )  # fmt: skip
