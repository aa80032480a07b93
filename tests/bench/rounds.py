"""Peer rounds against other ways to form groups: `python -m tests.bench.rounds --full` prints the table.

A year of 26 rounds of a pool that stays the same, with people whom nothing keeps apart. A repeat is *avoidable* if fewer pairs
could have met again in some grouping of the same people after the same rounds, with one trio if their number is odd, of three
who were that least often. That least number is found here by itself, and not by the rules: one matching for every such trio.
"""

import random
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import combinations
from statistics import mean, median
from time import process_time

import rustworkx

from bot.peers.company import points
from bot.peers.costs import Past, Terms
from bot.peers.crowds import ROOM, groups_of
from bot.peers.rules import Candidate, PastGroup, form_groups
from tests.bench.rivals import RIVALS, Groups, met_in, pair_of

ROUNDS = 26
SIZES, FULL_SEEDS, FEW_SEEDS = (12, 13, 40, 41, 200), 20, 2
OURS = "ours"
AREAS, REGIONS = ("a", "b", "c", "d", "e"), ("north", "south", "east")
HEAD = ("left out", "in two", "avoidable", "repeats", "trio load", "points", "CPU s", "worst")


@dataclass(frozen=True)
class Year:
    """What became of one pool: people-rounds left out and doubled, pairs that met again, how far apart trio duty ever was,
    the points that pairs have for what they give each other, and each round's seconds of processor time."""

    left_out: int
    in_two: int
    avoidable: int
    repeats: int
    spread: int
    points: float
    seconds: tuple[float, ...]


def pool(size: int, seed: int) -> list[Candidate]:
    """People of three regions, each strong in one area and asking for one."""
    chance = random.Random(seed)
    return [
        Candidate(
            person,
            region=chance.choice(REGIONS),
            strong=frozenset({chance.choice(AREAS)}),
            asks=frozenset({chance.choice(AREAS)}),
        )
        for person in range(1, size + 1)
    ]


def a_year(way: str, size: int, seed: int) -> Year:
    """Live through it."""
    people = {one.person: one for one in pool(size, seed)}
    chance, history, seconds = random.Random(f"{way}:{size}:{seed}"), list[Groups](), list[float]()
    left_out = in_two = avoidable = repeats = spread = 0
    for _ in range(ROUNDS):
        began = process_time()
        groups = _formed(way, list(people.values()), history, seed, chance)
        seconds.append(process_time() - began)
        times = Counter(person for group in groups for person in group)
        left_out += len(people) - len(times)
        in_two += sum(number > 1 for number in times.values())
        again = len(met_in([groups]).keys() & met_in(history).keys())
        repeats += again
        avoidable += max(0, again - fewest_repeats(list(people), history)) if again else 0
        history.append(groups)
        duty = trio_duty(list(people), history).values()
        spread = max(spread, max(duty) - min(duty))
    pairs = [pair for groups in history for group in groups for pair in combinations(group, 2)]
    good = mean(points(people[one], people[other]) for one, other in pairs)
    return Year(left_out, in_two, avoidable, repeats, spread, good, tuple(seconds))


def _formed(way: str, people: list[Candidate], history: Sequence[Groups], seed: int, chance: random.Random) -> Groups:
    if way != OURS:
        return RIVALS[way]([one.person for one in people], history, chance)
    past = [PastGroup(number, group) for number, groups in enumerate(history, 1) for group in groups]
    formed = form_groups(people, past, seed=seed, round_number=len(history) + 1)
    return [group.people for group in formed.groups]


def trio_duty(people: Sequence[int], history: Sequence[Groups]) -> dict[int, int]:
    """How often each was one of three."""
    trios = Counter(person for groups in history for group in groups if len(group) > 2 for person in group)
    return {person: trios[person] for person in people}


