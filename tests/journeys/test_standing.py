"""Where a manager stands in the areas: hers alone, until she shows it to her mentor, and again once she takes it back."""

from datetime import UTC, datetime

import pytest

from bot.sandbox.state import Message
from bot.slack.access import Actor
from tests.journeys.test_answers import answer_all
from tests.journeys.test_ratings import begun, maya_rates_herself
from tests.journeys.test_sharing import what_ana_sees
from tests.journeys.test_welcome import modal
from tests.world import World, texts

STANDS = "Where they stand, shared with you"


async def switch(world: World, action_id: str) -> None:
    """Maya presses the switch below what her mentor sees."""
    await world.sandbox.open_home(world.maya.id)
    await world.settle()
    home = world.sandbox.home(world.maya.id)
    assert home is not None
    await world.sandbox.click_in_view(world.maya.id, home["id"], "home_seen")
    await world.settle()
    await world.sandbox.click_in_view(world.maya.id, modal(world, world.maya)["id"], action_id)
    await world.settle()
    await world.sandbox.close(world.maya.id, modal(world, world.maya)["id"])


def pictures_in(message: Message) -> list[str]:
    """What the pictures of a message, which people see, say to someone who doesn't."""
    assert message.not_found == []
    return [block["alt_text"] for block in message.blocks if block["type"] == "image"]


@pytest.mark.long
async def test_shown_in_the_next_digest_and_taken_back(world: World) -> None:
    """Maya shows it: the brief words and Monday's picture have it, Tom's stays out; she takes it back, and the next has none."""
    await world.enrol()
    await world.until(datetime(2026, 11, 24, 18, 0, tzinfo=UTC))
    await answer_all(world, world.dms(world.maya)[0])
    await answer_all(world, world.dms(world.tom)[0])
    assert STANDS not in await what_ana_sees(world)
    await switch(world, "areas_show")
    assert STANDS in await what_ana_sees(world)
    await world.until(datetime(2026, 11, 30, 12, 0, tzinfo=UTC))
    (said,) = pictures_in(world.dms(world.ana)[-1])
    assert said.startswith("Maya Horvat: ")
    assert "Tom" not in said
    await switch(world, "areas_hide")
    assert STANDS not in await what_ana_sees(world)
    await world.until(datetime(2026, 12, 7, 12, 0, tzinfo=UTC))
    assert len(world.dms(world.ana)) == 3
    assert pictures_in(world.dms(world.ana)[-1]) == []


async def test_a_sealed_rating_is_no_part_of_it(world: World) -> None:
    """Before Ana has rated Maya, what Maya said of herself would tell her: it is left out, whatever Maya shows."""
    await begun(world)
    await maya_rates_herself(world, 4)
    await switch(world, "areas_show")
    seen = await what_ana_sees(world)
    assert STANDS in seen
    assert seen.count(": nothing yet") == 5


async def test_a_mentor_reads_it_page_by_page(world: World) -> None:
    """«More» says it of Maya, who shows it, and not of Tom."""
    await world.enrol()
    await switch(world, "areas_show")
    await world.until(datetime(2026, 11, 30, 12, 0, tzinfo=UTC))
    await world.press(world.ana, world.dms(world.ana)[0], "mentor_more")
    assert str(modal(world, world.ana)["blocks"]).count(STANDS) == 1


async def test_an_erased_manager_takes_the_picture_along(world: World) -> None:
    """Maya has everything erased: the picture that she stands in is gone from Ana's digest and from Slack."""
    await world.enrol()
    await switch(world, "areas_show")
    await world.until(datetime(2026, 11, 24, 18, 0, tzinfo=UTC))
    await answer_all(world, world.dms(world.maya)[0])
    await world.until(datetime(2026, 11, 30, 12, 0, tzinfo=UTC))
    digest, picture = world.dms(world.ana)[-2:]
    assert [len(pictures_in(one)) for one in (digest, picture)] == [0, 1]
    assert len(world.sandbox.state.files) == 1
    await world.house.rooms.privacy.erase(Actor(world.house.workspace_id, world.maya.id))
    await world.settle()
    assert picture.deleted
    assert world.sandbox.state.files == {}
    assert "Maya" not in texts(world.dms(world.ana)[-1])
