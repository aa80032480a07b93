"""What a job for each person would cost, and what an agenda table does."""

import sys

import psycopg

from tests.bench.common_way import SIZES, Cost, lines, measured
from tests.conftest import at


def test_a_job_for_each_person(postgres: str) -> None:
    """At each size both move a weekly item of one person in a hundred by a week; the table says what that took."""
    found: dict[int, tuple[Cost, Cost]] = {}
    for people in SIZES:
        pair = []
        for way in ("ours", "theirs"):
            with psycopg.connect(postgres, autocommit=True) as connection:
                connection.execute("CREATE DATABASE common TEMPLATE migrated")
            pair.append(measured(way, at(postgres, "common"), people))
            with psycopg.connect(postgres, autocommit=True) as connection:
                connection.execute("DROP DATABASE common WITH (FORCE)")
        found[people] = (pair[0], pair[1])
    sys.stdout.write("\n".join(["", *lines(found), ""]))
    assert set(found) == set(SIZES)