def fewest_repeats(people: Sequence[int], history: Sequence[Groups]) -> int:
    """The least number of pairs that must meet again in the round to come, as the head of this file says."""
    met = met_in(history).keys()
    if len(people) % 2 == 0:
        return _fewest_in_pairs(people, met)
    duty = trio_duty(people, history)
    least = sorted(duty.values())[:3]
    trios = (trio for trio in combinations(people, 3) if sorted(duty[one] for one in trio) == least)
    best = len(people)
    for among, trio in sorted((sum(pair_of(*pair) in met for pair in combinations(trio, 2)), trio) for trio in trios):
        if among >= best:
            break
        best = min(best, among + _fewest_in_pairs([one for one in people if one not in trio], met))
    return best


def _fewest_in_pairs(people: Sequence[int], met: Collection[tuple[int, int]]) -> int:
    graph = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from(people)
    graph.add_edges_from(
        [
            (one, other, 1 if pair_of(people[one], people[other]) in met else 2)
            for one, other in combinations(range(len(people)), 2)
        ]
    )
    matched = rustworkx.max_weight_matching(graph, max_cardinality=True, weight_fn=int)
    return sum(pair_of(people[one], people[other]) in met for one, other in matched)


def years(seeds: dict[int, int]) -> dict[tuple[str, int], list[Year]]:
    """For each way and size, one year for each seed; `seeds` are how many for each size."""
    jobs = [(way, size, seed) for size in seeds for way in (OURS, *RIVALS) for seed in range(1, seeds[size] + 1)]
    found: dict[tuple[str, int], list[Year]] = {}
    with ProcessPoolExecutor() as pool:
        for (way, size, _), year in zip(jobs, pool.map(a_year, *zip(*jobs, strict=True)), strict=True):
            found.setdefault((way, size), []).append(year)
    return found


def lines(found: dict[tuple[str, int], list[Year]]) -> Iterator[str]:
    """The table, line by line: sums over the seeds' years; the greatest spread of trio load; the mean of points."""
    yield f"{'peer rounds':32}{'seeds':>6}" + "".join(f"{name:>11}" for name in HEAD)
    for (way, size), lived in found.items():
        seconds = [second for year in lived for second in year.seconds]
        cells = [
            str(sum(year.left_out for year in lived)),
            str(sum(year.in_two for year in lived)),
            str(sum(year.avoidable for year in lived)),
            str(sum(year.repeats for year in lived)),
            str(max(year.spread for year in lived)),
            f"{mean(year.points for year in lived):.2f}",
            f"{median(seconds):.4f}",
            f"{max(seconds):.4f}",
        ]
        yield f"{size:>4} {way:27}{len(lived):>6}" + "".join(f"{cell:>11}" for cell in cells)


def crowd_lines() -> Iterator[str]:
    """What is lost by cutting a crowd into rooms, and how long ten thousand people take."""
    for size, room in ((200, ROOM), (200, 66), (402, ROOM), (1000, ROOM)):
        exact, cut = _points(size, size), _points(size, room)
        yield f"{size:>6} people in rooms of {min(room, size):>4}: {cut / exact:7.2%} of the exact weight"
    for size in (10_000, 10_001):
        began = process_time()
        formed = form_groups(pool(size, 1), [], seed=1, round_number=1)
        seconds = process_time() - began
        yield f"{size:>6} people: {seconds:.1f} CPU s, {len(formed.left_out)} left out, {len(formed.unmet)} unmet"


def _points(size: int, room: int) -> int:
    people = {one.person: one for one in pool(size, 1)}
    groups = groups_of(people, Past.of([], people), Terms(1, 1), room=room)
    return sum(points(people[one], people[other]) for group in groups for one, other in combinations(group, 2))


if __name__ == "__main__":
    full = "--full" in sys.argv
    chosen = {size: FULL_SEEDS if full or size < 200 else FEW_SEEDS for size in SIZES}
    for line in (*lines(years(chosen)), *crowd_lines()):
        sys.stdout.write(f"{line}\n")
