"""What the program promises everybody, held against each message as it arrives."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.agenda import calendar, personal
from bot.curriculum.model import Program
from bot.records.tables import Message
from tests.rehearsal.promises import UNPROMPTED
from tests.wandering.place import Place
from tests.wandering.watching.state import Moment, shut

# What somebody has just asked for.
ASKED = frozenset({"reply", "export", "no_files", "picture", "shown", "again"})
SLACK = timedelta(minutes=2)


@dataclass
class Promises:
    """What everybody has got so far, and how things stood before this step."""

    place: Place
    before: Moment | None = None
    known: set[object] = field(default_factory=set)
    days: dict[int, list[tuple[Message, date]]] = field(default_factory=lambda: defaultdict(list))
    nudged: dict[str, object] = field(default_factory=dict)

    async def look(self, now: Moment) -> None:
        """After a step."""
        before, self.before = self.before or now, now
        for message in sorted(now.messages, key=lambda one: one.key):
            if message.state == "sent" and message.id not in self.known:
                self.known.add(message.id)
                if message.kind not in ASKED and not self._was_asked_for(message, now):
                    self._judge(message, before, now)

    def _was_asked_for(self, message: Message, now: Moment) -> bool:
        """A lesson that somebody found, and opened."""
        return message.kind == "lesson" and message.id in now.asked_for

    def _judge(self, message: Message, before: Moment, now: Moment) -> None:
        program = self.place.town.house.library.current.curriculum.program
        readers = [message.person_id] if message.person_id else now.members.get(message.group_id or 0, [])
        for reader in filter(None, readers):
            if reader not in now.people:
                continue
            name = f"{now.people[reader].slack_id} got {message.key} (decided {message.created_at:%a %d %b %H:%M})"
            self._may_come(program, message, reader, name, before, now)
            if message.kind in UNPROMPTED:
                self._not_too_many(program, message, reader, name, before, now)
        self._once(message.payload, message)

    def _may_come(
        self, program: Program, message: Message, reader: int, name: str, before: Moment, now: Moment
    ) -> None:
        unprompted = message.kind in UNPROMPTED and message.person_id is not None
        reasons = [shut(one, program, reader, unprompted=unprompted) for one in (before, now)]
        if all(reasons):
            self.place.diary.violation("came to somebody who is not to hear", f"{name}, who is {reasons[1]}")
        at_a_fixed_hour = message.kind == "brief" or (message.group_id and not self._share_hours(program, message, now))
        if not at_a_fixed_hour and not any(self._in_time(program, reader, one, now) for one in (before, now)):
            zone = personal.zone_of(program, now.people[reader])
            self.place.diary.violation(
                "outside working time", f"{name} at {calendar.local(now.at, zone):%a %d %b %H:%M}"
            )

    def _share_hours(self, program: Program, message: Message, now: Moment) -> bool:
        """Whether all of a group are at work at the same hour on any day of the next two weeks."""
        people = [now.people[one] for one in now.members.get(message.group_id or 0, []) if one in now.people]
        hours = [(personal.personal_time(program, one), personal.zone_of(program, one)) for one in people]
        return calendar.shared_working_moment(now.at, hours) is not None

    def _in_time(self, program: Program, reader: int, then: Moment, now: Moment) -> bool:
        person = then.people.get(reader)
        if person is None:
            return False
        always = personal.personal_time(program, person).model_copy(update={"paused_from": None, "paused_until": None})
        zone = personal.zone_of(program, person)
        return any(calendar.in_working_time(at, always, zone) for at in (now.at, now.at - SLACK))

    def _not_too_many(
        self, program: Program, message: Message, reader: int, name: str, before: Moment, now: Moment
    ) -> None:
        found = []
        for then in (before, now):
            person = then.people.get(reader)
            if person is not None:
                zone = personal.zone_of(program, person)
                day = calendar.local(now.at, zone).date()
                same = [
                    one.key
                    for one, _ in self.days[reader]
                    if one.sent_at and calendar.local(one.sent_at, zone).date() == day
                ]
                monday = day - timedelta(days=day.weekday())
                week = {
                    calendar.local(one.sent_at, zone).date() for one, _ in self.days[reader]
                    if one.sent_at and monday <= calendar.local(one.sent_at, zone).date() <= monday + timedelta(days=6)
                } | {day}  # fmt: skip
                found.append((same, len(week) > program.attention.a_week))
        if all(same for same, _ in found):
            self.place.diary.violation("two messages a day", f"{name} after {found[-1][0]}")
        if all(many for _, many in found):
            self.place.diary.violation("more than four a week", name)
        self.days[reader].append((message, now.at.date()))

    def _once(self, payload: Mapping[str, object], message: Message) -> None:
        """No lesson twice, and no second reminder of anything."""
        about = [str(payload["about"])] if message.kind == "nudge" else []
        parts: list[dict[str, object]] = payload.get("joined", [])  # type: ignore[assignment]
        about += [str(part["about"]["about"]) for part in parts if part["kind"] == "nudge"]  # type: ignore[index]
        if message.kind == "lesson":
            about.append(f"lesson {payload['enrollment_id']} {payload['lesson_id']}")
        for one in about:
            if one in self.nudged:
                self.place.diary.violation("twice", f"{one}: {self.nudged[one]} and {message.key}")
            self.nudged[one] = message.key
