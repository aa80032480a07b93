"""Rounds of peers: shown to staff, changed by them, started; who rests, who was left out, and whom nobody has to meet."""

import asyncio
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from bot.peers.seats import hold_round
from bot.records.cohorts import keep_cohort
from bot.records.tables import AgendaItem, Enrollment, PeerGroup, PeerLeftOut, PeerMember, PeerRound
from bot.records.tables import Person as PersonRow
from bot.sandbox.state import Message, Person
from bot.slack.access import Actor
from bot.slack.staff import keep_staff
from tests.content.makers import a_copy, change
from tests.journeys.test_home import home
from tests.journeys.test_welcome import modal, modal_text
from tests.world import World, action_ids, everything_in, open_world, texts

PROPOSED = datetime(2026, 12, 1, 10, 30, tzinfo=UTC)  # a Tuesday: half an hour after the proposal
STARTED = datetime(2026, 12, 2, 10, 30, tzinfo=UTC)  # and after the start, Wednesday at eleven in Ljubljana
FORTNIGHT = 14


async def managers(world: World, count: int, cohort: str = "Autumn") -> list[Person]:
    """So many managers begin, and Lena is on record; all of them live in Ljubljana."""
    program = world.house.library.current.curriculum.program
    await keep_staff(world.house.directory, world.house.database, world.house.workspace_id, program)
    people = [
        world.sandbox.add_person(
            id=f"U0{cohort.upper()}{number}",
            name=f"{cohort}{number} X",
            email=f"{cohort}{number}@example.com",
            tz="Europe/Ljubljana",
        )
        for number in range(1, count + 1)
    ]
    result = await world.enrol(*(f"{one.id},{world.ana.id},{cohort},2026-11-24" for one in people))
    assert not result.problems
    return people


async def groups(world: World, number: int = 1) -> list[set[str]]:
    """The groups of a round as Slack ids, the smallest first."""
    async with world.house.database.transaction() as session:
        rows = await session.execute(
            select(PeerMember.group_id, PersonRow.slack_id)
            .join(PersonRow, col(PersonRow.id) == col(PeerMember.person_id))
            .join(PeerRound, col(PeerRound.id) == col(PeerMember.round_id))
            .where(PeerRound.number == number)
        )
    found: dict[int, set[str]] = {}
    for group_id, slack_id in rows:
        found.setdefault(group_id, set()).add(slack_id)
    return sorted(found.values(), key=lambda one: (len(one), sorted(one)))


async def row_of(world: World, person: Person) -> PersonRow:
    """Someone on record."""
    (found,) = [one for one in await world.rows(PersonRow) if one.slack_id == person.id]
    return cast(PersonRow, found)


async def enrollment_of(world: World, person: Person) -> Enrollment:
    """Someone's way on record."""
    own = await row_of(world, person)
    (found,) = [one for one in await world.rows(Enrollment) if one.person_id == own.id]
    return cast(Enrollment, found)


async def ids_of(world: World) -> dict[str, str]:
    """By Slack id, what stands for someone in a short menu."""
    return {row.slack_id: str(row.id) for row in await world.rows(PersonRow)}


def shown(world: World) -> Message:
    """The last round that Lena was shown."""
    return next(one for one in reversed(world.dms(world.lena)) if "Peer groups" in texts(one))


def previews(world: World, person: Person) -> list[Message]:
    """What someone of the staff reads of rounds, and of nothing else."""
    return [one for one in world.dms(person) if "Peer groups" in texts(one)]


async def choose(world: World, person: Person, **picked: str) -> Any:
    """Pick people in the modal that someone has before them, and send it."""
    filled = {block: {"pick": value} for block, value in picked.items()}
    delivered = await world.sandbox.submit(person.id, modal(world, person)["id"], filled)
    await world.settle()
    return delivered


async def answer(world: World, people: Collection[str], value: str) -> None:
    """One of a group says whether they met, as the button would record it."""
    async with world.house.database.transaction() as session:
        rows = await session.exec(select(PersonRow).where(col(PersonRow.slack_id).in_(people)))
        someone = min((one.id or 0) for one in rows)
        member = (
            await session.exec(
                select(PeerMember).where(PeerMember.person_id == someone).order_by(col(PeerMember.round_id).desc())
            )
        ).first()
        assert member is not None
        group = await session.get_one(PeerGroup, member.group_id)
        group.met, group.met_by, group.met_at = value, someone, world.clock.now()
        member.heard_at = world.clock.now()
        session.add_all([group, member])


