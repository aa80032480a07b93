"""When rounds start and when staff see them first. Pure: moments are aware UTC, days those of the pool's zone."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.agenda import calendar
from bot.agenda.calendar import PersonalTime
from bot.curriculum.model import PeerCadence

LONGEST_NOTICE_DAYS = 14  # between the preview and the start, where many days are off
_A_MOMENT = timedelta(seconds=1)  # a slot is strictly after something
_EARLIER = timedelta(days=4)  # a start that was moved past a day off doesn't move the next one along


@dataclass(frozen=True)
class Dates:
    """When a pool works, where most of it lives, and how often it is grouped anew."""

    cadence: PeerCadence
    working: PersonalTime
    zone: str

    def start_from(self, moment: datetime) -> datetime:
        """The first start of a round that is not before `moment`; the working day after it, if that day is off."""
        days, at = [self.cadence.day], self.cadence.at
        slot = calendar.next_slot(moment - _A_MOMENT, days=days, at=at, zone=self.zone)
        return calendar.next_slot(
            slot - _A_MOMENT, days=self.working.days, at=at, zone=self.zone, off=self.working.is_off
        )

    def start_announced_at(self, moment: datetime) -> datetime:
        """The start of the round that staff see first at that moment."""
        return self.start_from(moment + _A_MOMENT)

    def start_after(self, start: datetime) -> datetime:
        """The start of the round after the one that starts then."""
        return self.start_from(start + timedelta(weeks=self.cadence.every_weeks) - _EARLIER)

    def announced_at(self, start: datetime) -> datetime:
        """When staff see a round first: 24 hours before it starts, or so on the working day before."""
        here = calendar.local(start, self.zone)
        for back in range(1, LONGEST_NOTICE_DAYS + 1):
            day = here.date() - timedelta(days=back)
            if calendar.WEEKDAYS[day.weekday()] in self.working.days and not self.working.is_off(day):
                return calendar.at_local(day, here.time(), self.zone)
        return start - timedelta(days=1)

    def is_missed(self, start: datetime, now: datetime) -> bool:
        """Whether a start is past, and too long ago to be made up for."""
        return start < now and not calendar.still_good(start, now, self.working, self.zone)
