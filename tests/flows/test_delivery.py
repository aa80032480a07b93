"""Exactly once: what the network and Slack do to a message, and what becomes of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select

from bot.agenda.clock import Clock
from bot.app import house
from bot.delivery import claims, ledger
from bot.delivery.courier import Silence
from bot.records.tables import Message, Person, Workspace
from bot.sandbox.web_api import ALL_SCOPES
from bot.slack import clients
from bot.slack.clients import slack_clients
from tests.world import CONTENT, World, everything_in, open_world, texts

NEVER_LATE: claims.LateUntil = lambda *_: None  # noqa: E731 — a function has no type of its own to name
# Slack's words for «this workspace does not let you in», for good or for now.
SHUT = (
    "access_denied", "accesslimited", "account_inactive", "ekm_access_denied", "invalid_auth", "org_login_required",
    "messages_tab_disabled", "restricted_action", "team_access_not_granted", "team_added_to_org",
)  # fmt: skip
NOBODY = "http://127.0.0.1:1/"  # where nobody listens


async def lessons_fall_due(world: World) -> None:
    """Maya's and Tom's first lesson are said, with whatever was made to go wrong."""
    await world.enrol()
    await world.pass_time(hours=9)


async def states(world: World) -> dict[str, tuple[str, str | None]]:
    """By person: the state of their lesson, and its error."""
    people = {one.id: one.first_name for one in await world.rows(Person)}
    return {people[one.person_id]: (one.state, one.error) for one in await world.rows(Message) if one.person_id}


@pytest.mark.parametrize("kind", ["reset_after", "reset_before", "500", "503", "garbage", "error:internal_error"])
async def test_what_is_in_doubt_is_looked_up_and_said_once(world: World, kind: str) -> None:
    """Nobody knows whether it was said: it is looked for in the history, and said again only if it is not there."""
    world.sandbox.fail("chat.postMessage", kind)
    await lessons_fall_due(world)
    assert len(world.dms(world.maya)) == 1
    assert world.sandbox.calls["conversations.history"] >= 1
    assert (await states(world))["Maya"] == ("sent", None)


async def test_a_call_ends_while_its_message_is_ours(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack takes a message and never answers: the call is over before anyone else may look for it, and say it again."""
    assert clients.CALL_SECONDS < claims.LEFT_FOR_A_CALL_REAL_SECONDS < claims.LEASE_REAL_SECONDS
    monkeypatch.setattr(clients, "CALL_SECONDS", 0.1)
    world.sandbox.fail("chat.postMessage", "timeout_after")
    async with slack_clients(token=world.sandbox.bot_token, api_url=world.sandbox.api_url) as slack:
        call = asyncio.create_task(slack.posting.chat_postMessage(channel=world.maya.id, text="Hello"))
        await asyncio.wait({call}, timeout=30)
    assert isinstance(call.exception(), TimeoutError)


async def test_without_the_scope_it_is_not_said_twice(database_url: str) -> None:
    """Where nobody may look, a message in doubt is not said again; staff see that it is not confirmed."""
    granted = ALL_SCOPES - {"im:history"}
    async with open_world(database_url, content=CONTENT, granted=granted) as world:
        world.sandbox.fail("chat.postMessage", "reset_after")
        await lessons_fall_due(world)
        assert len(world.dms(world.maya)) == 1
        assert (await states(world))["Maya"] == ("unconfirmed", "not confirmed")
        await world.enrol(f"{world.lena.email},{world.ana.email},Staff,2026-11-24")
        await world.sandbox.open_home(world.lena.id)
        await world.settle()
        home = world.sandbox.state.homes[world.lena.id]
    assert "Messages not confirmed: 1" in str(home["blocks"])


async def test_a_429_waits_and_is_said_once(world: World) -> None:
    """Slack asks for silence: the message waits that long, and all that the workspace was about to say with it."""
    world.sandbox.fail("chat.postMessage", "429", retry_after=30)
    await lessons_fall_due(world)
    assert len(world.dms(world.maya)) == 1
    assert (await states(world))["Maya"] == ("sent", None)
    assert world.sandbox.calls["conversations.history"] == 0, "a 429 is definite: there is nothing to look up"


