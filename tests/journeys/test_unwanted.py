"""Whom someone would rather not meet: private, and it holds both ways."""

from itertools import combinations

import pytest

from bot.privacy.erasing import erase
from bot.privacy.exporting import kept_of
from bot.records.editions import Editions
from bot.records.tables import PeerBlock, PeerRound
from bot.records.tables import Person as PersonRow
from bot.sandbox.state import Person
from bot.slack.access import Actor
from tests.journeys.test_home import home
from tests.journeys.test_rounds import (
    FORTNIGHT,
    PROPOSED,
    STARTED,
    answer,
    choose,
    groups,
    ids_of,
    managers,
    row_of,
    shown,
)
from tests.journeys.test_welcome import modal, modal_text
from tests.world import World, texts


async def names(world: World, one: Person, *others: Person) -> None:
    """Someone opens their list on the Home tab, picks these people, and saves."""
    await home(world, one.id)
    view = world.sandbox.home(one.id)
    assert view is not None
    await world.sandbox.click_in_view(one.id, view["id"], "peers_unwanted")
    await world.settle()
    assert "Nobody else learns of this" in modal_text(world, one)
    filled = {"whom": {"pick": [other.id for other in others]}}
    await world.sandbox.submit(one.id, modal(world, one)["id"], filled)
    await world.settle()


async def blocks(world: World) -> set[tuple[str, str]]:
    """Who would rather not meet whom, as Slack ids."""
    people = {one.id: one.slack_id for one in await world.rows(PersonRow)}
    return {(people[one.person_id], people[one.blocked_id]) for one in await world.rows(PeerBlock)}


async def test_the_list_is_kept_and_changed(world: World) -> None:
    """She names a colleague, Zoe, who has no part in it, and herself: one is kept, and it says so; then she takes that back."""
    one, other = await managers(world, 2)
    await names(world, one, other, world.zoe, one)
    assert await blocks(world) == {(one.id, other.id)}
    assert "no part in the program" in modal_text(world, one)
    await world.sandbox.close(one.id, modal(world, one)["id"])
    await home(world, one.id)
    await names(world, one)
    assert await blocks(world) == set()
    assert "There is nobody whom you would rather not meet" in modal_text(world, one)


@pytest.mark.long
async def test_they_never_meet_and_staff_never_learn_why(world: World) -> None:
    """In five rounds of four people these two are never together; Lena can't have them swapped, and reads no reason."""
    people = await managers(world, 4)
    one, other = people[:2]
    await names(world, one, other)
    await world.until(PROPOSED)
    (mate,) = next(group - {one.id} for group in await groups(world) if one.id in group)
    ids = await ids_of(world)
    await world.press(world.lena, shown(world), "round_swap")
    refused = await choose(world, world.lena, one=ids[mate], other=ids[other.id])
    assert refused.body["errors"]["other"] == "They can't be in one group. Pick someone else."
    for _ in range(5):
        await world.pass_time(days=FORTNIGHT)
        for someone in people:
            await answer(world, [someone.id], "all")
    numbers = [one.number for one in await world.rows(PeerRound)]
    assert len(numbers) > 4
    together = [
        set(pair) for number in numbers for group in await groups(world, number) for pair in combinations(group, 2)
    ]
    assert {one.id, other.id} not in together
    assert "rather not" not in "".join(texts(said) for said in world.dms(world.lena) + world.dms(other))


async def test_a_block_after_the_preview_counts(world: World) -> None:
    """He says so an hour after staff saw them together: the round starts without that pair, and everyone has a group."""
    people = await managers(world, 4)
    await world.until(PROPOSED)
    together = next(group for group in await groups(world) if people[0].id in group)
    mate = next(one for one in people[1:] if one.id in together)
    await names(world, mate, people[0])
    await world.until(STARTED)
    assert together not in await groups(world)
    assert sum(len(group) for group in await groups(world)) == 4


async def test_the_list_is_taken_along_and_erased_with_its_owner(world: World) -> None:
    """Each takes along the own list only; when either is erased, nothing of it is left."""
    one, other, third = await managers(world, 3)
    await names(world, one, other)
    await names(world, other, third)
    async with world.house.database.transaction() as session:
        kept = await kept_of(session, await row_of(world, other), Editions())
        assert [row["name"] for row in kept["unwanted"]] == [third.name]
        await erase(session, await session.get_one(PersonRow, (await row_of(world, other)).id))
    assert await blocks(world) == set()


async def test_a_round_forgets_who_is_erased(world: World) -> None:
    """One of four is erased between preview and start, and so is Lena after she said go: the round starts with those who stay."""
    people = await managers(world, 4)
    await world.until(PROPOSED)
    await world.press(world.lena, shown(world), "round_go")
    async with world.house.database.transaction() as session:
        for gone in (people[0], world.lena):
            await erase(session, await session.get_one(PersonRow, (await row_of(world, gone)).id))
    await world.until(STARTED)
    assert await groups(world) == [{one.id for one in people[1:]}]


async def test_what_staff_read_of_a_group_stays_true(world: World) -> None:
    """One of a trio is erased after the start, then a second one: the round no longer says «three», nor that they met before."""
    people = await managers(world, 3)
    await world.until(STARTED)
    assert "three, so that nobody is left out" in texts(shown(world))
    for gone, true in (
        (people[0], "of three, one could not be there"),
        (people[1], "nobody else is left in this group"),
    ):
        await world.house.rooms.privacy.erase(Actor(world.house.workspace_id, gone.id))
        await world.settle()
        assert true in texts(shown(world))
