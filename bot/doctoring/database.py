"""The database: whether it answers, which migrations it lacks, and what waits in it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from bot.doctoring.work import look_at_work
from bot.findings import Finding
from bot.living import in_a_thread
from bot.records.database import Database, DatabaseUnfit, async_url
from bot.records.embedded import Embedded, EmbeddedFailed, NothingYet
from bot.records.upgrade import pending
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
                async for finding in look_at_work(database):
                    yield finding
    except NothingYet:
        yield Finding("database", f"{ours}; it is made at the first start")
    except (DatabaseUnfit, EmbeddedFailed) as error:
        yield Finding("database", "does not answer", str(error))


def _migrations(database: Database) -> Finding:
    try:
        behind = pending(database.url)
    except DatabaseUnfit as error:
        return Finding("migrations", "unknown to this version", str(error))
    if behind:
        return Finding("migrations", f"{behind} to apply", "run `playercoach db upgrade`")
    return Finding("migrations", "up to date")
