"""The oldest PostgreSQL that this machine has, in the place of the embedded one, which is the newest: it serves as well."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.records.database import OLDEST_POSTGRES
from bot.records.tables import Response
from bot.records.upgrade import check, upgrade
from tests.databases import at, run
from tests.flows.test_embedded_postgres import NOBODY
from tests.lacking import lacking
from tests.world import CONTENT, open_world

SETTINGS = "-c listen_addresses= -c unix_socket_permissions=0700 -c fsync=off"


def programs() -> Path:
    """Where the programs of the oldest one are that Playercoach promises to work with."""
    found = {int(one.parts[-3]): one.parent for one in Path("/usr/lib/postgresql").glob("[0-9]*/bin/initdb")}
    old_enough = [version for version in found if version >= OLDEST_POSTGRES]
    return found[min(old_enough)] if old_enough else lacking("a PostgreSQL of the system's: apt-get install postgresql")


@pytest.fixture
def old_url() -> Iterator[str]:
    """An empty database of its own, on a socket in a folder of its own; for root, whom PostgreSQL refuses, it runs as nobody."""
    where = programs()
    as_root = os.geteuid() == 0
    home = Path(tempfile.mkdtemp(prefix="playercoach-oldest-"))  # a short path, for its socket

    def do(tool: str, *words: str) -> None:
        command = [*(NOBODY if as_root else ()), where / tool, "-D", home / "cluster", *words]
        subprocess.run(command, cwd=home, stdout=subprocess.DEVNULL, check=True, timeout=120)

    if as_root:
        os.chown(home, 65534, 65534)
    do("initdb", "--no-sync", "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C")
    do("pg_ctl", "start", "-w", "-l", str(home / "log"), "-o", f"-k {home} {SETTINGS}")
    try:
        base = f"postgresql://postgres@/postgres?host={home}"
        run(base, "CREATE DATABASE playercoach")
        yield at(base, "playercoach")
    finally:
        do("pg_ctl", "stop", "-w", "-m", "immediate")
        shutil.rmtree(home)


@pytest.mark.long
async def test_the_oldest_serves_as_well(old_url: str) -> None:
    """Its tables are made out of nothing, as the models say; Maya gets a lesson and answers it, and on Monday Ana reads of it."""
    upgrade(old_url)
    check(old_url)
    async with open_world(old_url, content=CONTENT) as world:
        await world.enrol()
        await world.pass_time(hours=3)
        (lesson,) = world.dms(world.maya)
        first = world.house.library.current.curriculum.lesson("tracking-01-metrics-chain")
        await world.answer(world.maya, lesson, first.checks[0].options[0].text)  # type: ignore[union-attr]
        assert len(await world.rows(Response)) == 1
        await world.pass_time(days=7)
        assert world.dms(world.ana), "Monday's digest"
