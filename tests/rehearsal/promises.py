"""What the program promises everyone, checked on everything that was said: each line of the list is one broken promise."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.agenda import calendar, personal
from bot.attention.rules import HABITS
from bot.curriculum.model import Program
from bot.records.tables import Message, PeerMember, Person

UNPROMPTED = HABITS.keys() | {"introduction", "meeting"}


@dataclass(frozen=True)
class Heard:
    """Something that someone got: what, and when it reached them (aware UTC)."""

    kind: str
    at: datetime
    payload: Mapping[str, object]
    key: str


def broken(program: Program, person: Person, heard: Sequence[Heard], area_of: Mapping[str, str]) -> list[str]:
    """Each broken promise to one manager, in a few words; `area_of` gives the area of each lesson."""
    unprompted = [one for one in heard if one.kind in UNPROMPTED]
    working, zone = personal.personal_time(program, person), personal.zone_of(program, person)
    found = [*_outside(unprompted, working, zone), *_too_many(unprompted, program, zone), *_twice(heard)]
    return found + _order(heard, area_of)


def _outside(unprompted: Sequence[Heard], working: calendar.PersonalTime, zone: str) -> list[str]:
    always = working.model_copy(update={"paused_from": None, "paused_until": None})
    return [
        f"outside working time: {one.key} at {calendar.local(one.at, zone):%a %d %b %H:%M}"
        for one in unprompted
        if not calendar.in_working_time(one.at, always, zone)
    ]


def _too_many(unprompted: Sequence[Heard], program: Program, zone: str) -> list[str]:
    days = Counter(calendar.local(one.at, zone).date() for one in unprompted)
    weeks: Counter[date] = Counter()
    for day, count in days.items():
        weeks[day - timedelta(days=day.weekday())] += count
    found = [f"{count} messages on {day}" for day, count in days.items() if count > 1]
    return found + [
        f"{count} messages in the week of {day}" for day, count in weeks.items() if count > program.attention.a_week
    ]


def _twice(heard: Sequence[Heard]) -> list[str]:
    counted = Counter(one.key for one in heard)
    nudged = Counter(_nudges(heard))
    return [f"said {count} times: {key}" for key, count in counted.items() if count > 1] + [
        f"nudged {count} times: {about}" for about, count in nudged.items() if count > 1
    ]


def _nudges(heard: Sequence[Heard]) -> Iterable[str]:
    for one in heard:
        if one.kind == "nudge":
            yield str(one.payload["about"])
        for part in one.payload.get("joined", ()):  # type: ignore[attr-defined]
            if part["kind"] == "nudge":
                yield str(part["about"]["about"])


def _order(heard: Sequence[Heard], area_of: Mapping[str, str]) -> list[str]:
    lessons = [str(one.payload["lesson_id"]) for one in heard if one.kind == "lesson"]
    areas = [area_of[lesson] for lesson in lessons if lesson in area_of]
    rows = zip(areas, areas[1:], areas[2:], strict=False)
    found = [f"three of {first} in a row" for first, second, third in rows if first == second == third]
    if len(areas) >= 6 and set(areas[:6]) != set(area_of.values()):
        found.append(f"not every area was touched in the first three weeks: {areas[:6]}")
    return found


def heard_by(messages: Iterable[Message], members: Iterable[PeerMember]) -> dict[int, list[Heard]]:
    """What everyone got, alone or in a group, in the order in which they got it."""
    of_group: dict[int | None, list[int]] = defaultdict(list)
    for member in members:
        of_group[member.group_id].append(member.person_id)
    by_person: dict[int, list[Heard]] = defaultdict(list)
    for message in sorted(messages, key=lambda one: one.created_at):
        people = of_group[message.group_id] if message.person_id is None else [message.person_id]
        if message.sent_at is not None:
            for person_id in people:
                by_person[person_id].append(Heard(message.kind, message.sent_at, message.payload, message.key))
    return by_person
