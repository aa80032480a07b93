"""The database: whether it answers, which migrations it lacks, and what waits in it."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from bot.agenda.clock import clock_of
from bot.doctoring.work import look_at_work
from bot.findings import Finding
from bot.living import in_a_thread
from bot.records.database import Database, DatabaseUnfit, async_url
from bot.records.embedded import Embedded, EmbeddedFailed, NothingYet
from bot.records.upgrade import BE_ITS_OWNER, BRING_UP_TO_DATE, MAKES_NO_TABLES, is_empty, may_make_tables, pending
from bot.settings import Settings


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Database]:
    """The database, for as long as this is open. Nothing is made: NothingYet. Raises EmbeddedFailed or DatabaseUnfit, too."""
    async with AsyncExitStack() as stack:
        if settings.database_url is None:
            embedded = Embedded(settings.data_dir)
            stack.push_async_callback(asyncio.to_thread, embedded.stop)
            url = await in_a_thread(embedded.visit)
        else:
            url = async_url(settings.database_url.get_secret_value())
        database = Database(url)
        stack.push_async_callback(database.close)
        await database.probe()
        yield database


async def look_at_database(settings: Settings) -> AsyncIterator[Finding]:
    """Whether it answers and is up to date; then what is to be done in it."""
    ours = f"embedded, in {settings.data_dir}" if settings.database_url is None else ""
    try:
        async with opened(settings) as database:
            yield Finding("database", f"{ours}; fine for one machine" if ours else "answers")
            migrations = _migrations(database)
            yield migrations
            if migrations.is_fine:
                async for finding in look_at_work(database, clock_of(settings)):
                    yield finding
    except NothingYet:
        yield _still_to_be_made(settings.data_dir)
    except (DatabaseUnfit, EmbeddedFailed) as error:
        yield Finding("database", "does not answer", str(error))


def _still_to_be_made(home: Path) -> Finding:
    if can_be_made(home):
        return Finding("database", f"embedded, in {home}; it is made at the first start")
    mend = "have the folder be yours, or name another with DATA_DIR; or set DATABASE_URL to a PostgreSQL of your own"
    return Finding("database", f"embedded, but it can't be made in {home}", mend)


def can_be_made(folder: Path) -> bool:
    """Whether who runs this may write there, or may make it: the nearest folder that exists tells. Nothing is made."""
    above = (folder.absolute(), *folder.absolute().parents)
    nearest = next(one for one in above if os.path.lexists(one))
    return os.path.isdir(nearest) and os.access(nearest, os.W_OK | os.X_OK)


def _migrations(database: Database) -> Finding:
    try:
        behind, is_new = pending(database.url), is_empty(database.url)
        is_shut = behind > 0 and not may_make_tables(database.url)
    except DatabaseUnfit as error:
        return Finding("migrations", "unknown to this version", str(error))
    if is_shut:
        return Finding("migrations", f"{behind} to apply, but {MAKES_NO_TABLES}", BE_ITS_OWNER)
    if behind:
        mend = "run `playercoach db upgrade`" if is_new else BRING_UP_TO_DATE
        return Finding("migrations", f"{behind} to apply", mend)
    return Finding("migrations", "up to date")
