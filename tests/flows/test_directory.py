"""What Slack says of people: where they are, whether they are there, and until when they are not to be disturbed."""

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import pytest

from bot.agenda import personal
from bot.records.tables import AgendaItem, Person
from bot.sandbox.state import Message
from bot.sandbox.web_api import ALL_SCOPES
from tests.world import CONTENT, World, open_world

FRIDAY = datetime(2026, 11, 27, 16, 0, tzinfo=UTC)


async def on_record(world: World, slack_id: str) -> Person:
    """Someone as we know them."""
    (found,) = [one for one in await world.rows(Person) if one.slack_id == slack_id]
    assert isinstance(found, Person)
    return found


async def lesson_of(world: World, person: Person) -> datetime:
    """When someone's next lesson falls due."""
    (item,) = [one for one in await world.rows(AgendaItem) if one.kind == "lesson" and one.person_id == person.id]
    due: datetime = item.due_at
    return due


def lessons(world: World, said: list[Message]) -> list[str]:
    """When lessons came, to the minute."""
    titles = {lesson.title for lesson in world.house.library.current.curriculum.lessons}
    return [message.at[:16] for message in said if message.text.split("\n")[0] in titles]


async def test_someone_on_holiday_hears_nothing_until_they_are_back(world: World) -> None:
    """Maya sets a palm tree until Friday evening: nothing comes before, and then lessons go on."""
    await world.enrol()
    await world.sandbox.change_person(
        world.maya.id, status_emoji=":palm_tree:", status_expiration=int(FRIDAY.timestamp())
    )
    maya = await on_record(world, world.maya.id)
    assert maya.away_until == FRIDAY
    assert not personal.reachable(maya, FRIDAY - timedelta(seconds=1))
    assert personal.reachable(maya, FRIDAY)
    await world.until(FRIDAY - timedelta(minutes=1))
    assert world.dms(world.maya) == []
    await world.pass_time(days=7)
    assert lessons(world, world.dms(world.maya)) != []


async def test_a_holiday_that_ends_early(world: World) -> None:
    """She takes the palm tree away: lessons come at their next slot, not when it would have ended."""
    await world.enrol()
    ends = int((FRIDAY + timedelta(days=14)).timestamp())
    await world.sandbox.change_person(world.maya.id, status_emoji=":palm_tree:", status_expiration=ends)
    await world.until(datetime(2026, 11, 25, 12, 0, tzinfo=UTC))
    await world.sandbox.change_person(world.maya.id, status_emoji="", status_expiration=0)
    assert (await on_record(world, world.maya.id)).away_until is None
    await world.until(FRIDAY)
    assert lessons(world, world.dms(world.maya)) == ["2026-11-26T08:00"]


@pytest.mark.parametrize(
    ("emoji", "expiration"),
    [
        (":palm_tree:", 0),  # a status without an end: people forget them
        (":calendar:", int(FRIDAY.timestamp())),  # in a meeting
        ("", 0),
    ],
)
async def test_a_status_that_does_not_say_away(world: World, emoji: str, expiration: int) -> None:
    """It keeps nobody's lessons back."""
    await world.enrol()
    await world.sandbox.change_person(world.maya.id, status_emoji=emoji, status_expiration=expiration)
    assert (await on_record(world, world.maya.id)).away_until is None


@pytest.mark.parametrize("by_event", [True, False])
async def test_someone_who_pauses_their_notifications(world: World, by_event: bool) -> None:
    """Until three: the lesson of nine waits till then, also when she is back at noon; a new name changes nothing about it."""
    await world.enrol()
    three = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
    await world.sandbox.change_dnd(world.maya.id, world.clock.now() - timedelta(minutes=1), three)
    await world.sandbox.change_person(world.maya.id, name="Maya Novak")
    maya = await on_record(world, world.maya.id)
    assert (maya.name, maya.away_until) == ("Maya Novak", three)
    await world.until(datetime(2026, 11, 24, 11, 0, tzinfo=UTC))
    assert world.dms(world.maya) == []
    if by_event:
        await world.sandbox.change_dnd(world.maya.id)
    else:
        world.sandbox.dnd.clear()
        await world.house.sync_directory()
    assert (await on_record(world, world.maya.id)).away_until is None
    await world.until(datetime(2026, 11, 24, 20, 0, tzinfo=UTC))
    assert lessons(world, world.dms(world.maya)) == ["2026-11-24T14:00"]


