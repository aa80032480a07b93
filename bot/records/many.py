"""Many rows with one statement and one parameter: the driver reads every parameter of a statement anew, and hundreds are slow."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, TypeVar

from pydantic_core import to_json
from sqlalchemy import ColumnElement, Integer, Uuid, any_, bindparam, cast, inspect, literal, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Dialect
from sqlalchemy.orm.attributes import instance_dict
from sqlalchemy.types import UserDefinedType
from sqlmodel import SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession

Row = TypeVar("Row", bound=SQLModel)


class Numbers(UserDefinedType[Collection[Any]]):
    """An array of numbers or ids as PostgreSQL reads it: the driver would put it together from what it made of each."""

    cache_ok = True

    def __init__(self, of: str) -> None:
        self.of = of

    def get_col_spec(self, **_: Any) -> str:
        """Its name in PostgreSQL."""
        return f"{self.of}[]"

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str]:  # noqa: ARG002
        """What is sent; it has no kind of its own, so that the server reads it as the array, once."""
        return _array


IDS, INTEGERS = Numbers("uuid"), Numbers("integer")


def among(column: Any, values: Collection[Any]) -> ColumnElement[bool]:
    """Whether a column's value is one of these."""
    one: ColumnElement[Any] = column
    return one == any_(_listed(one, values))


def among_given(column: Any, name: str = "given") -> ColumnElement[bool]:
    """Whether a column's value is one of those that are given by this name, for a statement that is put together once: of one
    that is made anew, SQLAlchemy has to find out that it knows it, which costs as much as to ask it."""
    one: ColumnElement[Any] = column
    kind = _kind(one)
    return one == any_(cast(bindparam(name, type_=kind), kind))


def _listed(column: ColumnElement[Any], values: Collection[Any]) -> ColumnElement[Any]:
    kind = _kind(column)
    listed = literal(list(values), kind)
    return listed if isinstance(kind, ARRAY) else cast(listed, kind)


def _kind(column: ColumnElement[Any]) -> "Numbers | ARRAY[Any]":
    if isinstance(column.type, Uuid):
        return IDS
    return INTEGERS if isinstance(column.type, Integer) else ARRAY(column.type)


def _array(values: Collection[Any]) -> str:
    return "{" + ",".join(map(str, values)) + "}"


async def by_ids(session: AsyncSession, table: type[Row], ids: Collection[Any]) -> dict[Any, Row]:
    """Rows by their ids, without those that are not there; what this transaction holds already is not read again."""
    key_of = inspect(table).identity_key_from_primary_key
    known = {one: row for one in ids if (row := session.identity_map.get(key_of((one,)))) is not None}
    new = [one for one in ids if one not in known]
    if new:
        column: Any = table.id  # type: ignore[attr-defined]
        known |= {row.id: row for row in await session.exec(select(table).where(among(column, new)))}  # type: ignore[attr-defined]
    return known


def reads(row: SQLModel, **values: Any) -> None:
    """A row was changed by a statement that SQLAlchemy knows nothing of: this is how it now reads."""
    instance_dict(row).update(values)  # as SQLAlchemy loads it: nothing has changed that it would have to write


async def insert_many(session: AsyncSession, table: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the same columns."""
    if rows:
        await session.execute(text(_insert(table, rows)), {"rows": document(rows)})


async def insert_new(
    session: AsyncSession, table: type[SQLModel], rows: Sequence[Mapping[str, Any]], *, key: str
) -> set[Any]:
    """The same, without those that are there already; the keys of those that were not."""
    if not rows:
        return set()
    statement = text(f"{_insert(table, rows)} ON CONFLICT DO NOTHING RETURNING {key}")
    return set((await session.execute(statement, {"rows": document(rows)})).scalars())


async def replace_many(
    session: AsyncSession, table: type[SQLModel], rows: Sequence[Mapping[str, Any]], *, key: Sequence[str]
) -> None:
    """Insert rows, in the place of those that are there already with the same key."""
    if rows:
        changed = ", ".join(f"{name} = excluded.{name}" for name in rows[0] if name not in key)
        statement = f"{_insert(table, rows)} ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changed}"
        await session.execute(text(statement), {"rows": document(rows)})


def _insert(table: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> str:
    name, columns = table.__tablename__, ", ".join(rows[0])
    return (
        f"INSERT INTO {name} ({columns}) SELECT {columns}"  # noqa: S608 — names of our own tables
        f" FROM jsonb_populate_recordset(NULL::{name}, CAST(:rows AS jsonb))"
    )


def document(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as JSON that PostgreSQL reads. Pydantic's writer knows ids and moments by itself, json's own asks us for each."""
    return to_json(list(rows)).decode()
