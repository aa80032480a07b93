"""What it costs to bring people together: the promises as digits of one whole number. Pure."""

import random
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from bot.peers.company import MOST_POINTS, are_apart, have_in_common, may_meet, points, week_of
from bot.peers.model import Candidate, Pair, PastGroup, People, pairs_of

# Each digit weighs more than all of the smaller ones put together for as many people as are matched at once, so that the
# solver is exact; and all of them fit its 128 bits.
MOST_AT_ONCE = 400  # people
_CHANCE = 20  # bits
_TASTE = 1 << 28  # for each point that a pair lacks
# For a pair whose turn as three is still to come, and for each of these whom one of a trio has not met: so that those who are
# the last to be three are strangers when it comes.
_SPARED = 1 << 38
RECENT = 1 << 50  # times 32,768 for the last round, half of that for the one before, a third …
_CHANGED = 1 << 75  # for a pair that was not announced
_REPEAT = 1 << 84
_STALLED = 1 << 93
_DUTY = 1 << 102  # times the square of how often more than whoever was one of three least often
_MOST_DUTY = 7
DEAREST = 1 << 112  # more than any group costs


@dataclass(frozen=True)
class Terms:
    """What a round is formed by, besides its people. `announced` are groups that stand, unless others can't be helped."""

    seed: int
    round_number: int
    shared_hours: int = 0
    announced: tuple[People, ...] | None = None

    def luck(self, person: int) -> int:
        """Someone's chance in this round, the same whoever else takes part; 64 bits."""
        chance = random.Random(f"{self.seed}:{self.round_number}:{person}")  # noqa: S311 — it only has to be repeatable
        return chance.getrandbits(64) | 1


@dataclass(frozen=True)
class Past:
    """When each pair met last, and how often each person was one of three."""

    met: dict[Pair, int] = field(default_factory=dict)
    trios: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, history: Sequence[PastGroup], people: Collection[int]) -> "Past":
        """Read it from the groups of earlier rounds."""
        met: dict[Pair, int] = {}
        for past in history:
            for pair in pairs_of(past.people):
                met[pair] = max(met.get(pair, 0), past.round)
        return cls(met, _trio_loads(people, history))


def _trio_loads(people: Collection[int], history: Sequence[PastGroup]) -> dict[int, int]:
    """How often each was one of three. For a round that they missed they count as having had an average share."""
    rounds: dict[int, list[People]] = defaultdict(list)
    for past in history:
        rounds[past.round].append(past.people)
    trios: Counter[int] = Counter()
    missed: dict[int, float] = dict.fromkeys(people, 0.0)
    for groups in rounds.values():
        there = {person for group in groups for person in group}
        three = [person for group in groups if len(group) > 2 for person in group]
        trios.update(three)
        for person in missed.keys() - there:
            missed[person] += len(three) / len(there)
    return {person: trios[person] + round(missed[person]) for person in people}


class Costs:
    """What each group of these people costs; those that may not be have no cost."""

    def __init__(self, candidates: Iterable[Candidate], past: Past, terms: Terms) -> None:
        self.people = {one.person: one for one in sorted(candidates, key=lambda one: one.person)}
        self._past, self._terms = past, terms
        announced = terms.announced or ()
        self._announced = {pair for group in announced for pair in pairs_of(group)}
        fewest = min(past.trios[person] for person in self.people)
        extra = {person: past.trios[person] - fewest for person in self.people}
        self._to_come = {person for person in extra if extra[person] == 0} if len(extra) % 2 else set[int]()
        self.duty = {person: _DUTY * min(more, _MOST_DUTY) ** 2 for person, more in extra.items()}
        for person, strangers in self._strangers().items():
            self.duty[person] += _SPARED * strangers
        self.duty.update((person, 0) for group in announced if len(group) > 2 for person in group)
        self._weeks = {person: week_of(one) for person, one in self.people.items()}
        self.luck = {person: terms.luck(person) for person in self.people}
        self.pairs = {
            (one.person, other.person): self._pair(one, other)
            for one, other in combinations(self.people.values(), 2)
            if not are_apart(one, other) and self._share_hours(one.person, other.person)
        }

    def of(self, group: People) -> int | None:
        """The cost of two or three people together; None if they may not be."""
        if len(group) == 2:
            return self.pairs.get((min(group), max(group)))
        parts = [self.pairs.get(pair) for pair in pairs_of(group)]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts) or not may_meet([self.people[one] for one in group], self._terms.shared_hours):
            return None
        return sum(known) + sum(self.duty[person] for person in group)

    def _strangers(self) -> dict[int, int]:
        """How many of those whose turn as three is still to come each of them has not met: who has met most goes first."""
        known = Counter(person for pair in self._past.met if self._to_come.issuperset(pair) for person in pair)
        return {person: len(self._to_come) - known[person] for person in self._to_come}

    def _share_hours(self, one: int, other: int) -> bool:
        mine, theirs = self._weeks[one], self._weeks[other]
        return mine is None or theirs is None or have_in_common((mine, theirs), self._terms.shared_hours)

    def _pair(self, one: Candidate, other: Candidate) -> int:
        pair = (one.person, other.person)
        cost = (self.luck[pair[0]] * self.luck[pair[1]] >> 64) % (1 << _CHANCE)
        if pair in self._announced:  # whatever speaks against it, it was accepted
            return cost
        cost += _TASTE * (MOST_POINTS - points(one, other))
        if self._to_come.issuperset(pair):
            cost += _SPARED
        if self._terms.announced is not None:
            cost += _CHANGED
        if pair in self._past.met:
            age = max(1, self._terms.round_number - self._past.met[pair])
            cost += _REPEAT + RECENT * (32_768 // age)
        if other.person in one.stalled or one.person in other.stalled:
            cost += _STALLED
        return cost
