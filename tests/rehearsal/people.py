"""Made-up managers: where they live, how diligent they are, and what they do with a message."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.rehearsal.memory import Mind, a_mind

ZONES = (
    "Europe/Ljubljana", "Europe/London", "America/New_York", "America/Los_Angeles", "America/Sao_Paulo", "Asia/Kolkata",
    "Asia/Singapore", "Australia/Sydney", "Africa/Johannesburg", "Pacific/Auckland",
)  # fmt: skip
COUNTRIES = ("SI", "GB", "US", "US", "BR", "IN", "SG", "AU", "ZA", "NZ")


EVERY, EPOCH = timedelta(hours=3), datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Manager:
    """A made-up manager. `diligence` is how likely they answer something at all; some give up for weeks."""

    slack_id: str
    email: str
    zone: str
    country: str
    diligence: float
    gives_up: tuple[int, int] | None  # from this week of the program to that one
    mind: Mind
    chance: random.Random

    def when_they_answer(self, said_at: datetime, week: int) -> datetime | None:
        """When they turn to a message that came at that moment; None: never."""
        away = self.gives_up is not None and self.gives_up[0] <= week < self.gives_up[1]
        if away or self.chance.random() > self.diligence:
            return None
        moment = said_at + timedelta(minutes=min(2880.0, self.chance.lognormvariate(4.5, 1.2)))
        # Looked at every so many hours, so that many act in one moment: else most of the time goes into starting workers.
        return moment + (EVERY - (moment - EPOCH) % EVERY)


def a_cohort(size: int, seed: int) -> list[Manager]:
    """So many managers; the same for the same seed."""
    chance = random.Random(seed)
    people = []
    for number in range(size):
        place = chance.randrange(len(ZONES))
        own = random.Random(chance.random())
        start = own.randrange(4, 18)
        people.append(
            Manager(
                slack_id=f"U{number:05d}",
                email=f"m{number}@example.com",
                zone=ZONES[place],
                country=COUNTRIES[place],
                diligence=min(0.98, max(0.3, own.gauss(0.75, 0.15))),
                gives_up=(start, start + own.randrange(2, 6)) if own.random() < 0.15 else None,
                mind=a_mind(own),
                chance=own,
            )
        )
    return people