@pytest.mark.long
async def test_silence_means_go(world: World) -> None:
    """A day before, Lena reads who meets whom and why; she says nothing, and on Wednesday at eleven it starts like that."""
    people = await managers(world, 5)
    await world.until(PROPOSED)
    message = shown(world)
    assert message.at.startswith("2026-12-01T10:00")
    said = texts(message)
    assert "Wednesday 2 December, 11:00" in said
    assert "three, so that nobody is left out" in said
    assert "have not met yet" in said
    assert all(one.name in said for one in people)
    assert [one.started_at for one in await world.rows(PeerRound)] == [None]
    assert not [one for one in await world.rows(AgendaItem) if one.kind == "introduction"], "nobody is told yet"
    proposed = await groups(world)
    await world.until(STARTED)
    assert await groups(world) == proposed
    assert [len(one) for one in proposed] == [2, 3]
    (started,) = await world.rows(PeerRound)
    assert started.started_by is None
    assert "They started" in texts(message)
    assert not action_ids(message)
    organisers = {one.organiser_id for one in await world.rows(PeerGroup)}
    assert len(organisers) == 2
    assert None not in organisers
    assert sum(one.kind == "introduction" for one in await world.rows(AgendaItem)) == 2


@pytest.mark.long
async def test_swap_then_go(world: World) -> None:
    """Lena lets two people change groups, sees it at once, and has it start on Tuesday already."""
    await managers(world, 4)
    await world.until(PROPOSED)
    message = shown(world)
    first, second = await groups(world)
    one, other = sorted(first)[0], sorted(second)[0]
    ids = await ids_of(world)
    await world.press(world.lena, message, "round_swap")
    same = await choose(world, world.lena, one=ids[one], other=ids[sorted(first)[1]])
    assert "one group already" in same.body["errors"]["other"]
    await choose(world, world.lena, one=ids[one], other=ids[other])
    wanted = sorted([(first - {one}) | {other}, (second - {other}) | {one}], key=lambda group: (2, sorted(group)))
    assert await groups(world) == wanted
    await world.press(world.lena, message, "round_go")
    assert "Lena Fischer said go" in texts(message)
    await world.pass_time(minutes=5)
    (started,) = await world.rows(PeerRound)
    assert started.started_at is not None
    assert started.started_at < STARTED.replace(day=1, hour=11)
    assert started.started_by == (await row_of(world, world.lena)).id
    await world.until(STARTED)
    assert len(await world.rows(PeerRound)) == 1
    assert await groups(world) == wanted


async def test_go_and_swap_at_once(world: World) -> None:
    """While one process writes down a colleague's «go», Lena's swap waits for it; then she reads that it comes too late."""
    await managers(world, 4)
    await world.until(PROPOSED)
    before = await groups(world)
    one, other = (sorted(group)[0] for group in before)
    ids = await ids_of(world)
    await world.press(world.lena, shown(world), "round_swap")
    view = modal(world, world.lena)["id"]
    filled = {"one": {"pick": ids[one]}, "other": {"pick": ids[other]}}
    async with world.house.database.transaction() as session:
        held = await hold_round(session, 1)
        assert held is not None
        held.started_by = (await row_of(world, world.lena)).id
        session.add(held)
        await session.flush()
        swapping = asyncio.create_task(world.sandbox.submit(world.lena.id, view, filled))
        assert await someone_waits(world), "the swap did not wait for «go»"
    await swapping
    assert "A colleague was quicker" in modal_text(world, world.lena)
    assert await groups(world) == before


