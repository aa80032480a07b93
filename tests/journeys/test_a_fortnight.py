"""What arrived when: a table of a fortnight for two people in different zones, over a change of the clocks."""

from datetime import UTC, datetime

import pytest

from tests.world import CONTENT, World, open_world


def arrivals(world: World) -> list[tuple[str, str, str]]:
    """(UTC time to the minute, whose conversation, first words) of everything that the bot said."""
    said = []
    for channel in world.sandbox.state.channels.values():
        who = "+".join(world.sandbox.state.people[one].name.split()[0] for one in channel.members)
        for message in channel.messages.values():
            said.append((message.at[:16], who, message.text.split("\n")[0][:40]))
    return sorted(said)


@pytest.mark.long
async def test_a_fortnight_over_a_clock_change(database_url: str) -> None:
    """Everyone gets each thing at their own local time, also in the weeks when one country's clocks have changed."""
    # Europe leaves summer time on 25 October 2026, North America a week later.
    start = datetime(2026, 10, 20, 4, 0, tzinfo=UTC)
    async with open_world(database_url, content=CONTENT, start=start) as world:
        await world.enrol(starts_on="2026-10-20")
        await world.until(datetime(2026, 11, 3, 20, 0, tzinfo=UTC))
        lessons = [one for one in arrivals(world) if "+" not in one[1] and one[1] in ("Maya", "Tom")]
        titles = {lesson.title[:40] for lesson in world.house.library.current.curriculum.lessons}
        table = [(when, who) for when, who, text in lessons if text in titles]
    assert table == [
        ("2026-10-20T07:00", "Maya"),  # 9:00 in Ljubljana, summer time
        ("2026-10-20T13:00", "Tom"),  # 9:00 in New York, summer time
        ("2026-10-22T07:00", "Maya"),
        ("2026-10-22T13:00", "Tom"),
        ("2026-10-27T08:00", "Maya"),  # 9:00 in Ljubljana, winter time
        ("2026-10-27T13:00", "Tom"),  # New York is still on summer time
        ("2026-10-29T08:00", "Maya"),
        ("2026-10-29T13:00", "Tom"),
        ("2026-11-03T08:00", "Maya"),
        ("2026-11-03T14:00", "Tom"),  # 9:00 in New York, winter time
    ]


async def test_what_was_missed_waits_for_the_next_slot(world: World) -> None:
    """A lesson missed in a night's downtime moves to the next slot; two are never said at once."""
    await world.enrol()
    world.clock.move_to(datetime(2026, 11, 25, 8, 0, tzinfo=UTC))  # down all Tuesday
    await world.house.tick()
    await world.settle()
    assert world.dms(world.maya) == []
    await world.until(datetime(2026, 11, 26, 9, 0, tzinfo=UTC))
    assert len(world.dms(world.maya)) == 1


async def test_a_late_return_on_the_same_day_still_says_it(world: World) -> None:
    """A lesson missed for some hours is said on return, while it is still the same working day."""
    await world.enrol()
    world.clock.move_to(datetime(2026, 11, 24, 14, 30, tzinfo=UTC))  # down until 15:30 in Ljubljana
    await world.house.tick()
    await world.settle()
    assert [message.at[:16] for message in world.dms(world.maya)] == ["2026-11-24T14:30"]


async def test_someone_who_moves_gets_lessons_at_their_new_nine(world: World) -> None:
    """Maya flies to New York, Slack says so, and her next lesson comes at nine there."""
    await world.enrol()
    await world.until(datetime(2026, 11, 24, 20, 0, tzinfo=UTC))
    await world.sandbox.change_person(world.maya.id, tz="America/New_York")
    await world.until(datetime(2026, 11, 26, 20, 0, tzinfo=UTC))
    titles = {lesson.title for lesson in world.house.library.current.curriculum.lessons}
    lessons = [message.at[:16] for message in world.dms(world.maya) if message.text.split("\n")[0] in titles]
    assert lessons == ["2026-11-24T08:00", "2026-11-26T14:00"]
