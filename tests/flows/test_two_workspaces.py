"""Two workspaces with the same Slack ids, addresses and names of cohorts: nothing of one ever shows, or changes, in the other."""

import base64
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import SQLModel, select

from bot.ratings.steps_message import RATE
from bot.records.audit import Doer
from bot.records.cohorts import NoSuchCohort
from bot.records.tables import Ask, Enrollment, Note, PeerGroup, PeerMember, PeerRound
from bot.records.tables import Message as MessageRow
from bot.records.tables import Person as PersonRow
from bot.records.workspaces import WhichWorkspace
from bot.reports.events import statements
from bot.reports.report import make_report
from bot.reports.sheets import sheets
from bot.sandbox.state import Person
from tests.flows.test_org import ORG
from tests.journeys.test_answers import answer_all, promise_action
from tests.journeys.test_home import home
from tests.journeys.test_mentor_words import coach, modal, send
from tests.journeys.test_preferences import press_at_home
from tests.town import ELSEWHERE, Town, open_town
from tests.world import World, action_ids, everything_in, texts

LESSONS = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 30, 20, 0, tzinfo=UTC)
ROUND = datetime(2026, 12, 2, 18, 0, tzinfo=UTC)

# Every row that belongs to a workspace, however far away it says so.
_OWNERS = {
    "workspace": "id = :here",
    "person": "workspace_id = :here", "cohort": "workspace_id = :here", "agenda_item": "workspace_id = :here",
    "message": "workspace_id = :here", "peer_round": "workspace_id = :here", "staff_act": "workspace_id = :here",
    "erased": "workspace_id = :here",
    "enrollment": "person_id IN (SELECT id FROM person WHERE workspace_id = :here)",
    **dict.fromkeys(
        ("response", "interruption", "peer_member", "peer_block", "case_rated"),
        "person_id IN (SELECT id FROM person WHERE workspace_id = :here)",
    ),
    **dict.fromkeys(
        ("lesson_given", "promise", "rating", "checkpoint", "note", "ask", "review", "card", "pulse", "relation"),
        "enrollment_id IN (SELECT e.id FROM enrollment e JOIN person p ON p.id = e.person_id WHERE p.workspace_id = :here)",
    ),
    **dict.fromkeys(
        ("peer_group", "peer_left_out"), "round_id IN (SELECT id FROM peer_round WHERE workspace_id = :here)"
    ),
    "observation": "note_id IN (SELECT n.id FROM note n JOIN enrollment e ON e.id = n.enrollment_id"
                   " JOIN person p ON p.id = e.person_id WHERE p.workspace_id = :here)",
}  # fmt: skip
# What everyone is taught, counts without a person, and ids of statements that no two people share.
_NOBODYS = {"edition", "tally", "statement_sent"}


@pytest.fixture
async def town(database_url: str, request: pytest.FixtureRequest) -> AsyncIterator[Town]:
    """Both have installed the app, and in both Maya and Tom have begun in a cohort «Autumn», with Ana as their mentor.

    With a parameter, that organisation has installed it, and both are parts of it.
    """
    org = getattr(request, "param", None)
    async with open_town(database_url, enterprise=org) as opened:
        for world in (opened.here, opened.there):
            await (opened.install_org(org) if org else opened.install(world.sandbox.team_id))
            await opened.enrol(world, begun=False)
        await opened.here.begin()
        await opened.house.sync_directory()
        await opened.here.settle()
        yield opened


async def rows_of(town: Town, world: World) -> dict[str, list[str]]:
    """All that is on record of a workspace."""
    async with town.house.database.transaction() as session:
        found = {}
        for table, owner in _OWNERS.items():
            rows = await session.execute(
                text(f'SELECT t::text FROM "{table}" AS t WHERE {owner} ORDER BY 1'), {"here": world.sandbox.team_id}
            )
            found[table] = list(rows.scalars())
    found["workspace"] = [one.split(",")[0] for one in found["workspace"]]  # its pace moves with each message
    return found


def seen_in(world: World) -> str:
    """All that stands in a workspace: every conversation, every Home, every modal, every file."""
    state = world.sandbox.state
    said = [(one.ts, one.text, one.blocks, one.deleted) for c in state.channels.values() for one in c.messages.values()]
    files = {one["name"]: base64.b64decode(one.get("content", "")).decode("utf-8", "replace")
             for one in state.files.values() if one["mimetype"] != "image/png"}  # fmt: skip
    return json.dumps([said, state.homes, state.modals, files], ensure_ascii=False)


