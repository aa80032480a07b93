"""How the end looks. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.curriculum.wording import Wording
from bot.slack.blocks import Block, Drawn, actions, button, context, drawn, header, reading, section
from bot.slack.saying_when import number

GO_ON, ENOUGH, RATE_AGAIN, PICTURE = "ending_go_on", "ending_enough", "baseline_again", "ending_picture"


@dataclass(frozen=True)
class AreaWay:
    """One area, then and now. A level is None where nobody rated."""

    title: str
    first: int | None
    last: int | None
    mentor: int | None
    mastery: float


@dataclass(frozen=True)
class End:
    """A manager's whole way; `goes_on` is None until they said."""

    first_name: str
    lessons: int
    actions: int
    areas: Sequence[AreaWay]
    practise: Sequence[tuple[str, str]]  # an area's title, and the action to do again (mrkdwn)
    rated_again: bool
    goes_on: bool | None


def ending(words: Wording, one: End, language: str) -> Drawn:
    """What was done, where it led, what to keep, and whether reviews go on."""
    blocks: list[Block] = [
        header(words.plain("ending.heading")),
        section(words.mrkdwn("ending.intro", first_name=one.first_name, lessons=one.lessons, actions=one.actions)),
        section("\n".join(_area(words, area, language) for area in one.areas)),
    ]
    if one.practise:
        blocks.append(section(words.mrkdwn("ending.keep", count=len(one.practise))))
        blocks += [section(f"{words.mrkdwn('ending.keep_area', area=area)}\n{text}") for area, text in one.practise]
    doors = [button(words.plain("ending.picture"), PICTURE, "picture")]
    if not one.rated_again:
        doors.insert(0, button(words.plain("ending.rate_again"), RATE_AGAIN, "again", style="primary"))
    blocks.append(actions(doors))
    blocks += _going_on(words, one.goes_on)
    return drawn(blocks, reading(blocks))


def _area(words: Wording, one: AreaWay, language: str) -> str:
    parts = [words.mrkdwn("ending.area", title=one.title, level=number(round(one.mastery, 1), language))]
    if one.first is not None:
        place = "ending.then" if one.last is None else "ending.then_and_now"
        parts.append(words.mrkdwn(place, then=one.first, now=one.last or ""))
    if one.mentor is not None:
        parts.append(words.mrkdwn("ending.mentor", level=one.mentor))
    return " · ".join(parts)


def _going_on(words: Wording, goes_on: bool | None) -> list[Block]:
    if goes_on is not None:
        return [section(words.mrkdwn("ending.goes_on" if goes_on else "ending.done"))]
    return [
        section(words.mrkdwn("ending.go_on_question")),
        actions([
            button(words.plain("ending.go_on"), GO_ON, "go_on"),
            button(words.plain("ending.enough"), ENOUGH, "enough"),
        ]),
        context(words.mrkdwn("ending.stays")),
    ]  # fmt: skip
