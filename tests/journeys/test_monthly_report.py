"""The monthly report: who reads how a cohort goes, when, and what they never read."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlmodel import select

from bot.records.audit import Doer
from bot.records.tables import AgendaItem, Enrollment, LessonGiven, Message, Person, Response
from bot.reports import monthly as monthly_flow
from bot.sandbox.web_api import ALL_SCOPES
from bot.slack.access import Actor
from tests.world import CONTENT, World, open_world, texts

FIRST_OF_DECEMBER = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)  # a Tuesday
FIRST_OF_JANUARY = datetime(2027, 1, 4, 12, 0, tzinfo=UTC)  # the first two of it are holidays, then a weekend


async def a_cohort(world: World, people: int, cohort: str = "Autumn") -> None:
    """So many managers who have begun, each with a lesson that they answered in their first week."""
    for number in range(people):
        world.sandbox.add_person(
            id=f"U0{cohort[:3].upper()}{number}", name=f"Reader{number} X", email=f"{cohort}{number}@example.com",
            tz="Europe/Ljubljana",
        )  # fmt: skip
    rows = (f"U0{cohort[:3].upper()}{number},{world.ana.id},{cohort},2026-11-24" for number in range(people))
    await world.enrol(*rows)


async def answer(world: World) -> None:
    """Each lesson that was given and has no answer gets one, as if it was clicked right now."""
    async with world.house.database.transaction() as session:
        ways = {one.id: one for one in await session.exec(select(Enrollment))}
        answered = set(await session.exec(select(Response.message_id)))
        for given in (await session.exec(select(LessonGiven))).all():
            if given.message_id not in answered:
                session.add(
                    Response(
                        message_id=given.message_id, person_id=ways[given.enrollment_id].person_id, check_id="q1",
                        edition_hash=given.edition_hash, answer={"options": []}, correct=True, confidence="sure",
                        answered_at=world.clock.now(),
                    )
                )  # fmt: skip


async def with_staff(world: World) -> None:
    """Those whom the program names as staff are on record."""
    await world.house.sync_directory()


def reports(world: World, person: Any = None) -> list[Any]:
    """The reports in someone's DM; Lena's, if nobody is named."""
    return [one for one in said(world, person) if not images(one)]


def said(world: World, person: Any = None) -> list[Any]:
    """The reports, and their pictures below them."""
    return [one for one in world.dms(person or world.lena) if one.text.startswith("How it goes")]


def images(message: Any) -> list[dict[str, Any]]:
    """The pictures in a message; that people see them."""
    assert message.not_found == []
    return [block for block in message.blocks if block["type"] == "image"]


async def test_lena_reads_how_autumn_goes(world: World) -> None:
    """On the first working day of December, in her morning: in words, then with two pictures that say the same."""
    await with_staff(world)
    await a_cohort(world, 6)
    await world.until(datetime(2026, 11, 27, 12, 0, tzinfo=UTC))
    await answer(world)
    await world.until(datetime(2026, 12, 1, 7, 29, tzinfo=UTC))
    assert reports(world) == []
    await world.until(datetime(2026, 12, 1, 7, 34, tzinfo=UTC))
    message, pictures = said(world)
    words = texts(message)
    assert "6 people*: 6 have begun" in words
    assert "12 lessons sent, 100% of them answered." in words
    assert "answered by 6 of 6 people a week, by 6 in the latest" in words
    assert "100% right in the first week" in words
    assert "As of Tuesday 1 December." in words
    assert images(message) == []
    active, areas = images(pictures)
    assert "Week by week: 1: 6." in active["alt_text"]
    assert all(line in words for line in areas["alt_text"].split(". ")), "the picture's words stand in the message"
    for image in (active, areas):
        file = world.sandbox.state.files[image["slack_file"]["id"]]
        assert base64.b64decode(file["content"]).startswith(b"\x89PNG")
    assert "**" not in active["alt_text"], "a description has no markup"
    assert "Reader" not in words + active["alt_text"] + areas["alt_text"], "no name ever stands in it"
    for other in (world.maya, world.ana, world.zoe):
        assert reports(world, other) == []


async def test_no_tick_waits_for_a_report(world: World) -> None:
    """Lena and Zoe read of two cohorts in the same minute: the tick asks nothing of what the managers did, and it is read once
    for each cohort. Their job is lost with its worker: an hour later another one is ordered, and done twice it says each once."""
    await with_staff(world)
    await join_staff(world)
    await a_cohort(world, 5)
    await a_cohort(world, 5, "Winter")
    await world.until(datetime(2026, 11, 27, 12, 0, tzinfo=UTC))
    await _stop_lessons(world)
    await world.until(datetime(2026, 12, 1, 7, 25, tzinfo=UTC))
    world.clock.move_to(datetime(2026, 12, 1, 9, 0, tzinfo=UTC))  # both are at work
    with asked_of(world, "promise") as asked:
        await world.house.tick()
    assert asked == [], "the tick reads what managers promised"
    async with world.house.database.transaction() as session:
        await session.execute(text("DELETE FROM procrastinate_jobs WHERE task_name = 'report'"))
    await world.settle()
    assert (reports(world), reports(world, world.zoe)) == ([], [])
    world.clock.move_to(datetime(2026, 12, 1, 10, 1, tzinfo=UTC))
    await world.house.tick()
    items = [one.id for one in await world.rows(AgendaItem) if one.kind == "report"]
    with asked_of(world, "promise") as asked:
        await world.house.rooms.monthly.say(world.house.workspace_id, items)
    assert len(asked) == 2, "once for each cohort"
    await world.until(datetime(2026, 12, 1, 12, 0, tzinfo=UTC))
    assert [len(reports(world, one)) for one in (world.lena, world.zoe)] == [2, 2]
    assert all(one.done_at for one in await world.rows(AgendaItem) if one.kind == "report")


@contextmanager
def asked_of(world: World, table: str) -> Iterator[list[str]]:
    """What the database is asked of a table meanwhile."""
    asked: list[str] = []

    def note(*about: Any) -> None:
        if f"FROM {table} " in f"{about[2]} ".replace("\n", " "):
            asked.append(about[2])

    engine = world.house.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


async def join_staff(world: World) -> None:
    """Zoe is one of the staff from now on."""
    async with world.house.database.transaction() as session:
        session.add(
            Person(
                workspace_id=world.house.workspace_id, slack_id=world.zoe.id, name="Zoe Adams", first_name="Zoe",
                role="staff",
            )
        )  # fmt: skip


@pytest.mark.long
async def test_a_month_without_news_says_nothing(world: World) -> None:
    """Nothing came in since the last report: no message. Something did: the next, in January after the holidays."""
    await with_staff(world)
    await a_cohort(world, 5)
    await world.until(datetime(2026, 11, 24, 12, 0, tzinfo=UTC))
    await _stop_lessons(world)
    await world.until(FIRST_OF_DECEMBER)
    assert len(reports(world)) == 1
    await world.until(FIRST_OF_JANUARY)
    assert len(reports(world)) == 1
    await answer(world)
    async with world.house.database.transaction() as session:
        person = (await session.exec(select(Person).where(Person.slack_id == world.lena.id))).one()
        person.away_until = datetime(2027, 2, 10, 12, 0, tzinfo=UTC)
        session.add(person)
    await world.until(datetime(2027, 2, 10, 11, 0, tzinfo=UTC))
    assert len(reports(world)) == 1, "she is away"
    await world.until(datetime(2027, 2, 10, 12, 1, tzinfo=UTC))
    assert len(reports(world)) == 2


@pytest.mark.long
async def test_a_closed_cohort_has_one_more_report(world: World) -> None:
    """Autumn is closed in November: December's report is the last word on it. In December one of its six is erased: January says
    nothing, or two reports would tell what she did; nor does Zoe, who joins the staff, read of what was over before she came."""
    await with_staff(world)
    await a_cohort(world, 6)
    await world.until(datetime(2026, 11, 27, 12, 0, tzinfo=UTC))
    await answer(world)
    by = Doer(world.house.workspace_id)
    assert await world.house.rooms.cohorts.leading.close(by, "Autumn", world.clock.now()) == 6
    await world.until(FIRST_OF_DECEMBER)
    assert len(reports(world)) == 1
    await world.house.rooms.privacy.erase(Actor(world.house.workspace_id, "U0AUT0"))
    await join_staff(world)
    await world.until(FIRST_OF_JANUARY)
    assert (len(reports(world)), reports(world, world.zoe)) == (1, [])


async def test_four_people_are_never_spoken_of(world: World) -> None:
    """A cohort of four says nothing, however much it answered."""
    await with_staff(world)
    await a_cohort(world, 4, "Small")
    await world.until(datetime(2026, 11, 27, 12, 0, tzinfo=UTC))
    await answer(world)
    await world.until(FIRST_OF_DECEMBER)
    assert reports(world) == []
    assert not [one for one in await world.rows(Message) if one.kind == "report"]


@pytest.mark.long
async def test_without_the_scope_the_words_stay(database_url: str) -> None:
    """Where the app may not upload files, the report is said in words, and nothing fails."""
    async with open_world(database_url, content=CONTENT, granted=ALL_SCOPES - {"files:write"}) as world:
        await with_staff(world)
        await a_cohort(world, 5)
        await world.until(datetime(2026, 11, 27, 12, 0, tzinfo=UTC))
        await answer(world)
        await world.until(FIRST_OF_DECEMBER)
        (message,) = reports(world)
        assert images(message) == []
        assert "5 people*: 5 have begun" in texts(message)
        assert world.sandbox.calls["files.getUploadURLExternal"] == 1


@pytest.mark.long
async def test_a_job_done_twice_is_two_pictures(world: World) -> None:
    """Its worker died after the pictures were on record: they stay those that are there."""
    await with_staff(world)
    await a_cohort(world, 5)
    await world.until(datetime(2026, 11, 27, 12, 0, tzinfo=UTC))
    await answer(world)
    await world.until(FIRST_OF_DECEMBER)
    before = list(world.sandbox.state.files)
    (message,) = [one for one in await world.rows(Message) if one.kind == "report"]
    await world.house.rooms.pictures.make(str(message.id))
    await world.pass_time(minutes=1)
    assert [len(images(one)) for one in said(world)] == [0, 2]
    assert list(world.sandbox.state.files) == before
    assert len(before) == 2


def test_the_next_month(world: World) -> None:
    """At midnight of the program's zone; December leads to the next year."""
    program = world.house.library.current.curriculum.program
    assert monthly_flow.month_after(program, FIRST_OF_DECEMBER) == datetime(2026, 12, 31, 23, 0, tzinfo=UTC)
    at = datetime(2027, 3, 31, 22, 30, tzinfo=UTC)  # April has begun in Ljubljana
    assert monthly_flow.month_after(program, at) - at < timedelta(days=31)


async def _stop_lessons(world: World) -> None:
    """Nobody gets anything any more: they have stopped."""
    async with world.house.database.transaction() as session:
        for way in (await session.exec(select(Enrollment))).all():
            way.stopped_at = world.clock.now()
            session.add(way)
