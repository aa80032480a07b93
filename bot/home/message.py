"""How App Home looks, for each kind of person. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.curriculum.wording import Wording
from bot.slack.blocks import Block, context, divider, header, section


@dataclass(frozen=True)
class ManagerHome:
    """What a manager finds: lessons by state, and their next date in their own time."""

    first_name: str
    done: int
    given: int
    total: int
    waiting: Sequence[str]  # titles of lessons with an open question
    next_at: str | None
    mentor_name: str | None


@dataclass(frozen=True)
class StaffHome:
    """What L&D staff find: how many are enrolled, and what went wrong with messages."""

    enrolled: int
    unconfirmed: int
    failed: int
    unreachable: Sequence[str]
    without_mentor: Sequence[str]


def home(
    words: Wording, *, manager: ManagerHome | None, managers_of_mentor: Sequence[str], staff: StaffHome | None
) -> Block:
    """The view; someone with no part in the program gets a sentence, too."""
    blocks: list[Block] = [header(words.plain("home.heading"))]
    if manager is not None:
        blocks += _manager(words, manager)
    if managers_of_mentor:
        names = ", ".join(managers_of_mentor)
        blocks += [divider(), section(words.mrkdwn("home.mentor", names=names, count=len(managers_of_mentor)))]
    if staff is not None:
        blocks += [divider(), *_staff(words, staff)]
    if len(blocks) == 1:
        blocks.append(section(words.mrkdwn("home.nobody")))
    blocks.append(context(words.mrkdwn("home.promise")))
    return {"type": "home", "blocks": blocks}


def _manager(words: Wording, one: ManagerHome) -> list[Block]:
    parts = [
        section(
            words.mrkdwn("home.progress", first_name=one.first_name, done=one.done, given=one.given, total=one.total)
        )
    ]
    if one.waiting:
        titles = "\n".join(words.mrkdwn("home.waiting_lesson", title=title) for title in one.waiting)
        parts.append(section(f"{words.mrkdwn('home.waiting')}\n{titles}"))
    else:
        parts.append(section(words.mrkdwn("home.nothing_waits")))
    if one.next_at:
        parts.append(context(words.mrkdwn("home.next", when=one.next_at)))
    if one.mentor_name:
        parts.append(context(words.mrkdwn("home.your_mentor", name=one.mentor_name)))
    return parts


def _staff(words: Wording, one: StaffHome) -> list[Block]:
    parts = [section(words.mrkdwn("home.staff", enrolled=one.enrolled, unconfirmed=one.unconfirmed, failed=one.failed))]
    if one.unreachable:
        parts.append(section(words.mrkdwn("home.unreachable", names=", ".join(one.unreachable))))
    if one.without_mentor:
        parts.append(section(words.mrkdwn("home.without_mentor", names=", ".join(one.without_mentor))))
    return parts
