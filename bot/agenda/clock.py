"""The only source of now. It can start anywhere, run faster and be moved on, so that a program can be rehearsed."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

from bot.settings import Settings


class Clock:
    """Program time. With no arguments it is the machine's own time.

    `start` (aware) is what `now` says at the moment of construction, or said at the real moment `since` (aware): processes that
    are told the same ones have one time. `speed` is how many program seconds pass in one real second. All are for rehearsals.
    """

    def __init__(self, *, start: datetime | None = None, speed: float = 1.0, since: datetime | None = None) -> None:
        if any(one is not None and one.tzinfo is None for one in (start, since)):
            raise ValueError("a clock needs to know the offset of the time that it starts at")
        if not speed > 0:
            raise ValueError("a clock can't stand still or run backwards")
        self.speed = speed
        self._is_real = start is None and speed == 1.0
        self._origin = (start or wall()).astimezone(UTC)
        self._began = time.monotonic()
        if start is not None and since is not None:
            self._began -= (wall() - since).total_seconds()
        self._moved = asyncio.Event()

    @property
    def is_real(self) -> bool:
        """Whether program time is the machine's own time."""
        return self._is_real

    def now(self) -> datetime:
        """Program time, aware UTC."""
        # The machine's own clock is asked each time, since it may be set; a rehearsal's clock is ours alone.
        if self._is_real:
            return wall()
        return self._origin + timedelta(seconds=(time.monotonic() - self._began) * self.speed)

    def span(self, real_seconds: float) -> timedelta:
        """The program time that passes in so many real seconds: for leases and pacing, which Slack measures for real."""
        return timedelta(seconds=real_seconds * self.speed)

    async def sleep_until(self, when: datetime) -> None:
        """Wait until program time is `when`, also if the clock is moved on meanwhile."""
        while (left := (when - self.now()).total_seconds() / self.speed) > 0:
            try:
                await asyncio.wait_for(self._moved.wait(), timeout=left)
            except TimeoutError:
                continue

    def move_to(self, when: datetime) -> None:
        """Move program time on to `when` (aware); it never goes back."""
        if when <= self.now():
            return
        self._is_real = False
        self._origin, self._began = when.astimezone(UTC), time.monotonic()
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()


def clock_of(settings: Settings) -> Clock:
    """The clock that the settings ask for."""
    return Clock(start=settings.clock_start, speed=settings.clock_speed, since=settings.clock_since)


def wall() -> datetime:
    """The machine's own time, aware UTC: what Slack's timestamps are measured in."""
    return datetime.now(UTC)
