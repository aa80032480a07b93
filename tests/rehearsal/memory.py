"""How made-up people remember: a power law of forgetting, which no scheduler of ours knows.

Base-level activation after Anderson and Schooler (1991), as in ACT-R: A = ln Σ tⱼ^-d over all times that something was met, and
recall with the probability 1 / (1 + e^-((A - τ) / s)). Days are the unit of t.
"""

import math
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

SPREAD = 0.4  # s: how sharply recall falls around the threshold
SOONEST_DAYS = 0.02  # half an hour: what was met this minute is not infinitely present


@dataclass
class Mind:
    """One person's memory of every question that they met. `decay` and `threshold` are theirs."""

    decay: float
    threshold: float
    met: dict[str, list[datetime]] = field(default_factory=dict)

    def meets(self, question: str, at: datetime) -> None:
        """They met a question with its explanation: at first in the lesson, then in each review that they answered."""
        self.met.setdefault(question, []).append(at)

    def recall(self, question: str, at: datetime) -> float:
        """The probability that they would answer it right at that moment."""
        times = [max((at - one) / timedelta(days=1), SOONEST_DAYS) for one in self.met.get(question, ()) if one <= at]
        if not times:
            return 0.4  # a guess among three, helped by common sense
        activation = math.log(sum(days**-self.decay for days in times))
        return 1 / (1 + math.exp(-(activation - self.threshold) / SPREAD))


def a_mind(chance: random.Random) -> Mind:
    """Someone's memory. Calibrated on one thing only: without reviews about half is left after 26 weeks."""
    return Mind(decay=min(0.6, max(0.2, chance.gauss(0.4, 0.05))), threshold=chance.gauss(-1.9, 0.25))