async def someone_waits(world: World) -> bool:
    """Whether another process of the database waits for a row that is held, or comes to do so."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    for _ in range(5000):  # seconds: only a wait that never comes ends this
        async with world.house.database.transaction() as session:
            if (await session.execute(waiting)).scalar_one():
                return True
    return False


@pytest.mark.long
async def test_two_of_the_staff_see_the_same(database_url: str, tmp_path: Path) -> None:
    """In New York Sam reads the round when he comes to work, and leaves someone out: Lena sees it. What has gone he is spared."""
    content = a_copy(tmp_path)
    change(content, "program.yaml", "staff: [lena@example.com]", "staff: [lena@example.com, sam@example.com]")
    async with open_world(database_url, content=content) as world:
        sam = world.sandbox.add_person(id="U0SAM", name="Sam Staff", email="sam@example.com", tz="America/New_York")
        people = await managers(world, 5)
        await world.until(PROPOSED)
        assert world.dms(sam) == []
        await world.until(STARTED.replace(day=1, hour=15))
        (message,) = previews(world, sam)
        assert message.at.startswith("2026-12-01T13:30"), "8:30 in New York"
        assert "Wednesday 2 December, 05:00" in texts(message)
        await world.press(sam, message, "round_leave_out")
        await choose(world, sam, one=(await ids_of(world))[people[0].id])
        assert f"Left out by you or a colleague: {people[0].name}" in texts(shown(world))
        await world.until(datetime(2026, 12, 15, 11, tzinfo=UTC))
        await world.press(world.lena, shown(world), "round_go")
        await world.until(datetime(2026, 12, 17, tzinfo=UTC))
        assert previews(world, sam) == [message]


async def test_too_late_is_a_kind_sentence(world: World) -> None:
    """The modal was open when the round went: the swap is refused in a sentence, and so is a second «go»."""
    await managers(world, 4)
    await world.until(PROPOSED)
    message = shown(world)
    before = await groups(world)
    ids = await ids_of(world)
    value = next(one["value"] for block in message.blocks for one in block.get("elements", ()) if one.get("value"))
    await world.press(world.lena, message, "round_swap")
    await world.press(world.lena, message, "round_go")
    await choose(world, world.lena, one=ids[sorted(before[0])[0]], other=ids[sorted(before[1])[0]])
    assert "A colleague was quicker" in modal_text(world, world.lena)
    assert await groups(world) == before
    await world.press(world.lena, message, "round_go", force=True, value=value)
    assert "A colleague was quicker" in world.dms(world.lena)[-1].text


async def test_only_staff_change_a_round(world: World) -> None:
    """Maya gets hold of Lena's buttons: she reads that L&D does this, and nothing is changed."""
    await managers(world, 4)
    await world.until(PROPOSED)
    message = shown(world)
    value = next(one["value"] for block in message.blocks for one in block.get("elements", ()) if one.get("value"))
    for action in ("round_go", "round_swap", "round_leave_out"):
        await world.press(world.maya, message, action, force=True, value=value)
    assert world.sandbox.modals(world.maya.id) == []
    (one,) = await world.rows(PeerRound)
    assert one.started_by is None


@pytest.mark.over_http
@pytest.mark.parametrize("made_up", ["²", "99999999999999999999"])
async def test_a_number_that_stands_for_nobody(world: World, made_up: str) -> None:
    """Somebody makes up whom Lena picked: that is refused, and nothing breaks of it."""
    await managers(world, 4)
    await world.until(PROPOSED)
    before = await groups(world)
    await world.press(world.lena, shown(world), "round_leave_out")
    (picker,) = [one["element"] for one in modal(world, world.lena)["blocks"] if one.get("block_id") == "one"]
    picker["options"][0]["value"] = made_up
    delivered = await choose(world, world.lena, one=made_up)
    assert (delivered.status, await groups(world)) == (400, before)


async def test_someone_is_left_out_and_told(world: World) -> None:
    """Lena leaves one of six out: the other five have groups, and that one reads when the next round comes."""
    people = await managers(world, 6)
    await world.until(PROPOSED)
    message = shown(world)
    gone = people[0]
    await world.press(world.lena, message, "round_leave_out")
    assert "They read that there is none" in modal_text(world, world.lena) + str(modal(world, world.lena))
    await choose(world, world.lena, one=str((await row_of(world, gone)).id))
    assert f"Left out by you or a colleague: {gone.name}" in texts(message)
    await world.until(STARTED)
    left = await groups(world)
    assert sorted(person for group in left for person in group) == sorted(one.id for one in people[1:])
    await world.pass_time(days=3)
    told = [one for one in world.dms(gone) if "No peer group for you this time" in texts(one)]
    assert len(told) == 1
    assert "Wednesday 16 December, 11:00" in texts(told[0])


