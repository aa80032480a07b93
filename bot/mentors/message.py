"""How the digest looks. Pure."""

from collections.abc import Mapping
from typing import Any

from bot.curriculum.markdown import escape
from bot.curriculum.wording import Wording
from bot.mentors.rules import Digest, DigestLine
from bot.slack.blocks import Block, Drawn, clip, context, divider, drawn, header, section
from bot.slack.saying_when import day

MOST_TEXT = 8000  # of all managers together: Slack refuses a message with much more
LONGEST_QUOTE = 400  # of what a manager wrote and shows: a digest takes five minutes


def digest(words: Wording, one: Digest, first_name: str, fills: Mapping[str, Mapping[str, Any]]) -> Drawn:
    """The mentor's Monday. `fills` has, by manager's name, what the placeholders of their lessons stand for."""
    heading = words.plain("digest.heading")
    intro = words.mrkdwn("digest.intro", first_name=first_name)
    blocks: list[Block] = [header(heading), section(intro)]
    lines = [clip(_line(words, line, fills[line.name]), MOST_TEXT // len(one.lines)) for line in one.lines]
    for line in lines:
        blocks += [divider(), section(line, expand=True)]
    small = [words.mrkdwn("digest.more", count=one.more)] if one.more else []
    small.append(words.mrkdwn("digest.audience"))
    blocks.append(context(*small))
    return drawn(blocks, "\n\n".join([heading, intro, *lines, *small]))


def _line(words: Wording, line: DigestLine, fill: Mapping[str, Any]) -> str:
    parts = [words.mrkdwn("digest.progress", name=line.name, done=line.done, given=line.given)]
    if line.area_title:
        parts.append(words.mrkdwn("digest.area", area=line.area_title))
    if line.promise and line.promise_due:
        parts.append(_promise(words, line, line.promise, day(line.promise_due), fill))
    if line.ask:
        ask = words.fill(line.ask, **fill)
        parts.append(f"{words.mrkdwn('digest.ask', lesson=line.ask_lesson or '')}\n{ask}")
    parts += [
        clip(words.mrkdwn("digest.shared", lesson=lesson, answer=answer), LONGEST_QUOTE)
        for lesson, answer in line.shared
    ]
    if line.letting_go is not None:
        deals, talks = line.letting_go
        parts.append(words.mrkdwn("digest.letting_go", deals=deals, talks=talks))
    return "\n".join(parts)


def _promise(words: Wording, line: DigestLine, text: str, due: str, fill: Mapping[str, Any]) -> str:
    """What was promised, in the manager's own words if there are any, and what came of it."""
    state = {"yes": "digest.did", "partly": "digest.did_partly"}.get(line.promise_status or "", "digest.promised")
    promise = words.fill(text, **fill) if line.promise_plan is None else clip(escape(line.promise_plan), LONGEST_QUOTE)
    quoted = "\n".join(f"> {one}" for one in promise.splitlines())
    return f"{words.mrkdwn(state, due=due)}\n{quoted}"


def seen(words: Wording, line: DigestLine, fill: Mapping[str, Any]) -> list[Block]:
    """What a mentor can see of one manager right now: the words that the digest has for it."""
    return [section(_line(words, line, fill), expand=True)]
