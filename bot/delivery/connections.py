"""The queue's connections: psycopg's pool, where whoever waits is served as soon as there is a database to be served by."""

from typing import TYPE_CHECKING, Any

from psycopg import AsyncConnection, OperationalError

from bot.records.database import is_closed

if TYPE_CHECKING:
    from psycopg_pool import AsyncConnectionPool

# A database that went away is looked for each second, and then from the beginning: psycopg's own pool would double that for five
# minutes, and be as late as the outage was long. With 1, 2 and 4 s, most of what a restart took to recover from was waiting.
LOOKED_FOR_SECONDS = 2.0
WAITED_FOR_SECONDS = 10.0  # for a connection
FEWEST, MOST = 1, 6


def pool(**settings: Any) -> "AsyncConnectionPool[Any]":
    """A pool as Procrastinate asks for it, not yet open.

    What ends one connection ends all. By itself the pool would find that out of one after the other, and wait for 1, 2 and 4 s
    between them: those that find the first look at all of them.
    """
    from psycopg_pool import AsyncConnectionPool

    async def check(connection: AsyncConnection[Any]) -> None:
        if is_closed(connection):  # the pool itself would ask the server, each time
            await opened.check()
            raise OperationalError("the server has closed it")

    opened: AsyncConnectionPool[Any] = AsyncConnectionPool(
        **settings | {"check": check}, min_size=FEWEST, max_size=MOST,
        timeout=WAITED_FOR_SECONDS, reconnect_timeout=LOOKED_FOR_SECONDS, reconnect_failed=_look_on,
    )  # fmt: skip
    return opened


async def _look_on(pool: "AsyncConnectionPool[Any]") -> None:
    """Look for the database from the beginning: whoever waits would else wait for all of their time, though it may be back."""
    await pool.check()
