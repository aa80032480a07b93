"""How App Home looks, for each kind of person. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from bot.attention.message import show
from bot.curriculum.wording import Wording
from bot.home.rules import bar
from bot.slack import codec
from bot.slack.blocks import Block, actions, button, context, divider, header, section

BEGIN, RATE = "welcome_begin", "baseline_open"
SETTINGS, PAUSE, RESUME, SEEN, PRIVACY, PICTURE, UNWANTED = (
    "home_settings", "home_pause", "home_resume", "home_seen", "home_privacy", "home_picture", "peers_unwanted",
)  # fmt: skip
ASK = "mentor_ask"
GIVE_MENTOR = "mentor_give"  # to those who have none
MOST_DATES = 10  # elements of a context block
MOST_NAMES = 10  # that staff read at a glance; where there are more, the list says so
# What a mentor can do, by the words of the button and the action that it calls: the same as below the digest.
_MENTOR_DOORS = (
    ("digest.rate", "mentor_rate"),
    ("mentor.kudos", "mentor_kudos"),
    ("mentor.talked", "mentor_talked"),
    ("digest.more_button", "mentor_more"),
)


@dataclass(frozen=True)
class Waiting:
    """Something that waits for an answer, and the message that it stands in."""

    kind: str  # lesson, review or follow_up
    title: str
    message_id: UUID


@dataclass(frozen=True)
class AreaHome:
    """Where a manager stands in an area; the mentor's rating is there once both have rated."""

    title: str
    mastery: float | None
    target: int
    self_level: int | None
    mentor_level: int | None
    to_talk_about: bool
    done: int
    lessons: int


@dataclass(frozen=True)
class ManagerHome:
    """What a manager finds. Dates are in their own time and words."""

    first_name: str
    begun: bool
    week: int
    weeks: int
    weeks_in_a_row: int
    waiting: Sequence[Waiting]
    areas: Sequence[AreaHome]
    areas_to_rate: int
    done: int
    total: int
    next_lesson: str | None
    next_review: str | None
    actions: Sequence[tuple[str, str]]  # what was promised (mrkdwn), and for which day
    mentor_name: str | None
    mentor_is_gone: bool  # their account is closed, and nobody has come in their place
    settings: str  # days, time, language and holidays in one line
    rests: str | None  # that they pause, and until when, or have stopped (mrkdwn); None: what comes, comes
    place: str  # names this look at Home: a button of it shows a message once


@dataclass(frozen=True)
class Themselves:
    """What concerns a mentor, or staff, about themselves: that they rest (mrkdwn), and whether there is something to pause."""

    rests: str | None
    pauses: bool


@dataclass(frozen=True)
class StaffHome:
    """What L&D staff find: how many are enrolled, and what went wrong. Of names there may be one more than is shown."""

    enrolled: int
    unconfirmed: int
    failed: int
    unreachable: Sequence[str]
    without_mentor: Sequence[str]
    # Whose account is closed: their id and name, and whom they mentor.
    mentors_closed: Sequence[tuple[int, str, Sequence[str]]]
    not_begun: Sequence[str]
    rounds: Sequence[Block]  # how peer groups go
    doors: Block  # what they can do


def home(
    words: Wording,
    *,
    manager: ManagerHome | None,
    managers_of_mentor: Sequence[str],
    staff: StaffHome | None,
    left: bool = False,
    about: Themselves | None = None,
) -> Block:
    """The view; someone with no part in the program gets a sentence, too, and so does who `left` it.

    `about` whoever is no manager on their way, but has another part; None: they have none, or are not on record.
    """
    blocks: list[Block] = [header(words.plain("home.heading"))]
    if left:
        blocks.append(section(words.mrkdwn("home.left")))
        blocks += _doors(words, [PRIVACY]) if about is None else []
    if manager is not None:
        blocks += _manager(words, manager)
    if managers_of_mentor:
        names = ", ".join(managers_of_mentor)
        blocks += [divider(), section(words.mrkdwn("home.mentor", names=names, count=len(managers_of_mentor)))]
        blocks.append(actions([button(words.plain(label), action_id, "home") for label, action_id in _MENTOR_DOORS]))
    if staff is not None:
        blocks += [divider(), *_staff(words, staff)]
    if about is not None:
        blocks += [divider(), *_themselves(words, about)]
    if len(blocks) == 1:
        blocks.append(section(words.mrkdwn("home.nobody")))
    blocks.append(context(words.mrkdwn("home.promise")))
    return {"type": "home", "blocks": blocks}


