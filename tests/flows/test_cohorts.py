"""Staff lead cohorts: start, pause, extend, close, follow a user group, give roles; each by a command, and each on record."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import select
from typer.testing import CliRunner

from bot.cli import app
from bot.cohorts import staff_message as look
from bot.cohorts.leading import NotDone, Started
from bot.cohorts.staff import Picked, Refused
from bot.records.audit import Doer
from bot.records.tables import AgendaItem, Cohort, Enrollment, Erased, Message, Person, StaffAct
from bot.sandbox.web_api import ALL_SCOPES
from bot.slack.access import Actor
from tests.journeys.test_privacy import nowhere
from tests.world import CONTENT, World, action_ids, everything_in, open_world


def by(world: World) -> Doer:
    """Whoever runs commands."""
    return Doer(world.house.workspace_id)


async def command(world: World, database_url: str, *words: str) -> tuple[int, str]:
    """What a command exits with, and says; in a thread, since the stand-in answers meanwhile."""
    settings = {
        "SLACK_BOT_TOKEN": world.sandbox.bot_token, "SLACK_APP_TOKEN": world.sandbox.app_token,
        "SLACK_API_URL": world.sandbox.api_url, "DATABASE_URL": database_url, "CONTENT_DIR": str(CONTENT),
        "CLOCK_START": world.clock.now().isoformat(), "LOG_LEVEL": "ERROR",
    }  # fmt: skip
    told = await asyncio.to_thread(CliRunner().invoke, app, list(words), env=settings)
    return told.exit_code, told.output


async def acts(world: World) -> list[str]:
    """What is on record of what staff did."""
    return [one.act for one in sorted(await world.rows(StaffAct), key=lambda one: one.id)]


async def test_a_name_with_a_caron_goes_into_a_spreadsheet_and_back(
    world: World, database_url: str, tmp_path: Path
) -> None:
    """«Želja» comes in with a roster that Excel saved, and stands in the exported table so that Excel reads it."""
    roster = tmp_path / "roster.csv"
    roster.write_text("manager,cohort,starts_on\nmaya@example.com,Želja,2026-11-24\n", "utf-8-sig")
    for words in (["roster", "import", str(roster)], ["export", "csv", str(tmp_path)]):
        code, told = await command(world, database_url, *words)
        assert code == 0, told
    tables = tables_in(tmp_path, roster)
    assert tables.keys() == {"people", "lessons", "actions", "groups", "questions", "columns"}
    assert all(table.startswith(b"\xef\xbb\xbf") for table in tables.values()), "Excel takes each for Windows' own"
    assert "U0MAYA,Želja," in tables["people"].decode("utf-8-sig")


def tables_in(folder: Path, but: Path) -> dict[str, bytes]:
    """The tables of a folder by their names, but for one file."""
    return {one.stem: one.read_bytes() for one in folder.glob("*.csv") if one != but}


async def test_a_cohort_starts_on_another_day(world: World) -> None:
    """Who has not begun is welcomed on that day, and not before; who has begun goes on."""
    await world.enrol(begun=False)
    await world.house.rooms.welcomes.begin(_actor(world, world.tom.id), world.clock.now())
    leading = world.house.rooms.cohorts.leading
    in_a_week = world.clock.now().date() + timedelta(days=7)
    assert await leading.start(by(world), "Autumn", in_a_week, world.clock.now()) == Started(is_new=False, people=1)
    await world.pass_time(days=6)
    assert world.dms(world.maya) == []
    assert world.dms(world.tom)
    await world.pass_time(days=2)
    assert "welcome_begin" in action_ids(world.dms(world.maya)[0])


async def test_a_cohort_starts_earlier(world: World) -> None:
    """Enrolled for March, then started in November: its first peer groups come a week after that, and the second ones
    a fortnight later, whoever joins."""
    await world.enrol(starts_on="2027-03-02", begun=False)
    await world.house.rooms.cohorts.leading.start(by(world), "Autumn", world.clock.now().date(), world.clock.now())
    await world.begin()
    (item,) = [one for one in await world.rows(AgendaItem) if one.kind == "round"]
    assert item.due_at.date() == date(2026, 12, 1)
    await world.until(item.due_at + timedelta(hours=1))
    await world.enrol(f"{world.zoe.email},{world.ana.email},Autumn,2026-11-24")
    (item,) = [one for one in await world.rows(AgendaItem) if one.kind == "round"]
    assert item.due_at.date() == date(2026, 12, 15)


@pytest.mark.long
async def test_a_slip_in_a_cohorts_name(world: World, database_url: str) -> None:
    """Who starts a cohort that nobody knew reads that nobody is in it; the second time it is a cohort like any other."""
    await world.enrol(begun=False)
    told = [await command(world, database_url, "cohort", "start", "Autum", "--on", "2026-12-01") for _ in range(2)]
    assert told == [
        (0, "«Autum» is a new cohort with nobody in it yet; it starts on 2026-12-01.\n"),
        (0, "«Autum» starts on 2026-12-01: 0 who have not begun are welcomed then.\n"),
    ]


@pytest.mark.long
async def test_a_pause_and_no_burst_after_it(world: World) -> None:
    """Nobody of the cohort hears anything; who paused by themselves longer still does; then it is one message a day."""
    await world.enrol()
    leading, now = world.house.rooms.cohorts.leading, world.clock.now()
    await world.house.rooms.preferences.pause(_actor(world, world.tom.id), None, now)
    await world.pass_time(minutes=1)
    assert await leading.pause(by(world), "Autumn", None, world.clock.now()) == 1
    await world.enrol(f"{world.zoe.email},{world.ana.email},Autumn,2026-11-24")  # joins meanwhile
    await world.pass_time(days=15)
    assert not any(world.dms(one) for one in (world.maya, world.tom, world.zoe))
    assert await leading.resume(by(world), "Autumn", world.clock.now()) == 2
    await world.pass_time(days=11)
    maya = next(one for one in await world.rows(Person) if one.slack_id == world.maya.id)
    days = [one.created_at.date() for one in await world.rows(Message) if one.person_id == maya.id]
    assert len(set(days)) == len(days) > 2
    assert world.dms(world.tom) == []
    with pytest.raises(NotDone, match="no day to come back on"):
        await leading.pause(by(world), "Autumn", now.date(), world.clock.now())


async def test_a_pause_in_the_place_of_another(world: World) -> None:
    """Staff pause a cohort that rests already, now with a day: everyone rests until that one, and goes on once staff say so."""
    await world.enrol()
    leading, day = world.house.rooms.cohorts.leading, world.clock.now().date() + timedelta(days=20)
    assert await leading.pause(by(world), "Autumn", None, world.clock.now()) == 2
    await world.pass_time(days=1)
    assert await leading.pause(by(world), "Autumn", day, world.clock.now()) == 2
    assert await resting(world) == {"Maya Horvat": day, "Tom Baker": day}
    assert await leading.resume(by(world), "Autumn", world.clock.now()) == 2
    assert await resting(world) == {}


@pytest.mark.parametrize("first", ["their own", "the cohort's"])
async def test_a_shorter_pause_of_ones_own(world: World, first: str) -> None:
    """Maya pauses for a week, and Autumn for three: she rests as long as the others, and reads so; if staff go on earlier, the
    rest of her week is left to her."""
    await world.enrol(f"{world.maya.email},{world.ana.email},Autumn,2026-11-24")
    leading, preferences = world.house.rooms.cohorts.leading, world.house.rooms.preferences
    today, maya = world.clock.now().date(), _actor(world, world.maya.id)
    a_week, three = today + timedelta(days=7), today + timedelta(days=21)
    if first == "their own":
        await preferences.pause(maya, a_week, world.clock.now())
    await world.pass_time(minutes=1)
    assert await leading.pause(by(world), "Autumn", three, world.clock.now()) == 1
    await world.pass_time(minutes=1)
    if first != "their own":
        assert await preferences.pause(maya, a_week, world.clock.now()) == three
    assert await resting(world) == {"Maya Horvat": three}
    assert await leading.resume(by(world), "Autumn", world.clock.now()) == 0
    assert await resting(world) == {"Maya Horvat": a_week}


async def test_a_pause_stays_with_its_cohort(world: World) -> None:
    """Autumn rests. Maya moves to Spring and goes on, Zoe comes from there and rests, Tom leaves and rests no more when he is
    back; a pause of Zoe's own moves along."""
    await world.enrol()
    await world.enrol(f"{world.zoe.email},{world.ana.email},Spring,2026-11-24")
    leading, day = world.house.rooms.cohorts.leading, world.clock.now().date() + timedelta(days=20)
    await leading.pause(by(world), "Autumn", day, world.clock.now())
    await world.pass_time(hours=1)
    left = f"manager,mentor,cohort,starts_on,status\n{world.tom.email},,Autumn,2026-11-24,left"
    await world.house.rooms.cohorts.rosters.import_roster(left, by=by(world), now=world.clock.now(), dry_run=False)
    await world.enrol(f"{world.maya.email},{world.ana.email},Spring,2026-11-24", begun=False)
    await world.enrol(f"{world.zoe.email},{world.ana.email},Autumn,2026-11-24", begun=False)
    assert await resting(world) == {"Zoe Adams": day}
    assert await leading.resume(by(world), "Autumn", world.clock.now()) == 1
    await world.enrol(f"{world.tom.email},{world.ana.email},Autumn,2026-11-24", begun=False)
    assert await resting(world) == {}
    await world.house.rooms.preferences.pause(_actor(world, world.zoe.id), None, world.clock.now())
    await world.enrol(f"{world.zoe.email},{world.ana.email},Spring,2026-11-24", begun=False)
    assert await resting(world) == {"Zoe Adams": None}


