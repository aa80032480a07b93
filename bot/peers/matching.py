"""The best groups at the least cost, by maximum-weight matching. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.peers.costs import DEAREST, Costs
from bot.peers.model import Pair, People


@dataclass(frozen=True)
class Grouping:
    """A try at a round. `waiting` are pairs that a third may join."""

    groups: tuple[People, ...]
    lonely: tuple[int, ...]
    cost: int
    waiting: tuple[Pair, ...] = ()

    @property
    def rank(self) -> tuple[int, int]:
        """The less, the better: first the number of people left out."""
        return len(self.lonely), self.cost


def tables(costs: Costs) -> "Iterator[Table]":
    """People who may meet one another, directly or over others, apart from those whom none of them may meet."""
    import rustworkx  # here, because `--help` must stay instant

    people = list(costs.people)
    node = {person: index for index, person in enumerate(people)}
    graph = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from([(person,) for person in people])
    graph.add_edges_from([(node[one], node[other], DEAREST - cost) for (one, other), cost in costs.pairs.items()])
    for nodes in rustworkx.connected_components(graph):
        yield Table(graph.subgraph(sorted(nodes)), costs)


class Table:
    """People as a graph whose edges weigh the more the less it costs to bring two together."""

    def __init__(self, graph: Any, costs: Costs) -> None:
        self.costs = costs
        self._graph = graph
        self._node = {graph[index][0]: index for index in graph.node_indices()}

    def matched(self, waiting: Sequence[Pair]) -> Grouping:
        """The best pairs for all, where a third may join each of those that wait."""
        return self._grouping(_solved(self._with(waiting)), waiting)

    def around(self, middle: int, others: Sequence[int], waiting: Sequence[Pair]) -> Grouping | None:
        """What a round costs at least in which this person is with two of these others; None if that can't be.

        Whether these two may meet, and what that costs, is not asked: the middle is there twice and matched twice.
        """
        duty = self.costs.duty
        sides = [(one, self.costs.of((middle, one))) for one in others]
        edges = [(self._node[one], DEAREST - cost - duty[one]) for one, cost in sides if cost is not None]
        if len(edges) < 2:
            return None
        graph = self._with(waiting)
        graph.remove_node(self._node[middle])
        for _ in range(2):
            copy = graph.add_node((middle,))
            graph.add_edges_from([(node, copy, weight) for node, weight in edges])
        groups = _solved(graph)
        three = {person for group in groups if middle in group for person in group}
        if len(three) < 3:
            return None
        return self._grouping(groups, waiting, sum(duty[person] for person in three))

    def could_be_alone(self, grouping: Grouping) -> set[int]:
        """Who is alone or would be, if others took over whom they are with, one after the other; rather too many than too few."""
        group_of = {person: group for group in grouping.groups for person in group}
        found, asking = set(grouping.lonely), list(grouping.lonely)
        while asking:
            for node in self._graph.neighbors(self._node[asking.pop()]):
                person = self._graph[node][0]
                freed = {other for other in group_of.get(person, ()) if other != person} - found
                found |= freed
                asking += freed
        return found

    def _grouping(self, groups: list[People], waiting: Sequence[Pair], duty: int = 0) -> Grouping:
        taken = {person for group in groups for person in group}
        alone = [pair for pair in waiting if pair[0] not in taken]
        taken.update(*alone)
        lonely = tuple(person for person in self._node if person not in taken)
        cost = sum(self.costs.of(group) or 0 for group in (*groups, *alone))
        return Grouping((*groups, *alone), lonely, cost + duty, tuple(waiting))

    def _with(self, waiting: Sequence[Pair]) -> Any:
        """The people, with these pairs as one node each."""
        graph = self._graph.copy()
        for pair in waiting:
            graph.remove_nodes_from([self._node[person] for person in pair])
        singles = list(zip(graph.node_indices(), graph.nodes(), strict=True))
        for pair in waiting:
            thirds = [(node, self.costs.of(pair + one)) for node, one in singles]
            unit = graph.add_node(pair)
            # They have each other: with half the weight, whoever is alone comes first.
            graph.add_edges_from([(node, unit, DEAREST // 2 - cost) for node, cost in thirds if cost is not None])
        return graph


def _solved(graph: Any) -> list[People]:
    import rustworkx

    matched = rustworkx.max_weight_matching(graph, max_cardinality=True, weight_fn=int)
    return [tuple(sorted(graph[one] + graph[other])) for one, other in matched]
