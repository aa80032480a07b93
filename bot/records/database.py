"""The one database: an engine, and a transaction to work in."""

import asyncio
import select
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import psycopg
import sqlalchemy.ext.asyncio
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.errors import (
    LockNotAvailable,
    ProgramLimitExceeded,
    ProgrammingError,
    QueryCanceled,
    ReadOnlySqlTransaction,
    StatementTooComplex,
)
from pydantic_core import from_json
from sqlalchemy import event, text
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InternalError, InvalidatePoolError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

OLDEST_POSTGRES = 15
WHICH_SERVER = text("SHOW server_version_num")  # as 150018, for 15.18
# Of each process: a PostgreSQL as it comes has room for a hundred, and six processes are no large installation.
CONNECTIONS, CONNECTIONS_IN_NEED = 6, 3
# Between tries, while a database comes back: as long as someone who waits for it can be left to wait; and for what only this
# process knows, which is longer than any failover takes.
PATIENCE_SECONDS = (0.2, 0.5, 1.0, 2.0, 4.0)
LONG_PATIENCE_SECONDS = (*PATIENCE_SECONDS, *(2.0,) * 300)

# Of every connection. One to a server that takes no writes, as a replica or what was replaced by one, is not made at all. A
# server that went without a word, as with its machine, is noticed within ten seconds, and not after TCP's own quarter of an hour.
LINK: Mapping[str, str | int] = {
    "target_session_attrs": "read-write",
    "connect_timeout": 5,
    "tcp_user_timeout": 8000,  # milliseconds
    "keepalives_idle": 4,
    "keepalives_interval": 2,
    "keepalives_count": 2,
}

# What says that the database is away just now: it, or that every connection there may be waits for an answer of it.
AWAY = (OperationalError, PoolTimeout)
# What PostgreSQL calls by the same name, and is the statement's own fault: it took too long, or asks for too much. To try it
# again and again would keep everything behind it waiting.
_ITS_OWN_FAULT = (QueryCanceled, LockNotAvailable, ProgramLimitExceeded, StatementTooComplex)

Result = TypeVar("Result")


class DatabaseUnfit(Exception):
    """The database can't be used; the message says why and what to do."""


def async_url(url: str) -> str:
    """Any spelling of a PostgreSQL address (`postgres://` too), for SQLAlchemy's psycopg driver. Raises DatabaseUnfit."""
    for scheme in ("postgresql+psycopg://", "postgresql://", "postgres://"):
        if url.startswith(scheme):
            _refuse_the_unreadable(rest := url.removeprefix(scheme))
            return "postgresql+psycopg://" + rest
    raise DatabaseUnfit(
        "DATABASE_URL is no PostgreSQL address; it should look like postgresql://user:password@host/name"
    )


def _refuse_the_unreadable(rest: str) -> None:
    """A password as it is, and not as it must stand in an address, ends up in place of the host: no error may quote it then.

    SQLAlchemy and libpq both read it, each in its own way.
    """
    try:
        asked = make_url(f"postgresql://{rest}").query
        _refuse_unknown(asked)
        conninfo_to_dict(f"postgresql://{rest}")
    except (ProgrammingError, ArgumentError, ValueError):
        raise _unreadable() from None
    if rest.count("@") > 1:
        raise _unreadable()


def _refuse_unknown(asked: Iterable[str]) -> None:
    for name in asked:
        try:
            make_conninfo("", **{name: "1"})
        except ProgrammingError:
            raise DatabaseUnfit(
                f"DATABASE_URL has «{name}», which PostgreSQL does not know: take it out (for TLS it is sslmode=require)"
            ) from None


def _unreadable() -> DatabaseUnfit:
    return DatabaseUnfit(
        "DATABASE_URL can't be read; it should look like postgresql://user:password@host:5432/name, and in user and password "
        "@ : / ? # % and blanks stand as %40 %3A %2F %3F %23 %25 %20"
    )


def refuse_the_too_old(version: str) -> None:
    """Raise `DatabaseUnfit` where a server can't do what will be asked of it. `version`: its answer to WHICH_SERVER."""
    major = int(version) // 10_000
    if major < OLDEST_POSTGRES:
        raise DatabaseUnfit(
            f"the database is PostgreSQL {major}; Playercoach needs {OLDEST_POSTGRES} or newer. Nothing was changed in it: "
            "bring that server up to date, or set DATABASE_URL to another"
        )


def plain_url(url: str) -> str:
    """The same address as libpq reads it."""
    return async_url(url).replace("+psycopg", "", 1)


class _Session(AsyncSession):
    """SQLModel's session, without its warning against `execute`: it is the right call for statements and for rows."""

    execute = sqlalchemy.ext.asyncio.AsyncSession.execute