@pytest.mark.long
async def test_more_weeks_then_the_end(world: World) -> None:
    """Two weeks more: the last word comes two weeks later, and App Home counts them."""
    await world.enrol(f"{world.maya.email},{world.ana.email},Autumn,2026-11-24")
    leading = world.house.rooms.cohorts.leading
    assert await leading.extend(by(world), "Autumn", 2, world.clock.now()) == 1
    with pytest.raises(NotDone, match="1 to 52"):
        await leading.extend(by(world), "Autumn", 60, world.clock.now())
    ending = next(item for item in await world.rows(AgendaItem) if item.kind == "ending")
    await world.until(ending.due_at + timedelta(days=1))
    assert [one.ended_at for one in await world.rows(Enrollment)] == [None]
    await world.pass_time(days=15)
    assert (await world.rows(Enrollment))[0].ended_at is not None


async def test_closing_is_quiet_and_for_good(world: World) -> None:
    """Nothing more is said to anyone, their Home says so, what they wrote stays; nobody joins, and nothing opens it again."""
    await world.enrol()
    leading, now = world.house.rooms.cohorts.leading, world.clock.now()
    assert (await leading.close(by(world), "Autumn", now), await leading.close(by(world), "Autumn", now)) == (2, 0)
    await world.pass_time(days=10)
    assert not any(world.dms(one) for one in (world.maya, world.tom))
    await world.sandbox.open_home(world.maya.id)
    await world.settle()
    home = everything_in(world.sandbox.state.homes[world.maya.id]["blocks"])
    assert "You are not in the program any more" in home
    told = await world.enrol(f"{world.zoe.email},,Autumn,2026-11-24", begun=False)
    assert [one.what for one in told.problems] == ["the cohort «Autumn» is closed"]
    with pytest.raises(NotDone, match="is closed"):
        await leading.start(by(world), "Autumn", now.date(), now)
    assert await acts(world) == [
        "manager.enrolled", "manager.enrolled", "roster.imported", "cohort.left", "cohort.left", "cohort.close",
    ]  # fmt: skip


