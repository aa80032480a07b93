"""A whole organisation installs the app (Enterprise Grid): its token works in each of its workspaces."""

from collections.abc import AsyncIterator

import pytest

from bot.records.tables import Ask, Enrollment, Person, Rating, Workspace
from tests.journeys.test_home import home
from tests.journeys.test_mentor_words import coach, modal
from tests.journeys.test_preferences import press_at_home, submit
from tests.journeys.test_ratings import maya_rates_herself
from tests.town import Town, open_town
from tests.world import everything_in, texts

ORG = {"id": "E0GRID", "name": "Grid"}


@pytest.fixture
async def town(database_url: str) -> AsyncIterator[Town]:
    """Two workspaces of one organisation."""
    async with open_town(database_url, enterprise=ORG) as opened:
        yield opened


async def test_an_organisation_installs_the_app_once(town: Town) -> None:
    """Both workspaces are let in by one token; each call says which of them it is about, and people get their own."""
    page = await town.install_org(ORG)
    assert "at home in Grid" in page.text
    assert "add it to each workspace that is to have it" in page.text
    assert sorted(one.id for one in await town.here.rows(Workspace)) == ["T0ACME", "T0BETA"]
    assert len(town.here.sandbox.installs.tokens) == 1
    await town.enrol(town.there, begun=False)
    await town.there.pass_time(hours=3)
    assert len(town.there.dms(town.there.maya)) == 1
    assert not town.here.dms(town.here.maya)
    assert "Maya" in await home(town.there, town.there.ana.id)


async def test_slack_names_a_workspace_of_the_organisation_that_installs(town: Town) -> None:
    """Though the installation names Acme, it is that of the whole organisation: Beta is opened by it, too."""
    town.here.sandbox.installs.names_team = True
    await town.install_org(ORG)
    opened = [(await town.house.clients.of(one)).token.is_of_org for one in ("T0ACME", "T0BETA")]
    assert opened == [True, True]


async def test_a_workspace_of_its_own_goes_first(town: Town) -> None:
    """Beta has installed the app by itself, too: its own token is the one that opens it."""
    await town.install_org(ORG)
    await town.install("T0BETA")
    own = (await town.house.clients.of("T0BETA")).token
    org = (await town.house.clients.of("T0ACME")).token
    assert (own.is_of_org, org.is_of_org) == (False, True)
    await town.here.sandbox.installs.uninstall("T0BETA")
    assert (await town.house.clients.of("T0BETA")).token.is_of_org, "the organisation still lets us in"


async def test_a_workspace_that_joined_later(town: Town) -> None:
    """Somebody acts in a workspace that came to the organisation after it had installed the app: they are answered."""
    installs = town.here.sandbox.installs
    beta = installs.neighbours.pop("T0BETA")
    await town.install_org(ORG)
    assert [one.id for one in await town.here.rows(Workspace)] == ["T0ACME"]
    installs.neighbours["T0BETA"] = beta
    await installs.let_in("T0BETA", ORG, told=False)
    assert "not enrolled" in await home(town.there, town.there.zoe.id)
    assert sorted(one.id for one in await town.here.rows(Workspace)) == ["T0ACME", "T0BETA"]


async def test_an_organisation_takes_it_out_of_one_workspace(town: Town) -> None:
    """That one hears nothing from then on, the other everything; let in again, it goes on where it was, without a click."""
    installs = town.here.sandbox.installs
    await town.install_org(ORG)
    for world in (town.here, town.there):
        await town.enrol(world, begun=False)
    await installs.let_out("T0BETA", ORG)
    await town.there.pass_time(hours=3)
    assert await left(town) == {"T0ACME": False, "T0BETA": True}
    assert (len(town.here.dms(town.here.maya)), len(town.there.dms(town.there.maya))) == (1, 0)
    await installs.let_in("T0BETA", ORG)
    assert await left(town) == {"T0ACME": False, "T0BETA": False}
    await town.there.pass_time(days=2)
    assert len(town.there.dms(town.there.maya)) == 1


async def test_what_slack_tells_late_or_twice(town: Town) -> None:
    """What counts is what Slack says when it is asked: that it was shut meanwhile is no news where it is open again.

    A workspace with an installation of its own doesn't mind either.
    """
    installs = town.here.sandbox.installs
    await town.install_org(ORG)
    shut = {"type": "team_access_revoked", "team_ids": ["T0ACME", "T0BETA", "T0OTHER"]}
    await town.here.sandbox.deliverer.event(shut, of_org=ORG)
    assert await left(town) == {"T0ACME": False, "T0BETA": False}
    await town.install("T0BETA")
    await installs.let_out("T0BETA", ORG)
    assert (await town.here.sandbox.deliverer.again()).acked
    assert await left(town) == {"T0ACME": False, "T0BETA": False}
    assert not (await town.house.clients.of("T0BETA")).token.is_of_org


async def test_slack_that_cant_be_asked_tells_it_again(town: Town) -> None:
    """It is not told «ok» for what could not be looked up."""
    await town.install_org(ORG)
    town.here.sandbox.fail("auth.teams.list", "error:internal_error", times=9)
    await town.here.sandbox.installs.let_out("T0BETA", ORG)
    assert await left(town) == {"T0ACME": False, "T0BETA": False}
    town.here.sandbox.faults.coming.clear()
    assert (await town.here.sandbox.deliverer.again()).acked
    assert await left(town) == {"T0ACME": False, "T0BETA": True}


@pytest.mark.parametrize("names_org", [False, True], ids=["no workspace", "the organisation in its place"])
async def test_an_organisation_leaves_as_a_whole(town: Town, names_org: bool) -> None:
    """Its token is gone, in whichever way Slack tells of it: so is every workspace that had no token of its own."""
    town.here.sandbox.installs.names_org = names_org
    await town.install_org(ORG)
    await town.install("T0BETA")
    await town.here.sandbox.installs.uninstall_org(ORG)
    assert await left(town) == {"T0ACME": True, "T0BETA": False}


