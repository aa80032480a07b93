"""Rosters: every line is checked before any is written, and the same file again changes nothing."""

import asyncio
import re
from datetime import UTC, datetime
from functools import partial

import pytest
from slack_sdk.errors import SlackApiError
from sqlalchemy import update
from sqlmodel import col, select

from bot.cohorts.enrolling import Step
from bot.cohorts.roster import Enrolled, Told
from bot.records import reading
from bot.records.audit import Doer
from bot.records.tables import AgendaItem, Cohort, Enrollment, LessonGiven, Person, Response
from bot.slack import directory
from bot.slack.access import Actor
from bot.slack.installing.pages import MANIFEST
from tests.journeys.test_answers import answer_all
from tests.journeys.test_home import home
from tests.journeys.test_rounds import someone_waits
from tests.world import MORNING, World, texts


async def test_the_same_file_again_changes_nothing(world: World) -> None:
    """Two imports are one: the second finds everyone as they are."""
    first, second = await world.enrol(begun=False), await world.enrol(begun=False)
    assert [one.step for one in (*first.told, *second.told)] == [Step.NEW, Step.NEW, Step.UNCHANGED, Step.UNCHANGED]
    assert len(await world.rows(Enrollment)) == 2
    assert sorted(item.kind for item in await world.rows(AgendaItem)) == [
        "digest",
        "reports",
        "round",
        "welcome",
        "welcome",
    ]


async def test_one_bad_line_and_nobody_is_enrolled(world: World) -> None:
    """All mistakes are told with their lines; the good lines wait with the bad ones."""
    gone = world.sandbox.add_person(name="Gone Person", email="gone@example.com", deleted=True, id="U0GONE")
    result = await world.enrol(
        f"{world.maya.email},{world.ana.email},Autumn,2026-11-24",
        f"nobody@example.com,{world.ana.email},Autumn,2026-11-24",
        f"{world.tom.email},{world.tom.email},Autumn,2026-11-24",
        f"{world.zoe.email},{world.ana.email},Autumn,24.11.2026",
        f",{world.ana.email},,2026-11-24",
        f"{gone.id},{world.ana.email},Autumn,2026-11-24",
        f"{world.maya.email},{world.ana.email},Autumn,2026-11-24",
        f"{world.tom.email},{world.tom.id},Autumn,2026-11-24",
    )
    told = {(problem.line, problem.what) for problem in result.problems}
    assert told == {
        (3, "Slack knows nobody called nobody@example.com"),
        (4, "manager and mentor are the same person"),
        (5, "starts_on is «24.11.2026»"),
        (6, "no manager"),
        (6, "no cohort"),
        (7, "U0GONE is deactivated in Slack"),
        (8, "maya@example.com stands in line 2 already"),
        (9, "manager and mentor are the same person"),
        (9, "tom@example.com stands in line 4 already"),
    }
    assert await world.rows(Enrollment) == []
    assert await world.rows(Person) == []


@pytest.mark.parametrize("day", ["0001-01-01", "2206-11-24", "9999-12-31"])
async def test_a_slip_in_a_year(world: World, day: str) -> None:
    """Nobody begins in another century: the line is named, and the cohort's peer groups don't wait for that day."""
    told = await world.enrol(f"{world.maya.email},{world.ana.email},Autumn,{day}", begun=False)
    assert [(one.line, one.what) for one in told.problems] == [(2, f"starts_on is «{day}»")]
    assert await world.rows(Enrollment) == []


async def test_one_person_comes_and_goes_in_one_file(world: World) -> None:
    """Tom stays by his address and leaves by his Slack id: which of the two is meant nobody knows, so neither is done."""
    await world.enrol(begun=False)
    told = await read(world, f"{world.tom.email},,2026-11-24,Spring,,,,", f"{world.tom.id},,,,,,,left")
    assert [(one.line, one.what) for one in told.problems] == [(3, "U0TOM stands in line 2 already")]
    assert {one.left_at for one in await world.rows(Enrollment)} == {None}


async def test_the_readmes_own_roster(world: World) -> None:
    """What an operator copies from there is enrolled as it stands, the line that takes someone out does; its head is proposed."""
    readme = (MANIFEST.parent / "README.md").read_text()
    sample = next(block.lstrip() for block in readme.split("```") if block.startswith("\nemail,"))
    world.sandbox.add_person(id="U012AB3CD", name="Sara Novak", email="sara@example.com")
    world.sandbox.add_person(name="Marko Zupan", email="marko@example.com", id="U0MARKO")
    imported = partial(world.house.rooms.cohorts.rosters.import_roster, by=Doer("T0ACME"), now=MORNING, dry_run=False)
    enrolled = await imported(sample)
    assert enrolled.problems == ()
    assert [one.mend for one in (await imported("a,b")).problems] == [f"begin with the line {sample.splitlines()[0]}"]
    assert [one.step for one in enrolled.told] == [Step.NEW, Step.NEW]
    (leaving,) = re.findall(r"`(\S+,left)`", readme)
    assert (await world.enrol(begun=False)).names(Step.NEW) == ("Tom Baker",)
    assert (await imported(f"{sample.splitlines()[0]}\n{leaving}")).names(Step.LEFT) == ("Tom Baker",)


