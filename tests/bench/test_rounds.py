"""Peer rounds of ours keep their promises for a year, and stay quick."""

import sys

from tests.bench import rounds
from tests.bench.rounds import OURS

SEEDS = {12: 5, 13: 5, 40: 5, 41: 5, 200: 2}  # `python -m tests.bench.rounds --full` takes twenty of each


def test_a_year_of_rounds() -> None:
    """Nobody is left out or in two groups, nobody meets again without need, trio duty is even, a round takes a second at most."""
    found = rounds.years(SEEDS)
    sys.stdout.write("\n".join(["", *rounds.lines(found), *rounds.crowd_lines(), ""]))
    ours = [year for (way, _), years in found.items() if way == OURS for year in years]
    assert len(ours) == sum(SEEDS.values())
    assert {(year.left_out, year.in_two, year.avoidable) for year in ours} == {(0, 0, 0)}
    assert max(year.spread for year in ours) <= 1
    assert max(second for year in ours for second in year.seconds) <= 1
