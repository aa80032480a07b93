"""How privacy looks: modals of plain sentences, and the page that someone takes along. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from bot.curriculum.wording import Wording
from bot.privacy.exporting import flat
from bot.slack import codec
from bot.slack.blocks import Block, Drawn, actions, button, divider, drawn, modal, section

EXPORT, ERASE, ERASED = "privacy_export", "privacy_erase", "privacy_erased"
SHOW_AREAS, HIDE_AREAS, AREAS = "areas_show", "areas_hide", "areas"
PARTS = (
    "person",
    "program",
    "away",
    "lessons",
    "answers",
    "reviews",
    "actions",
    "ratings",
    "pulses",
    "notes",
    "asks",
    "relations",
    "cases",
    "peers",
    "unwanted",
    "messages",
)


@dataclass(frozen=True)
class Mentor:
    """Who sees what a manager shows, and whether that is where they stand, too."""

    id: int
    first_name: str
    shown_areas: bool


def kept(words: Wording, counts: Mapping[str, int], *, days: int, **who: Any) -> Block:
    """What is kept, who sees it (`who` fills that in), and the two doors out."""
    return _modal(
        words,
        [
            section(words.mrkdwn("privacy.kept", **counts)),
            section(words.mrkdwn("privacy.who_sees", **who)),
            section(words.mrkdwn("privacy.how_long", days=days)),
            actions([
                button(words.plain("privacy.export"), EXPORT, "export"),
                button(words.plain("privacy.erase"), ERASE, "erase", style="danger"),
            ]),
        ],
    )  # fmt: skip


def nothing_kept(words: Wording) -> Block:
    """For someone of whom nothing is on record."""
    return _modal(words, [section(words.mrkdwn("privacy.nothing_kept"))])


def seen_nothing(words: Wording) -> Block:
    """Without a mentor nobody sees anything, and there is nobody to show more to."""
    return _modal(words, [section(words.mrkdwn("privacy.seen")), section(words.mrkdwn("privacy.seen_nothing"))])


def seen(words: Wording, blocks: Sequence[Block], mentor: Mentor, *, not_shared: bool) -> Block:
    """Exactly what the mentor sees, and the switch for where someone stands, which names who would see it."""
    if mentor.shown_areas:
        told, door = "areas_shown", button(words.plain("privacy.hide_areas"), HIDE_AREAS, AREAS)
    else:
        label = words.plain("privacy.show_areas", mentor=mentor.first_name)
        told, door = "areas_hidden", button(label, SHOW_AREAS, codec.write(AREAS, mentor.id))
    return _modal(
        words,
        [
            *([section(words.mrkdwn("check.not_shared"))] if not_shared else []),
            section(words.mrkdwn("privacy.seen")),
            *blocks,
            divider(),
            section(words.mrkdwn(f"privacy.{told}", mentor=mentor.first_name)),
            actions([door]),
        ],
    )


def confirm(words: Wording, counts: Mapping[str, int]) -> Block:
    """What goes, by name, before it goes."""
    return modal(
        callback_id=ERASED,
        title=words.plain("privacy.title"),
        submit=words.plain("privacy.erase_now"),
        close=words.plain("privacy.keep"),
        blocks=[section(words.mrkdwn("privacy.what_goes", **counts))],
    )


def erased(words: Wording) -> Block:
    """It is done."""
    return _modal(words, [section(words.mrkdwn("privacy.erased"))])


def on_its_way(words: Wording) -> Block:
    """The export was asked for."""
    return _modal(words, [section(words.mrkdwn("privacy.on_its_way"))])


def here_it_is(words: Wording) -> Drawn:
    """The files come below."""
    text = words.mrkdwn("privacy.here_it_is")
    return drawn([section(text)], text)


def no_files(words: Wording) -> Drawn:
    """The workspace does not let us send files."""
    text = words.mrkdwn("privacy.no_files")
    return drawn([section(text)], text)


def page(words: Wording, language: str, name: str, kept_of_them: Mapping[str, Any]) -> str:
    """What is kept as a page. All that a person typed is escaped."""
    from jinja2 import Environment

    template = Environment(autoescape=True).from_string(files("bot.privacy").joinpath("page.html").read_text("utf-8"))
    parts = [
        (words.plain(f"privacy.part_{part}"), _rows(words, kept_of_them[part]))
        for part in PARTS
        if kept_of_them.get(part)
    ]
    return template.render(
        language=language, title=words.plain("privacy.page_title", name=name), intro=words.plain("privacy.page_intro"),
        parts=parts,
    )  # fmt: skip


def _rows(words: Wording, part: Any) -> list[list[tuple[str, str]]]:
    rows = part if isinstance(part, list) else [part]
    return flat(rows, yes=words.plain("privacy.page_yes"), no=words.plain("privacy.page_no"))


def _modal(words: Wording, blocks: Sequence[Block]) -> Block:
    return modal(
        callback_id="privacy", title=words.plain("privacy.title"), close=words.plain("privacy.close"), blocks=blocks
    )
