"""Who meets whom. Pure: people, history and a seed in; groups with a reason each out.

The same seed and people give the same groups, in whatever order the people are named. The promises, in this order:
nobody with their own mentor; nobody left out; nobody meets again while a round without that is possible; whoever
was one of three least often is next (an odd number makes one trio); of those who must meet again, as few as can
be, and who met longest ago (peer coaching gains from new partners: research A15, Jones 2016).
"""

import random
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import combinations

# What a group costs, as digits of one whole number, so that the solver is exact: each weighs more than all of the
# smaller ones put together, for up to ten thousand people.
_LEFT_OUT = 1 << 95
_DUTY_FIRST = 1 << 86  # for each trio more than whoever had fewest
_REPEAT = 1 << 72
_DUTY_SECOND = 1 << 64
_RECENT = 1 << 32  # times 65,536 for the last round, half of that for the one before, a third …
_CHANCE = 16  # bits

NOBODY_ELSE = "nobody else takes part"
NOBODY_ALLOWED = "nobody is left whom they may meet"

Pair = tuple[int, int]
People = tuple[int, ...]


class Reason(Enum):
    """Why a group was formed; the words for it are in the content."""

    NEW = "new"
    LONGEST_AGO = "longest_ago"
    TRIO = "trio"


@dataclass(frozen=True)
class Candidate:
    """Someone who takes part in a round; `mentors` are people they are never grouped with."""

    person: int
    mentors: frozenset[int] = frozenset()


@dataclass(frozen=True)
class PastGroup:
    """Who met in which round."""

    round: int
    people: People


@dataclass(frozen=True)
class Group:
    """Two people, or three; `again` names those pairs of them who have met before."""

    people: People
    reason: Reason
    again: tuple[Pair, ...] = ()


@dataclass(frozen=True)
class Round:
    """The groups of one round, and those for whom there was no group, with why."""

    groups: tuple[Group, ...]
    left_out: tuple[tuple[int, str], ...] = ()


def form_groups(
    candidates: Sequence[Candidate], history: Sequence[PastGroup], *, seed: int, round_number: int
) -> Round:
    """Group everyone once: pairs by maximum-weight matching, and one trio if the number is odd.

    More than one trio, or someone left out, comes only from who may not meet whom.
    """
    people = {one.person: one for one in sorted(candidates, key=lambda one: one.person)}
    if len(people) < 2:
        return Round((), tuple((person, NOBODY_ELSE) for person in people))
    best = _best(_Costs(people, history, seed, round_number, _DUTY_SECOND))
    if best.cost >= _REPEAT:  # someone must meet again: then at least the duty goes round evenly
        best = _best(_Costs(people, history, seed, round_number, _DUTY_FIRST))
    met = _last_met(history)
    return Round(
        tuple(_explained(group, met) for group in sorted(best.groups)),
        tuple((person, NOBODY_ALLOWED) for person in sorted(best.lonely)),
    )


def pick_topic(had_by_each: Sequence[Sequence[str]], talked_about: Collection[str]) -> str | None:
    """The lesson that all have had and not yet talked about, else any that all have had: the latest of them.

    Lesson ids of each person, oldest first; None if there is no such lesson.
    """
    if not had_by_each:
        return None
    shared = [lesson for lesson in had_by_each[0] if all(lesson in had for had in had_by_each)]
    fresh = [lesson for lesson in shared if lesson not in talked_about]
    return next(reversed(fresh or shared), None)


