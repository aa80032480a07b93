"""Who meets whom. Pure: people, history and a seed in; groups with a reason each out.

The same seed and people give the same groups, in whatever order the people are named. Pairs who never met come first, then those
who met longest ago (reciprocal peer coaching gains from new partners: learning.md A15). Never with one's own mentor.
"""

import random
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import combinations

# Weights of an edge, in whole numbers so that the solver's result is exact. A repeat costs more than all that noise can add up to.
_NEW = 1_000_000
_ROUND_AGO = 1_000
_NOISE = 100


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
    people: tuple[int, ...]


@dataclass(frozen=True)
class Group:
    """Two people, or three."""

    people: tuple[int, ...]
    reason: Reason


@dataclass(frozen=True)
class Round:
    """The groups of one round, and those for whom there was no group, with why."""

    groups: tuple[Group, ...]
    left_out: tuple[tuple[int, str], ...] = ()


def form_groups(
    candidates: Sequence[Candidate], history: Sequence[PastGroup], *, seed: int, round_number: int
) -> Round:
    """Group everyone once: pairs by maximum-weight matching, and one trio if the number is odd."""
    people = {candidate.person: candidate for candidate in sorted(candidates, key=lambda one: one.person)}
    if len(people) < 2:
        return Round((), tuple((person, "nobody else takes part") for person in people))
    weights = _weights(people, history, seed, round_number)
    pairs = _matching(list(people), weights)
    lonely = [person for person in people if not any(person in pair for pair in pairs)]
    met = _last_met(history)
    groups = [Group(pair, _reason(pair, met)) for pair in pairs]
    left_out: list[tuple[int, str]] = []
    for person in lonely:
        _take_in(person, groups, left_out, weights, history)
    return Round(tuple(sorted(groups, key=lambda group: group.people)), tuple(left_out))


def pick_topic(had_by_each: Sequence[Sequence[str]], talked_about: Collection[str]) -> str | None:
    """The lesson that all have had most recently and have not talked about; else any that all have had; ids, oldest first."""
    if not had_by_each:
        return None
    shared = [lesson for lesson in had_by_each[0] if all(lesson in had for had in had_by_each)]
    fresh = [lesson for lesson in shared if lesson not in talked_about]
    return next(reversed(fresh or shared), None)


def _weights(
    people: dict[int, Candidate], history: Sequence[PastGroup], seed: int, round_number: int
) -> dict[tuple[int, int], int]:
    """The worth of each pair that may be. Who has sat out of trios longest is cheapest to leave for one (see `_matching`)."""
    met = _last_met(history)
    noise = random.Random(f"{seed}:{round_number}")  # noqa: S311 — no secret: it only has to be repeatable
    weights = {}
    for one, other in combinations(people, 2):
        chance = noise.randrange(_NOISE)
        if other in people[one].mentors or one in people[other].mentors:
            continue
        last = met.get((one, other))
        weights[one, other] = (_NEW if last is None else _ROUND_AGO * (round_number - last)) + chance
    return weights


def _matching(people: list[int], weights: dict[tuple[int, int], int]) -> list[tuple[int, int]]:
    import rustworkx

    graph = rustworkx.PyGraph(multigraph=False)
    place = dict(zip(people, graph.add_nodes_from(people), strict=True))
    graph.add_edges_from([(place[one], place[other], weight) for (one, other), weight in weights.items()])
    matched = rustworkx.max_weight_matching(graph, max_cardinality=True, weight_fn=int)
    return sorted((min(graph[a], graph[b]), max(graph[a], graph[b])) for a, b in matched)


def _take_in(
    person: int,
    groups: list[Group],
    left_out: list[tuple[int, str]],
    weights: dict[tuple[int, int], int],
    history: Sequence[PastGroup],
) -> None:
    """Make a trio of a pair and someone who is left: of those with the fewest trios so far, the pair worth most."""
    trios = _trios(history)

    def worth(group: Group) -> tuple[int, int, tuple[int, ...]]:
        load = sum(trios[one] for one in group.people)
        return (-load, sum(weights[_edge(person, one)] for one in group.people), group.people)

    possible = [
        group
        for group in groups
        if len(group.people) == 2 and all(_edge(person, one) in weights for one in group.people)
    ]
    if not possible:
        left_out.append((person, "nobody is left whom they may meet"))
        return
    chosen = max(possible, key=worth)
    groups[groups.index(chosen)] = Group(tuple(sorted((*chosen.people, person))), Reason.TRIO)


def _edge(one: int, other: int) -> tuple[int, int]:
    return (min(one, other), max(one, other))


def _last_met(history: Sequence[PastGroup]) -> dict[tuple[int, int], int]:
    met: dict[tuple[int, int], int] = {}
    for past in history:
        for pair in combinations(sorted(past.people), 2):
            met[pair] = max(met.get(pair, 0), past.round)
    return met


def _trios(history: Sequence[PastGroup]) -> Counter[int]:
    return Counter(person for past in history if len(past.people) > 2 for person in past.people)


def _reason(pair: tuple[int, int], met: dict[tuple[int, int], int]) -> Reason:
    return Reason.LONGEST_AGO if pair in met else Reason.NEW
