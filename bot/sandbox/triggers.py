"""Trigger ids: a click gives one, it lives three seconds of real time, and works once."""

import time
from collections.abc import Callable
from itertools import count

from bot.sandbox.calls import Refused

LIVES_SECONDS = 3.0
MOST_REMEMBERED = 10_000


class Triggers:
    """The triggers that were given. `clock` is real time in seconds; a test may set it."""

    def __init__(self) -> None:
        self.clock: Callable[[], float] = time.monotonic
        self._given: dict[str, tuple[str, float]] = {}
        self._used: dict[str, None] = {}
        self._numbers = count(1)

    def give(self, user: str) -> str:
        """A trigger for what this person just did."""
        trigger = f"{next(self._numbers)}.{int(time.time())}.trigger"
        self._given[trigger] = (user, self.clock())
        _shorten(self._given)
        return trigger

    def redeem(self, trigger: str) -> str:
        """The person whose trigger it is; Refused as Slack refuses."""
        if trigger in self._used:
            raise Refused("exchanged_trigger_id")
        user, since = self._given.get(trigger, ("", 0.0))
        if not user:
            raise Refused("invalid_trigger_id")
        if self.clock() - since > LIVES_SECONDS:
            raise Refused("expired_trigger_id")
        self._used[trigger] = None
        _shorten(self._used)
        return user


def _shorten(remembered: dict[str, tuple[str, float]] | dict[str, None]) -> None:
    if len(remembered) > MOST_REMEMBERED:
        del remembered[next(iter(remembered))]
