"""How the picture stands in a message, and how it is said in words. Pure."""

from collections.abc import Callable, Mapping, Sequence

from bot.curriculum.markdown import escape
from bot.curriculum.wording import Wording
from bot.pictures.plot import Labels
from bot.pictures.rules import Stand, Told
from bot.slack.blocks import ALT_LIMIT, Block, Drawn, clip, context, drawn, header, image, reading, section
from bot.slack.saying_when import number

Say = Callable[..., str]


def words_of(words: Wording, areas: Sequence[Told], language: str) -> Drawn:
    """What the picture shows, in words. Without any area, that it is too early."""
    blocks: list[Block] = [header(words.plain("picture.heading"))]
    if not areas:
        blocks.append(section(words.mrkdwn("picture.nothing")))
        return drawn(blocks, reading(blocks))
    blocks += [section(_line(words.mrkdwn, one, language)) for one in areas]
    blocks.append(context(words.mrkdwn("picture.audience")))
    return drawn(blocks, reading(blocks))


def shown(title: str, pictures: Sequence[Mapping[str, str]]) -> Drawn:
    """Pictures in a message of their own: what they are called stands above the first, and the text says what they show."""
    titles = [title, *[None] * len(pictures)]
    blocks = [image(one["file_id"], one["alt"], name) for one, name in zip(pictures, titles, strict=False)]
    return drawn(blocks, escape("\n".join([title, *(one["alt"] for one in pictures)])))  # a description has no markup


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
