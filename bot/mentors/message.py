"""How the digest looks: twelve lines, and each manager in full behind «more». Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.curriculum.library import Taught
from bot.curriculum.markdown import escape
from bot.curriculum.wording import Wording
from bot.mentors.rules import DigestLine, Kind, Told
from bot.mentors.words_message import KUDOS, TALKED
from bot.slack.blocks import Block, Drawn, actions, button, clip, context, drawn, header, reading, section
from bot.slack.saying_when import day

RATE, MORE = "mentor_rate", "mentor_more"
LONGEST_LINE = 80  # characters of what was said: with its label, two or three lines of a phone
LONGEST_QUOTE = 400  # of what a manager wrote and shows, where there is room
_HALF = re.compile(r"(&\w*|<[^>]*)…$")  # of an entity or a link that was cut
_MARKS = re.compile(r"(?<!\w)[*_~`](?=\S)|(?<=\S)[*_~`](?!\w)")

Fill = Mapping[str, Any]


def digest(taught: Taught, told: Sequence[tuple[Told, Fill]], more: int, first_name: str) -> Drawn:
    """The mentor's Monday: a line for each and what else there is room for, then what can be done about it."""
    words = taught.wording
    blocks: list[Block] = [
        header(words.plain("digest.heading")),
        section(words.mrkdwn("digest.intro", first_name=first_name)),
    ]
    blocks += [section("\n".join(_compact(taught, one, fill))) for one, fill in told]
    small = [words.mrkdwn("digest.more", count=more)] if more else []
    blocks.append(context(*small, words.mrkdwn("digest.audience")))
    return drawn([*blocks, row(words)], reading(blocks))


def row(words: Wording) -> Block:
    """The four things that a mentor can do, below the digest and on App Home."""
    return actions(
        [
            button(words.plain("digest.rate"), RATE, "digest"),
            button(words.plain("mentor.kudos"), KUDOS, "digest"),
            button(words.plain("mentor.talked"), TALKED, "digest"),
            button(words.plain("digest.more_button"), MORE, "digest"),
        ]
    )


def seen(taught: Taught, line: DigestLine, fill: Fill) -> list[Block]:
    """What a mentor can see of one manager, in full: for «more», for the brief, and for the manager to see it, too."""
    return [section("\n".join(_full(taught, line, fill)), expand=True)]


def _compact(taught: Taught, told: Told, fill: Fill) -> list[str]:
    line = told.line
    return [_head(taught.wording, line), *(_fact(taught, line, kind, number, fill) for kind, number in told.facts)]


def _head(words: Wording, line: DigestLine) -> str:
    if line.area_title is None:
        return words.mrkdwn("digest.not_begun", name=line.name)
    head = words.mrkdwn("digest.progress", name=line.name, done=line.done)
    return f"{head} · {words.mrkdwn('digest.area', area=line.area_title)}"


def _fact(taught: Taught, line: DigestLine, kind: Kind, number: int, fill: Fill) -> str:
    words = taught.wording
    said = {Kind.HELP: line.help, Kind.WAITS: line.waits, Kind.WANTS: line.wants}
    if kind in said:
        return words.mrkdwn(f"digest.{kind.name.lower()}", text=_short(said[kind][number]))
    match kind:
        case Kind.PROMISE:
            return f"{_promised(taught, line)} {_flat(_promise(words, line, fill))}"
        case Kind.ASK:
            asked = words.mrkdwn("digest.ask", lesson=line.ask_lesson or "")
            return f"{asked} {_flat(words.fill(line.ask or '', **fill))}"
        case Kind.SHARED:
            lesson, answer = line.shared[number]
            return words.mrkdwn("digest.shared", lesson=lesson, answer=_short(answer))
        case Kind.LETTING_GO:
            return _letting_go(words, line)
    return words.mrkdwn(f"digest.{kind.name.lower()}", week=line.owes_week, lesson=line.finished or "")


def _full(taught: Taught, line: DigestLine, fill: Fill) -> list[str]:
    words = taught.wording
    parts = [_head(words, line)]
    parts += [words.mrkdwn("digest.help", text=clip(text, LONGEST_QUOTE)) for text in line.help]
    parts += [words.mrkdwn("digest.owes", week=line.owes_week)] if line.owes_week is not None else []
    parts += [words.mrkdwn("digest.wants", text=clip(text, LONGEST_QUOTE)) for text in (*line.waits, *line.wants)]
    if line.promise:
        quoted = "\n".join(f"> {one}" for one in _promise(words, line, fill).splitlines())
        parts.append(f"{_promised(taught, line)}\n{quoted}")
    if line.ask:
        parts.append(f"{words.mrkdwn('digest.ask', lesson=line.ask_lesson or '')}\n{words.fill(line.ask, **fill)}")
    parts += [words.mrkdwn("digest.finished", lesson=line.finished)] if line.finished else []
    parts += [
        words.mrkdwn("digest.shared", lesson=lesson, answer=clip(answer, LONGEST_QUOTE))
        for lesson, answer in line.shared
    ]
    return [*parts, _letting_go(words, line)] if line.letting_go is not None else parts


def _state(line: DigestLine) -> str:
    return {"yes": "digest.did", "partly": "digest.did_partly"}.get(line.promise_status or "", "digest.wants_to")


def _promised(taught: Taught, line: DigestLine) -> str:
    due = day(line.promise_due, taught.language) if line.promise_due else ""
    return taught.wording.mrkdwn(_state(line), due=due)


def _promise(words: Wording, line: DigestLine, fill: Fill) -> str:
    """What was promised, in the manager's own words if there are any."""
    if line.promise_plan is None:
        return words.fill(line.promise or "", **fill)
    return clip(escape(line.promise_plan), LONGEST_QUOTE)


def _letting_go(words: Wording, line: DigestLine) -> str:
    deals, talks = line.letting_go or ("", "")
    return words.mrkdwn("digest.letting_go", deals=deals, talks=talks)


def _short(text: str) -> str:
    return clip(" ".join(text.split()), LONGEST_LINE)


def _flat(mrkdwn: str) -> str:
    """A filled text on one line, without its marks: a cut one would leave half of a pair."""
    return _HALF.sub("…", clip(" ".join(_MARKS.sub("", mrkdwn).split()), LONGEST_LINE))