async def test_a_closed_cohort_has_no_way_back(world: World) -> None:
    """Maya had stopped before it was closed, and Tom had not: neither her «resume» nor Lena's modal opens it for them again."""
    await world.enrol()
    await world.house.sync_directory()
    rooms, maya = world.house.rooms, _actor(world, world.maya.id)
    async with world.house.database.transaction() as session:
        (person,) = await session.exec(select(Person).where(Person.slack_id == world.maya.id))
        (own,) = await session.exec(select(Enrollment).where(Enrollment.person_id == person.id))
        own.stopped_at = world.clock.now()
        session.add(own)
    await world.pass_time(hours=1)
    assert await rooms.cohorts.leading.close(by(world), "Autumn", world.clock.now()) == 1
    await rooms.preferences.resume(maya, world.clock.now())
    picked = Picked(whom=[world.tom.id], what=look.STAYS)
    with pytest.raises(Refused, match="is_closed"):
        await rooms.cohorts.staff.change(_actor(world, world.lena.id), picked, world.clock.now())
    assert await states(world) == {"Maya Horvat": ("Autumn", True), "Tom Baker": ("Autumn", True)}
    assert all(one.stopped_at for one in await world.rows(Enrollment))


async def test_a_cohort_is_closed_while_slack_is_asked(world: World) -> None:
    """Slack takes its time to say who is in the group, and staff close the cohort meanwhile: nobody is brought back into it."""
    world.sandbox.add_group(name="New managers", handle="new-managers", users=[world.maya.id, world.tom.id])
    cohorts = world.house.rooms.cohorts
    await cohorts.following.follow(by(world), "Autumn", "@new-managers", world.clock.now())

    async def slow(workspace_id: str) -> AsyncWebClient:
        await cohorts.leading.close(by(world), "Autumn", world.clock.now())
        return await cohorts.following.client_of(workspace_id)

    await replace(cohorts.following, client_of=slow).sync(world.house.workspace_id, world.clock.now())
    assert await states(world) == {"Maya Horvat": ("Autumn", True), "Tom Baker": ("Autumn", True)}


