"""How the bot's answers look. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.coach.rules import OF_MENTORS, WORDS
from bot.curriculum.wording import Wording
from bot.slack import codec
from bot.slack.blocks import Block, Drawn, button, drawn, reading, section
from bot.slack.staff import Standing

OPEN = "coach_open"


@dataclass(frozen=True)
class Hit:
    """A lesson that was found. `snippet` is plain text."""

    lesson_id: str
    title: str
    snippet: str


def found(words: Wording, hits: Sequence[Hit], place: str) -> Drawn:
    """The best lessons, one button each; or that there are none."""
    if not hits:
        return _drawn([section(words.mrkdwn("coach.nothing_found"))])
    return _drawn([section(words.mrkdwn("coach.found")), *_hits(words, hits, place)])


def not_understood(words: Wording, meant: str | None, hits: Sequence[Hit], place: str) -> Drawn:
    """An honest answer: what this can do, what was perhaps meant, and what the lessons say about it."""
    blocks = [section(words.mrkdwn("coach.not_understood"))]
    if meant:
        blocks.append(section(words.mrkdwn("coach.did_you_mean", command=meant)))
    if hits:
        blocks += [section(words.mrkdwn("coach.perhaps")), *_hits(words, hits, place)]
    return _drawn([*blocks, section(words.mrkdwn("coach.help", commands=_commands()))])


def help_(words: Wording, *, mentors: bool, enrolled: bool, leads: Standing | None) -> Drawn:
    """What can be asked for: by a manager, by someone who mentors, and by who leads the program or reads its figures."""
    blocks = [section(words.mrkdwn("coach.hello"))] if enrolled else []
    blocks += [section(words.mrkdwn("coach.help", commands=_commands()))] if enrolled else []
    if mentors:
        blocks.append(section(words.mrkdwn("coach.mentor_help")))
    if leads is not None:
        blocks.append(section(words.mrkdwn("coach.staff_help", is_staff=leads is Standing.STAFF)))
    return _drawn(blocks or [section(words.mrkdwn("coach.not_enrolled"))])


def sentence(words: Wording, place: str, values: Mapping[str, Any]) -> Drawn:
    """One sentence."""
    return _drawn([section(words.mrkdwn(place, **values))])


def of_a_file(words: Wording, answer: Drawn) -> Drawn:
    """An answer to what came with a file, and what becomes of that."""
    text, blocks = answer
    said = words.mrkdwn("coach.file_not_kept")
    return drawn([*blocks, section(said)], f"{text}\n{said}")


def door(words: Wording, name: str) -> Drawn:
    """Where only a click can open a modal: the button for it."""
    open_it = button(words.plain("coach.open"), door_id(name), name)
    return _drawn([section(words.mrkdwn(f"coach.door_{name}"), accessory=open_it)])


def door_id(name: str) -> str:
    """The action of a button that opens a modal."""
    return f"coach_door_{name}"


def _hits(words: Wording, hits: Sequence[Hit], place: str) -> list[Block]:
    return [
        section(
            words.mrkdwn("coach.hit", title=hit.title, snippet=hit.snippet),
            accessory=button(words.plain("coach.open"), OPEN, codec.write(hit.lesson_id, place)),
        )
        for hit in hits
    ]


def _commands() -> str:
    return ", ".join(name for name in WORDS if name not in OF_MENTORS)


def _drawn(blocks: list[Block]) -> Drawn:
    return drawn(blocks, reading(blocks))
