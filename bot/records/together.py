"""Several questions, one statement: what a screen shows is read with one journey to the database, not with a dozen."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

# What can be asked: any number of columns, of any kind.
Question = Select[*tuple[Any, ...]]
# What JSON has no kind for, by the column's.
_READ: Mapping[type, Callable[[Any], Any]] = {
    datetime: datetime.fromisoformat, date: date.fromisoformat, time: time.fromisoformat, UUID: UUID,
}  # fmt: skip


async def together(session: AsyncSession, *statements: Question) -> list[list[tuple[Any, ...]]]:
    """The rows of each statement, in its order, as tuples of its columns. They are read as of one moment.

    For plain columns: numbers, words, moments (aware UTC), days, times, ids and JSON.
    """
    # Not a subquery of each, whose columns SQLAlchemy would make anew: that takes longer than the database does.
    asked = [one.with_only_columns(func.jsonb_build_array(*one.selected_columns)) for one in statements]
    answers = [func.to_jsonb(func.array(one.scalar_subquery())) for one in asked]
    found = (await session.execute(select(*answers))).one()
    return [
        _rows(rows, [_reader(column) for column in one.selected_columns])
        for one, rows in zip(statements, found, strict=True)
    ]


def _rows(rows: list[list[Any]], readers: list[Callable[[Any], Any]]) -> list[tuple[Any, ...]]:
    return [
        tuple(None if value is None else read(value) for read, value in zip(readers, row, strict=True)) for row in rows
    ]


def _reader(column: Any) -> Callable[[Any], Any]:
    stored = getattr(column.type, "impl", column.type)  # below our own kinds
    try:
        return _READ.get(stored.python_type, _as_it_is)
    except NotImplementedError:  # a kind that Python has no one type for
        return _as_it_is


def _as_it_is(value: Any) -> Any:
    return value