async def test_someone_leaves_between_preview_and_start(world: World) -> None:
    """One of four is deactivated overnight: the round starts with the other three together, and nobody is alone."""
    people = await managers(world, 4)
    await world.until(PROPOSED)
    await world.sandbox.become(people[0].id, "deactivated")
    await world.settle()
    await world.until(STARTED)
    assert await groups(world) == [{one.id for one in people[1:]}]


async def test_a_pool_gets_its_name_between_preview_and_start(database_url: str, tmp_path: Path) -> None:
    """L&D names the pool overnight: the groups that Lena saw start all the same, as they were announced."""
    content = a_copy(tmp_path)
    async with open_world(database_url, content=content) as world:
        await managers(world, 4)
        await world.until(PROPOSED)
        announced = await groups(world)
        change(content, "program.yaml", "pools: []", "pools: [{name: Europe, cohorts: [Autumn]}]")
        assert world.house.library.refresh()
        await world.until(STARTED)
        assert await groups(world) == announced
        assert "They started" in texts(shown(world))


@pytest.mark.long
async def test_someone_moves_between_preview_and_start(world: World) -> None:
    """One of Autumn is moved to Winter overnight: she is in a group of theirs, and nobody is in two of them."""
    autumn, winter = await managers(world, 4), await managers(world, 4, "Winter")
    await world.until(PROPOSED)
    await world.enrol(f"{autumn[0].id},{world.ana.id},Winter,2026-11-24", begun=False)
    await world.until(STARTED)
    started = await groups(world)
    assert [len(one) for one in started] == [2, 3, 3]
    assert sorted(person for group in started for person in group) == sorted(one.id for one in autumn + winter)
    assert {one.id for one in autumn[1:]} in started


async def test_someone_begins_between_preview_and_start(world: World) -> None:
    """A fifth manager begins after the preview: the round that starts has room for her, and one pair stays as it was."""
    await managers(world, 4)
    await world.until(PROPOSED)
    before = await groups(world)
    await world.enrol(f"{world.maya.email},{world.ana.email},Autumn,2026-11-24")
    await world.until(STARTED)
    after = await groups(world)
    assert [len(one) for one in after] == [2, 3]
    assert after[0] in before
    assert world.maya.id in after[1]


async def test_a_pool_of_one(world: World) -> None:
    """Nobody else takes part: she reads that there is no group this time and when the next one comes; staff are not bothered."""
    (alone,) = await managers(world, 1)
    await world.until(STARTED.replace(day=4))
    told = [one for one in world.dms(alone) if "No peer group for you this time" in texts(one)]
    assert len(told) == 1
    assert "Wednesday 16 December, 11:00" in texts(told[0])
    assert world.dms(world.lena) == []
    assert [one.reason for one in await world.rows(PeerLeftOut)] == ["nobody_else"]


@pytest.mark.long
async def test_three_silent_rounds_then_rest_then_back(world: World) -> None:
    """Nothing is heard from two of five in three rounds: both rest; one click brings one of them back into the next round."""
    people = await managers(world, 5)
    talkative, quiet = people[:3], people[3:]
    for number, start in enumerate(
        (STARTED, datetime(2026, 12, 16, 11, tzinfo=UTC), datetime(2027, 1, 4, 11, tzinfo=UTC))
    ):
        await world.until(start)
        for one in talkative:
            await answer(world, [one.id], "not_yet")
        assert len(await groups(world, number + 1)) == 2
    await world.until(datetime(2027, 1, 19, 11, tzinfo=UTC))
    assert [(await enrollment_of(world, one)).rests_since is not None for one in people] == [False] * 3 + [True] * 2
    assert "Not in this round: Autumn4 X, Autumn5 X" in texts(shown(world))
    assert await groups(world, 4) == [{one.id for one in talkative}]
    await world.pass_time(days=5)
    (told,) = [one for one in world.dms(quiet[0]) if "we let you rest" in texts(one)]
    assert "only that you are not in the round, and not why" in texts(told)
    await world.press(talkative[0], told, "peers_back", force=True, value=str(uuid4()))
    await world.press(quiet[0], told, "peers_back")
    assert "Wednesday 3 February, 11:00" in texts(told)
    assert [(await enrollment_of(world, one)).rests_since is None for one in quiet] == [True, False]
    await world.until(datetime(2027, 2, 3, 11, tzinfo=UTC))
    assert {person for group in await groups(world, 5) for person in group} == {one.id for one in people[:4]}
    await world.until(datetime(2027, 2, 17, 11, tzinfo=UTC))
    assert (await enrollment_of(world, quiet[0])).rests_since is None, "who came back has three rounds again"