async def walk(world: World) -> None:
    """What everyone of a workspace can do in some weeks, on every surface there is."""
    lesson = world.dms(world.maya)[-1]
    await answer_all(world, lesson, thought="my own thought")
    await promise_action(world, world.maya, lesson)
    await home(world, world.maya.id)
    await coach(world, world.maya, "ask how do I tell a seller that the deal is not mine")
    await coach(world, world.maya, "find discount")
    await coach(world, world.maya, "pause 2 weeks")
    await coach(world, world.maya, "resume")
    await coach(world, world.ana, "brief maya")
    await coach(world, world.ana, "kudos")
    maya = next(one for key, one in (await ways_in(world)).items() if key == world.maya.id)
    await send(world, world.ana, who=str(maya.id), kind="kudos", text=f"In {world.sandbox.workspace}: you kept quiet.")
    for person in (world.ana, world.lena, world.zoe):
        await home(world, person.id)


async def ways_in(world: World) -> dict[str, Enrollment]:
    """The enrolments of a workspace, by their managers' Slack ids."""
    async with world.house.database.transaction() as session:
        rows = await session.execute(
            select(PersonRow.slack_id, Enrollment)
            .join(Enrollment, Enrollment.person_id == PersonRow.id)  # type: ignore[arg-type]
            .where(PersonRow.workspace_id == world.sandbox.team_id)
        )
        return {row[0]: row[1] for row in rows}


async def export(world: World, person: Person) -> dict[str, Any]:
    """Someone takes their data along."""
    await coach(world, person, "privacy")
    await world.sandbox.click_in_view(person.id, modal(world, person)["id"], "privacy_export")
    await world.settle()
    files = {one["name"]: base64.b64decode(one["content"]) for one in world.sandbox.state.files.values()}
    kept: dict[str, Any] = json.loads(files["playercoach.json"])
    return kept


def test_every_table_is_looked_at() -> None:
    """A new one has to say whose its rows are, or it could cross unseen."""
    assert set(_OWNERS) | _NOBODYS == set(SQLModel.metadata.tables)


@pytest.mark.parametrize("town", [None, ORG], indirect=True, ids=["two", "one organisation"])
async def test_what_is_done_here_is_neither_seen_nor_done_there(town: Town) -> None:
    """Maya, Ana, Lena and Zoe walk over every surface of one workspace: the other stays as it was, to the last row."""
    await town.here.until(LESSONS)
    before, looked = await rows_of(town, town.there), seen_in(town.there)
    await walk(town.here)
    assert await rows_of(town, town.there) == before
    assert seen_in(town.there) == looked
    assert ELSEWHERE.strip() not in seen_in(town.here)
    assert "2 enrolled" in str(town.here.sandbox.home(town.here.lena.id))


async def test_a_card_in_each_is_two(town: Town) -> None:
    """Both Anas send a card after a visit, in windows that have the same id in their workspaces: each Maya gets hers."""
    windows = []
    for world in (town.here, town.there):
        await press_at_home(world, world.ana, RATE)
        maya = (await ways_in(world))[world.maya.id]
        await send(world, world.ana, who=str(maya.id), what="visit")
        window = modal(world, world.ana)
        windows.append(window["id"])
        asked = [one["block_id"] for one in window["blocks"] if one["block_id"].startswith("saw:")]
        await send(world, world.ana, **dict.fromkeys(asked, "yes"))
    assert windows[0] == windows[1]
    cards = {one.enrollment_id for one in await town.here.rows(Note)}
    assert cards == {(await ways_in(world))[world.maya.id].id for world in (town.here, town.there)}


async def test_leading_a_cohort_there_leaves_its_namesake_here(town: Town) -> None:
    """Staff pause «Autumn», go on, lengthen it and close it: the other «Autumn» notices nothing, the audit neither."""
    await town.here.until(LESSONS)
    before, looked = await rows_of(town, town.here), seen_in(town.here)
    leading, by, now = town.house.rooms.cohorts.leading, Doer("T0BETA"), town.house.clock.now()
    done = [
        await leading.pause(by, "Autumn", None, now),
        await leading.resume(by, "Autumn", now),
        await leading.extend(by, "Autumn", 2, now),
        await leading.close(by, "Autumn", now),
    ]
    await town.here.settle()
    assert done == [2, 2, 2, 2]
    assert await rows_of(town, town.here) == before
    assert seen_in(town.here) == looked


@pytest.mark.long
async def test_digests_rounds_and_reports_know_their_own(town: Town) -> None:
    """Both Anas read of their own managers, both cohorts get groups of their own, and every file is of one workspace."""
    await town.here.until(LESSONS)
    await walk(town.here)
    await walk(town.there)
    await town.here.until(MONDAY)
    for world in (town.here, town.there):
        (digest,) = [one for one in world.dms(world.ana) if "mentor_more" in action_ids(one)]
        assert (ELSEWHERE in texts(digest)) == (world is town.there)
        assert f"Maya Horvat{ELSEWHERE if world is town.there else ''}*" in texts(digest)
        await world.press(world.ana, digest, "mentor_more")
        assert (ELSEWHERE in everything_in(modal(world, world.ana)["blocks"])) == (world is town.there)
    await town.here.until(ROUND)
    await groups_are_of_one_workspace(town)
    assert sorted(one.text or "" for one in await town.here.rows(Note)) == [
        "In Acme: you kept quiet.", "In Beta: you kept quiet.",
    ]  # fmt: skip
    assert len(await town.here.rows(Ask)) == 2, "both Mayas asked, in the same minute"
    kept = [await export(world, world.maya) for world in (town.here, town.there)]
    assert [ELSEWHERE in json.dumps(one) for one in kept] == [False, True]
    assert ELSEWHERE.strip() not in seen_in(town.here)
    await files_are_of_one_workspace(town)


