"""Monday's digests: in each mentor's morning, one message, and nothing in it that a mentor may not see."""

from datetime import UTC, datetime

from tests.journeys.test_answers import answer_all, promise_action
from tests.world import World, texts


async def test_a_monday_in_two_zones(world: World) -> None:
    """Ana in Ljubljana and Kim in Chicago each read their own managers' week at half past eight of their own Monday."""
    kim = world.sandbox.add_person(id="U0KIM", name="Kim Lee", email="kim@example.com", tz="America/Chicago")
    await world.enrol(
        f"{world.maya.email},{world.ana.email},Autumn,2026-11-24", f"{world.tom.email},{kim.email},Autumn,2026-11-24"
    )
    await world.until(datetime(2026, 11, 24, 18, 0, tzinfo=UTC))
    await answer_all(world, world.dms(world.maya)[0])
    await promise_action(world, world.maya, world.dms(world.maya)[0])
    await world.until(datetime(2026, 11, 30, 20, 0, tzinfo=UTC))
    (anas,), (kims,) = world.dms(world.ana), world.dms(kim)
    assert (anas.at[:16], kims.at[:16]) == ("2026-11-30T07:30", "2026-11-30T14:30")
    shown = texts(anas)
    assert "Maya Horvat" in shown
    assert "1 of 2 lessons done" in shown
    assert "Promised for" in shown
    assert "One thing to ask" in shown
    assert "Tom" not in shown
    assert "Tom Baker" in texts(kims)
    assert "Promised" not in texts(kims)


async def test_a_mentor_never_reads_what_is_not_theirs(world: World) -> None:
    """Neither right nor wrong, nor confidence, nor a reflection, nor a missed answer reaches the digest."""
    await world.enrol()
    await world.until(datetime(2026, 11, 26, 18, 0, tzinfo=UTC))
    for message in list(world.dms(world.maya)):
        await answer_all(world, message)
    await world.until(datetime(2026, 11, 30, 20, 0, tzinfo=UTC))
    (digest,) = world.dms(world.ana)
    said = f"{digest.text}\n{texts(digest)}".lower()
    for never in ("a thought", "right.", "not quite", "sure", "guess", "wrong", "reminder", "overdue"):
        assert never not in said, never


async def test_nothing_new_means_no_digest(world: World) -> None:
    """In a week in which no lesson came and nothing was done, no digest is sent."""
    await world.enrol(starts_on="2027-01-12")
    await world.until(datetime(2026, 12, 15, 20, 0, tzinfo=UTC))
    assert world.dms(world.ana) == []
