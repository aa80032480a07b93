"""Monday's digests: in each mentor's morning, one message, and nothing in it that a mentor may not see."""

from datetime import UTC, datetime

import pytest

from tests.journeys.test_answers import answer_all, promise_action
from tests.world import World, texts


async def in_modal(world: World, action_id: str, picked: str | None = None) -> None:
    """Ana presses something in the modal that is open, or picks an option there."""
    view = world.sandbox.modals(world.ana.id)[-1]
    await world.sandbox.click_in_view(world.ana.id, view["id"], action_id, selected=picked)
    await world.settle()


@pytest.mark.long
async def test_a_monday_in_three_zones(world: World) -> None:
    """Ana in Ljubljana, Kim in New York and Rin in Tokyo each read of their own managers, half past eight where they are."""
    kim = world.sandbox.add_person(id="U0KIM", name="Kim Lee", email="kim@example.com", tz="America/New_York")
    rin = world.sandbox.add_person(id="U0RIN", name="Rin Sato", email="rin@example.com", tz="Asia/Tokyo")
    ken = world.sandbox.add_person(id="U0KEN", name="Ken Abe", email="ken@example.com", tz="Asia/Tokyo")
    pairs = ((world.maya, world.ana), (world.tom, kim), (ken, rin))
    await world.enrol(*(f"{manager.email},{mentor.email},Autumn,2026-11-24" for manager, mentor in pairs))
    await world.until(datetime(2026, 11, 24, 18, 0, tzinfo=UTC))
    await answer_all(world, world.dms(world.maya)[0])
    await promise_action(world, world.maya, world.dms(world.maya)[0])
    await world.until(datetime(2026, 11, 30, 20, 0, tzinfo=UTC))
    (rins,), (anas,), (kims,) = world.dms(rin), world.dms(world.ana), world.dms(kim)
    assert [one.at[:16] for one in (rins, anas, kims)] == ["2026-11-29T23:30", "2026-11-30T07:30", "2026-11-30T13:30"]
    shown = texts(anas)
    for said in ("*Maya Horvat*: 1 lesson done", "Wants to try: If I", "One thing to ask", "Waits for your rating"):
        assert said in shown
    assert "Answers and reflections stay with your managers" in shown, "ratings are in the brief, once both are in"
    assert "2 lessons" not in shown, (
        "a second one lies there unanswered, and Maya was told that Ana never hears of that"
    )
    assert "Promised for" not in shown, "nobody has asked Maya yet"
    for digest, own in ((anas, "Maya"), (kims, "Tom"), (rins, "Ken")):
        assert [name for name in ("Maya", "Tom", "Ken") if name in texts(digest)] == [own]
    assert "*Tom Baker* ·" in texts(kims), "he has answered nothing so far: no word of it"
    assert "Wants to try" not in texts(kims)


@pytest.mark.long
async def test_thirty_managers_are_read_page_by_page(world: World) -> None:
    """A mentor of thirty reads of five on one screen, and turns pages for the rest; each of them stands there once."""
    people = [
        world.sandbox.add_person(
            id=f"U1{n:04}", name=f"Nia{n:02} Vale", email=f"n{n}@example.com", tz="Europe/Ljubljana"
        )
        for n in range(30)
    ]
    await world.enrol(*(f"{one.email},{world.ana.email},Autumn,2026-11-24" for one in people))
    await world.until(datetime(2026, 11, 30, 9, 0, tzinfo=UTC))
    (digest,) = world.dms(world.ana)
    shown = texts(digest)
    assert (shown.count("Vale"), "and 25 more on their way" in shown) == (5, True)
    await world.press(world.ana, digest, "mentor_more")
    read: list[str] = []
    for page in range(1, 7):
        view = world.sandbox.modals(world.ana.id)[-1]
        assert f"Page {page} of 6" in str(view["blocks"])
        read += [name for name in (one.name for one in people) if f"*{name}*" in str(view["blocks"])]
        if page < 6:
            await in_modal(world, f"mentor_page:{page}")
    assert read == [one.name for one in people]


@pytest.mark.long
async def test_a_day_and_an_hour_of_ones_own(world: World) -> None:
    """Ana would rather read on Thursdays at ten: that is when it comes from now on."""
    await world.enrol()
    await world.until(datetime(2026, 11, 30, 9, 0, tzinfo=UTC))
    await world.press(world.ana, world.dms(world.ana)[0], "mentor_more")
    await in_modal(world, "mentor_day", "thu")
    await in_modal(world, "mentor_hour", "10:00")
    await world.until(datetime(2026, 12, 7, 20, 0, tzinfo=UTC))
    assert [one.at[:16] for one in world.dms(world.ana)] == ["2026-11-30T07:30", "2026-12-03T09:00"]


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
    """In weeks in which no lesson came and nothing was done, none is sent; a rating that is owed is news once."""
    await world.enrol(starts_on="2027-01-12")
    await world.until(datetime(2026, 12, 15, 20, 0, tzinfo=UTC))
    (digest,) = world.dms(world.ana)
    assert digest.at[:10] == "2026-11-30"
    assert "Waits for your rating* (where they start from)" in texts(digest)
