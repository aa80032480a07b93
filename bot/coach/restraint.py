"""How many commands a person may send: more than anyone means to type, and less than a script can hurt with.

Pure but for its memory, which is kept in the process: with several of them, each allows as many.
"""

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

MOST = 20
WITHIN = timedelta(minutes=1)
REMEMBERED = 10_000  # people; those who were heard longest ago are forgotten first


class Answer(Enum):
    """What becomes of a command."""

    DONE = "it is done"
    SLOWER = "it is not done, and this is said"
    SILENCE = "it is not done; that was said already"


@dataclass
class Restraint:
    """Who sent commands in the last minute."""

    _heard: "OrderedDict[str, deque[datetime]]" = field(default_factory=OrderedDict)

    def hears(self, who: str, now: datetime) -> Answer:
        """A command of someone's (an id) at a moment (aware UTC). Those that are not done don't count against them for longer."""
        times = self._heard.setdefault(who, deque(maxlen=MOST + 1))
        self._heard.move_to_end(who)
        while len(self._heard) > REMEMBERED:
            self._heard.popitem(last=False)
        while times and now - times[0] >= WITHIN:
            times.popleft()
        if len(times) > MOST:
            return Answer.SILENCE
        times.append(now)
        return Answer.DONE if len(times) <= MOST else Answer.SLOWER
