"""How the picture stands in a message, and how it is said in words. Pure."""

from collections.abc import Callable, Sequence

from bot.curriculum.wording import Wording
from bot.pictures.plot import Labels
from bot.pictures.rules import Stand, Told
from bot.slack.blocks import ALT_LIMIT, Block, Drawn, clip, context, drawn, header, image, reading, section
from bot.slack.saying_when import number

Say = Callable[..., str]


def picture(words: Wording, areas: Sequence[Told], language: str, file_id: str | None) -> Drawn:
    """The picture; as long as there is none (`file_id` is Slack's), its words. Without any area, that it is too early."""
    blocks: list[Block] = [header(words.plain("picture.heading"))]
    if not areas:
        blocks.append(section(words.mrkdwn("picture.nothing")))
        return drawn(blocks, reading(blocks))
    lines = [section(_line(words.mrkdwn, one, language)) for one in areas]
    audience = context(words.mrkdwn("picture.audience"))
    text = reading([*blocks, *lines, audience])
    if file_id is None:
        return drawn([*blocks, *lines, audience], text)
    return drawn([*blocks, image(file_id, alt_text(words, areas, language)), audience], text)


def within(words: Wording, areas: Sequence[Told], language: str, file_id: str | None) -> list[Block]:
    """The picture alone, for a message that says the rest itself."""
    return beside(file_id, alt_text(words, areas, language))


def alt_text(words: Wording, areas: Sequence[Told], language: str) -> str:
    """What the picture shows, for those who don't see it."""
    return clip(". ".join(_line(words.plain, one, language) for one in areas), ALT_LIMIT)


def stands(words: Wording, areas: Sequence[Stand], language: str) -> list[Block]:
    """Where a manager stands, for the mentor to whom it is shown."""
    if not areas:
        return []
    lines = [_stands(words.mrkdwn, one, language) for one in areas]
    return [section("\n".join([words.mrkdwn("picture.stands_shared"), *(f"• {line}" for line in lines)]))]


def stands_alt(words: Wording, panels: Sequence[tuple[str, Sequence[Stand]]], language: str) -> str:
    """What the picture of several managers shows."""
    said = [f"{name}: {'; '.join(_stands(words.plain, one, language) for one in areas)}" for name, areas in panels]
    return clip(". ".join(said), ALT_LIMIT)


def beside(file_id: str | None, alt: str) -> list[Block]:
    """A picture alone; nothing until there is one."""
    return [] if file_id is None else [image(file_id, alt)]


def labels(words: Wording) -> Labels:
    """The words in the picture."""
    return Labels(
        mastery=words.plain("picture.legend_mastery"),
        own=words.plain("picture.legend_own"),
        mentor=words.plain("picture.legend_mentor"),
        goal=words.plain("picture.legend_goal"),
        lesson=words.plain("picture.legend_lesson"),
        weeks=words.plain("picture.weeks"),
        lowest=words.plain("picture.lowest"),
        highest=words.plain("picture.highest"),
    )


def _line(say: Say, one: Told, language: str) -> str:
    parts = [_stands(say, one, language), say("picture.goal", level=one.target)]
    if one.said_last is not None:
        place = "picture.said" if one.said_first == one.said_last else "picture.said_then"
        parts.append(say(place, first=one.said_first, level=one.said_last))
    if one.mentor is not None:
        parts.append(say("picture.mentor", level=one.mentor))
    if one.lessons:
        parts.append(say("picture.lessons", count=one.lessons))
    return ", ".join(parts)


def _stands(say: Say, one: Told | Stand, language: str) -> str:
    if one.first is None or one.last is None:
        return say("picture.nothing_yet", area=one.title)
    place = "picture.stands" if one.first == one.last else "picture.from_to"
    return say(place, area=one.title, first=number(one.first, language), level=number(one.last, language))