async def test_nobody_reads_who_rests(world: World) -> None:
    """One rests after silence, one has a pause, one is away: Lena reads that they are not in the round, and of none why."""
    *there, resting, pausing, away = await managers(world, 7)
    async with world.house.database.transaction() as session:
        ways = {one.person_id: one for one in await session.exec(select(Enrollment))}
        rows = {one.slack_id: one for one in await session.exec(select(PersonRow))}
        ways[rows[resting.id].id or 0].rests_since = world.clock.now()
        rows[pausing.id].paused_at = world.clock.now()
        rows[away.id].away_until = STARTED + timedelta(days=FORTNIGHT)
        session.add_all([*ways.values(), *rows.values()])
    for moment in (PROPOSED, STARTED):
        await world.until(moment)
        said = texts(shown(world))
        assert f"Not in this round: {resting.name}, {pausing.name}, {away.name}\n" in f"{said}\n"
        assert not [word for word in ("rest", "pause", "away", "quiet") if word in said.casefold()]
        assert [len(group) for group in await groups(world)] == [2, 2], [one.name for one in there]


async def test_who_moved_and_is_erased_stands_in_no_round(world: World) -> None:
    """Lena read that one of Autumn is not in the round; they moved to Winter since: once they are erased, it is gone."""
    *_, moving = await managers(world, 5)
    async with world.house.database.transaction() as session:
        (await session.get_one(PersonRow, (await row_of(world, moving)).id)).paused_at = world.clock.now()
    await world.until(STARTED)
    assert f"Not in this round: {moving.name}" in texts(shown(world))
    await world.enrol(f"{moving.id},{world.ana.id},Winter,2026-11-24", begun=False)
    await world.house.rooms.privacy.erase(Actor(world.house.workspace_id, moving.id))
    await world.settle()
    assert moving.name not in texts(shown(world))


async def test_two_clocks_start_a_round_once(world: World) -> None:
    """Two processes tick at the same moment, for the proposal and for the start: there is one round, and each group once."""
    await managers(world, 5)
    await world.until(PROPOSED.replace(hour=9, minute=59))
    for moment in (PROPOSED, STARTED):
        world.clock.move_to(moment)
        await asyncio.gather(world.house.tick(), world.house.tick())
        await world.settle()
    (one,) = await world.rows(PeerRound)
    assert one.started_at is not None
    assert sorted(len(group) for group in await groups(world)) == [2, 3]
    assert sum(item.kind == "introduction" for item in await world.rows(AgendaItem)) == 2
    assert len([said for said in world.dms(world.lena) if "Peer groups" in texts(said)]) == 1


@pytest.mark.long
async def test_a_holiday_moves_the_start(world: World) -> None:
    """Friday 25 December and the last week of the year are off: the round of the 30th waits for the first working day."""
    await managers(world, 4)
    await world.until(datetime(2027, 1, 3, 12, tzinfo=UTC))
    starts = sorted(one.starts_at.isoformat()[:16] for one in await world.rows(PeerRound))
    assert starts == ["2026-12-02T10:00", "2026-12-16T10:00", "2027-01-04T10:00"]
    third = max(await world.rows(PeerRound), key=lambda one: one.number)
    assert third.started_at is None
    assert third.formed_at.isoformat()[:10] == "2026-12-23"
    await world.until(datetime(2027, 1, 4, 12, tzinfo=UTC))
    assert max(await world.rows(PeerRound), key=lambda one: one.number).started_at is not None


@pytest.mark.long
@pytest.mark.parametrize("day", ["mon", "wed", "fri"])
async def test_a_start_on_any_day(database_url: str, tmp_path: Path, day: str) -> None:
    """Whatever the day of the week, staff see a round on the working day before, and the next comes two weeks later."""
    content = a_copy(tmp_path)
    change(content, "program.yaml", "day: wed", f"day: {day}")
    async with open_world(database_url, content=content) as world:
        await managers(world, 4)
        await world.until(datetime(2026, 12, 23, 20, tzinfo=UTC))
        rounds = sorted(await world.rows(PeerRound), key=lambda one: one.number)
    first, second = rounds[:2]
    assert (second.starts_at - first.starts_at).days == FORTNIGHT
    for one in (first, second):
        assert one.starts_at.strftime("%a").lower() == day
        assert one.formed_at.weekday() == (one.starts_at.weekday() - 1 if day != "mon" else 4)


