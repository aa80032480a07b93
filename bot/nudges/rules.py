"""Whether to nudge. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from bot.agenda import calendar
from bot.curriculum.model import NudgeRule, WorkingTime


class Drop(Enum):
    """Why there is no nudge."""

    ANSWERED = "answered"
    NEVER_ARRIVED = "never arrived"


@dataclass(frozen=True)
class Waiting:
    """A lesson that may be waiting for its answers. Times are aware UTC; `on_its_way`, it is still to arrive."""

    sent_at: datetime | None
    unanswered: int
    on_its_way: bool = False


def decide(
    waiting: Waiting, now: datetime, *, rule: NudgeRule, working: WorkingTime, zone: str
) -> datetime | Drop | None:
    """None: nudge now. A moment: not before then. Drop: never.

    One nudge, some working days after the lesson really arrived, and only in the person's working time: more would not help
    (learning.md A12), and a reminder at night costs trust. The hour of its arrival counts, not the minute: lessons of a crowd
    arrive some minutes after their slot, and the next one, which can take the reminder along, has that slot again.
    """
    if waiting.unanswered == 0:
        return Drop.ANSWERED
    if waiting.sent_at is None and not waiting.on_its_way:
        return Drop.NEVER_ARRIVED
    arrived = (waiting.sent_at or now).replace(minute=0, second=0, microsecond=0)
    earliest = calendar.after_working_days(arrived, rule.after_working_days, working, zone)
    moment = calendar.next_working_moment(max(earliest, now), working, zone)
    return None if moment <= now else moment
