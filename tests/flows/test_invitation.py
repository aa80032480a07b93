"""The calendar file of a group: one at a time, whatever dies or times out on the way."""

import base64
import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar, Event
from sqlalchemy import text
from sqlmodel import select

from bot.peers.invitation import Invitation, calendar_file
from bot.peers.inviting import StillBusy
from bot.records.tables import Message as MessageRow
from bot.sandbox.state import Message
from bot.sandbox.web_api import ALL_SCOPES
from bot.slack.access import Actor
from tests.flows.test_picture import hurry
from tests.journeys.test_clinic import another_time, introduced, said_to_both
from tests.world import CONTENT, World, open_world, texts

TUESDAY = {"on": {"picked": "2026-12-08"}, "at": {"picked": "15:00"}}
FRIDAY = datetime(2026, 12, 4, 15, 30, tzinfo=UTC)


def with_files(world: World) -> list[Message]:
    """The messages that share a file which is still there."""
    return [one for one in said_to_both(world) if one.files]


def event_in(world: World) -> Any:
    """The event in the one calendar file that the group sees."""
    (message,) = with_files(world)
    (file,) = message.files
    calendar = Calendar.from_ical(base64.b64decode(world.sandbox.state.files[file["id"]]["content"]))
    assert calendar["method"] == "PUBLISH"
    (event,) = calendar.walk("VEVENT")
    return event


async def state_of_it(world: World) -> dict[str, Any]:
    """How far the file has come, on record."""
    (row,) = [one for one in await world.rows(MessageRow) if one.key == "introduction:1"]
    state: dict[str, Any] = row.payload["invitation"]
    return state


async def test_the_time_for_any_calendar(world: World) -> None:
    """Tom picks a time: a file in their group has it in UTC, for half an hour, in words, and with nobody's address."""
    await world.press(world.tom, await introduced(world), "peers_pick:1")
    event = event_in(world)
    assert event.start == FRIDAY
    assert event.duration == timedelta(minutes=30)
    assert event["summary"] == "Half an hour together: Maya and Tom"
    assert "what do you want to reach?" in event["description"]
    assert (event["uid"], event["sequence"]) == ("peers-1-T0ACME@playercoach", 0)
    assert not {"ATTENDEE", "ORGANIZER"} & set(event)
    assert "example.com" not in str(event)
    ((_, file),) = world.sandbox.state.files.items()
    assert (file["name"], file["title"], file["mimetype"]) == ("meeting.ics", "For your calendar", "text/calendar")


@pytest.mark.long
async def test_another_time_is_the_same_meeting(world: World) -> None:
    """Maya changes the time: the file of the first is taken back, and the new one is an update for who took that."""
    message = await introduced(world)
    await world.press(world.tom, message, "peers_pick:1")
    first = event_in(world)
    await another_time(world, world.maya, message, TUESDAY)
    event = event_in(world)
    assert event.start == datetime(2026, 12, 8, 14, 0, tzinfo=UTC)
    assert (event["uid"], event["sequence"]) == (first["uid"], 1)
    assert len(world.sandbox.state.files) == 1


async def test_the_file_goes_with_whom_it_names(world: World) -> None:
    """Their mentor, whom it doesn't name, has everything erased: it stays; Maya has, and it is gone from Slack."""
    await world.press(world.tom, await introduced(world), "peers_pick:1")
    for person, left in ((world.ana, 1), (world.maya, 0)):
        await world.house.rooms.privacy.erase(Actor(world.house.workspace_id, person.id))
        await world.settle()
        assert len(world.sandbox.state.files) == left


async def test_the_same_time_again_is_no_change(world: World) -> None:
    """Someone sends the modal with the time that stands there: no second file comes."""
    message = await introduced(world)
    await another_time(world, world.maya, message, TUESDAY)
    await another_time(world, world.maya, message, TUESDAY)
    assert event_in(world)["sequence"] == 0
    assert world.sandbox.calls["files.completeUploadExternal"] == 1


@pytest.mark.parametrize("kind", ["reset_after", "reset_before", "500"])
async def test_the_end_of_it_is_not_known(world: World, kind: str) -> None:
    """The connection breaks while the file is shared: a later try takes back what may be there, and one file stands there."""
    world.sandbox.fail("files.completeUploadExternal", kind)
    await world.press(world.tom, await introduced(world), "peers_pick:1")
    assert world.sandbox.calls["files.completeUploadExternal"] == 1, "what creates is not retried by the client"
    await hurry(world)
    assert world.sandbox.calls["files.completeUploadExternal"] == 1, "somebody may still be at it"
    await world.pass_time(minutes=2)
    await hurry(world)
    assert event_in(world).start == FRIDAY
    assert (await state_of_it(world))["is_shared"]


