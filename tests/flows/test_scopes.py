"""What a workspace grants: all that the app does works with the scopes of its manifest, the heart of it with the few it needs."""

import json
import logging
from datetime import UTC, datetime

import pytest

from bot.slack.installing.pages import MANIFEST
from tests.journeys.test_answers import answer_all, promise_action
from tests.journeys.test_home import home
from tests.journeys.test_mentor_words import coach, modal
from tests.world import CONTENT, World, open_world, texts

LESSON = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 30, 20, 0, tzinfo=UTC)
ROUND = datetime(2026, 12, 2, 18, 0, tzinfo=UTC)
THURSDAY = datetime(2026, 12, 3, 18, 0, tzinfo=UTC)


def manifests(*, without_optional: bool) -> frozenset[str]:
    """The scopes of manifest.json, which is what a workspace grants."""
    scopes = json.loads(MANIFEST.read_text())["oauth_config"]["scopes"]
    return frozenset(scopes["bot"]) - (frozenset(scopes["bot_optional"]) if without_optional else frozenset())


async def live(world: World, *names: str) -> None:
    """Ten days: lessons and answers, a digest, a round of peers, every Home, the directory."""
    await world.enrol(*(f"{name},{world.ana.id},Autumn,2026-11-24" for name in names))
    await world.until(LESSON)
    await answer_all(world, world.dms(world.maya)[-1], thought="my own thought")
    await promise_action(world, world.maya, world.dms(world.maya)[-1])
    await world.house.sync_directory()
    await world.until(MONDAY)
    for person in (world.maya, world.ana, world.lena):
        await home(world, person.id)
    await world.until(ROUND)
    (group,) = world.group_messages(world.maya, world.tom)
    await world.press(world.tom, group, "peers_pick:1")
    await world.until(THURSDAY)


async def assert_all_came(world: World) -> None:
    """Lessons, the digest and the group's conversation are there, and nothing waits or has failed."""
    lessons = {one.title for one in world.house.library.current.curriculum.lessons}
    assert len([one for one in world.dms(world.maya) if one.text.split("\n")[0] in lessons]) == 4
    assert any("Maya Horvat" in texts(one) for one in world.dms(world.ana))
    assert world.group_messages(world.maya, world.tom)


@pytest.mark.long
async def test_the_manifests_scopes_are_enough(database_url: str, caplog: pytest.LogCaptureFixture) -> None:
    """With all of them nothing is off, and nothing is asked of Slack that it refuses; files and commands too."""
    granted = manifests(without_optional=False)
    async with open_world(database_url, content=CONTENT, granted=granted) as world:
        await live(world, world.maya.email, world.tom.email)
        await coach(world, world.maya, "progress")
        await coach(world, world.maya, "privacy")
        await world.sandbox.click_in_view(world.maya.id, modal(world, world.maya)["id"], "privacy_export")
        await world.settle()
        await assert_all_came(world)
        assert {one["name"] for one in world.sandbox.state.files.values()} >= {"playercoach.json", "meeting.ics"}
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING] == []


@pytest.mark.long
async def test_the_few_that_are_needed_are_enough(database_url: str, caplog: pytest.LogCaptureFixture) -> None:
    """Without a single optional one everything that matters comes; what is off is said once each, and nothing fails."""
    granted = manifests(without_optional=True)
    async with open_world(database_url, content=CONTENT, granted=granted) as world:
        await live(world, world.maya.id, world.tom.id)
        await assert_all_came(world)
    told = [(one.levelno, one.__dict__.get("action")) for one in caplog.records if one.levelno >= logging.WARNING]
    assert set(told) == {(logging.WARNING, one) for one in ("dnd.off", "files.off", "staff.unknown")}
    assert [one for _, one in told if one != "staff.unknown"] == ["dnd.off", "files.off"]