async def test_do_not_disturb_never_shortens_a_holiday(world: World) -> None:
    """On holiday for ten days, Maya's nights go on and off: she stays away."""
    await world.enrol()
    back = world.clock.now().replace(microsecond=0) + timedelta(days=10)
    await world.sandbox.change_person(world.maya.id, status_emoji=":airplane:", status_expiration=int(back.timestamp()))
    for start, end in ((-1, 8), (12, 24)):
        now = world.clock.now()
        await world.sandbox.change_dnd(world.maya.id, now + timedelta(hours=start), now + timedelta(hours=end))
        assert (await on_record(world, world.maya.id)).away_until == back


async def test_the_hourly_look_finds_what_no_event_told(world: World) -> None:
    """Do-not-disturb, a status, a locale and a move: all is asked for, and both ends of an absence are believed."""
    await world.enrol()
    now = world.clock.now().replace(microsecond=0)
    noon, friday = now + timedelta(hours=5), int(FRIDAY.timestamp())
    world.sandbox.dnd[world.maya.id] = (int(now.timestamp()) - 60, int(noon.timestamp()))
    world.sandbox.dnd[world.ana.id] = (int(noon.timestamp()), int(noon.timestamp()) + 3600)  # later today
    world.tom.status_emoji, world.tom.status_expiration = ":face_with_thermometer:", friday
    world.maya.locale, world.maya.tz = "sl-SI", "Europe/London"
    await world.house.sync_directory()
    maya, tom, ana = [await on_record(world, one.id) for one in (world.maya, world.tom, world.ana)]
    assert (maya.away_until, tom.away_until, ana.away_until) == (noon, FRIDAY, None)
    assert (maya.locale, maya.timezone) == ("sl-SI", "Europe/London")
    assert await lesson_of(world, maya) == datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    world.sandbox.dnd.clear()
    world.tom.status_emoji = ""
    await world.house.sync_directory()
    assert [(await on_record(world, one.id)).away_until for one in (world.maya, world.tom)] == [None, None]
    assert "zoe@example.com" not in {one.email for one in await world.rows(Person)}, "nothing is kept of others"


async def test_a_look_up_by_address_forgets_no_locale(world: World) -> None:
    """Slack tells no locale by address: importing the roster again keeps what is known."""
    await world.enrol()
    assert (await on_record(world, world.maya.id)).locale is None
    await world.sandbox.change_person(world.maya.id, locale="sl-SI")
    await world.enrol()
    assert (await on_record(world, world.maya.id)).locale == "sl-SI"
    await world.enrol(f"{world.zoe.id},{world.ana.id},Autumn,2026-11-24")
    assert (await on_record(world, world.zoe.id)).locale == "en-US", "by id it does"


