"""Slack says «too many»: what may be done twice stands in line until it is done, however long that takes."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import Mock

import pytest
from sqlalchemy import text, update
from sqlmodel import col, select

from bot.agenda.clock import wall
from bot.delivery.courier import Silence
from bot.delivery.lines import GAP, Later, Lines
from bot.pictures import plot
from bot.records.audit import Doer
from bot.records.tables import Message, Person
from bot.sandbox.limits import OUTSIDE_THE_DIRECTORY
from bot.slack.access import Actor
from tests.journeys.test_answers import answer_all, lesson_for_maya
from tests.world import World, option_of, texts

FIRST_LESSON = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)  # in Ljubljana


@dataclass
class Waits:
    """Real time as the queue, its lines and Slack's limits have it: the story moves it on. It is ahead of PostgreSQL's."""

    world: World
    moment: datetime

    @classmethod
    def begin(cls, world: World) -> "Waits":
        """From now on Slack's limits hold."""
        waits = cls(world, wall() + timedelta(days=1))
        object.__setattr__(world.house.sender.lines, "now", lambda: waits.moment)
        world.sandbox.limits.clock, world.sandbox.enforce_limits = (lambda: waits.moment.timestamp()), True
        return waits

    async def jobs(self, task: str) -> list[Any]:
        """What waits: when it was to be done, and how often it failed."""
        async with self.world.house.database.transaction() as session:
            found = await session.execute(
                text(
                    "SELECT scheduled_at, attempts FROM procrastinate_jobs WHERE task_name = :task AND status = 'todo'"
                ),
                {"task": task},
            )
            return list(found)

    async def pass_seconds(self, seconds: float) -> None:
        """So much later: what was to come until then comes now."""
        self.moment += timedelta(seconds=seconds)
        async with self.world.house.database.transaction() as session:
            await session.execute(
                text("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE scheduled_at <= :now"),
                {"now": self.moment},
            )
        await self.world.settle()


async def much_was_said(world: World, count: int) -> None:
    """So many more messages stand in Maya's DM, and on record."""
    dm = world.sandbox.state.open([world.maya.id])
    async with world.house.database.transaction() as session:
        maya = (await session.exec(select(Person).where(Person.slack_id == world.maya.id))).one()
        (like,) = (await session.exec(select(Message).where(col(Message.person_id) == maya.id))).all()
        for number in range(count):
            said = world.sandbox.state.say(dm, user=world.sandbox.bot_user_id, text=f"Something {number}")
            values = like.model_dump(exclude={"id", "key", "ts"})
            session.add(Message(key=f"something:{number}", ts=said.ts, **values))


@pytest.mark.over_http
async def test_an_erased_persons_messages_are_all_deleted(world: World) -> None:
    """Slack takes fifty deletions a minute, and Maya has 181 messages: they all go, and Slack is hardly asked in vain."""
    await lesson_for_maya(world)
    await much_was_said(world, 180)
    waits = Waits.begin(world)
    await world.house.rooms.privacy.erase(Actor(world.house.workspace_id, world.maya.id))
    await world.settle()
    assert 100 < len(await waits.jobs("unsay")) <= 181 - 50
    for _ in range(4):
        await waits.pass_seconds(45)
    assert not await waits.jobs("unsay")
    assert [one for one in world.dms(world.maya) if not one.deleted] == []
    assert world.sandbox.refused < 50, "what comes in a silence lines up without asking"


@pytest.mark.over_http
async def test_feedback_comes_however_often_slack_says_too_many(world: World) -> None:
    """Ten times Slack refuses the redraw of Maya's answer, for half a minute each: it is not given up, and she reads it."""
    lesson = await lesson_for_maya(world)
    waits = Waits.begin(world)
    world.sandbox.fail("chat.update", "429", 10, retry_after=30)
    option = next(o for b in lesson.blocks for e in b.get("elements", ()) for o in e.get("options", ()))
    block, value = option_of(lesson, option["text"]["text"])
    await world.press(world.maya, lesson, "check_pick", block_id=block, selected=value)
    await world.press(world.maya, lesson, "check_confidence:sure")
    for _ in range(11):
        await waits.pass_seconds(29)
        assert all(attempts == 0 for _, attempts in await waits.jobs("refresh")), "a refusal for now is no failure"
        await waits.pass_seconds(3)
    assert "You picked" in texts(lesson)


