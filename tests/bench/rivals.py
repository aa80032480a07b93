"""Other ways to form groups, each written from how it is described in public, for people whom nothing keeps apart.

Each takes the people, the history as groups by round, and chance, and gives groups of two with one of three if their
number is odd.
"""

import random
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from functools import partial
from itertools import combinations

import rustworkx

Groups = list[tuple[int, ...]]
Rival = Callable[[Sequence[int], Sequence[Groups], random.Random], Groups]

COOL_DOWNS = (12, 26)  # rounds: half a year, a year
RESTARTS = 50


def shuffled(people: Sequence[int], history: Sequence[Groups], chance: random.Random) -> Groups:  # noqa: ARG001 — it forgets
    """Shuffle everyone and take two by two; who is over joins the last."""
    order = chance.sample(people, len(people))
    groups: Groups = [tuple(order[place : place + 2]) for place in range(0, len(order) - 1, 2)]
    if len(order) % 2:
        groups[-1] += (order[-1],)
    return groups


def cooled_down(people: Sequence[int], history: Sequence[Groups], chance: random.Random, *, longest: int) -> Groups:
    """As many pairs as can be, none of whom met within so many rounds; a round less where that leaves somebody over.

    Who is over of an odd number joins a pair that is as far from them in the same way, by chance.
    """
    for rounds in range(min(longest, len(history)), -1, -1):
        barred = met_in(history[len(history) - rounds :]).keys()
        groups = _most_pairs(people, barred, chance)
        if len(groups) == len(people) // 2:
            break
    for person in set(people) - {person for group in groups for person in group}:
        free = [group for group in groups if not barred & {pair_of(person, one) for one in group}]
        joined = chance.choice(free or groups)
        groups[groups.index(joined)] += (person,)
    return groups


def greedy(people: Sequence[int], history: Sequence[Groups], chance: random.Random) -> Groups:
    """One after the other takes whom they met least often; the best of many orders counts."""
    met = met_in(history)
    return min(
        (_taken(chance.sample(people, len(people)), met) for _ in range(RESTARTS)), key=lambda one: _again(one, met)
    )


def met_in(history: Sequence[Groups]) -> Counter[tuple[int, int]]:
    """How often each pair met."""
    return Counter(pair_of(*pair) for groups in history for group in groups for pair in combinations(group, 2))


def pair_of(one: int, other: int) -> tuple[int, int]:
    """Two people in order."""
    return (one, other) if one < other else (other, one)


def _most_pairs(people: Sequence[int], barred: Collection[tuple[int, int]], chance: random.Random) -> Groups:
    order = chance.sample(people, len(people))
    graph = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from(order)
    graph.add_edges_from(
        [
            (one, other, None)
            for one, other in combinations(range(len(order)), 2)
            if pair_of(order[one], order[other]) not in barred
        ]
    )
    matched = rustworkx.max_weight_matching(graph, max_cardinality=True)
    return sorted(pair_of(order[one], order[other]) for one, other in matched)


def _taken(order: list[int], met: Counter[tuple[int, int]]) -> Groups:
    groups: Groups = []
    while len(order) > 1:
        one = order.pop()
        other = min(order, key=lambda other: met[pair_of(one, other)])
        order.remove(other)
        groups.append((one, other))
    for one in order:
        least = min(groups, key=lambda group: sum(met[pair_of(one, other)] for other in group))
        groups[groups.index(least)] += (one,)
    return groups


def _again(groups: Groups, met: Counter[tuple[int, int]]) -> int:
    return sum(met[pair_of(*pair)] for group in groups for pair in combinations(group, 2))


RIVALS: dict[str, Rival] = {
    "random shuffle": shuffled,
    **{f"matching, {longest} rounds apart": partial(cooled_down, longest=longest) for longest in COOL_DOWNS},
    f"greedy, {RESTARTS} restarts": greedy,
}
