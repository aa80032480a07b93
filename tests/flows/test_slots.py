"""Messages are claimed a little ahead of their slots: what happens meanwhile is still heeded."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda.clock import Clock
from bot.delivery import claims, ledger, recorder
from bot.delivery.drawing import Drawings
from bot.delivery.pace import book_slots
from bot.delivery.sender import AT_ONCE_IN_A_WORKSPACE
from bot.records import workspaces
from bot.records.tables import Message, Workspace
from tests.world import World, texts

NINE = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
SOON = timedelta(microseconds=2)  # two real seconds, on a clock that stands all but still
CLAIMED_AHEAD = timedelta(microseconds=5)  # claimed at once, and left until its slot comes
NOT_CLAIMED_YET = timedelta(microseconds=6)  # given to a worker already, which claims it when its slot is near


async def lessons_wait_for_their_slots(world: World, *, first: timedelta, second: timedelta = SOON) -> list[str]:
    """Maya's and Ana's lessons are planned; Maya's has its slot `first` from now, Ana's a little later. Their ids."""
    await world.enrol(f"{world.maya.email},,Autumn,2026-11-24", f"{world.ana.email},,Autumn,2026-11-24")
    world.clock.move_to(NINE)
    await world.house.tick()
    async with world.house.database.transaction() as session:
        mine = sorted(await world.rows(Message), key=lambda one: one.person_id)
        for one, slot in zip(mine, (first, second), strict=True):
            one.send_at = world.clock.now() + slot
            session.add(one)
    return [str(one.id) for one in mine]


def drawn(world: World) -> asyncio.Event:
    """Is set once lessons have been claimed and are being drawn."""
    begun, renderer = asyncio.Event(), world.house.sender.renderers["lesson"]

    async def draw(session: AsyncSession, messages: Sequence[Message]) -> Drawings:
        begun.set()
        return await renderer(session, messages)

    world.house.sender.renderers["lesson"] = draw  # type: ignore[index]
    return begun


async def test_what_others_have_said_stops_nothing_that_comes_after(world: World) -> None:
    """A job was given again: Maya's lesson, which comes first in it, was said meanwhile; Ana's is said all the same."""
    ids = await lessons_wait_for_their_slots(world, first=timedelta(0), second=timedelta(0))
    sender = world.house.sender
    await sender.send(ids[:1], world.house.workspace_id)
    sender.stride.most = 1  # they are looked at one by one
    await sender.send(ids, world.house.workspace_id)
    assert len(world.dms(world.maya)) == len(world.dms(world.ana)) == 1


async def test_who_slept_past_the_lease_says_nothing(world: World) -> None:
    """The worker claimed two lessons and was put to sleep before their slots: it leaves them to whoever looks next."""
    ids, begun = await lessons_wait_for_their_slots(world, first=SOON), drawn(world)
    sending = asyncio.create_task(world.house.sender.send(ids, world.house.workspace_id))
    await begun.wait()
    world.clock.move_to(world.clock.now() + timedelta(minutes=2))
    await sending
    assert world.sandbox.posts == 0
    assert {one.state for one in await world.rows(Message)} == {"waiting"}
    await world.pass_time(seconds=10)
    assert len(world.dms(world.maya)) == len(world.dms(world.ana)) == 1


async def test_silence_holds_for_what_is_claimed_already(world: World) -> None:
    """Slack refuses Maya's lesson for half a minute: Ana's, which waits for its slot, is not even tried until that is over."""
    ids = await lessons_wait_for_their_slots(world, first=timedelta(0), second=CLAIMED_AHEAD)
    world.sandbox.fail("chat.postMessage", "429", retry_after=30)
    sending = asyncio.create_task(world.house.sender.send(ids, world.house.workspace_id))
    async with asyncio.timeout(120):
        while not world.house.sender.silent_until:  # noqa: ASYNC110 — the sender tells nobody
            await asyncio.sleep(0)
    world.clock.move_to(world.clock.now() + CLAIMED_AHEAD)
    await sending
    assert world.sandbox.calls["chat.postMessage"] == 1
    await world.pass_time(minutes=1)
    assert world.sandbox.calls["chat.postMessage"] == 3
    assert len(world.dms(world.maya)) == len(world.dms(world.ana)) == 1


async def test_what_is_in_doubt_is_looked_up_once_its_lease_is_over(world: World) -> None:
    """The clock gives what is near to a worker seconds ahead; what is in doubt it does not, for nobody could claim it yet."""
    ids = await lessons_wait_for_their_slots(world, first=timedelta(0))
    world.sandbox.fail("chat.postMessage", "reset_after", times=1)
    await world.house.sender.send(ids, world.house.workspace_id)
    (lost,) = [one for one in await world.rows(Message) if one.state == "sending"]
    world.clock.move_to(lost.lease_until - SOON)
    await world.house.tick()
    await world.settle()
    # Twenty real seconds: what a worker was given too early would come again after minutes.
    await world.pass_time(microseconds=20)
    assert {one.state for one in await world.rows(Message)} == {"sent"}
    assert world.sandbox.posts == 2


async def test_what_is_in_doubt_is_looked_up_soon_though_its_worker_is_busy(world: World) -> None:
    """The workspace has its share of that worker already: those in doubt are left to others, for seconds and not for minutes."""
    ids = await lessons_wait_for_their_slots(world, first=timedelta(0), second=timedelta(0))
    world.sandbox.fail("chat.postMessage", "reset_after", times=2)
    await world.house.sender.send(ids, world.house.workspace_id)
    world.clock.move_to(world.clock.now() + timedelta(minutes=2))
    await world.house.tick()  # gives them to a worker, which is expected to have looked them up within minutes
    async with world.house.database.transaction() as session:
        await session.execute(text("DELETE FROM procrastinate_jobs"))
    world.house.sender.busy[world.house.workspace_id] = AT_ONCE_IN_A_WORKSPACE
    await world.house.sender.send(ids, world.house.workspace_id)
    world.house.sender.busy.clear()
    await world.pass_time(microseconds=20)
    assert {one.state for one in await world.rows(Message)} == {"sent"}
    assert len(world.dms(world.maya)) == len(world.dms(world.ana)) == 1


async def test_a_worker_that_has_to_go_leaves_the_rest_to_others(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its time to stop is over while it says Maya's lesson: that one it finishes; Ana's another says in its slot, not later."""
    monkeypatch.setattr(claims, "CLAIMED_AHEAD_REAL_SECONDS", 1.0)  # however slow the machine, Ana's is not claimed yet
    ids = await lessons_wait_for_their_slots(world, first=timedelta(0), second=NOT_CLAIMED_YET)
    async with world.house.database.transaction() as session:
        await session.execute(text("DELETE FROM procrastinate_jobs"))  # the job is this worker's, and ends with it
    world.sandbox.latency = 0.05
    sending = asyncio.create_task(world.house.sender.send(ids, world.house.workspace_id))
    await world.sandbox.until(lambda: world.sandbox.calls["chat.postMessage"])
    assert not world.dms(world.maya), "it is being said just now"
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    assert Counter(one.state for one in await world.rows(Message)) == {"sent": 1, "waiting": 1}
    await world.pass_time(microseconds=20)  # twenty real seconds: a job that was lost is given again after minutes
    assert len(world.dms(world.maya)) == len(world.dms(world.ana)) == 1
    await world.pass_time(minutes=30)
    assert world.sandbox.calls["chat.postMessage"] == 2