async def asked(town: Town) -> list[tuple[str, str]]:
    """What each Maya asked, by their workspaces."""
    people = {one.id: one.workspace_id for one in await town.here.rows(Person)}
    ways = {one.id: people[one.person_id] for one in await town.here.rows(Enrollment)}
    return sorted((ways[one.enrollment_id], one.text) for one in await town.here.rows(Ask))


async def test_what_is_pressed_and_sent_in_says_not_where(town: Town) -> None:
    """Slack names another workspace, or only the organisation: Maya of Beta begins, asks, and her Home opens a modal."""
    await town.install_org(ORG)
    await town.enrol(town.there, begun=False)
    there = town.there
    await there.pass_time(hours=3)
    assert (await there.press(there.maya, there.dms(there.maya)[0], "welcome_begin")).acked
    assert sorted(one.begun_at is None for one in await there.rows(Enrollment)) == [False, True]
    await coach(there, there.maya, "ask")
    assert (await submit(there, there.maya, text="how do I say no?")).acked
    assert "Ana will read it" in everything_in(modal(there, there.maya)["blocks"])
    assert await asked(town) == [("T0BETA", "how do I say no?")]
    assert "Maya" in await home(there, there.ana.id)
    await press_at_home(there, there.maya, "home_privacy")
    assert modal(there, there.maya)


async def test_someone_in_two_workspaces_of_an_organisation_is_where_they_look(town: Town) -> None:
    """What they press and send in belongs to the workspace that showed it: message, modal, Home. What shows none is refused."""
    await town.install_org(ORG)
    for world in (town.here, town.there):
        await town.enrol(world, begun=False)
    await town.here.pass_time(hours=3)
    there, here = town.there, town.here
    assert (await there.press(there.maya, there.dms(there.maya)[0], "welcome_begin")).acked
    (begun,) = [one.id for one in await here.rows(Enrollment) if one.begun_at is not None]
    await maya_rates_herself(there, 3)
    assert [one.enrollment_id for one in await here.rows(Rating)] == [begun] * 5
    for world in (here, there):
        await press_at_home(world, world.maya, "mentor_ask")
        assert (await submit(world, world.maya, text=f"in {world.sandbox.workspace}?")).acked
    assert await asked(town) == [("T0ACME", "in Acme?"), ("T0BETA", "in Beta?")]
    await coach(there, there.maya, "ask")
    modal(there, there.maya)["private_metadata"] = ""
    refused = await submit(there, there.maya, text="and where is this?")
    assert (refused.acked, refused.status) == (False, 500)
    there.sandbox.enterprise = {"id": "E0OTHER", "name": "Other"}
    refused = await there.press(there.maya, there.dms(there.maya)[0], "welcome_begin", force=True)
    assert (refused.acked, refused.status) == (False, 500), "nobody of another organisation is anybody here"
    assert len(await asked(town)) == 2


async def test_below_an_answer_to_a_command_someone_is_where_it_was_given(town: Town) -> None:
    """Maya of two workspaces looks for lessons in both: what she opens below an answer, of which Slack shows the app nothing,
    comes where she asked; so do Ana's modals below a brief. What no answer of theirs says is no place."""
    await town.install_org(ORG)
    for world in (town.here, town.there):
        await town.enrol(world)
    for world, other in ((town.there, town.here), (town.here, town.there)):
        await coach(world, world.maya, "find discount")
        answer, before = world.dms(world.maya)[-1], len(other.dms(other.maya))
        assert answer.only_for == world.maya.id
        for _ in range(2):
            assert (await world.press(world.maya, answer, "coach_open")).acked
        assert "minutes · lesson" in texts(world.dms(world.maya)[-1])
        assert len(other.dms(other.maya)) == before
        await coach(world, world.ana, "brief maya")
        assert (await world.press(world.ana, world.dms(world.ana)[-1], "mentor_kudos")).acked
        assert modal(world, world.ana)
    for made_up in ("place:T0OTHER:0", "place:T0BETA", "place::1", "x", "place:T0BETA:1:2"):
        forged = await town.here.press(town.here.maya, answer, "coach_open", force=True, block_id=made_up, value="x:y")
        assert (forged.acked, forged.status) == (False, 500), made_up


async def test_two_installations_in_one_organisation(town: Town) -> None:
    """Each workspace installed the app by itself, and views name the one that did first: Beta is opened by its own token."""
    for team in ("T0ACME", "T0BETA"):
        await town.install(team)
        await town.enrol(town.here if team == "T0ACME" else town.there)
    there = town.there
    await press_at_home(there, there.maya, "home_privacy")
    assert modal(there, there.maya)
    assert not town.here.sandbox.modals(town.here.maya.id)


async def left(town: Town) -> dict[str, bool]:
    """Which workspaces have left."""
    return {one.id: one.left_at is not None for one in await town.here.rows(Workspace)}


async def test_slack_tells_nothing_of_the_organisation_for_now(town: Town) -> None:
    """Somebody opens App Home in a workspace that is not on record, and Slack won't say whose it is: they are answered later."""
    installs = town.here.sandbox.installs
    beta = installs.neighbours.pop("T0BETA")
    await town.install_org(ORG)
    installs.neighbours["T0BETA"] = beta
    await installs.let_in("T0BETA", ORG, told=False)
    town.here.sandbox.fail("auth.teams.list", "error:fatal_error")
    assert "not enrolled" in await home(town.there, town.there.zoe.id), "Slack is not told «ok», and sends it again"