def today(words: Wording, one: ManagerHome) -> list[Block]:
    """What waits, one button each."""
    blocks: list[Block] = []
    if not one.begun:
        begin = button(words.plain("home.begin"), BEGIN, "begin", style="primary")
        blocks.append(section(words.mrkdwn("home.not_begun", first_name=one.first_name), accessory=begin))
    elif one.areas_to_rate:
        rate = button(words.plain("home.rate"), RATE, "rate", style="primary")
        blocks.append(section(words.mrkdwn("home.areas_to_rate", count=one.areas_to_rate), accessory=rate))
    if one.waiting:
        blocks.append(section(words.mrkdwn("home.waiting")))
    blocks += [
        section(
            words.mrkdwn(f"home.waiting_{waiting.kind}", title=waiting.title),
            accessory=show(words, waiting.message_id, one.place, "home.open"),
        )
        for waiting in one.waiting
    ]
    if not blocks:
        blocks.append(section(words.mrkdwn("home.nothing_waits", first_name=one.first_name)))
    dates = [words.mrkdwn("home.action", text=text, when=when) for text, when in one.actions]
    dates += [one.rests] if one.rests else []
    dates += [words.mrkdwn("home.next_lesson", when=one.next_lesson)] if one.next_lesson else []
    dates += [words.mrkdwn("home.next_review", when=one.next_review)] if one.next_review else []
    return [*blocks, context(*dates[:MOST_DATES])] if dates else blocks


def progress(words: Wording, one: ManagerHome) -> list[Block]:
    """Where one stands, in all and by area."""
    in_a_row = words.mrkdwn("home.in_a_row", count=one.weeks_in_a_row) if one.weeks_in_a_row > 1 else ""
    head = words.mrkdwn("home.progress", week=one.week, weeks=one.weeks, done=one.done, total=one.total)
    return [section(" ".join([head, in_a_row]).strip()), *(section(_area(words, area)) for area in one.areas)]


def _area(words: Wording, one: AreaHome) -> str:
    lines = [words.mrkdwn("home.area", title=one.title, bar=bar(one.mastery), target=one.target)]
    ratings = [
        words.mrkdwn(f"home.{who}_level", level=level)
        for who, level in (("self", one.self_level), ("mentor", one.mentor_level))
        if level is not None
    ]
    ratings.append(words.mrkdwn("home.lessons_of_area", done=one.done, count=one.lessons))
    lines.append(" · ".join(ratings))
    if one.to_talk_about:
        lines.append(words.mrkdwn("home.to_talk_about"))
    return "\n".join(lines)


def _manager(words: Wording, one: ManagerHome) -> list[Block]:
    blocks = today(words, one)
    if one.begun:
        blocks += [divider(), *progress(words, one)]
    blocks += [divider(), context(*_about(words, one))]
    doors = [SETTINGS, RESUME if one.rests else PAUSE, SEEN, PRIVACY, PICTURE, UNWANTED]
    return [*blocks, *_doors(words, doors if one.mentor_name is None or one.mentor_is_gone else [ASK, *doors])]


def _themselves(words: Wording, one: Themselves) -> list[Block]:
    pause = [RESUME] if one.rests else [PAUSE] if one.pauses else []
    doors = _doors(words, [SETTINGS, *pause, PRIVACY])
    return [context(one.rests), *doors] if one.rests else doors


def _doors(words: Wording, doors: Sequence[str]) -> list[Block]:
    return [actions([button(words.plain(door.replace("_", ".", 1)), door, door) for door in doors])]


def _about(words: Wording, one: ManagerHome) -> list[str]:
    return [_mentor(words, one), words.mrkdwn("home.your_settings", settings=one.settings)]


def _mentor(words: Wording, one: ManagerHome) -> str:
    if one.mentor_name is None:
        return words.mrkdwn("home.no_mentor")
    return words.mrkdwn("home.mentor_gone" if one.mentor_is_gone else "home.your_mentor", name=one.mentor_name)


def _staff(words: Wording, one: StaffHome) -> list[Block]:
    parts = [section(words.mrkdwn("home.staff", enrolled=one.enrolled, unconfirmed=one.unconfirmed, failed=one.failed))]
    if one.unreachable:
        parts.append(section(words.mrkdwn("home.unreachable", names=_names(one.unreachable))))
    if one.not_begun:
        parts.append(section(words.mrkdwn("home.not_begun_yet", names=_names(one.not_begun))))
    if one.without_mentor:
        parts.append(section(words.mrkdwn("home.without_mentor", names=_names(one.without_mentor))))
        parts.append(actions([button(words.plain("handover.give"), GIVE_MENTOR, "0")]))
    parts += [
        section(
            words.mrkdwn("home.mentor_closed", mentor=mentor, names=", ".join(names), count=len(names)),
            accessory=button(words.plain("handover.give"), GIVE_MENTOR, codec.write(mentor_id)),
        )
        for mentor_id, mentor, names in one.mentors_closed
    ]
    return [parts[0], one.doors, *parts[1:], *one.rounds]


def _names(names: Sequence[str]) -> str:
    more = ["…"] if len(names) > MOST_NAMES else []
    return ", ".join([*names[:MOST_NAMES], *more])