@pytest.mark.parametrize("trouble", ["500", "error:team_access_not_granted"])
async def test_a_look_up_that_is_refused_decides_nothing(world: World, trouble: str) -> None:
    """The message arrived, its answer got lost, and Slack won't tell for now: it stays in doubt, and is not said twice."""
    world.sandbox.fail("chat.postMessage", "reset_after")
    world.sandbox.fail("conversations.history", trouble)
    await lessons_fall_due(world)
    assert len(world.dms(world.maya)) == 1
    await world.pass_time(minutes=10)
    assert len(world.dms(world.maya)) == 1
    assert (await states(world))["Maya"] == ("sent", None)


async def test_someone_who_is_gone_stops_nobody(world: World) -> None:
    """Maya's account is disabled: she is marked unreachable, and Tom gets his lesson."""
    await world.enrol()
    world.sandbox.state.people[world.maya.id].deleted = True
    await world.pass_time(hours=9)
    assert await states(world) == {"Maya": ("failed", "user_disabled"), "Tom": ("sent", None)}
    maya = next(one for one in await world.rows(Person) if one.slack_id == world.maya.id)
    assert maya.unreachable_reason == "user_disabled"


async def test_a_conversation_that_is_not_there_is_opened_anew(world: World) -> None:
    """What stands on record as Maya's conversation is none of this bot's: her lesson comes all the same, and she is not gone."""
    await world.enrol()
    async with world.house.database.transaction() as session:
        for one in await session.exec(select(Person)):
            one.dm_channel = "D0ANOTHER"
            session.add(one)
    await world.pass_time(hours=9)
    assert len(world.dms(world.maya)) == 1
    maya = next(one for one in await world.rows(Person) if one.slack_id == world.maya.id)
    assert (maya.unreachable_at, maya.dm_channel) == (None, world.dms(world.maya)[0].channel)


async def test_what_was_posted_anew_is_looked_for_there(world: World) -> None:
    """Maya's conversation is none of this bot's, and the answer to the second post got lost: it is found, and she is not gone."""
    await world.enrol(f"{world.maya.email},{world.ana.email},Autumn,2026-11-24")
    async with world.house.database.transaction() as session:
        for one in await session.exec(select(Person)):
            one.dm_channel = "D0ANOTHER"
            session.add(one)
    world.sandbox.fail("chat.postMessage", "error:channel_not_found")
    world.sandbox.fail("chat.postMessage", "reset_after")
    await world.pass_time(hours=9)
    assert len(world.dms(world.maya)) == 1
    assert (await states(world))["Maya"] == ("sent", None)
    assert all(one.unreachable_at is None for one in await world.rows(Person))


async def test_a_redraw_of_what_is_gone_is_no_failure(world: World) -> None:
    """Maya's lesson was deleted in Slack: drawing it anew is done with, and no job fails for it."""
    await lessons_fall_due(world)
    (lesson,) = world.dms(world.maya)
    world.sandbox.fail("chat.update", "error:message_not_found")
    option = next(o for b in lesson.blocks for e in b.get("elements", ()) for o in e.get("options", ()))
    await world.answer(world.maya, lesson, option["text"]["text"])
    async with world.house.database.transaction() as session:
        assert (await session.execute(text("SELECT count(*) FROM procrastinate_jobs"))).scalar_one() == 0


async def test_a_message_that_slack_finds_malformed_marks_nobody(world: World) -> None:
    """`invalid_blocks` is our mistake: the message fails for good, the person stays reachable."""
    world.sandbox.fail("chat.postMessage", "error:invalid_blocks")
    await lessons_fall_due(world)
    assert (await states(world))["Maya"] == ("failed", "invalid_blocks")
    assert all(one.unreachable_at is None for one in await world.rows(Person))


async def test_a_passing_refusal_is_tried_again(world: World) -> None:
    """Slack says no for now: it is tried again later, and said once."""
    world.sandbox.fail("chat.postMessage", "error:team_access_not_granted", times=2)
    await lessons_fall_due(world)
    assert len(world.dms(world.maya)) == 1
    assert (await states(world))["Maya"][0] == "sent"


