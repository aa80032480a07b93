"""Slack's rate limits, per method of the workspace and for posting also per channel. Only on request."""

import math
import time
from collections.abc import Callable

POSTS_A_MINUTE = 300
BURST_IN_A_CHANNEL = 3  # posts; then one a second
TIERS = {1: 1, 2: 20, 3: 50, 4: 100}  # calls a minute
TIER_OF = {
    "chat.postEphemeral": 4, "conversations.members": 4, "users.info": 4, "views.open": 4, "views.push": 4,
    "views.update": 4, "views.publish": 4, "files.getUploadURLExternal": 4, "files.completeUploadExternal": 4,
    "users.list": 2, "dnd.teamInfo": 2, "usergroups.list": 2, "usergroups.users.list": 2, "apps.connections.open": 1,
}  # fmt: skip
FREE = {"api.test", "auth.test", "blocks.validate", "oauth.v2.access"}  # some 600 a minute
OTHERWISE = 3
# Calls a minute for apps that are distributed outside Slack's directory:
# https://docs.slack.dev/changelog/2025/05/29/rate-limit-changes-for-non-marketplace-apps/
OUTSIDE_THE_DIRECTORY = {"conversations.history": 1, "conversations.replies": 1}


class _Bucket:
    """Holds `most` calls, and fills again by `a_second`."""

    __slots__ = ("_a_second", "_level", "_most", "_since")

    def __init__(self, most: float, a_second: float, now: float) -> None:
        self._most, self._a_second, self._level, self._since = most, a_second, most, now

    def lacks(self, now: float) -> float:
        """Seconds until there is room for a call; 0 if there is."""
        self._level = min(self._most, self._level + (now - self._since) * self._a_second)
        self._since = now
        return 0.0 if self._level >= 1 else (1 - self._level) / self._a_second

    def take(self) -> None:
        """One call."""
        self._level -= 1


class Limits:
    """What was called lately. `clock` is real time in seconds; a test may set it, and what a method's tier does not say."""

    def __init__(self) -> None:
        self.clock: Callable[[], float] = time.monotonic
        self.a_minute: dict[str, int] = {}
        self._buckets: dict[tuple[str, str], _Bucket] = {}

    def retry_after(self, method: str, channel: str) -> int:
        """Whole seconds to wait before this call; 0: it may go on, and is counted."""
        now = self.clock()
        buckets = [self._bucket(method, "", now)] if method not in FREE else []
        if method == "chat.postMessage":
            buckets.append(self._bucket(method, channel, now))
        wait = max((bucket.lacks(now) for bucket in buckets), default=0.0)
        if wait > 0:
            return math.ceil(wait)
        for bucket in buckets:
            bucket.take()
        return 0

    def _bucket(self, method: str, channel: str, now: float) -> _Bucket:
        key = (method, channel)
        if key not in self._buckets:
            if channel:
                self._buckets[key] = _Bucket(BURST_IN_A_CHANNEL, 1.0, now)
            else:
                posting = method == "chat.postMessage"
                tier = POSTS_A_MINUTE if posting else TIERS[TIER_OF.get(method, OTHERWISE)]
                a_minute = self.a_minute.get(method, tier)
                self._buckets[key] = _Bucket(a_minute, a_minute / 60, now)
        return self._buckets[key]