async def test_a_dry_run_writes_nothing(world: World) -> None:
    """It says what would happen, and that is all."""
    result = await world.enrol(dry_run=True)
    assert result.names(Step.NEW) == ("Maya Horvat", "Tom Baker")
    assert await world.rows(Enrollment) == []
    assert await world.rows(Cohort) == []


async def test_a_new_mentor(world: World) -> None:
    """The same manager with another mentor is a change; the new mentor gets Mondays, too."""
    await world.enrol()
    result = await world.enrol(f"{world.maya.email},{world.lena.email},Autumn,2026-11-24")
    assert result.told == (Told("Maya Horvat", Step.MOVED, ("mentor: Ana Kovač → Lena Fischer",)),)
    mentors = {one.person_id for one in await world.rows(AgendaItem) if one.kind == "digest"}
    assert len(mentors) == 2


async def test_people_by_id_and_semicolons(world: World) -> None:
    """Slack ids, semicolons, a byte-order mark and empty lines, as spreadsheets write them."""
    text = f"\ufeffmanager;mentor;cohort;starts_on\r\n{world.maya.id};;Autumn;2026-11-24\r\n;;;\r\n"
    result = await world.house.rooms.cohorts.rosters.import_roster(
        text, by=Doer(world.house.workspace_id), now=world.clock.now(), dry_run=False
    )
    assert result.names(Step.NEW) == ("Maya Horvat",)


async def test_what_is_no_roster(world: World) -> None:
    """An empty file, missing columns and broken quotes: a sentence with what to do, and columns by the names that it has."""
    for text, said in (
        ("", "empty"),
        ("name,mail\na,b\n", "no column email, cohort, role_start_date"),
        ("manager,mentor,cohort\na,b,c\n", "no column starts_on"),
        ("Email,role_start_date,cohort\n,30.11.2026,A\n", "no email, role_start_date is «30.11.2026»"),
        ('manager,mentor,cohort,starts_on\n"a,b\n', "CSV"),
    ):
        result = await world.house.rooms.cohorts.rosters.import_roster(
            text, by=Doer(world.house.workspace_id), now=world.clock.now(), dry_run=False
        )
        assert said in ", ".join(one.what for one in result.problems)


LONG = "email,name,role_start_date,cohort,mentor_email,buddy_mentor_email,timezone,status"


async def read(world: World, *lines: str, head: str = LONG, dry_run: bool = False) -> Enrolled:
    """Read a roster in the long form."""
    told = await world.house.rooms.cohorts.rosters.import_roster(
        "\n".join([head, *lines]), by=Doer(world.house.workspace_id), now=world.clock.now(), dry_run=dry_run
    )
    await world.settle()
    return told


async def test_the_long_form(world: World) -> None:
    """Name, buddy, time zone and status, too; a name that differs is a remark, and an empty status is an active one."""
    told = await read(
        world,
        "Maya@Example.com,M. Horvat,2026-11-24,Autumn,ana@example.com,lena@example.com,Asia/Tokyo,active",
        "tom@example.com,Tom Baker,2026-11-24,Autumn,ana@example.com,,,",
    )
    assert told.names(Step.NEW) == ("Maya Horvat", "Tom Baker")
    assert [(one.line, one.what) for one in told.remarks] == [(2, "«M. Horvat» is Maya Horvat in Slack")]
    zones = {one.name: one.roster_timezone for one in await world.rows(Person)}
    assert (zones["Maya Horvat"], zones["Tom Baker"]) == ("Asia/Tokyo", None)
    welcome = next(item for item in await world.rows(AgendaItem) if item.key == "welcome:1")
    assert MORNING <= welcome.due_at <= world.clock.now()  # nine in Tokyo is over already
    await world.house.sync_directory()
    assert {one.roster_timezone for one in await world.rows(Person)} == {"Asia/Tokyo", None}


async def test_who_came_to_the_end_is_told_apart(world: World) -> None:
    """Maya's program is over, and a roster names her for the next cohort: L&D hears that no lesson comes; Tom is no remark."""
    lines = ("maya@example.com,,2026-11-24,Autumn,,,,", "tom@example.com,,2026-11-24,Autumn,,,,")
    await read(world, *lines)
    async with world.house.database.transaction() as session:
        hers = select(Person.id).where(Person.slack_id == world.maya.id)
        over = update(Enrollment).where(col(Enrollment.person_id).in_(hers)).values(ended_at=world.clock.now())
        await session.execute(over)
    assert (await read(world, *lines)).remarks == ()
    told = await read(world, *(line.replace("Autumn", "Spring") for line in lines))
    assert [(one.line, one.what) for one in told.remarks] == [(2, "Maya Horvat has come to the end of the program")]


