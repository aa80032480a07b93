"""Many rows with one statement and one parameter: the driver reads every parameter of a statement anew, and hundreds are slow."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, any_, literal, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession


def among(column: Any, values: Collection[Any]) -> ColumnElement[bool]:
    """Whether a column's value is one of these."""
    one: ColumnElement[Any] = column
    return one == any_(literal(list(values), ARRAY(one.type)))


async def insert_many(session: AsyncSession, table: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the same columns."""
    if rows:
        await session.execute(text(_insert(table, rows)), {"rows": _document(rows)})


async def insert_new(
    session: AsyncSession, table: type[SQLModel], rows: Sequence[Mapping[str, Any]], *, key: str
) -> set[Any]:
    """The same, without those that are there already; the keys of those that were not."""
    if not rows:
        return set()
    statement = text(f"{_insert(table, rows)} ON CONFLICT DO NOTHING RETURNING {key}")
    return set((await session.execute(statement, {"rows": _document(rows)})).scalars())


async def replace_many(
    session: AsyncSession, table: type[SQLModel], rows: Sequence[Mapping[str, Any]], *, key: Sequence[str]
) -> None:
    """Insert rows, in the place of those that are there already with the same key."""
    if rows:
        changed = ", ".join(f"{name} = excluded.{name}" for name in rows[0] if name not in key)
        statement = f"{_insert(table, rows)} ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changed}"
        await session.execute(text(statement), {"rows": _document(rows)})


def _insert(table: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> str:
    name, columns = table.__tablename__, ", ".join(rows[0])
    return (
        f"INSERT INTO {name} ({columns}) SELECT {columns}"  # noqa: S608 — names of our own tables
        f" FROM jsonb_populate_recordset(NULL::{name}, CAST(:rows AS jsonb))"
    )


def _document(rows: Sequence[Mapping[str, Any]]) -> str:
    """Ids and moments as PostgreSQL reads them."""
    return json.dumps([dict(row) for row in rows], default=str)