async def groups_are_of_one_workspace(town: Town) -> None:
    """Each of the two cohorts has its round, and nobody sits with anyone from elsewhere."""
    async with town.house.database.transaction() as session:
        rows = await session.execute(
            select(PeerRound.workspace_id, PeerGroup.id, PersonRow.workspace_id)
            .join(PeerGroup, PeerGroup.round_id == PeerRound.id)  # type: ignore[arg-type]
            .join(PeerMember, PeerMember.group_id == PeerGroup.id)  # type: ignore[arg-type]
            .join(PersonRow, PersonRow.id == PeerMember.person_id)  # type: ignore[arg-type]
        )
        found = [tuple(row) for row in rows]
    assert {one[0] for one in found} == {"T0ACME", "T0BETA"}
    assert all(of_round == of_person for of_round, _, of_person in found)


async def files_are_of_one_workspace(town: Town) -> None:
    """The report, the sheets and the statements of a workspace; without saying which, none of them."""
    curriculum = town.house.library.current.curriculum
    async with town.house.database.transaction() as session:
        with pytest.raises(WhichWorkspace, match=r"Acme \(T0ACME\), Beta \(T0BETA\)"):
            await make_report(session, curriculum, "Autumn", town.house.clock.now())
        with pytest.raises(NoSuchCohort):
            await make_report(session, curriculum, "Spring", town.house.clock.now(), workspace="T0BETA")
        people = (await sheets(session, [], "Autumn", "Beta"))["people"].splitlines()
        assert len(people) == 3, "a head, Maya and Tom"
        told = [await statements(session, curriculum, None, one) for one in ("T0ACME", "T0BETA")]
    homes = [{one["actor"]["account"]["homePage"] for one in some} for some in told]
    assert [len(one) for one in homes] == [1, 1]
    assert not homes[0] & homes[1]


async def test_what_was_said_there_opens_nothing_here(town: Town) -> None:
    """Someone here presses a button with the ids of a message from there: nothing is written down, and nothing is shown."""
    await town.here.until(LESSONS)
    async with town.house.database.transaction() as session:
        (theirs,) = await session.exec(
            select(MessageRow).join(PersonRow).where(
                MessageRow.workspace_id == "T0BETA", MessageRow.kind == "lesson", PersonRow.slack_id == town.there.maya.id
            )
        )  # fmt: skip
    before, looked = await rows_of(town, town.there), seen_in(town.there)
    mine = town.here.dms(town.here.maya)[-1]
    own, forged = str(mine.blocks[0]["block_id"]).removeprefix("message:"), 0
    for block in mine.blocks:
        for element in block.get("elements", ()):
            value = str(element.get("value", "")).replace(own, str(theirs.id))
            forged += value != str(element.get("value", ""))
            if "action_id" in element:
                await town.here.sandbox.click(
                    town.here.maya.id, mine.channel, mine.ts, element["action_id"], block_id=block.get("block_id"),
                    value=value, force=True,
                )  # fmt: skip
                await town.here.settle()
    assert forged, "no button carries the id of its message any more"
    assert await rows_of(town, town.there) == before
    assert seen_in(town.there) == looked


@pytest.mark.long
async def test_erasing_someone_here_leaves_their_namesake_there(town: Town) -> None:
    """Maya has everything erased: the Maya with the same Slack id, elsewhere, keeps all of hers, messages too."""
    await town.here.until(LESSONS)
    await walk(town.there)
    ana = town.there.ana
    await town.there.sandbox.say(ana.id, town.there.sandbox.state.open([ana.id]).id, "brief")  # of Maya or of Tom?
    await town.there.settle()
    before, looked = await rows_of(town, town.there), seen_in(town.there)
    here = town.here
    await coach(here, here.maya, "privacy")
    await here.sandbox.click_in_view(here.maya.id, modal(here, here.maya)["id"], "privacy_erase")
    await here.settle()
    await here.sandbox.submit(here.maya.id, modal(here, here.maya)["id"])
    await here.settle()
    assert [one for one in here.dms(here.maya) if not one.deleted] == []
    assert await rows_of(town, town.there) == before
    assert seen_in(town.there) == looked
