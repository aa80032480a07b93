"""What Slack refuses for good in one conversation comes to an end, where a workspace that opens again is waited for."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text, update
from sqlmodel import col

from bot.delivery.courier import Courier
from bot.delivery.ledger import REFUSALS, TRIED_WHILE_SHUT
from bot.records.tables import Message
from bot.slack.access import Actor
from tests.flows.test_lines import Waits
from tests.journeys.test_answers import answer_all, lesson_for_maya
from tests.journeys.test_home import home
from tests.journeys.test_reviews import lessons_of
from tests.world import World, texts

NINE = datetime(2026, 11, 24, 8, 0, 5, tzinfo=UTC)  # in Ljubljana
ONLY_MAYA = "maya@example.com,ana@example.com,Autumn,2026-11-24"


async def fall_due(world: World) -> None:
    """Maya's first lesson is said, with whatever was made to go wrong."""
    await world.enrol(ONLY_MAYA)
    world.clock.move_to(NINE)
    await world.house.tick()
    await world.settle()


async def the_message(world: World) -> Message:
    """The only one there is."""
    messages: list[Message] = await world.rows(Message)
    assert len(messages) == 1
    return messages[0]


async def later(world: World) -> Message:
    """The one message, when its time has come again, and somebody has tried."""
    message = await the_message(world)
    if message.wake_at is not None:
        world.clock.move_to(message.wake_at + world.clock.span(1))
    await world.house.tick()
    await world.settle()
    return await the_message(world)


async def test_a_look_that_is_refused_is_the_last_some_day(world: World) -> None:
    """Her lesson may have been said, and Slack does not let us look: ever more seldom it is tried, and then never again."""
    world.sandbox.fail("chat.postMessage", "reset_after")
    world.sandbox.fail("conversations.history", "error:not_in_channel", 100)
    await fall_due(world)
    waits = list[float]()
    while (message := await later(world)).wake_at is not None:
        waits.append((message.wake_at - world.clock.now()) / world.clock.span(1))
    assert (message.state, message.error) == ("unconfirmed", "not_in_channel")
    assert waits == sorted(waits)
    assert waits[-1] > 600
    assert world.sandbox.calls["conversations.history"] == REFUSALS


async def test_what_nobody_lets_us_say_for_a_month_is_given_up(world: World) -> None:
    """Ever more seldom it is tried; what is a month old by then is nobody's concern any more."""
    world.sandbox.fail("chat.postMessage", "error:restricted_action", 100)
    await fall_due(world)
    assert (await later(world)).state == "waiting"
    async with world.house.database.transaction() as session:
        a_month_ago = col(Message.created_at) - timedelta(days=30)
        await session.execute(update(Message).values(created_at=a_month_ago, attempts=TRIED_WHILE_SHUT))
    message = await later(world)
    assert (message.state, message.wake_at, message.error) == ("failed", None, "restricted_action")


async def test_what_waited_for_its_reader_for_a_month_is_not_given_up_at_its_first_try(world: World) -> None:
    """She was away for weeks, and her workspace does not let us in for an hour on the morning on which she is back."""
    world.sandbox.fail("chat.postMessage", "error:restricted_action")
    await world.enrol(ONLY_MAYA)
    world.clock.move_to(NINE)
    await world.house.tick()
    async with world.house.database.transaction() as session:
        await session.execute(update(Message).values(created_at=col(Message.created_at) - timedelta(days=31)))
    await world.settle()
    assert (await the_message(world)).state == "waiting"
    assert (await later(world)).state == "sent"


@pytest.mark.over_http
@pytest.mark.parametrize(("days", "left"), [(6, 1), (8, 0)])
async def test_what_nobody_lets_us_draw_is_left_once_nobody_looks(world: World, days: int, left: int) -> None:
    """She answers, and Slack does not let us show it: that is tried for as long as she may look at it, for a week."""
    await answer_all(world, await lesson_for_maya(world))
    waits = Waits.begin(world)
    async with world.house.database.transaction() as session:
        await session.execute(update(Message).values(sent_at=col(Message.sent_at) - timedelta(days=days)))
        (message,) = [one for one in await world.rows(Message) if one.kind == "lesson"]
        await session.execute(text("DELETE FROM procrastinate_jobs"))
        await world.house.outbox.refresh(session, message.id)
    world.sandbox.fail("chat.update", "error:restricted_action", 100)
    await world.settle()
    for _ in range(3):
        assert len(await waits.jobs("refresh")) == left
        await waits.pass_seconds(601)


async def test_a_second_call_is_not_begun_when_somebody_else_may_be_saying_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The conversation on record is none of ours, and Slack took long to say so: she gets it once, a moment later."""
    post, posted = Courier._post, list[str]()

    async def slowly(courier: Courier, message: Message, channel: str, *what: object) -> object:
        posted.append(channel)
        if len(posted) == 1:
            world.clock.move_to(world.clock.now() + world.clock.span(45))
        return await post(courier, message, channel, *what)  # type: ignore[arg-type]

    monkeypatch.setattr(Courier, "_post", slowly)
    await world.enrol(ONLY_MAYA)
    async with world.house.database.transaction() as session:
        await session.execute(text("UPDATE person SET dm_channel = 'D0ANOTHER'"))
    world.clock.move_to(NINE)
    await world.house.tick()
    await world.settle()
    (message,) = await world.rows(Message)
    assert (posted, message.state, message.error) == (["D0ANOTHER"], "waiting", "slack_is_slow")
    assert (await later(world)).state == "sent"
    assert posted == ["D0ANOTHER", "D0ANOTHER", world.maya.id]
    assert len(world.dms(world.maya)) == 1


@pytest.mark.long
@pytest.mark.parametrize("refusals", [1, 2])
async def test_a_lesson_that_slack_refused_is_given_once_more(world: World, refusals: int) -> None:
    """Slack refuses Maya's first lesson for good: it comes at her next slot, and can be answered as any other. If that is
    refused, too, the one after it comes."""
    world.sandbox.fail("chat.postMessage", "error:msg_too_long", refusals)
    await world.enrol(ONLY_MAYA)
    await world.until(NINE + timedelta(days=2 if refusals == 1 else 7, hours=1))
    (lesson,) = lessons_of(world, world.maya)
    assert ("Read the chain" in texts(lesson)) is (refusals == 1)
    assert f"lesson {refusals} of 32" in texts(lesson)
    await answer_all(world, lesson)
    assert "Your next lesson comes on" in texts(lesson)
    assert "Lessons done: 1" in await home(world, world.maya.id)


async def test_a_lesson_that_was_shown_since_is_not_given_again(world: World) -> None:
    """Slack refuses Maya's first lesson for good, and she looks it up: her next one is another."""
    world.sandbox.fail("chat.postMessage", "error:msg_too_long")
    await world.enrol(ONLY_MAYA)
    await world.until(NINE + timedelta(hours=1))
    actor = Actor(world.house.workspace_id, world.maya.id)
    await world.house.rooms.lessons.open(actor, "tracking-01-metrics-chain", world.clock.now(), "found")
    await world.until(NINE + timedelta(days=2, hours=1))
    assert ["Read the chain" in texts(one) for one in lessons_of(world, world.maya)] == [True, False]
