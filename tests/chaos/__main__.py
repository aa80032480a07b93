"""`python -m tests.chaos`: every row of the campaign, one after the other; a table, and 1 if a promise was broken."""

import argparse
import sys
from collections.abc import Awaitable, Callable
from importlib import import_module

from bot import living
from tests.chaos.table import Row, lines_of

ROWS = ("workers", "slack", "postgres", "socket", "clock", "deploy", "morning")
MODULES = {"workers": "kills", "socket": "sockets", "clock": "clocks"}  # the others are called as their rows


def main() -> int:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--only", default=",".join(ROWS), help=f"rows, with commas between them: {', '.join(ROWS)}")
    parser.add_argument("--scale", type=float, default=1.0, help="how much of it: 1 is what is promised")
    asked = parser.parse_args()
    rows = [living.run(_run(name, asked.scale)) for name in asked.only.split(",")]
    _say(*lines_of(rows))
    return 1 if any(row.broken for row in rows) else 0


async def _run(name: str, scale: float) -> Row:
    run: Callable[[float], Awaitable[Row]] = import_module(f"tests.chaos.{MODULES.get(name, name)}").run
    row = await run(scale)
    _say(f"{name}: {', '.join(row.broken) or 'kept'} ({row.seconds:.0f} s)")
    return row


def _say(*lines: str) -> None:
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