async def test_what_a_second_roster_changes_is_said(world: World) -> None:
    """Who moved, from where to where; who is not in the file stays; a dry run says the same and does nothing."""
    await read(
        world, "maya@example.com,,2026-11-24,Autumn,ana@example.com,,,", "tom@example.com,,2026-11-24,Autumn,,,,"
    )
    lines = ("maya@example.com,,2026-12-01,Winter,lena@example.com,zoe@example.com,Asia/Tokyo,",)
    rehearsed, done = await read(world, *lines, dry_run=True), await read(world, *lines)
    assert rehearsed == done
    assert done.told[0].changes == (
        "cohort: Autumn → Winter",
        "start: 2026-11-24 → 2026-12-01",
        "mentor: Ana Kovač → Lena Fischer",
        "buddy: none → Zoe Adams",
        "time zone: Slack's → Asia/Tokyo",
    )
    assert [one.step for one in (await read(world, *lines)).told] == [Step.UNCHANGED]
    assert len(await world.rows(Enrollment)) == 2


async def test_who_left_hears_nothing_until_back(world: World) -> None:
    """«left» needs no more than the address, also of a closed account; nothing comes, and «active» brings them back."""
    await world.enrol()
    world.sandbox.state.people[world.maya.id].deleted = True
    told = await read(world, "maya@example.com,,,,,,,left", "zoe@example.com,,,,,,,left")
    assert [one.what for one in told.problems] == ["zoe@example.com takes no part"]
    assert (await read(world, "maya@example.com,,,,,,,left")).names(Step.LEFT) == ("Maya Horvat",)
    assert (await read(world, "maya@example.com,,,,,,,left")).names(Step.UNCHANGED) == ("Maya Horvat",)
    world.sandbox.state.people[world.maya.id].deleted = False
    await world.pass_time(days=8)
    assert world.dms(world.maya) == []
    assert world.dms(world.tom)
    assert "Maya" not in "".join(texts(message) for message in world.dms(world.ana))
    await world.house.rooms.preferences.resume(Actor(world.house.workspace_id, world.maya.id), world.clock.now())
    await world.pass_time(days=2)
    assert world.dms(world.maya) == [], "leaving is for staff to undo"
    back = await read(world, "maya@example.com,,2026-11-24,Autumn,ana@example.com,,,active")
    assert back.names(Step.BACK) == ("Maya Horvat",)
    await world.pass_time(days=7)
    assert world.dms(world.maya)


@pytest.mark.long
async def test_who_is_back_in_a_later_cohort_goes_on(world: World) -> None:
    """Maya is taken out in her second week, and enrolled again for next August: she gets her next lesson on its first lesson day,
    is not told that her program is over, and reads on Home which week of it this is."""
    await world.enrol(f"{world.maya.email},{world.ana.email},Autumn,2026-11-24")
    await world.until(datetime(2026, 12, 2, 12, 0, tzinfo=UTC))
    await read(world, "maya@example.com,,,,,,,left")
    await world.until(datetime(2027, 8, 2, 5, 0, tzinfo=UTC))
    await world.enrol(f"{world.maya.email},{world.ana.email},Summer,2027-08-02", begun=False)
    await world.until(datetime(2027, 8, 3, 12, 0, tzinfo=UTC))
    assert len(await world.rows(LessonGiven)) == 4, "three from before"
    assert "that was the last week" not in "".join(texts(one) for one in world.dms(world.maya))
    assert "Week 3 of 26" in await home(world, world.maya.id)


async def test_after_a_time_without_a_mentor_nothing_passes_on(world: World) -> None:
    """What Maya showed Ana stays theirs: the mentor whom a roster names weeks later sees it only if she says so."""
    await world.enrol()
    async with world.house.database.transaction() as session:
        for one in await session.exec(select(Enrollment)):
            one.areas_shared_at = world.clock.now()
            session.add(one)
    await world.enrol(f"{world.maya.email},,Autumn,2026-11-24", begun=False)
    await world.enrol(f"{world.maya.email},{world.lena.email},Autumn,2026-11-24", begun=False)
    shared = {one.person_id: one.areas_shared_at for one in await world.rows(Enrollment)}
    maya = next(one for one in await world.rows(Person) if one.slack_id == world.maya.id)
    assert shared[maya.id] is None
    assert "new_mentor" in {item.kind for item in await world.rows(AgendaItem) if item.person_id == maya.id}


