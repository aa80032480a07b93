"""`make wander`: some walks, and a table of what they came to."""
# ruff: noqa: T201 — a table is what this is for

import argparse
import logging
import sys
import tempfile
import time
from pathlib import Path

from bot import living
from bot.records.embedded import Embedded
from bot.records.upgrade import upgrade
from tests.databases import TEMPLATE, at, in_memory, new_name, run
from tests.wandering.walk import Walked, walk


def main() -> None:
    """Walk, and print the table; exit code 1 if anything was wrong."""
    asked = argparse.ArgumentParser(prog="make wander", description=__doc__)
    asked.add_argument("--seeds", default="1-4", help="as 7, or 1-20")
    asked.add_argument("--weeks", type=int, default=8)
    asked.add_argument("--acts", type=float, default=8.0, help="how many things people do a day")
    asked.add_argument("--diary", type=Path, help="a folder for all steps of each walk")
    options = asked.parse_args()
    first, _, last = options.seeds.partition("-")
    logging.getLogger().handlers[:] = [logging.NullHandler()]
    found: list[Walked] = []
    with tempfile.TemporaryDirectory(prefix="playercoach-wandering-", dir=in_memory()) as home:
        embedded = Embedded(Path(home) / "postgres")
        (Path(home) / "postgres").mkdir()
        base = embedded.start().replace("+psycopg", "")
        try:
            _prepare(base)
            print(
                f"{'seed':>6}{'weeks':>7}{'days':>6}{'steps':>7}{'messages':>10}{'seconds':>9}{'violations':>12}",
                flush=True,
            )
            for seed in range(int(first), int(last or first) + 1):
                found.append(_walked(base, seed, options, Path(home)))
        finally:
            embedded.stop()
    wrong = sum(len(one.diary.wrong) for one in found)
    print(f"{len(found)} walks, {sum(len(one.diary.steps) for one in found)} steps, {wrong} violations")
    sys.exit(1 if wrong else 0)


def _prepare(base: str) -> None:
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        run(base, f"ALTER SYSTEM SET {setting} = off")
    run(base, "SELECT pg_reload_conf()")
    run(base, f"CREATE DATABASE {TEMPLATE}")
    upgrade(at(base, TEMPLATE))


def _walked(base: str, seed: int, options: argparse.Namespace, folder: Path) -> Walked:
    name, began = new_name(), time.monotonic()
    run(base, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    one = living.run(walk(at(base, name), seed, options.weeks, folder, acts_a_day=options.acts))
    run(base, f"DROP DATABASE {name} WITH (FORCE)")
    took = time.monotonic() - began
    print(
        f"{seed:6}{options.weeks:7}{one.days:6}{len(one.diary.steps):7}{one.messages:10}{took:9.0f}{len(one.diary.wrong):12}",
        flush=True,
    )
    for line in one.diary.wrong:
        print(f"       {line[:600]}", flush=True)
    if options.diary is not None:
        options.diary.mkdir(parents=True, exist_ok=True)
        (options.diary / f"{seed}.txt").write_text(
            "\n".join([*one.diary.steps, "", *map(str, one.diary.kinds.most_common())]), "utf-8"
        )
    return one


if __name__ == "__main__":
    main()
