"""Signs of life: a part of a process that runs and does nothing any more looks like one that has nothing to do."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

logger = logging.getLogger(__name__)

WORKER, CLOCK, RECEIVER = "the worker", "the clock", "the receiver"
# Far longer than a tick takes, a batch of messages or a new connection; soon enough for whoever waits for a lesson.
PATIENCE_SECONDS = 300.0


@dataclass
class Signs:
    """When each part that runs here last showed that it works, in real time."""

    now: Callable[[], float] = time.monotonic
    _last: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def expected_of(self, part: str) -> Iterator[None]:
        """For as long as this is open, a part has to give signs."""
        self._last[part] = self.now()
        try:
            yield
        finally:
            del self._last[part]

    def give(self, part: str) -> None:
        """It works."""
        if part in self._last:
            self._last[part] = self.now()

    def all_given(self) -> bool:
        """Whether no part has been silent for too long; the log names those that have."""
        silent = [part for part, last in self._last.items() if self.now() - last > PATIENCE_SECONDS]
        for part in silent:
            logger.error("%s gives no sign of life any more", part, extra={"action": "process.silent", "part": part})
        return not silent