async def test_where_they_were_introduced_is_not_known_yet(world: World) -> None:
    """They pick a time while nobody has written down where the introduction stands: the file waits for that, and comes."""
    message = await introduced(world)
    async with world.house.database.transaction() as session:
        row = (await session.exec(select(MessageRow).where(MessageRow.key == "introduction:1"))).one()
        row.channel = row.ts = row.sent_at = None
        row.state, row.lease_until = "sending", world.clock.now() + timedelta(seconds=50)
        row.wake_at = row.lease_until
    await world.press(world.tom, message, "peers_pick:1")
    with pytest.raises(StillBusy):
        await world.house.rooms.invitations.share(1, 0)
    await world.pass_time(minutes=5)
    await hurry(world)
    assert event_in(world).start == FRIDAY


async def test_a_job_that_comes_twice(world: World) -> None:
    """The queue hands the job out once more after it was done: nothing happens."""
    await world.press(world.tom, await introduced(world), "peers_pick:1")
    await world.house.rooms.invitations.share(1, 0)
    assert len(with_files(world)) == 1
    assert world.sandbox.calls["files.getUploadURLExternal"] == 1


async def test_the_time_changes_while_its_file_is_on_its_way(world: World) -> None:
    """A worker is at the first file when the time changes: the second job waits for it, and only the second file stays."""
    message = await introduced(world)
    await world.press(world.tom, message, "peers_pick:1")
    await keep(world, {"number": 0, "is_shared": False, "busy_until": (FRIDAY + timedelta(days=1)).isoformat()})
    await another_time(world, world.maya, message, TUESDAY)
    assert event_in(world).start == FRIDAY
    with pytest.raises(StillBusy):
        await world.house.rooms.invitations.share(1, 1)
    (file_id,) = world.sandbox.state.files
    await keep(world, {**await state_of_it(world), "file_id": file_id, "busy_until": None})
    await world.house.rooms.invitations.share(1, 0)
    assert event_in(world).start == FRIDAY, "a job for a time that is no more does nothing"
    await hurry(world)
    assert event_in(world)["sequence"] == 1


async def keep(world: World, state: dict[str, Any]) -> None:
    """Put that on record, as a worker would have that stands still at this point."""
    async with world.house.database.transaction() as session:
        (row,) = [one for one in await world.rows(MessageRow) if one.key == "introduction:1"]
        row.payload = {**row.payload, "invitation": state}
        await session.merge(row)


async def test_without_the_scope(database_url: str, caplog: pytest.LogCaptureFixture) -> None:
    """Where the app may not upload files, the words say the time, nothing is tried again, and the log says so once."""
    caplog.set_level(logging.INFO)
    async with open_world(database_url, content=CONTENT, granted=ALL_SCOPES - {"files:write"}) as world:
        message = await introduced(world)
        await world.press(world.tom, message, "peers_pick:1")
        await another_time(world, world.maya, message, TUESDAY)
        assert "You meet Tuesday 8 December" in texts(message)
        assert with_files(world) == []
        assert world.sandbox.calls["files.getUploadURLExternal"] == 1
        async with world.house.database.transaction() as session:
            left = await session.execute(text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'invite'"))
            assert left.scalar_one() == 0
    said = [one.message for one in caplog.records if "files:write" in one.message]
    assert said == ["pictures and times of meetings are said in words only: the scope files:write is missing"]


def test_awkward_words() -> None:
    """Commas, semicolons, lines and letters of any script come back from the file as they were written."""
    title, words = "Špela, Çağla; 王", "One case,\nthen the other; 100 %"
    at = datetime(2027, 3, 28, 0, 30, tzinfo=UTC)
    one = Invitation(uid="u@x", number=3, starts_at=at, made_at=at, title=title, text=words)
    (event,) = (found for found in Calendar.from_ical(calendar_file(one)).walk() if isinstance(found, Event))
    assert (event["summary"], event["description"], event["sequence"]) == (title, words, 3)
    assert (event.start, event.end) == (at, at + timedelta(minutes=30))
