"""`make rehearse`: a cohort lives through the program, and a table says what each got and which promise was broken."""

import argparse
import logging
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

from bot import living
from bot.records.embedded import Embedded
from bot.records.upgrade import upgrade
from tests.rehearsal.cohort import DAYS_TO_BEGIN, START, Cohort, Lived, a_rehearsal, lived
from tests.rehearsal.people import a_cohort
from tests.rehearsal.promises import UNPROMPTED
from tests.rehearsal.reporting import differences, report_of

CONTENT = Path(__file__).parents[2] / "content"
WEEKS = 26
MINUTES = {
    "lesson": 4.0,
    "review": 3.0,
    "welcome": 2.0,
    "ending": 2.0,
    "introduction": 1.0,
}  # of reading; else half a minute


def main() -> None:
    """Run it, and print the table."""
    asked = argparse.ArgumentParser(prog="make rehearse", description=__doc__)
    asked.add_argument("--managers", type=int, default=200)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument(
        "--report", type=Path, help="write the report of the cohort into this file, and check its figures"
    )
    options = asked.parse_args()
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="playercoach-rehearsal-") as home:
        embedded = Embedded(Path(home))
        url = embedded.start()
        try:
            upgrade(url)
            began = time.monotonic()
            found = living.run(rehearse(url, options.managers, options.seed, options.report))
            print(table(found, time.monotonic() - began))  # noqa: T201 — the table is what this is for
        finally:
            embedded.stop()


async def rehearse(url: str, size: int, seed: int, report: Path | None) -> list[Lived]:
    """The whole program with so many managers; with its report, if it is wanted."""
    async with a_rehearsal(url, a_cohort(size, seed), CONTENT) as cohort:
        for week in range(1, WEEKS + 1):
            await cohort.live(START + timedelta(weeks=week))
            print(f"\rweek {week} of {WEEKS}", end="", flush=True)  # noqa: T201
        print()  # noqa: T201
        at_week_26 = await lived(cohort)
        await _let_it_end(cohort)
        if report is not None:
            _write(report, await report_of(cohort), cohort)
        after = {one.manager.slack_id: one for one in await lived(cohort)}
    for one in at_week_26:
        one.heard, one.broken = after[one.manager.slack_id].heard, after[one.manager.slack_id].broken
    return at_week_26


async def _let_it_end(cohort: Cohort) -> None:
    """Who began later ends later, the last word has to find a day, and the last ratings stay sealed for ten working days."""
    await cohort.live(START + timedelta(weeks=WEEKS + 5, days=DAYS_TO_BEGIN))


def _write(report: Path, page: str, cohort: Cohort) -> None:
    """Keep the page; SystemExit if a figure in it is not what was counted independently."""
    report.write_text(page, "utf-8")
    found = differences(page, cohort)
    print("\n".join([f"wrote {report}: {len(found)} figures differ from an independent count", *found]))  # noqa: T201
    if found:
        raise SystemExit(1)


def table(found: Sequence[Lived], seconds: float) -> str:
    """What each got a week, what they answered, what stayed, and every broken promise."""
    rows = [
        ("unprompted messages a week", _over(found, lambda one: one.asked / WEEKS)),
        ("most in any week", _over(found, _most_in_a_week)),
        ("minutes a week", _over(found, _minutes_a_week)),
        ("answered, of what asked something", _over(found, lambda one: one.answered / max(one.asked, 1))),
        ("answers in reviews", _over(found, lambda one: float(one.review_answers))),
        ("lessons", _over(found, lambda one: float(sum(heard.kind == "lesson" for heard in one.heard)))),
        (
            "retained at week 26, of who began",
            _over([one for one in found if one.review_answers], lambda one: one.retained),
        ),
    ]
    lines = [f"{len(found)} managers, {WEEKS} weeks, in {seconds:.0f} s", ""]
    lines += [f"{'':36}{'mean':>8}{'lowest':>9}{'highest':>9}"]
    lines += [f"{name:36}{mean:8.2f}{low:9.2f}{high:9.2f}" for name, (mean, low, high) in rows]
    broken = Counter(line.split(":")[0] for one in found for line in one.broken)
    lines += ["", f"broken promises: {sum(broken.values())}"]
    lines += [f"  {count} × {name}" for name, count in broken.most_common(20)]
    examples = [line for one in found for line in one.broken][:5]
    return "\n".join([*lines, *(f"    as in: {line}" for line in examples)])


def _over(found: Sequence[Lived], figure: Callable[[Lived], float]) -> tuple[float, float, float]:
    figures = [figure(one) for one in found]
    return statistics.mean(figures), min(figures), max(figures)


def _most_in_a_week(one: Lived) -> float:
    weeks = Counter((heard.at - START).days // 7 for heard in one.heard if heard.kind in UNPROMPTED)
    return float(max(weeks.values(), default=0))


def _minutes_a_week(one: Lived) -> float:
    return sum(MINUTES.get(heard.kind, 0.5) for heard in one.heard if heard.kind in UNPROMPTED) / WEEKS


if __name__ == "__main__":
    main()