async def test_what_a_workspace_refuses_costs_nobody_a_lesson(world: World) -> None:
    """Slack says for hours, in all its words, that this workspace lets nobody post; then once that too many were posted. The
    lesson has waited: it is said once, Slack has refused neither it nor Maya, and the workspace was silent as asked."""
    await world.enrol(f"{world.maya.email},{world.ana.email},Autumn,2026-11-24")
    for word in SHUT:
        world.sandbox.fail("chat.postMessage", f"error:{word}")
    world.sandbox.fail("chat.postMessage", "error:rate_limited")
    await world.pass_time(hours=24)
    (maya,) = [one for one in await world.rows(Message) if one.kind == "lesson"]
    assert (maya.state, maya.refusals, maya.attempts) == ("sent", 0, len(SHUT) + 2)
    assert len(world.dms(world.maya)) == 1
    assert all(one.unreachable_at is None for one in await world.rows(Person))
    (workspace,) = await world.rows(Workspace)
    assert workspace.quiet_until is not None


@asynccontextmanager
async def no_network(world: World) -> AsyncIterator[None]:
    """Nothing reaches Slack."""
    clients, workspace_id = world.house.clients, world.house.workspace_id
    there, clients.api_url = clients.api_url, NOBODY
    clients.forget(workspace_id)
    try:
        yield
    finally:
        clients.api_url = there
        clients.forget(workspace_id)


async def test_a_day_without_a_network_costs_nobody_a_lesson(world: World) -> None:
    """Slack refused nothing: however often it was tried, what waits is said within five minutes of the network's return."""
    await world.enrol()
    world.clock.move_to(datetime(2026, 11, 24, 8, 0, 1, tzinfo=UTC))
    async with no_network(world):
        for _ in range(20):
            await world.house.tick()
            await world.settle()
            tried = [one.wake_at for one in await world.rows(Message) if one.wake_at is not None]
            world.clock.move_to(max(tried))
        assert (await states(world))["Maya"] == ("waiting", "slack_out_of_reach")
    assert max(tried) <= world.clock.now() + world.clock.span(5 * 60)
    await world.pass_time(seconds=1)
    assert len(world.dms(world.maya)) == 1
    assert (await states(world))["Maya"] == ("sent", None)


async def test_looking_up_is_no_refusal(world: World) -> None:
    """A message was looked for in vain a dozen times, and then Slack refuses it once: that is the first refusal."""
    world.sandbox.fail("chat.postMessage", "reset_before")
    world.sandbox.fail("conversations.history", "500", times=12)
    world.sandbox.fail("chat.postMessage", "error:not_in_channel")
    await world.enrol(f"{world.maya.email},{world.ana.email},Autumn,2026-11-24")
    await world.pass_time(hours=9)
    assert len(world.dms(world.maya)) == 1
    assert (await states(world))["Maya"] == ("sent", None)


async def test_what_slack_goes_on_refusing_is_given_up(world: World) -> None:
    """Neither the person nor the message is at fault, as far as it says: after eight refusals staff see it as failed."""
    world.sandbox.fail("chat.postMessage", "error:not_in_channel", times=8)
    await lessons_fall_due(world)
    await world.pass_time(hours=3)
    maya = next(one for one in await world.rows(Message) if one.state == "failed")
    assert (maya.error, maya.refusals) == ("not_in_channel", 8)


async def test_a_429_moves_its_message_once(world: World) -> None:
    """The clock goes on between what is written about the message and about its workspace: it waits no longer than was asked."""
    await world.enrol()
    world.clock.move_to(datetime(2026, 11, 24, 8, 0, 1, tzinfo=UTC))
    await world.house.tick()
    lesson, *_ = await world.rows(Message)
    running = Clock(start=world.clock.now())
    async with world.house.database.transaction() as session:
        ours = (await claims.claim(session, [str(lesson.id)], clock=running, late_until=NEVER_LATE)).ours
    async with world.house.database.transaction() as session:
        await ledger.record(session, [ledger.Outcome(ours[0], Silence(30.0))], clock=running)
    after = next(one for one in await world.rows(Message) if one.id == lesson.id)
    assert after.send_at < running.now() + timedelta(seconds=31)


async def test_feedback_survives_a_failing_update(world: World) -> None:
    """The first redraw of an answered question fails: the job tries again, and the feedback appears."""
    await lessons_fall_due(world)
    (lesson,) = world.dms(world.maya)
    world.sandbox.fail("chat.update", "reset_after")
    option = next(o for b in lesson.blocks for e in b.get("elements", ()) for o in e.get("options", ()))
    await world.answer(world.maya, lesson, option["text"]["text"])
    assert "You picked" in texts(lesson)