@pytest.mark.over_http
async def test_feedback_waits_until_the_workspace_lets_us_in(world: World) -> None:
    """While Maya's workspace moves into an organisation Slack refuses to redraw her answer: she reads it once that is over."""
    lesson = await lesson_for_maya(world)
    waits = Waits.begin(world)
    world.sandbox.fail("chat.update", "error:team_added_to_org", 9)
    await answer_all(world, lesson)
    assert "You picked" not in texts(lesson)
    for _ in range(10):
        await waits.pass_seconds(601)
    assert "You picked" in texts(lesson)


@pytest.mark.over_http
async def test_a_picture_comes_below_words_that_are_late(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Her way is said in words two hours after it was asked for: its picture waits for it, has not failed, and is drawn once."""
    await answer_all(world, await lesson_for_maya(world))
    waits, draw = Waits.begin(world), Mock(wraps=plot.draw)
    monkeypatch.setattr(plot, "draw", draw)
    assert await world.house.rooms.pictures.show(Actor(world.house.workspace_id, world.maya.id))
    later = world.clock.now() + timedelta(hours=2)
    async with world.house.database.transaction() as session:
        await session.execute(
            update(Message).where(col(Message.kind) == "picture").values(send_at=later, wake_at=later)
        )
    await world.settle()
    for _ in range(8):
        assert [attempts for _, attempts in await waits.jobs("picture")] == [0]
        await waits.pass_seconds(601)
    world.clock.move_to(later)
    for _ in range(3):  # the words, the picture, and the message that shows it
        await world.house.tick()
        await waits.pass_seconds(601)
    assert "image" in [block["type"] for block in world.dms(world.maya)[-1].blocks]
    assert draw.call_count == 1


@pytest.mark.long
@pytest.mark.over_http
@pytest.mark.parametrize("task", ["export", "picture"])
async def test_a_file_comes_however_often_slack_says_too_many(world: World, task: str) -> None:
    """Ten times Slack refuses what Maya asked for, for a minute each: that is no failure, and she has it in the end, once."""
    await answer_all(world, await lesson_for_maya(world))
    waits, actor = Waits.begin(world), Actor(world.house.workspace_id, world.maya.id)
    world.sandbox.fail("files.getUploadURLExternal", "429", 10, retry_after=60)
    rooms = world.house.rooms
    await (rooms.taking_along.ask(actor) if task == "export" else rooms.pictures.show(actor))
    await world.settle()
    for _ in range(11):
        assert all(attempts == 0 for _, attempts in await waits.jobs(task))
        await waits.pass_seconds(61)
    await world.house.tick()
    await world.settle()
    assert not await waits.jobs(task)
    assert len(world.sandbox.state.files) == (2 if task == "export" else 1)


@pytest.mark.over_http
async def test_a_deletion_that_fails_is_never_given_up(world: World) -> None:
    """Slack is out of order for days, one time after the other: what was promised to Maya is still done in the end."""
    await lesson_for_maya(world)
    waits = Waits.begin(world)
    world.sandbox.fail("chat.delete", "500", 20)
    await world.house.rooms.privacy.erase(Actor(world.house.workspace_id, world.maya.id))
    await world.settle()
    for _ in range(20):
        await waits.pass_seconds(86400)
    assert [one for one in world.dms(world.maya) if not one.deleted] == []


async def test_where_slack_allows_one_look_a_minute(world: World) -> None:
    """An app from outside its directory, and the answers to four posts got lost: they stay in doubt, and stand in line. Each
    minute one is looked up; one was said, three are said now, and none twice."""
    people = [
        world.sandbox.add_person(id=f"U0M{place}", name=f"M{place} X", email=f"m{place}@example.com")
        for place in range(4)
    ]
    await world.enrol(*(f"{one.id},{world.ana.id},Autumn,2026-11-24" for one in people))
    await world.until(FIRST_LESSON - timedelta(minutes=1))
    waits = Waits.begin(world)
    world.sandbox.limits.a_minute |= OUTSIDE_THE_DIRECTORY
    world.sandbox.fail("chat.postMessage", "reset_after")
    world.sandbox.fail("chat.postMessage", "reset_before", 3)
    left = []
    for _ in range(6):
        waits.moment += timedelta(seconds=70)
        for _ in range(2):  # what waits is said; what is in doubt is looked up
            world.clock.move_to(world.clock.now() + timedelta(seconds=30))
            await world.house.tick()
            await world.settle()
        left.append([one.state for one in await world.rows(Message)].count("sending"))
    assert left == [4, 3, 2, 1, 0, 0]
    assert world.sandbox.refused <= len(people), "Slack is hardly asked in vain"
    assert [len(world.dms(one)) for one in people] == [1] * 4


@pytest.mark.over_http
async def test_a_look_up_goes_on_where_slack_cut_it_short(world: World) -> None:
    """Slack shows one page of Maya's conversation a minute, and her lesson stands on the second: it is found, not said again."""
    await world.enrol(f"{world.maya.id},{world.ana.id},Autumn,2026-11-24")
    await world.until(FIRST_LESSON - timedelta(minutes=1))
    waits = Waits.begin(world)
    world.sandbox.limits.a_minute |= OUTSIDE_THE_DIRECTORY
    world.sandbox.fail("chat.postMessage", "reset_after")
    world.clock.move_to(FIRST_LESSON + timedelta(seconds=5))
    await world.house.tick()
    await world.settle()
    await much_was_said(world, 20)
    for _ in range(3):
        waits.moment += timedelta(seconds=70)
        world.clock.move_to(world.clock.now() + timedelta(seconds=70))
        await world.house.tick()
        await world.settle()
    (lesson,) = [one for one in await world.rows(Message) if one.kind == "lesson" and one.key.startswith("lesson:")]
    assert lesson.state == "sent"
    assert len([one for one in world.dms(world.maya) if one.metadata]) == 1


async def test_a_large_workspace_is_looked_at_to_its_end(world: World) -> None:
    """It has more pages of people than Slack gives in a minute: the rest comes when Slack may be asked again, also Tom, the last
    one, who moved to Tokyo. Zoe, who joined a user group, is enrolled even if Slack gives no page at all."""
    await world.enrol()
    world.sandbox.people_a_page = 10
    for number in range(210):
        world.sandbox.add_person(name=f"One {number}", email=f"{number}@example.com")
    everyone = world.sandbox.state.people
    everyone[world.tom.id] = everyone.pop(world.tom.id)
    group = world.sandbox.add_group(name="New managers", handle="new-managers", users=[world.maya.id])
    following, by = world.house.rooms.cohorts.following, Doer(world.house.workspace_id)
    await following.follow(by, "Autumn", "@new-managers", world.clock.now())
    world.tom.tz, group["users"] = "Asia/Tokyo", [world.maya.id, world.zoe.id]

    async def zones() -> dict[str, str | None]:
        return {one.first_name: one.timezone for one in await world.rows(Person)}

    world.sandbox.fail("users.list", "500")
    await world.house.sync_directory()
    assert "Zoe" in await zones()
    waits = Waits.begin(world)
    await world.house.sync_directory()
    assert (await zones())["Tom"] == "America/New_York"
    for _ in range(2):
        assert len(await waits.jobs("list_people")) == 1
        await waits.pass_seconds(3)
    assert await waits.jobs("list_people") == []
    assert (await zones())["Tom"] == "Asia/Tokyo"
    assert world.sandbox.calls["users.list"] - world.sandbox.refused == 1 + 22, "it goes on where it was"


@pytest.mark.parametrize("error", ["message_not_found", "compliance_exports_prevent_deletion"])
@pytest.mark.over_http
async def test_a_deletion_that_can_never_be_is_over(world: World, error: str) -> None:
    """The message is gone already, or the workspace must keep everything: it is not tried again."""
    await lesson_for_maya(world)
    waits = Waits.begin(world)
    world.sandbox.fail("chat.delete", f"error:{error}")
    await world.house.rooms.privacy.erase(Actor(world.house.workspace_id, world.maya.id))
    await world.settle()
    assert not await waits.jobs("unsay")


def test_each_in_line_has_a_moment_of_its_own() -> None:
    """During a silence nobody asks: each comes after it, apart from the others; another workspace is not in that line."""
    now = datetime(2026, 11, 24, 8, 0).astimezone()
    lines = Lines(now=lambda: now)
    moments = []
    for _ in range(3):
        with pytest.raises(Later) as later, lines.turn("unsay", "T1"):
            raise Silence(30)
        moments.append(later.value.at)
    assert moments == [now + timedelta(seconds=30) + place * GAP for place in range(3)]
    with lines.turn("unsay", "T2"), lines.turn("refresh", "T1"):
        pass