async def test_what_is_shown_while_a_roster_is_read_does_not_pass_on(world: World) -> None:
    """Maya shows Ana an answer and where she stands while a roster gives her Lena: it waits for her, and Lena sees neither;
    both are in the button that shows Lena the same.
    """
    await world.enrol()
    await world.until(datetime(2026, 11, 24, 18, 0, tzinfo=UTC))
    await answer_all(world, world.dms(world.maya)[0])
    people = {one.slack_id: one for one in await world.rows(Person)}
    maya, ana, now = people[world.maya.id].id or 0, people[world.ana.id].id, world.clock.now()
    line = f"{world.maya.email},{world.lena.email},Autumn,2026-11-24"
    async with world.house.database.transaction() as session:
        assert await reading.has_mentor(session, maya, ana)
        mine = update(Enrollment).where(col(Enrollment.person_id) == maya)
        await session.execute(mine.values(areas_shared_at=now))
        await session.execute(update(Response).where(col(Response.person_id) == maya).values(shared_at=now))
        enrolling = asyncio.create_task(world.enrol(line, begun=False))
        assert await someone_waits(world), "the roster did not wait for what is shared"
    await enrolling
    answers = await world.rows(Response)
    assert [one.shared_at for one in answers if one.shared_at is not None] == []
    assert [one.areas_shared_at for one in await world.rows(Enrollment) if one.person_id == maya] == [None]
    (told,) = [one for one in await world.rows(AgendaItem) if one.kind == "new_mentor" and one.done_at is None]
    assert told.about["shared"] == {"answers": [one.id for one in answers], "trends": ["areas_shared_at"]}


async def test_five_thousand_rows_with_forty_mistakes(world: World) -> None:
    """All forty are named in one run, whatever their kind, and nobody is enrolled; Slack is asked for pages, not for people."""
    for number in range(5000):
        world.sandbox.add_person(name=f"Manager {number}", email=f"m{number}@example.com", id=f"U{number:06}")
    lines = [f"m{number}@example.com,,2026-11-24,Autumn,ana@example.com,,," for number in range(5000)]
    for number in range(0, 4000, 400):
        lines[number] = f"nobody{number}@example.com,,2026-11-24,Autumn,ana@example.com,,,"
        lines[number + 1] = f"m{number + 1}@example.com,,24.11.2026,Autumn,m{number + 1}@example.com,,,"
        lines[number + 2] = f"m{number + 2}@example.com,,2026-11-24,,ana@example.com,,,"
    told = await read(world, *lines)
    lines_with_slips = [first + more for first in range(2, 4002, 400) for more in (0, 1, 1, 2)]
    assert [one.line for one in told.problems] == lines_with_slips
    assert (world.sandbox.calls["users.list"], world.sandbox.calls["users.lookupByEmail"]) == (6, 0)
    assert await world.rows(Enrollment) == []


async def test_a_company_whose_list_is_longer_than_slack_gives_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack asks for silence time and again between its pages: it is kept, and the list goes on where it was. One without end is
    said to whoever waits for it."""
    monkeypatch.setattr(directory, "PEOPLE_A_PAGE", 4)
    people = [world.sandbox.add_person(name=f"Manager {one}", email=f"m{one}@example.com") for one in range(30)]
    lines = [f"{one.email},{world.ana.email},Autumn,2026-11-24" for one in people]
    world.sandbox.fail("users.list", "429", every=2, retry_after=0)
    assert len((await world.enrol(*lines, begun=False)).told) == len(people)
    world.sandbox.fail("users.list", "429", every=1, retry_after=0)
    with pytest.raises(SlackApiError, match="ratelimited"):
        await world.enrol(*lines, begun=False)


@pytest.mark.long
async def test_who_is_moved_to_a_later_cohort_goes_on_there(world: World) -> None:
    """Maya is in her second week, and moved to a cohort that starts in twenty weeks: her third week is its first, and not its
    twentieth; moved to one that starts at once, she goes on the day after."""
    await world.enrol(f"{world.maya.email},{world.ana.email},Autumn,2026-11-24")
    await world.until(datetime(2026, 12, 7, 12, 0, tzinfo=UTC))
    await world.enrol(f"{world.maya.email},{world.ana.email},Spring,2027-04-20", begun=False)
    await world.until(datetime(2027, 4, 20, 12, 0, tzinfo=UTC))
    assert "Week 3 of 26" in await home(world, world.maya.id)
    assert len(await world.rows(LessonGiven)) == 5, "four from before"
    await world.enrol(f"{world.maya.email},{world.ana.email},Autumn,2027-12-07", begun=False)
    await world.enrol(f"{world.maya.email},{world.ana.email},Spring,2027-04-20", begun=False)
    await world.until(datetime(2027, 4, 27, 12, 0, tzinfo=UTC))
    assert "Week 4 of 26" in await home(world, world.maya.id)
