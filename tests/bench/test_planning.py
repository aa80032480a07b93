"""How many due items a second one clock plans: together, as the tick does, against one by one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from time import perf_counter

import pytest
from sqlalchemy import text
from sqlmodel import col, func, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda.due import Batch, Due, Planner
from bot.app import House
from bot.curriculum.library import Library
from bot.records.tables import AgendaItem, Interruption, Message
from tests.bench.apart import slack_apart
from tests.bench.conftest import Open
from tests.bench.crowd import NOW, enrol
from tests.bench.measuring import Compared, Goal

CROWD, ALONE, ROUNDS = 1_000, 100, 5

_SPOKEN_TO_TODAY = text(
    "INSERT INTO interruption (person_id, on_day, kind, said_at, joined, held_back)"
    " SELECT id, :today, 'lesson', :now, '[]', '[]' FROM person"
)


@pytest.mark.parametrize(
    ("what", "kind", "said"),
    [("nudges", "nudge", True), ("lessons", "lesson", True), ("nudges held back", "nudge", False)],
)
async def test_items_a_second(
    database_url: str, library: Library, open_house: Open, table: list[Compared], what: str, kind: str, *, said: bool
) -> None:
    """A crowd falls due at the same moment; the tick decides, and writes down the messages, what follows, and the jobs."""
    people = (ROUNDS + 1) * (CROWD + ALONE)
    enrol(database_url, people, library.current.curriculum.lessons[0])
    together, alone = [], []
    async with slack_apart(0) as slack, open_house(database_url, slack.api_url) as fitted:
        if not said:
            await _speak_to_all(fitted)
        for start in range(0, people, CROWD + ALONE):
            middle = start + CROWD
            together.append(await _tick(fitted, fitted.due, kind, range(start, middle)))
            alone.append(await _tick(fitted, _one_by_one(fitted.due), kind, range(middle, middle + ALONE)))
        assert await _written(fitted, kind) == (people if said else 0)
    name = f"items planned/s, {what} (bare: one by one)"
    goal = Goal("at least", 2_000, of="ours")
    table.append(Compared(name, "/s", together[1:], alone[1:], goal))  # the first round warmed both up


async def _tick(fitted: House, due: Due, kind: str, crowd: range) -> float:
    """Items a second of one tick in which all of these are due."""
    async with fitted.database.transaction() as session:
        await session.execute(
            update(AgendaItem)
            .where(col(AgendaItem.kind) == kind, col(AgendaItem.person_id).between(crowd.start, crowd.stop - 1))
            .values(due_at=NOW)
        )
    began = perf_counter()
    assert await due.tick() == len(crowd)
    return len(crowd) / (perf_counter() - began)


def _one_by_one(due: Due) -> Due:
    """The same planners, each of whose turns is about one item."""
    return replace(
        due, batches={}, planners={**due.planners, **{kind: _alone(one) for kind, one in due.batches.items()}}
    )


def _alone(plan: Batch) -> Planner:
    async def planned(session: AsyncSession, item: AgendaItem, now: datetime) -> datetime | None:
        items: Sequence[AgendaItem] = [item]
        write_down = await plan(session, items, now)
        return (await write_down())[item.id or 0]

    return planned


async def _speak_to_all(fitted: House) -> None:
    async with fitted.database.transaction() as session:
        await session.execute(_SPOKEN_TO_TODAY, {"today": NOW.date(), "now": NOW})


async def _written(fitted: House, kind: str) -> int:
    """How many messages there are, of which each took its reader's day."""
    async with fitted.database.transaction() as session:
        rows = await session.exec(
            select(func.count())
            .select_from(Message)
            .join(Interruption, col(Interruption.message_id) == col(Message.id))
            .where(Message.kind == kind)
        )
        return rows.one()