@pytest.mark.parametrize("slot", [CLAIMED_AHEAD, NOT_CLAIMED_YET])
async def test_a_worker_that_is_told_to_stop_gives_back_what_waits_for_its_slot(world: World, slot: timedelta) -> None:
    """Maya's lesson is said; Ana's, claimed or not, is no reason to stay for: another says it in its slot, and once."""
    ids = await lessons_wait_for_their_slots(world, first=timedelta(0), second=slot)
    working = asyncio.create_task(world.house.queue.work())
    await world.sandbox.until(lambda: world.dms(world.maya))
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    (hers,) = [one for one in await world.rows(Message) if str(one.id) == ids[1]]
    assert (hers.state, hers.lease_until) == ("waiting", None)
    await world.pass_time(microseconds=20)
    assert len(world.dms(world.maya)) == len(world.dms(world.ana)) == 1
    await world.pass_time(minutes=30)
    assert world.sandbox.calls["chat.postMessage"] == 2


async def test_a_lesson_that_is_not_on_record_yet_is_drawn_anew_later(world: World) -> None:
    """Somebody answers before it is on record where their lesson stands: the redraw is tried again, and not forgotten."""
    await world.enrol()
    await world.pass_time(hours=2)
    (lesson,) = world.dms(world.maya)
    async with world.house.database.transaction() as session:
        (row,) = await world.rows(Message)
        row.state = "sending"
        session.add(row)
    option = next(o for b in lesson.blocks for e in b.get("elements", ()) for o in e.get("options", ()))
    await world.answer(world.maya, lesson, option["text"]["text"])
    assert world.sandbox.calls["chat.update"] == 0
    async with world.house.database.transaction() as session:
        await session.execute(text("UPDATE message SET state = 'sent'"))
        await session.execute(text("UPDATE procrastinate_jobs SET scheduled_at = NULL"))  # the seconds are over
    await world.settle()
    assert "You picked" in texts(lesson)


async def test_slots_that_passed_unused_lately_are_made_up_for(world: World) -> None:
    """Five a second, and up to a second is made up for: six may go now, then one after the other, without a second burst."""
    now, gap = world.clock.now() + timedelta(minutes=1), timedelta(seconds=0.2)
    book = partial(book_slots, workspace_id=world.house.workspace_id, count=8, gap=gap, made_up=timedelta(seconds=1))
    async with world.house.database.transaction() as session:
        first, then = await book(session, now=now), await book(session, now=now + 2 * gap)
        after_quiet = await book(session, now=now + timedelta(minutes=1))
    assert first == [now] * 6 + [now + gap, now + 2 * gap]
    assert then == [now + place * gap for place in range(3, 11)]
    assert Counter(after_quiet)[now + timedelta(minutes=1)] == 6