async def test_in_step_with_a_user_group(world: World) -> None:
    """Who joins the group is enrolled, who leaves it leaves, who comes back is back; who is elsewhere stays there."""
    await world.enrol(f"{world.tom.email},{world.ana.email},Spring,2026-11-24")
    group = world.sandbox.add_group(name="New managers", handle="new-managers", users=[world.maya.id, world.tom.id])
    following, sync = world.house.rooms.cohorts.following, world.house.sync_directory
    name, step = await following.follow(by(world), "Autumn", "@new-managers", world.clock.now())
    assert (name, step.joined, step.left, step.elsewhere) == ("New managers", 1, 0, 1)
    assert await states(world) == {"Maya Horvat": ("Autumn", False), "Tom Baker": ("Spring", False)}
    group["users"] = [world.zoe.id]
    await sync()
    assert await states(world) == {
        "Maya Horvat": ("Autumn", True), "Tom Baker": ("Spring", False), "Zoe Adams": ("Autumn", False),
    }  # fmt: skip
    group["users"] = []
    await sync()
    assert (await states(world))["Zoe Adams"] == ("Autumn", False), "an empty group is a slip"
    group["users"] = [world.maya.id, world.zoe.id]
    await sync()
    assert (await states(world))["Maya Horvat"] == ("Autumn", False)
    with pytest.raises(NotDone, match="there are: @new-managers"):
        await following.follow(by(world), "Autumn", "@nobody", world.clock.now())


async def test_who_came_to_the_end_leaves_no_program_with_the_group(world: World) -> None:
    """Maya has come to the end and Tom has not when both are taken out of «new managers»: he has left, and she has not."""
    group = world.sandbox.add_group(name="New managers", handle="new-managers", users=[world.maya.id, world.tom.id])
    await world.house.rooms.cohorts.following.follow(by(world), "Autumn", "@new-managers", world.clock.now())
    await world.begin()
    async with world.house.database.transaction() as session:
        maya = (await session.exec(select(Person).where(Person.slack_id == world.maya.id))).one()
        way = (await session.exec(select(Enrollment).where(Enrollment.person_id == maya.id))).one()
        way.ended_at = world.clock.now()
        session.add(way)
    group["users"] = [world.zoe.id]
    await world.house.sync_directory()
    assert await states(world) == {
        "Maya Horvat": ("Autumn", False), "Tom Baker": ("Autumn", True), "Zoe Adams": ("Autumn", False),
    }  # fmt: skip


