"""Trigger ids: a click gives one, it lives three seconds of real time, and works once."""

import time

from bot.sandbox.calls import Refused

LIVES_SECONDS = 3.0


class Triggers:
    """The triggers that were given."""

    def __init__(self) -> None:
        self._given: dict[str, tuple[str, float]] = {}
        self._used: set[str] = set()
        self._count = 0

    def give(self, user: str) -> str:
        """A trigger for what this person just did."""
        self._count += 1
        trigger = f"{self._count}.{int(time.time())}.trigger"
        self._given[trigger] = (user, time.monotonic())
        return trigger

    def redeem(self, trigger: str) -> str:
        """The person whose trigger it is; Refused as Slack refuses."""
        if trigger in self._used:
            raise Refused("exchanged_trigger_id")
        user, since = self._given.pop(trigger, ("", 0.0))
        if not user:
            raise Refused("invalid_trigger_id")
        if time.monotonic() - since > LIVES_SECONDS:
            raise Refused("expired_trigger_id")
        self._used.add(trigger)
        return user