async def test_a_clock_that_ran_ahead_silences_nobody(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """It was three days ahead, and is set right: the lesson that waits and the next one are said today, in their turn."""
    ids = await lessons_wait_for_their_slots(world, first=timedelta(days=3), second=timedelta(days=3))
    async with world.house.database.transaction() as session:
        await session.execute(
            text("UPDATE workspace SET next_slot_at = :then, quiet_until = :then"), {"then": NINE + timedelta(days=3)}
        )
        await session.execute(text("UPDATE message SET wake_at = send_at"))
    await world.house.housekeep()
    assert "was far in the future" in caplog.text
    async with world.house.database.transaction() as session:
        (after,) = await book_slots(
            session, world.house.workspace_id, 1, now=world.clock.now(), gap=timedelta(0), made_up=timedelta(0)
        )
    assert after - world.clock.now() <= SOON
    await world.pass_time(seconds=1)
    assert {str(one.id): one.state for one in await world.rows(Message)} == dict.fromkeys(ids, "sent")
    assert {one.quiet_until for one in await world.rows(Workspace)} == {None}


@pytest.mark.parametrize(("minutes", "is_set_right"), [(12, False), (13, True)])
async def test_a_pace_that_others_need_is_no_clock_that_ran_ahead(
    world: World, minutes: int, is_set_right: bool
) -> None:
    """Two lessons wait, one a minute, and Slack may ask for ten minutes of silence: up to there each keeps its slot."""
    await lessons_wait_for_their_slots(world, first=timedelta(minutes=11), second=timedelta(minutes=12))
    now, minute = world.clock.now(), timedelta(minutes=1)
    slots = sorted(one.send_at for one in await world.rows(Message))
    async with world.house.database.transaction() as session:
        await session.execute(text("UPDATE workspace SET next_slot_at = :then"), {"then": now + minutes * minute})
        found = await workspaces.set_right(session, now=now, gap=minute, longest=10 * minute)
    assert found == ([world.house.workspace_id] if is_set_right else [])
    kept = sorted(one.send_at for one in await world.rows(Message))
    assert kept == ([now, now + minute] if is_set_right else slots)
    (next_slot,) = [one.next_slot_at for one in await world.rows(Workspace)]
    assert next_slot == now + (2 * minute if is_set_right else minutes * minute)


async def test_batches_are_recorded_together(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two batches are said side by side: what became of both is one record, and after the last one nobody waits for more."""
    ids, recorded = await lessons_wait_for_their_slots(world, first=timedelta(0), second=timedelta(0)), list[int]()
    record = ledger.record

    async def count(
        session: AsyncSession, outcomes: Sequence[ledger.Outcome], *, clock: Clock
    ) -> Sequence[ledger.Spoken]:
        recorded.append(len(outcomes))
        return await record(session, outcomes, clock=clock)

    monkeypatch.setattr(ledger, "record", count)
    monkeypatch.setattr(recorder, "WITHIN_SECONDS", 3600.0)
    async with asyncio.timeout(120):
        await asyncio.gather(*(world.house.sender.send([one], world.house.workspace_id) for one in ids))
    assert recorded == [2]
    assert {one.state for one in await world.rows(Message)} == {"sent"}


async def test_an_outcome_that_is_refused_leaves_the_others_on_record(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database won't take what became of Maya's lesson: Ana's is recorded, and Maya's is in doubt and not said again."""
    ids = await lessons_wait_for_their_slots(world, first=timedelta(0), second=timedelta(0))
    record, refused = ledger.record, ids[0]

    async def refuse(
        session: AsyncSession, outcomes: Sequence[ledger.Outcome], *, clock: Clock
    ) -> Sequence[ledger.Spoken]:
        if refused in {str(one.message.id) for one in outcomes}:
            await session.execute(text("SELECT 1/0"))
        return await record(session, outcomes, clock=clock)

    with monkeypatch.context() as patched:
        patched.setattr(ledger, "record", refuse)
        await world.house.sender.send(ids, world.house.workspace_id)
    assert {str(one.id): one.state for one in await world.rows(Message)} == {refused: "sending", ids[1]: "sent"}
    await world.pass_time(minutes=10)
    assert {one.state for one in await world.rows(Message)} == {"sent"}
    assert len(world.dms(world.maya)) == len(world.dms(world.ana)) == 1


async def test_what_is_given_to_workers_is_looked_for_with_a_plan_of_now(world: World) -> None:
    """A plan that was made before anything waited would be kept, and look through all messages for each that is due."""
    async with world.house.database.transaction() as session:
        for _ in range(20):
            await world.house.outbox.release(session)
        rows = await session.execute(
            text(
                "SELECT sum(generic_plans), sum(custom_plans) FROM pg_prepared_statements WHERE statement LIKE 'WITH near%'"
            )
        )
        old, new = rows.one()
    assert old == 0
    assert new > 0