async def test_a_group_brings_nobody_back_who_was_erased(world: World) -> None:
    """Maya erases herself and is still in the group: she stays gone, and nothing on record tells who she was.

    A roster that names her enrols her; then the group keeps her in step like anybody.
    """
    group = world.sandbox.add_group(name="New managers", handle="new-managers", users=[world.maya.id, world.tom.id])
    following, sync = world.house.rooms.cohorts.following, world.house.sync_directory
    await following.follow(by(world), "Autumn", "@new-managers", world.clock.now())
    await world.house.rooms.privacy.erase(_actor(world, world.maya.id))
    await sync()
    await world.pass_time(days=1)
    assert await states(world) == {"Tom Baker": ("Autumn", False)}
    assert [one for one in world.dms(world.maya) if not one.deleted] == []
    assert await nowhere(world, world.maya.id)
    await world.enrol(f"{world.maya.email},{world.ana.email},Autumn,2026-11-24", begun=False)
    assert await world.rows(Erased) == []
    for users, is_gone in (([world.tom.id], True), ([world.tom.id, world.maya.id], False)):
        group["users"] = users
        await sync()
        assert await states(world) == {"Tom Baker": ("Autumn", False), "Maya Horvat": ("Autumn", is_gone)}


async def test_a_group_brings_nobody_back_whom_staff_took_out(world: World) -> None:
    """Tom was taken out by a roster, Maya with a cohort that closed: the group of the next cohort takes in her, and not him."""
    await world.enrol()
    await world.house.rooms.cohorts.rosters.import_roster(
        f"manager,mentor,cohort,starts_on,status\n{world.tom.email},,Autumn,2026-11-24,left",
        by=by(world), now=world.clock.now(), dry_run=False,
    )  # fmt: skip
    await world.pass_time(hours=1)
    await world.house.rooms.cohorts.leading.close(by(world), "Autumn", world.clock.now())
    world.sandbox.add_group(name="New managers", handle="new-managers", users=[world.maya.id, world.tom.id])
    _, step = await world.house.rooms.cohorts.following.follow(by(world), "Spring", "@new-managers", world.clock.now())
    assert (step.joined, step.elsewhere) == (1, 0)
    await world.house.sync_directory()
    assert await states(world) == {"Maya Horvat": ("Spring", False), "Tom Baker": ("Autumn", True)}
    await world.enrol(f"{world.tom.email},{world.ana.email},Spring,2026-11-24", begun=False)
    assert (await states(world))["Tom Baker"] == ("Spring", False)


async def test_without_the_scope_for_user_groups(database_url: str, caplog: pytest.LogCaptureFixture) -> None:
    """The feature is off, which is said once; the rest of the look at the directory is done."""
    async with open_world(database_url, content=CONTENT, granted=ALL_SCOPES - {"usergroups:read"}) as world:
        with pytest.raises(NotDone, match="usergroups:read"):
            await world.house.rooms.cohorts.following.follow(by(world), "Autumn", "@any", world.clock.now())
        await world.enrol()
        async with world.house.database.transaction() as session:
            cohort = (await session.exec(select(Cohort))).one()
            cohort.user_group = "S0LOST"
            session.add(cohort)
        await world.house.sync_directory()
        await world.house.sync_directory()
    assert caplog.text.count("usergroups:read is missing") == 1


