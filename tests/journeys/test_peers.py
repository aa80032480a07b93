"""Peers: rounds of an odd cohort, and the question a week later."""

from collections import Counter
from datetime import UTC, datetime
from itertools import combinations

import pytest

from bot.records.tables import PeerGroup, PeerMember, PeerRound
from bot.sandbox.state import Channel
from tests.world import World, action_ids, texts


def groups(world: World) -> list[Channel]:
    """The group DMs that there are."""
    return [one for one in world.sandbox.state.channels.values() if one.kind == "mpim"]


async def five_managers(world: World) -> list[str]:
    """Enrol five managers of two continents."""
    for number, zone in enumerate(("Europe/Ljubljana", "Europe/London", "America/New_York", "Europe/Berlin"), start=1):
        world.sandbox.add_person(id=f"U0M{number}", name=f"Manager{number} X", email=f"m{number}@example.com", tz=zone)
    people = [world.maya.id, *(f"U0M{number}" for number in range(1, 5))]
    result = await world.enrol(*(f"{one},{world.ana.id},Autumn,2026-11-24" for one in people))
    assert not result.problems
    return people


@pytest.mark.long
async def test_two_rounds_of_an_odd_cohort(world: World) -> None:
    """Five managers: each round has a pair and a trio, nobody is left out, and trio duty goes round."""
    people = await five_managers(world)
    await world.until(datetime(2026, 12, 16, 20, 0, tzinfo=UTC))
    assert [one.number for one in sorted(await world.rows(PeerRound), key=lambda r: r.number)] == [1, 2]
    members = await world.rows(PeerMember)
    by_round: dict[int, dict[int, list[int]]] = {}
    for one in members:
        by_round.setdefault(one.round_id, {}).setdefault(one.group_id, []).append(one.person_id)
    for round_groups in by_round.values():
        assert sorted(len(group) for group in round_groups.values()) == [2, 3]
        assert len({person for group in round_groups.values() for person in group}) == len(people)
    trios = Counter(
        person for round_groups in by_round.values() for g in round_groups.values() if len(g) == 3 for person in g
    )
    assert max(trios.values()) - min(trios.get(person, 0) for person in people_ids(members)) <= 1, (
        "trio duty goes round"
    )
    first, second = ({frozenset(p) for g in one.values() for p in combinations(g, 2)} for one in by_round.values())
    assert first != second


def people_ids(members: list[PeerMember]) -> set[int]:
    """Everyone who was ever in a group."""
    return {one.person_id for one in members}


async def test_a_group_is_brought_together_in_everyones_working_time(world: World) -> None:
    """Maya in Ljubljana and Tom in New York read of each other while both are at work."""
    await world.enrol()
    await world.until(datetime(2026, 12, 4, 20, 0, tzinfo=UTC))
    (message,) = world.group_messages(world.maya, world.tom)
    assert "Maya and Tom" in message.text
    assert "from the lesson" in message.text
    assert message.at[:16] == "2026-12-02T13:30", "8:30 in New York, 14:30 in Ljubljana"


@pytest.mark.long
async def test_did_you_meet(world: World) -> None:
    """A week later the group is asked; one answer is enough, a second changes nothing, an outsider's counts nothing."""
    await world.enrol()
    await world.until(datetime(2026, 12, 10, 20, 0, tzinfo=UTC))
    _, question = world.group_messages(world.maya, world.tom)
    assert "Did you meet?" in question.text
    yes = next(one for one in action_ids(question) if one.endswith(":all"))
    await world.press(world.zoe, question, yes)
    assert (await world.rows(PeerGroup))[0].met is None
    await world.press(world.tom, question, yes)
    assert "worth more than any lesson" in texts(question)
    (group,) = await world.rows(PeerGroup)
    value = f"{group.id}:not_yet"
    await world.press(world.maya, question, "peers_met:not_yet", force=True, value=value)
    assert (await world.rows(PeerGroup))[0].met == "all"


async def test_one_manager_alone_waits_for_company(world: World) -> None:
    """A cohort of one is never put into a group, and nothing breaks."""
    await world.enrol(f"{world.maya.email},{world.ana.email},Solo,2026-11-24")
    await world.until(datetime(2026, 12, 20, 20, 0, tzinfo=UTC))
    assert groups(world) == []