class _Costs:
    """What it costs to bring people together; pairs that may not be have none."""

    def __init__(
        self,
        people: dict[int, Candidate],
        history: Sequence[PastGroup],
        seed: int,
        round_number: int,
        duty_weight: int,
    ) -> None:
        met = _last_met(history)
        chance = random.Random(f"{seed}:{round_number}")  # noqa: S311 — no secret: it only has to be repeatable
        loads = _trio_loads(people, history)
        fewest = min(loads.values())
        self.people = tuple(people)
        self.duty = {person: load - fewest for person, load in loads.items()}
        self.duty_weight = duty_weight
        self.pairs: dict[Pair, int] = {}
        for pair in combinations(people, 2):
            luck = chance.getrandbits(_CHANCE)
            if _may_meet(people[pair[0]], people[pair[1]]):
                age = max(1, round_number - met[pair]) if pair in met else 0
                self.pairs[pair] = luck + (_REPEAT + _RECENT * (65_536 // age) if age else 0)

    def of(self, group: People) -> int | None:
        """The cost of two or three people together; None if two of them may not meet."""
        if len(group) == 2:
            return self.pairs.get((min(group), max(group)))
        parts = [self.pairs.get(pair) for pair in combinations(sorted(group), 2)]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            return None
        return sum(known) + self.duty_weight * sum(self.duty[person] for person in group)


@dataclass(frozen=True)
class _Grouping:
    """A try at a round. `units` are what was matched: people, and pairs that wait for a third."""

    units: tuple[People, ...]
    groups: tuple[People, ...]
    lonely: frozenset[int]
    cost: int

    @classmethod
    def of(cls, units: Sequence[People], costs: _Costs) -> "_Grouping":
        """The best grouping in which no group is made of more than two of these units."""
        matched = _matching(units, costs)
        groups = [tuple(sorted(one + other)) for one, other in matched]
        taken = {person for group in groups for person in group}
        groups += [unit for unit in units if len(unit) == 2 and unit[0] not in taken]
        lonely = frozenset(unit[0] for unit in units if len(unit) == 1 and unit[0] not in taken)
        cost = sum(costs.of(group) or 0 for group in groups) + _LEFT_OUT * len(lonely)
        return cls(tuple(units), tuple(groups), lonely, cost)


def _best(costs: _Costs) -> _Grouping:
    """Pairs for all; if that can't be, one trio more as long as that leaves fewer people out."""
    best = _Grouping.of([(person,) for person in costs.people], costs)
    while best.lonely:
        better = min(_with_a_trio(best, costs), key=lambda grouping: grouping.cost, default=best)
        if len(better.lonely) >= len(best.lonely):
            break
        best = better
    return best


def _matching(units: Sequence[People], costs: _Costs) -> list[tuple[People, People]]:
    import rustworkx  # here, because `--help` must stay instant

    graph = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from(units)
    edges = []
    for (a, one), (b, other) in combinations(enumerate(units), 2):
        cost = costs.of(one + other) if len(one) + len(other) < 4 else None
        if cost is not None:
            singles = (len(one) == 1) + (len(other) == 1)
            edges.append((a, b, _LEFT_OUT * singles - cost))
    graph.add_edges_from(edges)
    matched = rustworkx.max_weight_matching(graph, max_cardinality=True, weight_fn=int)
    return [(units[a], units[b]) for a, b in matched]


def _with_a_trio(grouping: _Grouping, costs: _Costs) -> Iterator[_Grouping]:
    """Groupings in which one pair more waits for a third, until none to come can be better."""
    singles = {unit[0] for unit in grouping.units if len(unit) == 1}
    tries = sorted(
        (costs.duty[pair[0]] + costs.duty[pair[1]], cost, pair)
        for pair, cost in costs.pairs.items()
        if singles.issuperset(pair)
    )
    fewest = min(costs.duty[person] for person in singles)
    best = None
    for duty, _, pair in tries[: max(6, 200_000 // len(singles) ** 2)]:
        if best is not None and best < costs.duty_weight * (duty + fewest) + _RECENT:
            return  # no pair to come has less duty, and but for chance this is the least that it can cost
        units = [unit for unit in grouping.units if unit[0] not in pair]
        found = _Grouping.of([*units, pair], costs)
        best = found.cost if best is None else min(best, found.cost)
        yield found


def _may_meet(one: Candidate, other: Candidate) -> bool:
    return one.person not in other.mentors and other.person not in one.mentors


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
        for person in people:
            if person not in there:
                missed[person] += len(three) / len(there)
    return {person: trios[person] + round(missed[person]) for person in people}


def _last_met(history: Sequence[PastGroup]) -> dict[Pair, int]:
    met: dict[Pair, int] = {}
    for past in history:
        for one, other in combinations(sorted(past.people), 2):
            met[one, other] = max(met.get((one, other), 0), past.round)
    return met


def _explained(people: People, met: dict[Pair, int]) -> Group:
    again = tuple((one, other) for one, other in combinations(people, 2) if (one, other) in met)
    if len(people) > 2:
        return Group(people, Reason.TRIO, again)
    return Group(people, Reason.LONGEST_AGO if again else Reason.NEW, again)