@pytest.mark.long
async def test_roles_by_command(world: World) -> None:
    """An analyst gets the figures and may change nothing; who is named in the program stays staff."""
    people, now = world.house.rooms.cohorts.people, world.clock.now()
    await people.give_role(by(world), world.zoe.email, "analyst", now)
    await world.enrol()
    await world.house.sync_directory()
    await world.pass_time(days=9)
    reports = {item.person_id for item in await world.rows(AgendaItem) if item.kind == "report"}
    names = {one.id: one.name for one in await world.rows(Person)}
    assert {names[one] for one in reports} == {"Zoe Adams", "Lena Fischer"}
    await world.sandbox.open_home(world.zoe.id)
    await world.settle()
    assert "For L&amp;D" not in everything_in(world.sandbox.state.homes[world.zoe.id]["blocks"])
    await people.give_role(by(world), world.zoe.id, "staff", now)
    await world.sandbox.open_home(world.zoe.id)
    await world.settle()
    assert "For L&amp;D" in everything_in(world.sandbox.state.homes[world.zoe.id]["blocks"])
    roles = {one.name: one.roles for one in await people.everyone(world.house.workspace_id)}
    assert roles == {
        "Ana Kovač": ("mentor",), "Lena Fischer": ("staff",), "Maya Horvat": ("manager",), "Tom Baker": ("manager",),
        "Zoe Adams": ("staff",),
    }  # fmt: skip
    for who, role, said in (
        (world.lena.email, "none", r"program\.yaml"),
        ("nobody@example.com", "staff", "knows no person"),
        (world.zoe.email, "boss", "no role «boss»"),
    ):
        with pytest.raises(NotDone, match=said):
            await people.give_role(by(world), who, role, now)


@pytest.mark.long
async def test_the_commands_themselves(world: World, database_url: str, tmp_path: Path) -> None:
    """From a file to a closed cohort, as an operator types it; and the record of it."""
    roster = tmp_path / "roster.csv"
    roster.write_text(
        "email;cohort;role_start_date;mentor_email;buddy_mentor_email\n"
        f"{world.maya.email};Autumn;2026-11-24;{world.ana.email};{world.tom.email}\n"
    )
    told = [
        await command(world, database_url, *words)
        for words in (
            ("roster", "import", str(roster), "--dry-run"),
            ("roster", "import", str(roster)),
            ("cohort", "pause", "Autumn", "--until", "2026-12-07"),
            ("cohort", "list"),
            ("cohort", "close", "Autumn", "--yes"),
            ("cohort", "close", "Summer", "--yes"),
            ("people", "role", world.zoe.email, "analyst"),
            ("people", "list"),
            ("audit", "--csv"),
        )
    ]
    assert [code for code, _ in told] == [0, 0, 0, 0, 0, 2, 0, 0, 0], told
    said = [text for _, text in told]
    assert said[0] == "new: Maya Horvat\n1 would be enrolled, 0 stay as they are.\n"
    assert said[1] == "new: Maya Horvat\n1 were enrolled, 0 stay as they are.\n"
    assert said[2] == "1 of «Autumn» hear nothing until 2026-12-07.\n"
    assert said[3] == "Autumn: 1 not begun, 0 under way, 0 ended, 0 stopped, 0 left (paused until 2026-12-07)\n"
    assert said[4] == "«Autumn» is closed; 1 were still on their way.\n"
    assert "there is no cohort «Summer»; there are: Autumn" in said[5]
    assert said[6] == "Zoe Adams: analyst.\n"
    assert "Maya Horvat <maya@example.com>: manager, Autumn, left, mentor: Ana Kovač, buddy: Tom Baker\n" in said[7]
    assert [line.split(",")[2] for line in said[8].splitlines()[1:]] == [
        "manager.enrolled", "roster.imported", "cohort.pause", "cohort.left", "cohort.close", "role.given",
    ]  # fmt: skip


def _actor(world: World, slack_id: str) -> Actor:
    return Actor(world.house.workspace_id, slack_id)


async def states(world: World) -> dict[str, tuple[str, bool]]:
    """By name: the cohort, and whether they left."""
    cohorts = {one.id: one.name for one in await world.rows(Cohort)}
    names = {one.id: one.name for one in await world.rows(Person)}
    return {
        names[one.person_id]: (cohorts[one.cohort_id], one.left_at is not None) for one in await world.rows(Enrollment)
    }


async def resting(world: World) -> dict[str, date | None]:
    """By name: who pauses, and until when."""
    return {one.name: one.paused_until for one in await world.rows(Person) if one.paused_at is not None}