async def test_without_the_scope_nobody_is_asked_about_do_not_disturb(
    database_url: str, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """It is said once in the log, asked once, and names and time zones are looked at as before."""
    caplog.set_level(logging.INFO, logger="bot")
    granted = ALL_SCOPES - {"dnd:read"}
    async with open_world(database_url, content=CONTENT, granted=granted, store=tmp_path / "slack.sqlite") as world:
        await world.enrol()
        world.sandbox.dnd[world.maya.id] = (0, int(FRIDAY.timestamp()))
        world.tom.tz = "America/Chicago"
        for _ in range(3):
            await world.house.sync_directory()
        assert world.sandbox.calls["dnd.teamInfo"] == 1
        assert [one.__dict__["action"] for one in caplog.records if "dnd:read" in one.getMessage()] == ["dnd.off"]
        assert (await on_record(world, world.maya.id)).away_until is None
        assert (await on_record(world, world.tom.id)).timezone == "America/Chicago"


async def test_a_scope_that_is_granted_later_counts_without_a_restart(
    database_url: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The app is installed again with more scopes: after half an hour Slack is asked again, and at each look from then on."""
    caplog.set_level(logging.INFO, logger="bot")
    begun = monotonic()
    async with open_world(database_url, content=CONTENT, granted=ALL_SCOPES - {"dnd:read"}) as world:
        await world.enrol()
        world.sandbox.dnd[world.maya.id] = (0, int(FRIDAY.timestamp()))
        await world.house.sync_directory()
        monkeypatch.setattr("bot.slack.scopes.monotonic", lambda: begun + 3600)
        await world.house.sync_directory()
        world.sandbox.granted = ALL_SCOPES
        await world.house.sync_directory()
        assert world.sandbox.calls["dnd.teamInfo"] == 2, "it was refused just now"
        monkeypatch.setattr("bot.slack.scopes.monotonic", lambda: begun + 7200)
        for _ in range(2):
            await world.house.sync_directory()
        assert world.sandbox.calls["dnd.teamInfo"] == 4
        assert (await on_record(world, world.maya.id)).away_until == FRIDAY
    assert [one.__dict__["action"] for one in caplog.records if "dnd:read" in one.getMessage()] == ["dnd.off"]


@pytest.mark.parametrize("kind", ["429", "500", "garbage", "reset_before", "error:fatal_error"])
async def test_slack_does_not_say_who_is_disturbed(world: World, kind: str) -> None:
    """Whatever goes wrong with that question, names and zones are looked at, and the next time it is asked again."""
    await world.enrol()
    world.tom.tz = "America/Chicago"
    world.sandbox.dnd[world.maya.id] = (0, int(FRIDAY.timestamp()))
    world.sandbox.fail("dnd.teamInfo", kind, every=1)
    await world.house.sync_directory()
    assert (await on_record(world, world.tom.id)).timezone == "America/Chicago"
    assert (await on_record(world, world.maya.id)).away_until is None
    world.sandbox.faults.coming.clear()
    await world.house.sync_directory()
    assert (await on_record(world, world.maya.id)).away_until == FRIDAY


@pytest.mark.long
async def test_more_people_than_fit_into_one_question(world: World) -> None:
    """Slack tells of fifty at most in one call."""
    people = [
        world.sandbox.add_person(id=f"U0M{number:02d}", name=f"M{number} X", email=f"m{number}@example.com")
        for number in range(60)
    ]
    await world.enrol(*(f"{one.id},{world.ana.id},Autumn,2026-11-24" for one in people))
    world.sandbox.dnd[people[-1].id] = (0, int(FRIDAY.timestamp()))
    await world.house.sync_directory()
    assert world.sandbox.calls["dnd.teamInfo"] == 2
    assert (await on_record(world, people[-1].id)).away_until == FRIDAY


async def test_a_time_zone_that_does_not_exist(world: World) -> None:
    """Slack says Maya is on Mars: her lessons come by the program's clock, and nothing breaks."""
    await world.enrol()
    await world.sandbox.change_person(world.maya.id, tz="Mars/Olympus")
    maya, program = await on_record(world, world.maya.id), world.house.library.current.curriculum.program
    assert maya.timezone == "Mars/Olympus"
    assert personal.zone_of(program, maya) == program.timezone
    await world.until(datetime(2026, 11, 24, 20, 0, tzinfo=UTC))
    assert lessons(world, world.dms(world.maya)) == ["2026-11-24T08:00"]


async def test_someone_leaves_and_comes_back(world: World) -> None:
    """While Maya's account is off she gets nothing; once it is back, lessons come at their next slot."""
    await world.enrol()
    await world.sandbox.change_person(world.maya.id, deleted=True)
    maya = await on_record(world, world.maya.id)
    assert maya.deactivated_at is not None
    assert not personal.reachable(maya, world.clock.now())
    await world.until(datetime(2026, 11, 25, 12, 0, tzinfo=UTC))
    assert world.dms(world.maya) == []
    await world.sandbox.change_person(world.maya.id, deleted=False)
    assert personal.reachable(await on_record(world, world.maya.id), world.clock.now())
    await world.until(FRIDAY)
    assert lessons(world, world.dms(world.maya)) == ["2026-11-26T08:00"]


async def test_a_stranger_changes(world: World) -> None:
    """Of Zoe, who has no part in the program, nothing is kept, whatever Slack tells."""
    await world.enrol()
    await world.sandbox.change_person(world.zoe.id, tz="Asia/Tokyo")
    delivered = await world.sandbox.change_dnd(world.zoe.id, world.clock.now(), FRIDAY)
    assert delivered.acked
    assert world.zoe.id not in {one.slack_id for one in await world.rows(Person)}