@pytest.mark.long
async def test_two_cohorts_become_one_pool(database_url: str, tmp_path: Path) -> None:
    """Autumn and Winter met by themselves; L&D joins them: one round a fortnight for all, and pairs of old don't meet again."""
    content = a_copy(tmp_path)
    async with open_world(database_url, content=content) as world:
        await managers(world, 4)
        await managers(world, 4, "Winter")
        await world.until(STARTED)
        assert {(one.pool, one.number) for one in await world.rows(PeerRound)} == {("Autumn", 1), ("Winter", 1)}
        before = await all_pairs(world)
        change(content, "program.yaml", "pools: []", "pools: [{name: Europe, cohorts: [Autumn, Winter]}]")
        assert world.house.library.refresh()
        await world.until(datetime(2026, 12, 16, 11, tzinfo=UTC))
        (joined,) = [
            one for one in await world.rows(PeerRound) if (one.pool, one.number) not in {("Autumn", 1), ("Winter", 1)}
        ]
        assert (joined.pool, joined.number) == ("Europe", 1)
        assert joined.started_at is not None
        assert len(await all_pairs(world)) == len(before) + 4, "eight people in four pairs, none of whom had met"


async def all_pairs(world: World) -> set[frozenset[int]]:
    """Everyone who was ever in one group with someone else."""
    found: dict[int, set[int]] = {}
    for one in await world.rows(PeerMember):
        found.setdefault(one.group_id, set()).add(one.person_id)
    return {frozenset(pair) for group in found.values() for pair in combinations(group, 2)}


@pytest.mark.long
async def test_a_round_of_five_with_one_not_yet_and_a_silent_pair(world: World) -> None:
    """A pair says nothing, the trio «not yet»: the next round brings new people together, and Lena reads that nobody met."""
    await managers(world, 5)
    await world.until(STARTED)
    pair, trio = await groups(world)
    await answer(world, trio, "not_yet")
    await world.until(datetime(2026, 12, 15, 11, tzinfo=UTC))
    said = texts(shown(world))
    assert "Last time 0 of 2 groups met." in said
    assert "heard" not in said, "they were told that L&D only learn whether they met"
    second = await groups(world, 2)
    assert pair not in second
    assert all(len(group & trio) < 3 for group in second)


@pytest.mark.long
async def test_staff_see_how_it_goes(world: World) -> None:
    """On her Home tab Lena reads how many groups met, in counts; nothing before a round is over. Cohorts of former years, where
    nobody is on their way any more, take nobody's place."""
    people = await managers(world, 4)
    async with world.house.database.transaction() as session:
        for year in range(2000, 2012):
            await keep_cohort(session, world.house.workspace_id, f"Ahead of Autumn: {year}")
    await world.until(STARTED)
    assert "groups met" not in await home(world, world.lena.id)
    first, _ = await groups(world)
    await answer(world, first, "all")
    await world.pass_time(days=12)
    seen = await home(world, world.lena.id)
    assert "Last time 1 of 2 groups met." in seen
    assert not [one for one in people if one.name in seen]
    await world.pass_time(days=1)
    assert "Last time 1 of 2 groups met." in texts(shown(world))
    await world.pass_time(days=2 * FORTNIGHT)
    assert "Everyone here has met everyone they could" in everything_in(shown(world).blocks)


async def test_who_moves_takes_no_round_along(world: World) -> None:
    """Both groups of Winter met, none of Autumn did; one of Autumn moves to Winter: of each Lena reads what its own two did."""
    autumn, _ = await managers(world, 4), await managers(world, 4, "Winter")
    await world.until(STARTED)
    for group in await groups(world):
        if not group & {one.id for one in autumn}:
            await answer(world, group, "all")
    await world.enrol(f"{autumn[0].id},{world.ana.id},Winter,2026-11-24", begun=False)
    await world.pass_time(days=12)
    seen = await home(world, world.lena.id)
    assert "Last time 2 of 2 groups met." in seen.partition("Winter")[2]
    assert "Last time 0 of 2 groups met." in seen.partition("Winter")[0]
