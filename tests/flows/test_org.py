"""A whole organisation installs the app (Enterprise Grid): its token works in each of its workspaces."""

from collections.abc import AsyncIterator

import pytest

from bot.records.tables import Workspace
from tests.journeys.test_home import home
from tests.town import Town, open_town

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
    assert sorted(one.id for one in await town.here.rows(Workspace)) == ["T0ACME", "T0BETA"]
    assert len(town.here.sandbox.installs.tokens) == 1
    await town.enrol(town.there, begun=False)
    await town.there.pass_time(hours=3)
    assert len(town.there.dms(town.there.maya)) == 1
    assert not town.here.dms(town.here.maya)
    assert "Maya" in await home(town.there, town.there.ana.id)


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
    installs.let_in("T0BETA", ORG)
    assert "not enrolled" in await home(town.there, town.there.zoe.id)
    assert sorted(one.id for one in await town.here.rows(Workspace)) == ["T0ACME", "T0BETA"]


async def test_an_organisation_leaves_as_a_whole(town: Town) -> None:
    """Its token is gone: so is every workspace that had no token of its own."""
    await town.install_org(ORG)
    await town.install("T0BETA")
    await town.here.sandbox.installs.uninstall_org(ORG)
    left = {one.id: one.left_at is not None for one in await town.here.rows(Workspace)}
    assert left == {"T0ACME": True, "T0BETA": False}