class Database:
    """An engine that opens connections when they are needed, and gives them back."""

    def __init__(self, url: str, *, pool_size: int = CONNECTIONS) -> None:
        self.url = async_url(url)
        self._engine = create_async_engine(
            self.url,
            pool_size=pool_size,
            max_overflow=CONNECTIONS_IN_NEED,
            connect_args=dict(LINK),
            hide_parameters=True,  # errors are logged, answers never
            json_deserializer=from_json,  # pydantic's, which is there anyway, and several times as quick
        )
        event.listen(self._engine.sync_engine, "checkout", _refuse_if_closed)
        event.listen(self._engine.sync_engine, "handle_error", _away_if_read_only)
        event.listen(self._engine.sync_engine, "handle_error", _not_away_if_its_own_fault)

    @property
    def engine(self) -> AsyncEngine:
        """For libraries that keep tables of their own here."""
        return self._engine

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """One transaction: committed at the end, rolled back by any exception."""
        async with _Session(self._engine, expire_on_commit=False) as session, session.begin():
            yield session

    async def write_down(self, write: Callable[[AsyncSession], Awaitable[Result]], patience: Sequence[float]) -> Result:
        """Do it in a transaction of its own, and again where the database goes away meanwhile; `patience`: the seconds between.

        For what happened outside and would else be forgotten, and for what a job would else fail of. A commit may have held
        although nobody heard so: `write` must do no harm when it is done twice. Raises one of `AWAY` where the database
        stays away.
        """
        for seconds in patience:
            try:
                async with self.transaction() as session:
                    return await write(session)
            except AWAY:
                await asyncio.sleep(seconds)
        async with self.transaction() as session:
            return await write(session)

    async def probe(self) -> None:
        """Raise `DatabaseUnfit` with a sentence if the database is out of reach or too old."""
        try:
            async with self.transaction() as session:
                version = (await session.execute(WHICH_SERVER)).scalar_one()
        except (DBAPIError, PoolTimeout, OSError) as error:
            raise DatabaseUnfit(
                "the database of DATABASE_URL can't be reached; check that it runs and that the address, "
                f"user and password are right ({reason_of(error)})"
            ) from None
        refuse_the_too_old(version)

    async def close(self) -> None:
        """Close all connections."""
        await self._engine.dispose()


async def driver_connection(session: AsyncSession) -> Any:
    """The psycopg connection that this transaction runs on, so that others can write within it."""
    connection = await session.connection()
    return (await connection.get_raw_connection()).driver_connection


async def directly(session: AsyncSession, statement: str, values: Mapping[str, Any]) -> list[Any]:
    """The rows of a statement, in this transaction, asked of psycopg itself: SQLAlchemy takes twice as long to pass one on as
    PostgreSQL to answer it, and somebody waits. Parameters are `%(name)s`. Raises what a session raises."""
    if session.new or session.dirty or session.deleted:
        await session.flush()
    connection = await driver_connection(session)
    try:
        found: list[Any] = await (await connection.execute(statement, values)).fetchall()
    except psycopg.Error as error:
        # SQLAlchemy has not seen it: whether the server is away or takes no writes any more, it is not asked on this connection.
        await (await session.connection()).invalidate()
        is_away = isinstance(error, (psycopg.OperationalError, ReadOnlySqlTransaction)) and not isinstance(
            error, _ITS_OWN_FAULT
        )
        raise (OperationalError if is_away else InternalError)(statement, None, error, hide_parameters=True) from error
    return found


def _refuse_if_closed(connection: Any, _: Any, __: Any) -> None:
    """Have the pool open new connections if the server has closed this one, as a restart or a failover does.

    A server that closes says so, and nothing else is to be read from a connection at rest. `pool_pre_ping` would ask the server
    before each transaction, which takes as long as one of its statements.
    """
    if is_closed(connection.driver_connection):
        raise InvalidatePoolError


def _away_if_read_only(context: ExceptionContext) -> None:
    """A server that takes no writes any more is, for us, one that is away.

    Its connections are given up, so that the next ones are made to whichever server this address leads to by then.
    """
    error = context.original_exception
    if isinstance(error, ReadOnlySqlTransaction):
        context.is_disconnect = context.invalidate_pool_on_disconnect = True
        raise OperationalError(context.statement, None, error, hide_parameters=True) from error


def _not_away_if_its_own_fault(context: ExceptionContext) -> None:
    error = context.original_exception
    if isinstance(error, _ITS_OWN_FAULT):
        raise InternalError(context.statement, None, error, hide_parameters=True) from error


def is_closed(connection: Any) -> bool:
    """Whether a connection at rest (psycopg's) is closed, on either side: from the other nothing else than that comes."""
    if connection.closed:
        return True
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))


def reason_of(error: BaseException) -> str:
    """What the driver says of it, in its first line."""
    cause = getattr(error, "orig", None) or error
    return str(cause).strip().splitlines()[0] if str(cause).strip() else type(cause).__name__