async def test_every_message_says_it_all_in_its_text(world: World) -> None:
    """The top-level text is what a screen reader and a notification say: it is there, and says what the blocks say."""
    await lessons_fall_due(world)
    (lesson,) = world.dms(world.maya)
    words = [block for block in lesson.blocks if block["type"] != "actions" or "pick:" in block.get("block_id", "")]
    for line in everything_in(words).split("\n"):
        if len(line) > 20 and "sure" not in line.lower():
            assert line[:60] in lesson.text


async def test_a_worker_whose_clock_is_behind_leaves_nothing_behind(world: World) -> None:
    """It was given a message too far ahead for its own clock: the tick after that slot gives it to a worker again."""
    await world.enrol()
    world.clock.move_to(datetime(2026, 11, 24, 8, 0, tzinfo=UTC))
    await world.house.tick()
    slot = world.clock.now() + timedelta(seconds=8)
    async with world.house.database.transaction() as session:
        for one in await session.exec(select(Message)):
            one.send_at, one.wake_at = slot, slot + timedelta(minutes=5)
            session.add(one)
            waiting = str(one.id)
    await world.house.sender.send([waiting], world.house.workspace_id)
    assert [one.wake_at for one in await world.rows(Message)] == [slot]
    await world.pass_time(seconds=20)
    assert len(world.dms(world.maya)) == 1


async def another_bot_spoke(world: World) -> None:
    """All that is on record was said by another bot, in conversations that this one knows nothing of."""
    async with world.house.database.transaction() as session:
        for told in (
            "UPDATE workspace SET bot_user_id = 'U0OTHER'",
            "UPDATE person SET dm_channel = 'D0OTHER'",
            "UPDATE message SET channel = 'G0OTHER' WHERE channel IS NOT NULL",
        ):
            await session.execute(text(told))


async def begins_anew(world: World) -> None:
    """A process starts, with the token that it has now."""
    async with house(
        clock=world.clock, database_url=world.house.database.engine.url.render_as_string(hide_password=False),
        library=world.house.library, token=world.sandbox.bot_token, api_url=world.sandbox.api_url,
        messages_per_minute=100_000,
    ):  # fmt: skip
        pass


async def test_another_bot_opens_conversations_of_its_own(world: World) -> None:
    """The token of another app is set: people hear from that one, and nobody counts as unreachable."""
    await lessons_fall_due(world)
    await another_bot_spoke(world)
    await begins_anew(world)
    before = len(world.dms(world.maya))
    await world.pass_time(days=3)
    assert len(world.dms(world.maya)) > before
    assert [one.unreachable_reason for one in await world.rows(Person)] == [None] * 3
    assert "failed" not in {one.state for one in await world.rows(Message)}


async def test_what_another_bot_was_saying_is_not_said_again(world: World) -> None:
    """Its answer never came, and this bot can't look into that conversation: staff see that it is not confirmed."""
    await world.enrol()
    world.clock.move_to(datetime(2026, 11, 24, 8, 0, tzinfo=UTC))
    world.sandbox.fail("chat.postMessage", "reset_after")
    await world.house.tick()
    await world.settle()
    assert (await states(world))["Maya"][0] == "sending"
    await another_bot_spoke(world)
    await begins_anew(world)
    await world.pass_time(minutes=30)
    assert (await states(world))["Maya"] == ("unconfirmed", "not confirmed")
    assert len(world.dms(world.maya)) == 1
    assert [one.unreachable_reason for one in await world.rows(Person)] == [None] * 3


async def test_the_same_bot_keeps_its_conversations(world: World) -> None:
    """A process starts with the same token: it goes on where it was, and what is in doubt is looked up there."""
    world.sandbox.fail("chat.postMessage", "reset_after")
    await world.enrol()
    world.clock.move_to(datetime(2026, 11, 24, 8, 0, tzinfo=UTC))
    await world.house.tick()
    await world.settle()
    await begins_anew(world)
    assert (await states(world))["Maya"][0] == "sending"
    await world.pass_time(minutes=30)
    assert (await states(world))["Maya"] == ("sent", None)
    known = [one.dm_channel for one in await world.rows(Person)]
    await begins_anew(world)
    assert [one.dm_channel for one in await world.rows(Person)] == known
