"""Someone takes along what is kept of them, as two files in their conversation: these go with them when they are erased."""

from typing import Any

import pytest

from bot.slack import files
from bot.slack.access import Actor
from tests.flows.test_lines import Waits
from tests.journeys.test_answers import answer_all, lesson_for_maya
from tests.world import World, texts

HERE, NOT_HERE = "a page to read", "could not be sent as files"


def maya(world: World) -> Actor:
    """Who asks."""
    return Actor(world.house.workspace_id, world.maya.id)


def seen(world: World) -> tuple[int, int]:
    """How often Maya reads that it is here, and how many files she sees."""
    stand = [one for one in world.dms(world.maya) if not one.deleted]
    return sum(HERE in texts(one) for one in stand), sum(len(one.files) for one in stand)


async def ask(world: World) -> None:
    """Maya asks for what is kept of her."""
    await world.house.rooms.taking_along.ask(maya(world))
    await world.settle()


async def test_it_goes_with_whoever_is_erased(world: World) -> None:
    """Maya takes everything along, and then has it erased: nothing of it is left in Slack, nor the sentence about it."""
    await answer_all(world, await lesson_for_maya(world), thought="something private")
    await ask(world)
    assert seen(world) == (1, 2)
    await world.house.rooms.privacy.erase(maya(world))
    await world.settle()
    assert seen(world) == (0, 0)
    assert not [one for one in world.sandbox.state.files.values() if "content" in one]


@pytest.mark.over_http
@pytest.mark.parametrize("fault", ["500", "reset_after"])
async def test_it_comes_once_whatever_happens(world: World, fault: str) -> None:
    """Slack fails as the files are shared, before it took effect or after: what was there is taken back, and all comes once."""
    await lesson_for_maya(world)
    waits = Waits.begin(world)
    world.sandbox.fail("files.completeUploadExternal", fault, 2)
    await ask(world)
    for _ in range(3):
        await waits.pass_seconds(100)
    assert seen(world) == (1, 2)
    assert not await waits.jobs("export")


async def test_who_is_erased_while_it_is_sent(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Maya is erased after the files were announced, just before they are shared: they are taken back at once."""
    await lesson_for_maya(world)
    share = files.share

    async def erased_meanwhile(*what: Any, **how: Any) -> None:
        await world.house.rooms.privacy.erase(maya(world))
        await share(*what, **how)

    monkeypatch.setattr(files, "share", erased_meanwhile)
    await ask(world)
    await world.settle()
    assert seen(world) == (0, 0)


async def test_where_no_files_can_be_sent_that_is_said_each_time(world: World) -> None:
    """The workspace allows no files: Maya reads so, and once more when she asks again an hour later."""
    await lesson_for_maya(world)
    world.sandbox.fail("files.getUploadURLExternal", "error:missing_scope", 9)
    for times in (1, 2):
        await ask(world)
        assert sum(NOT_HERE in texts(one) for one in world.dms(world.maya)) == times
        await world.pass_time(hours=1)
    assert seen(world) == (0, 0)
