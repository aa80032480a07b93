"""Nobody is forgotten: who is on their way hears something within days, gets lessons, and comes to an end."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time

from bot.agenda import calendar, personal
from bot.attention import slots
from bot.attention.slots import Phase
from bot.curriculum.model import Program
from bot.records.reading import Way
from bot.records.tables import Person
from tests.rehearsal.promises import UNPROMPTED
from tests.wandering.place import Place
from tests.wandering.watching.state import Moment, shut

# Working days of their own in which nothing came, though it might have; and how many of these each interruption may cost.
LONGEST = {"anything": 7, "a lesson": 8, "a welcome": 6, "the end": 8}
WEEKLY = 14  # of lessons, with one a week: one may fall on a holiday, or find its day taken
FORGIVEN = 4
WAITED_FOR = {"lesson": "a lesson", "welcome": "a welcome", "ending": "the end"}  # by kind


@dataclass
class Silence:
    """For how many working days nothing came, by person and by what they wait for."""

    place: Place
    quiet: Counter[tuple[int, str]] = field(default_factory=Counter)
    days: dict[int, date] = field(default_factory=dict)  # the last local day that was counted
    known: set[object] = field(default_factory=set)
    welcomes: set[str] = field(default_factory=set)
    waited: dict[int, set[str]] = field(default_factory=dict)  # by person: for what, when it was last looked

    async def look(self, now: Moment) -> None:
        """After a step."""
        place = self.place
        self._heard(now)
        if place.clock_back is not None or place.workers_back is not None:
            for person_id in self.waited:
                self._interrupt(person_id, set())
            return
        program = place.town.house.library.current.curriculum.program
        for person_id, person in now.people.items():
            self._count(program, person, self._waits_for(program, person_id, now), now)

    def _heard(self, now: Moment) -> None:
        for message in now.messages:
            if message.state != "sent" or message.id in self.known:
                continue
            self.known.add(message.id)
            self.welcomes.update([message.key] if message.kind == "welcome" else [])
            readers = [message.person_id] if message.person_id else now.members.get(message.group_id or 0, [])
            for reader in filter(None, readers):
                if message.kind in UNPROMPTED:
                    self.quiet.pop((reader, "anything"), None)
                self.quiet.pop((reader, WAITED_FOR.get(message.kind, "")), None)

    def _interrupt(self, person_id: int, waits: set[str]) -> None:
        """What somebody does not wait for any more, be it for an hour, may come some days later for that."""
        for what in self.waited.get(person_id, set()) - waits:
            self.quiet[person_id, what] = max(0, self.quiet[person_id, what] - FORGIVEN)
        self.waited[person_id] = waits

    def _count(self, program: Program, person: Person, waits: set[str], now: Moment) -> None:
        person_id = person.id or 0
        self._interrupt(person_id, waits)
        zone = personal.zone_of(program, person)
        day = calendar.local(now.at, zone).date()
        noon = calendar.at_local(day, time(12), zone)
        working = personal.personal_time(program, person)
        if self.days.get(person_id) == day or not calendar.in_working_time(noon, working, zone):
            return
        self.days[person_id] = day
        way = now.ways.get(person_id)
        weekly = way is not None and len(slots.lesson_days(program, way)) == 1
        for what in waits:
            self.quiet[person_id, what] += 1
            if self.quiet[person_id, what] > (WEEKLY if weekly and what == "a lesson" else LONGEST[what]):
                del self.quiet[person_id, what]
                about = _about(person, now)
                self.place.diary.violation("forgotten", f"{person.slack_id} has not heard {what} {about}")

    def _waits_for(self, program: Program, person_id: int, now: Moment) -> set[str]:
        way = now.ways.get(person_id)
        if way is None or not _hears(program, way, now):
            return set()
        person, one = way.manager, way.enrollment
        if calendar.local(now.at, personal.zone_of(program, person)).date() < one.starts_on:
            return set()
        if one.begun_at is None:
            return set() if f"welcome:{one.id}" in self.welcomes else {"a welcome"}
        phase = slots.phase_of(program, way, now.at)
        if one.ended_at is not None:
            return set()
        if phase is Phase.LESSONS:
            return {"anything", "a lesson"}
        return {"the end"} if phase is Phase.OVER else set()


def _hears(program: Program, way: Way, now: Moment) -> bool:
    return way.manager.unreachable_at is None and shut(now, program, way.manager.id or 0, unprompted=True) is None


def _about(person: Person, now: Moment) -> str:
    """What there is on the agenda."""
    items: list[tuple[datetime, str]] = sorted(
        (one.due_at, one.kind) for one in now.items if one.person_id == person.id
    )
    coming = [f"{kind} {at:%d %b %H:%M}" for at, kind in items[:6]]
    way = now.ways.get(person.id or 0)
    if way is None or way.enrollment.begun_at is None:
        return f"({coming})"
    one = way.enrollment
    return f"(begun {one.begun_at:%d %b}, {way.cohort.name}, away {one.away}; coming: {coming})"
