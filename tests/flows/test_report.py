"""The report: figures of a cohort, read from the records, on a page that needs nothing from outside."""

import csv
import io
import random
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event
from sqlmodel import col, select

from bot.curriculum.model import Choice
from bot.records.audit import Doer
from bot.records.cohorts import NoSuchCohort
from bot.records.editions import Editions, keep_many
from bot.records.tables import LessonGiven, Message
from bot.reports import plots
from bot.reports.disclosure import FEWEST_PEOPLE
from bot.reports.events import statements
from bot.reports.figures import Answered, Change, Facts, Level, Met, Person, Tried, figures
from bot.reports.items import Given, analyse
from bot.reports.monthly_rules import told
from bot.reports.reading import facts_of, options_of
from bot.reports.report import items_of, make_report, render
from bot.reports.sheets import columns, sheets
from tests.journeys.test_actions import answered_lesson
from tests.journeys.test_answers import promise_action
from tests.world import World, shipped

AREAS = ("sales-tracking", "talent")
NOW = datetime(2027, 5, 28, 9, 0, tzinfo=UTC)


def a_cohort(size: int, seed: int = 1) -> Facts:
    """Made-up facts of a whole program."""
    chance = random.Random(seed)
    people = range(size)
    answers = [
        Answered(
            Given(person, "tracking-01-metrics-chain", "q1", (chance.choice(("watch", "wait")),), chance.random() < 0.6,
                  chance.choice(("sure", "guess")), later), area, week)
        for person in people for area in AREAS for week in range(1, 17) for later in (False, True)
    ]  # fmt: skip
    return Facts(
        people=[Person(one, 1, True, one % 3 == 0, False, True, 20, 14, frozenset(range(1, 17))) for one in people],
        levels=[Level(one, area, week, by, min(5, 2 + week // 13 + one % 2)) for one in people for area in AREAS
                for week in (0, 26) for by in ("self", "mentor")],
        answers=answers,
        actions=[Tried(one, status) for one in people for status in ("yes", "partly", None)],
        groups=[Met((one, one + 1), "all" if one % 4 else None) for one in range(0, size - 1, 2)],
    )  # fmt: skip


class Outside(HTMLParser):
    """Everything that a page would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Addresses, but for places on the page itself."""
        named = [value or "" for name, value in attrs if name in ("src", "href", "xlink:href", "action", "srcset")]
        self.fetched += [one for one in named if not one.startswith(("#", "data:"))]
        self.fetched += [tag] if tag in ("script", "link", "iframe") else []


def test_a_whole_program_on_one_page() -> None:
    """Every section with its table, three plots with words for those who don't see them, and nothing from outside."""
    curriculum = shipped().current.curriculum
    facts = a_cohort(14)
    page = render(curriculum, facts, analyse([one.given for one in facts.answers], {}, facts.cohorts), "Autumn", NOW)
    outside = Outside()
    outside.feed(page)
    assert outside.fetched == []
    assert page.count('role="img" aria-label="') == 3
    assert "<dt>have stopped, or were taken out</dt><dd>0</dd>" in page
    for words in ("Autumn", "Reach", "from start to end", "At work", "by area and week", "Mend this one"):
        assert words in page


def test_of_four_people_there_is_no_report() -> None:
    """Too few for any figure: the page says so and shows nothing else."""
    facts = a_cohort(FEWEST_PEOPLE - 1)
    curriculum = shipped().current.curriculum
    page = render(curriculum, facts, analyse([one.given for one in facts.answers], {}, facts.cohorts), None, NOW)
    assert "too few for a report" in page
    assert "<table" not in page
    assert "<svg" not in page


@given(st.integers(0, 12), st.integers(0, 12), st.integers(0, 12), st.integers(1, 99))
def test_no_figure_speaks_of_few(size: int, rated: int, answering: int, seed: int) -> None:
    """Whoever rated or answered: a mean, a share and a week stand for five people or more."""
    facts = a_cohort(size, seed)
    few = Facts(
        people=[Person(one.person, 1, True, False, False, True, int(one.person < rated), int(one.person < min(rated, answering)),
                       frozenset({1} if one.person < answering else ())) for one in facts.people],
        levels=[one for one in facts.levels if one.week == 0 or one.person < rated],
        answers=[one for one in facts.answers if one.given.person < answering],
        actions=[one for one in facts.actions if one.person < answering], groups=facts.groups,
    )  # fmt: skip
    found = figures(few, AREAS, [], 26)
    for change in found.changes:
        assert (change.start is None) == (change.people < FEWEST_PEOPLE)
    for count, who in (
        (found.lessons, rated),
        (found.lessons_answered, min(rated, answering)),
        (found.answers, answering),
    ):
        assert count is None if 0 < min(size, who) < FEWEST_PEOPLE else count is not None
    assert found.actions["promised"] is None or not 0 < len({one.person for one in few.actions}) < FEWEST_PEOPLE
    if min(size, answering) < FEWEST_PEOPLE:
        assert found.active == {}
        assert all(not row for row in found.heat.values())


def test_what_one_person_answered_is_on_no_page() -> None:
    """One of six got lessons and answered them: the page has dashes, and the monthly message no line about them."""
    people = [Person(one, 1, True, False, False, True, 4 * (not one), not one) for one in range(6)]
    answers = [Answered(Given(0, "tracking-01-metrics-chain", "q1", ("watch",), True, "sure", False), AREAS[0], 1)]
    facts = Facts(people, [], answers, [], [])
    page = render(shipped().current.curriculum, facts, [], "Autumn", NOW)
    for named in ("lessons sent", "of them answered", "answers in all"):
        assert f"<dt>{named}</dt><dd>–</dd>" in page
    found = told(figures(facts, AREAS, [], 26))
    assert found is not None
    assert (found.lessons, found.answered) == (0, None)


async def test_from_the_records(world: World) -> None:
    """Six managers get a lesson, five answer it: the report counts them, and says nothing of the one who did not. One of them was
    taken out by then."""
    for number in range(6):
        world.sandbox.add_person(
            id=f"U0R{number}", name=f"Reader{number} X", email=f"r{number}@example.com", tz="Europe/Ljubljana"
        )
    await world.enrol(*(f"U0R{number},{world.ana.id},Autumn,2026-11-24" for number in range(6)))
    await world.until(datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
    for number in range(5):
        person = world.sandbox.state.people[f"U0R{number}"]
        (lesson,) = world.dms(person)
        option = next(o for b in lesson.blocks for e in b.get("elements", ()) for o in e.get("options", ()))
        await world.answer(person, lesson, option["text"]["text"])
    left = "manager,mentor,cohort,starts_on,status\nU0R0,,Autumn,2026-11-24,left"
    await world.house.rooms.cohorts.rosters.import_roster(
        left, by=Doer(world.house.workspace_id), now=world.clock.now(), dry_run=False
    )
    async with world.house.database.transaction() as session:
        curriculum = world.house.library.current.curriculum
        page = await make_report(session, curriculum, "Autumn", world.clock.now())
        assert re.search(r"enrolled</dt><dd>6</dd>", page)
        assert re.search(r"of them answered</dt><dd>83%</dd>", page)
        assert "have stopped, or were taken out</dt><dd>1</dd>" in page
        assert "Reader" not in page, "no name ever stands in it"
        with pytest.raises(NoSuchCohort, match="there are: Autumn"):
            await make_report(session, curriculum, "Spring", world.clock.now())


async def test_one_person_is_not_left_by_subtraction(world: World) -> None:
    """Autumn has five managers, Winter one: what is said of everyone's answers is to the last digit what is said of Autumn's."""
    for number in range(6):
        world.sandbox.add_person(
            id=f"U0R{number}", name=f"Reader{number} X", email=f"r{number}@example.com", tz="Europe/Ljubljana"
        )
    cohorts = ["Autumn"] * 5 + ["Winter"]
    await world.enrol(*(f"U0R{number},{world.ana.id},{name},2026-11-24" for number, name in enumerate(cohorts)))
    await world.until(datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
    for number in range(6):
        person = world.sandbox.state.people[f"U0R{number}"]
        (lesson,) = world.dms(person)
        options = [o for b in lesson.blocks for e in b.get("elements", ()) for o in e.get("options", ())]
        await world.answer(person, lesson, options[number // 5]["text"]["text"])
    async with world.house.database.transaction() as session:
        program = world.house.library.current.curriculum.program
        (autumn,) = await items_of(session, program, "Autumn")
        assert await items_of(session, program, None) == [autumn]
        assert await items_of(session, program, "Winter") == []
        page = await make_report(session, world.house.library.current.curriculum, None, world.clock.now())
    assert re.search(r"enrolled</dt><dd>5</dd>", page)
    assert "subtracting one report from another" in page


async def test_tables_for_a_spreadsheet(world: World) -> None:
    """A row for each thing, documented columns, no name, no answer; a cohort that looks like a formula is harmless."""
    rows = [f"{one.id},{world.ana.id},=cmd|' /C calc'!A0,2026-11-24" for one in (world.maya, world.tom)]
    await world.enrol(*rows)
    await world.until(datetime(2026, 11, 25, 9, 0, tzinfo=UTC))
    async with world.house.database.transaction() as session:
        found = await sheets(session, [], None)
        none = await sheets(session, [], "Another cohort")
    people = list(csv.DictReader(io.StringIO(found["people"])))
    assert [one["person"] for one in people] == [world.maya.id, world.tom.id]
    assert {one["cohort"] for one in people} == {"'=cmd|' /C calc'!A0"}
    assert {one["begun"] for one in people} == {"yes"}
    lessons = list(csv.DictReader(io.StringIO(found["lessons"])))
    assert {(one["person"], one["answered"]) for one in lessons} == {(world.maya.id, "0"), (world.tom.id, "0")}
    assert all(len(text.splitlines()) == 1 for text in none.values())
    described = {(one["table"], one["column"]) for one in csv.DictReader(io.StringIO(columns()))}
    assert described == {(name, column) for name, text in found.items() for column in text.splitlines()[0].split(",")}
    assert not any(private in text for text in found.values() for private in ("Maya", "Horvat", "example.com"))
    assert "or staff took them out" in columns(), "nobody who was taken out is said to have asked for it"


async def test_no_table_says_how_long_someone_took(world: World) -> None:
    """Maya begins and promises minutes after she was asked: days stand in the tables, no time, and of a promise not even when."""
    await promise_action(world, world.maya, await answered_lesson(world))
    async with world.house.database.transaction() as session:
        found = await sheets(session, [], None)
    (promised,) = csv.DictReader(io.StringIO(found["actions"]))
    assert set(promised) == {"person", "lesson", "due_on", "status"}
    (lesson_row, *_) = csv.DictReader(io.StringIO(found["lessons"]))
    assert lesson_row["given_on"] == "2026-11-24"
    assert not [text for text in found.values() if re.search(r"\d\d:\d\d", text)]


async def test_a_statement_carries_as_many_values_however_many_lessons_there_are(world: World) -> None:
    """PostgreSQL takes 65,535 values with a statement, and two thousand managers get more lessons than that in a program."""
    await world.enrol(f"{world.maya.email},{world.ana.email},Autumn,2026-11-24")
    await world.until(datetime(2026, 11, 25, 9, 0, tzinfo=UTC))
    few = await most_values(world)
    await world.enrol(*(f"{one.email},{world.ana.email},Autumn,2026-11-24" for one in (world.tom, world.zoe)))
    await world.until(datetime(2026, 12, 2, 9, 0, tzinfo=UTC))
    assert len(await world.rows(LessonGiven)) > 3
    assert await most_values(world) == few


async def most_values(world: World) -> int:
    """The most values that a statement carries of all that a report and the exports ask."""
    curriculum, counts = world.house.library.current.curriculum, list[int]()

    def count(*about: Any) -> None:
        counts.append(len(about[3] or ()))

    engine = world.house.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", count)
    async with world.house.database.transaction() as session:
        await make_report(session, curriculum, "Autumn", world.clock.now())
        await sheets(session, [], "Autumn")
        await statements(session, curriculum, "Autumn")
    event.remove(engine, "before_cursor_execute", count)
    return max(counts)


async def test_a_lesson_that_never_came_was_not_sent(world: World) -> None:
    """Slack refuses Maya's lesson for good: no figure, no table and no statement has it among those that were sent. She is back,
    and gets the next one."""
    await world.enrol(f"{world.maya.email},{world.ana.email},Autumn,2026-11-24")
    world.sandbox.fail("chat.postMessage", "error:channel_not_found")
    await world.until(datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
    (given_to_her,) = await world.rows(LessonGiven)
    assert [one.state for one in await world.rows(Message) if one.id == given_to_her.message_id] == ["failed"]
    assert await lessons_sent(world) == ([0], [], 0)
    await world.sandbox.command(world.maya.id, "/coach today")
    await world.until(datetime(2026, 11, 26, 9, 0, tzinfo=UTC))
    assert await lessons_sent(world) == ([1], ["2026-11-26"], 1)


async def lessons_sent(world: World) -> tuple[list[int], list[str], int]:
    """By each person how many lessons a report counts, the days in the table, and how many statements tell of one."""
    curriculum = world.house.library.current.curriculum
    async with world.house.database.transaction() as session:
        facts = await facts_of(session, curriculum.program, world.house.workspace_id, "Autumn", Editions())
        table = (await sheets(session, [], "Autumn"))["lessons"]
        told_of = await statements(session, curriculum, "Autumn")
    days = [one["given_on"] for one in csv.DictReader(io.StringIO(table))]
    return (
        [one.lessons for one in facts.people],
        days,
        sum(one["verb"]["display"]["en"] == "experienced" for one in told_of),
    )


async def test_a_week_is_that_of_the_program(world: World) -> None:
    """Maya began on a Tuesday at four; what she answers a week later at nine is of her second week, as her Home tab says."""
    await world.enrol(f"{world.maya.email},{world.ana.email},Autumn,2026-11-24", begun=False)
    await world.until(datetime(2026, 11, 24, 15, 0, tzinfo=UTC))
    await world.begin()
    await world.until(datetime(2026, 12, 1, 8, 10, tzinfo=UTC))
    lesson = world.dms(world.maya)[-1]
    option = next(o for b in lesson.blocks for e in b.get("elements", ()) for o in e.get("options", ()))
    await world.answer(world.maya, lesson, option["text"]["text"])
    program = world.house.library.current.curriculum.program
    async with world.house.database.transaction() as session:
        facts = await facts_of(session, program, world.house.workspace_id, "Autumn", Editions())
    assert [one.week for one in facts.answers] == [2]


def test_an_area_of_dollars_is_no_formula() -> None:
    """L&D calls an area «From $5k to $50k_more»: the plots say so, and none takes it for mathematics, which it is not."""
    titles = {"talent": "From $5k to $50k_more"}
    changed = plots.changes([Change("talent", "self", 5, 2.0, 3.0)], titles)
    warm = plots.heat({"talent": {1: 0.5}}, titles)
    assert changed is not None
    assert warm is not None
    for plot in (changed, warm):
        assert ">From $5k to $50k_more</text>" in plot.svg()


def test_a_page_has_the_day_of_the_program() -> None:
    """It is made half an hour after midnight in Ljubljana, while it is still yesterday in UTC."""
    curriculum = shipped().current.curriculum
    page = render(curriculum, a_cohort(5), [], "Autumn", datetime(2027, 5, 27, 22, 30, tzinfo=UTC))
    assert "as it stood on 2027-05-28" in page


async def test_options_are_those_of_the_revision_that_was_answered(world: World) -> None:
    """Maya has answered; then the question gets one more answer and a new revision, which Tom is served and has not answered yet:
    nobody is said not to pick what nobody was asked."""
    await world.enrol()
    await world.until(datetime(2026, 11, 25, 9, 0, tzinfo=UTC))
    (lesson,) = world.dms(world.maya)
    option = next(o for b in lesson.blocks for e in b.get("elements", ()) for o in e.get("options", ()))
    await world.answer(world.maya, lesson, option["text"]["text"])
    editions = Editions()
    async with world.house.database.transaction() as session:
        to_tom = (await session.exec(select(LessonGiven).order_by(col(LessonGiven.given_at).desc()))).first()
        assert to_tom is not None
        served = await editions.get(session, to_tom.edition_hash)
        check = next(one for one in served.checks if isinstance(one, Choice))
        more = check.model_copy(update={"options": (*check.options, check.options[0].model_copy(update={"id": "new"}))})
        checks = tuple(more if one is check else one for one in served.checks)
        mended = served.model_copy(update={"revision": 2, "checks": checks})
        (to_tom.edition_hash,) = await keep_many(session, [mended], world.clock.now())
    program = world.house.library.current.curriculum.program
    async with world.house.database.transaction() as session:
        facts = await facts_of(session, program, world.house.workspace_id, None, editions)
        options = await options_of(session, facts.answers, editions)
    assert options[served.id, check.id] == tuple(one.id for one in check.options)
