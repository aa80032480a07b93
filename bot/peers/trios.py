"""A trio where pairs alone would leave somebody out: by trying who is in its middle. Pure."""

from collections.abc import Iterator

from bot.peers.costs import RECENT, Costs
from bot.peers.matching import Grouping, Table, tables
from bot.peers.model import Pair

_TRIES = 70_000  # middles and partners, by the square of the number of people: among 41 people everyone is tried
_AT_LEAST = 3


def best_grouping(costs: Costs) -> Grouping:
    """Pairs for all; where that can't be, one trio more as long as that leaves fewer people out."""
    parts = [_best_of(table) for table in tables(costs)]
    groups = sorted(group for part in parts for group in part.groups)
    lonely = sorted(person for part in parts for person in part.lonely)
    return Grouping(tuple(groups), tuple(lonely), sum(part.cost for part in parts))


def _best_of(table: Table) -> Grouping:
    best = table.matched(())
    while best.lonely:
        better = _with_a_trio(table, best)
        if len(better.lonely) >= len(best.lonely):
            break
        best = better
    return best


def _with_a_trio(table: Table, base: Grouping) -> Grouping:
    """The best grouping in which one trio more keeps somebody from being left out; else the one given.

    Among up to 41 people none keeps the promises better. Among more not every trio is tried, once nobody is left out in vain.
    """
    duty = table.costs.duty
    turn = _in_turn(table, base)
    most = max(_AT_LEAST, _TRIES // max(1, len(turn)) ** 2)
    best = base
    for place, middle in enumerate(turn[:-2]):
        # Everyone's trio is found around that one of them whose turn is first; so the next in turn tell the least cost.
        least = (len(base.lonely) - 1, sum(duty[person] for person in turn[place : place + 3]))
        if _is_good_enough(best, least) or (place >= most and len(best.lonely) < len(base.lonely)):
            break
        bound = table.around(middle, turn[place + 1 :], base.waiting)
        if bound is None or len(bound.lonely) >= len(base.lonely):
            continue
        for number, pair in enumerate(_pairs_around(table.costs, middle, turn[place + 1 :], bound)):
            if _is_good_enough(best, bound.rank) or (number >= most and len(best.lonely) < len(base.lonely)):
                break
            best = min(best, table.matched((*base.waiting, pair)), key=lambda one: one.rank)
    return best


def _in_turn(table: Table, base: Grouping) -> list[int]:
    """Who can be one of three: first who was that least often, and of these who is alone so far.

    A trio of others would leave as many out (Cornuéjols, Hartvigsen and Pulleyblank 1982: «Packing subgraphs in a graph»).
    """
    waiting = {person for pair in base.waiting for person in pair}
    costs = table.costs
    return sorted(
        table.could_be_alone(base) - waiting,
        key=lambda one: (costs.duty[one], one not in base.lonely, costs.luck[one]),
    )


def _pairs_around(costs: Costs, middle: int, others: list[int], bound: Grouping) -> Iterator[Pair]:
    """The middle with each who may be the next of three; first with those with whom it would cost least."""
    beside = {person for group in bound.groups if middle in group for person in group}
    for one in sorted(others, key=lambda other: other not in beside):
        if costs.of((middle, one)) is not None:
            yield (min(middle, one), max(middle, one))


def _is_good_enough(best: Grouping, least: tuple[int, int]) -> bool:
    """Whether nothing that costs at least this could keep a promise better."""
    return best.rank < (least[0], least[1] + RECENT)
