"""One item's trouble, or one person's, keeps nobody else waiting, and is no failure where it is none."""

import logging
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text, update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda.due import Due
from bot.cohorts import leading
from bot.cohorts.leading import NotDone
from bot.records.audit import Doer
from bot.records.tables import AgendaItem, Message, Person
from bot.watching.backlog import what_waits
from tests.world import World


async def _nothing_to_say(_: AsyncSession) -> bool:
    return True


async def test_an_item_that_takes_too_long_is_set_aside(world: World) -> None:
    """The database calls its statement off, which is no outage: the others are planned, and it is looked at in an hour."""
    now = world.clock.now()
    async with world.house.database.transaction() as session:
        for n in range(4):
            session.add(AgendaItem(key=f"probe:{n}", kind="probe", workspace_id=world.house.workspace_id, due_at=now))

    async def plan(session: AsyncSession, item: AgendaItem, _: datetime) -> None:
        if item.key == "probe:0":
            await session.execute(text("SET LOCAL statement_timeout = 1"))
            await session.execute(text("SELECT pg_sleep(1)"))

    await Due(world.clock, world.house.database, {"probe": plan}, _nothing_to_say).tick()
    probes = [one for one in await world.rows(AgendaItem) if one.kind == "probe"]
    assert {one.key: (one.done_at is None, one.failures) for one in probes} == {
        "probe:0": (True, 1), **{f"probe:{n}": (False, 0) for n in (1, 2, 3)},
    }  # fmt: skip


async def test_staff_pause_a_cohort_for_a_year_at_most(world: World) -> None:
    """A year that was mistyped is told at once; without an end a cohort may pause for as long as it takes."""
    await world.enrol()
    lead, by, now = world.house.rooms.cohorts.leading, Doer(world.house.workspace_id), world.clock.now()
    with pytest.raises(NotDone, match="more than a year away"):
        await lead.pause(by, "Autumn", date(2028, 11, 24), now)
    assert await lead.pause(by, "Autumn", date(2027, 11, 20), now) == 2


async def test_who_has_no_day_for_us_within_a_year_spoils_no_batch(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tom's cohort pauses for two years, as an older version allowed: Maya has her welcome, and nothing failed."""
    monkeypatch.setattr(leading, "LONGEST_PAUSE", timedelta(days=1000))
    await world.enrol(f"{world.maya.email},,Autumn,2026-11-24", f"{world.tom.email},,Winter,2026-11-24", begun=False)
    by = Doer(world.house.workspace_id)
    await world.house.rooms.cohorts.leading.pause(by, "Winter", date(2028, 11, 24), world.clock.now())
    await world.until(datetime(2026, 11, 27, 12, 0, tzinfo=UTC))
    assert len(world.dms(world.maya)) == 1
    assert world.dms(world.tom) == []
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING] == []


async def test_a_day_that_comes_twice_is_taken_once(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Maya had her lesson on Thursday in Tokyo, and is in Los Angeles on the same Thursday: no more comes, and nothing fails."""
    await world.enrol(f"{world.maya.email},{world.ana.email},Autumn,2026-11-24")
    await _moves(world, "Asia/Tokyo", due_at=datetime(2026, 11, 26, 0, 0, tzinfo=UTC))
    await world.until(datetime(2026, 11, 26, 0, 5, tzinfo=UTC))
    said = len(world.dms(world.maya))
    assert said > 0
    await _moves(world, "America/Los_Angeles", due_at=datetime(2026, 11, 26, 17, 30, tzinfo=UTC))
    await world.until(datetime(2026, 11, 26, 23, 0, tzinfo=UTC))
    assert len(world.dms(world.maya)) == said
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING] == []


async def _moves(world: World, zone: str, *, due_at: datetime) -> None:
    """Maya is elsewhere, and her next lesson comes then."""
    async with world.house.database.transaction() as session:
        maya = update(Person).where(col(Person.slack_id) == world.maya.id)
        await session.execute(maya.values(timezone=zone))
        open_lessons = update(AgendaItem).where(col(AgendaItem.kind) == "lesson", col(AgendaItem.done_at).is_(None))
        await session.execute(open_lessons.values(due_at=due_at))


async def test_what_is_looked_for_just_now_is_in_doubt_still(world: World) -> None:
    """A worker has claimed it anew, to look for it: the figure says so all the while, and not of one that is said just now."""
    await world.enrol(f"{world.maya.email},{world.ana.email},Autumn,2026-11-24")
    await world.until(datetime(2026, 11, 24, 8, 1, tzinfo=UTC))
    for tried, in_doubt in ((timedelta(0), 0), (timedelta(minutes=2), 1)):
        async with world.house.database.transaction() as session:
            claimed = {"state": "sending", "lease_until": world.clock.now() + timedelta(minutes=1)}
            values = {
                **claimed,
                "wake_at": claimed["lease_until"],
                "tried_at": text("now() - :ago").bindparams(ago=tried),
            }
            await session.execute(update(Message).values(values))
        async with world.house.database.transaction() as session:
            assert (await what_waits(session, world.clock.now()))["messages_in_doubt"] == in_doubt
