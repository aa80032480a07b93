"""The picture of the way, from a click to the file: said once, in words first, and the picture below them."""

import base64
import logging
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from sqlalchemy import text
from sqlmodel import select

from bot.pictures import plot
from bot.records.ratings import record_rating
from bot.records.tables import Checkpoint, Enrollment, Message, Person
from bot.sandbox.web_api import ALL_SCOPES
from bot.slack.access import Actor
from bot.slack.files import Uploads
from tests.journeys.test_answers import answer_all, lesson_for_maya
from tests.world import CONTENT, World, open_world

SALES = "sales-tracking"


def maya(world: World) -> Actor:
    """Who asks."""
    return Actor(world.house.workspace_id, world.maya.id)


async def rate(world: World, by: str, level: int | None, area: str = SALES, week: int = 0) -> None:
    """A rating of Maya's, as if it was given right now."""
    (enrollment,) = [one for one in await world.rows(Enrollment) if one.person_id == await id_of(world, world.maya.id)]
    async with world.house.database.transaction() as session:
        await record_rating(session, enrollment.id, area, week, by, level, None, world.clock.now())


async def reveal(world: World) -> None:
    """All that is sealed is open from now on."""
    async with world.house.database.transaction() as session:
        for checkpoint in await session.exec(select(Checkpoint)):
            checkpoint.revealed_at = world.clock.now()
            session.add(checkpoint)


async def id_of(world: World, slack_id: str) -> int:
    """Someone's id on record."""
    (person,) = [one for one in await world.rows(Person) if one.slack_id == slack_id]
    return int(person.id)


async def show(world: World) -> None:
    """Maya asks for her picture, and gets it."""
    assert await world.house.rooms.pictures.show(maya(world))
    await follow(world)


async def follow(world: World) -> None:
    """Everything that follows: the drawing, and the message that it orders from the next tick."""
    await world.settle()
    await world.house.tick()
    await world.settle()


def ways(world: World) -> list[Any]:
    """The messages of Maya's that are her way, in words or as a picture."""
    return [one for one in world.dms(world.maya) if one.text.startswith("Your way so far")]


def is_picture(message: Any) -> bool:
    """Whether a message has a picture in it."""
    return "image" in [block["type"] for block in message.blocks]


def pictures(world: World) -> list[Any]:
    """Those that are pictures."""
    return [one for one in ways(world) if is_picture(one)]


def image_of(message: Any) -> dict[str, Any]:
    """The image in a message."""
    images: list[dict[str, Any]] = [block for block in message.blocks if block["type"] == "image"]
    assert len(images) == 1, message.text
    assert message.not_found == [], "Slack shows «file not found» in its place"
    return images[0]


async def test_maya_sees_her_way(world: World) -> None:
    """After a rating and a lesson she gets words, and then a message with her picture: a PNG that is shared nowhere else."""
    await answer_all(world, await lesson_for_maya(world))
    await rate(world, "self", 3)
    await show(world)
    words, message = ways(world)
    assert not is_picture(words)
    assert "goal 4, you said 3, 1 lesson done" in words.text
    image = image_of(message)
    assert "goal 4, you said 3, 1 lesson done. Talent" in image["alt_text"]
    assert "Performance management, reward and recognition: nothing yet" in image["alt_text"]
    ((file_id, file),) = world.sandbox.state.files.items()
    assert image["slack_file"] == {"id": file_id}
    assert base64.b64decode(file["content"]).startswith(b"\x89PNG")
    assert file["alt_txt"] == image["alt_text"]
    assert "Maya" not in str(file["name"]) + image["alt_text"]
    assert [one.files for one in world.dms(world.maya) if one.files] == []


async def test_two_clicks_are_one_picture(world: World) -> None:
    """An impatient second click changes nothing; a minute later it is a new picture."""
    await world.enrol()
    await rate(world, "self", 3)
    await show(world)
    await world.pass_time(seconds=20)
    await show(world)
    assert len(pictures(world)) == 1
    await world.pass_time(minutes=1)
    await show(world)
    assert len(pictures(world)) == 2
    assert len(world.sandbox.state.files) == 2


async def test_a_job_done_twice_changes_nothing(world: World) -> None:
    """Its worker died after the picture was on record: it stays the one that is there."""
    await world.enrol()
    await rate(world, "self", 3)
    await show(world)
    (before,) = world.sandbox.state.files
    (message,) = [one for one in await world.rows(Message) if one.kind == "picture"]
    await world.house.rooms.pictures.make(str(message.id))
    await follow(world)
    assert len(pictures(world)) == 1
    assert list(world.sandbox.state.files) == [before]
    assert world.sandbox.calls["files.completeUploadExternal"] == 1


async def test_the_picture_says_what_is_on_record_when_it_is_drawn(world: World) -> None:
    """Something that happens between the click and the drawing is in the picture, and in what is said of it."""
    await world.enrol()
    await rate(world, "self", 3)
    await world.house.rooms.pictures.show(maya(world))
    await rate(world, "self", 2, "talent")
    await follow(world)
    (message,) = pictures(world)
    assert "Talent acquisition, management and development: 1.7, goal 4, you said 2" in image_of(message)["alt_text"]
    assert "you said 2" in message.text


@pytest.mark.long
async def test_the_mentors_rating_is_sealed(world: World) -> None:
    """As long as the week is sealed Maya doesn't see what Ana said, not even where she herself has rated; then she does."""
    await world.enrol()
    await rate(world, "mentor", 4)
    await rate(world, "self", 1, "talent")
    await show(world)
    first = image_of(pictures(world)[0])["alt_text"]
    assert "execution: nothing yet" in first, "where she stands would tell what Ana said"
    assert "your mentor" not in first
    await world.pass_time(minutes=1)
    await rate(world, "self", 2)
    await reveal(world)
    await show(world)
    assert "you said 2, your mentor said 4" in image_of(pictures(world)[1])["alt_text"]


async def test_not_seen_yet_is_no_rating(world: World) -> None:
    """Ana has seen nothing of it: the line begins with what Maya says of herself, later."""
    await world.enrol()
    await rate(world, "mentor", None)
    await world.pass_time(days=1)
    await rate(world, "self", 3)
    await show(world)
    assert "Sales tracking and execution: 2.7, goal 4, you said 3. " in image_of(pictures(world)[0])["alt_text"]


async def test_without_the_scope_words_say_it(database_url: str, caplog: pytest.LogCaptureFixture) -> None:
    """Where the app may not upload files, the words stay; it is said once in the log, and not tried again."""
    async with open_world(database_url, content=CONTENT, granted=ALL_SCOPES - {"files:write"}) as world:
        await world.enrol()
        await rate(world, "self", 3)
        with caplog.at_level(logging.INFO):
            await show(world)
            await world.pass_time(minutes=1)
            await show(world)
        assert [one.message for one in caplog.records if "files:write" in one.message] == [
            "pictures and times of meetings are said in words only: the scope files:write is missing"
        ]
        assert world.sandbox.calls["files.getUploadURLExternal"] == 1
        assert (len(ways(world)), pictures(world)) == (2, [])
        for message in ways(world):
            assert "Sales tracking and execution: 2.7, goal 4, you said 3" in message.text


async def test_slack_still_looks_through_the_file(world: World) -> None:
    """A picture that can't be shown yet is said by a later try; until then its words stand there, said once."""
    await world.enrol()
    await rate(world, "self", 3)
    world.sandbox.scanning = True
    await show(world)
    assert (len(ways(world)), pictures(world)) == (1, [])
    world.sandbox.scanning = False
    await world.pass_time(minutes=1)
    (message,) = pictures(world)
    assert image_of(message)
    assert len(world.sandbox.state.files) == 1


async def test_slack_is_out_of_order(world: World) -> None:
    """An upload whose end nobody heard of is tried once more, and no more than one picture is ever seen."""
    await world.enrol()
    await rate(world, "self", 3)
    world.sandbox.fail("files.completeUploadExternal", "reset_after", 1)
    await show(world)
    assert world.sandbox.calls["files.completeUploadExternal"] == 1, "what creates is not retried by the client"
    await hurry(world)
    (message,) = pictures(world)
    assert image_of(message)["slack_file"]["id"] == list(world.sandbox.state.files)[-1]


async def test_the_message_is_still_on_its_way(world: World) -> None:
    """Slack asks for silence: the picture waits until its words are said, and nothing is uploaded before."""
    await world.enrol()
    await rate(world, "self", 3)
    world.sandbox.fail("chat.postMessage", "429", 1, retry_after=30)
    await show(world)
    assert ways(world) == []
    assert world.sandbox.state.files == {}
    await world.pass_time(minutes=1)
    await hurry(world)
    (message,) = pictures(world)
    assert image_of(message)


@pytest.mark.over_http
async def test_words_of_which_nobody_knows(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody knows for a while whether the words were said: the picture is not drawn each time that somebody looks."""
    await world.enrol()
    await rate(world, "self", 3)
    world.sandbox.fail("chat.postMessage", "reset_after", 1)
    await show(world)
    async with world.house.database.transaction() as session:
        await session.execute(
            text("UPDATE message SET tried_at = tried_at - interval '1 minute' WHERE kind = 'picture'")
        )
    draw = Mock(wraps=plot.draw)
    monkeypatch.setattr(plot, "draw", draw)
    for _ in range(3):
        await hurry(world)
    assert not draw.called
    await world.pass_time(minutes=2)
    await hurry(world)
    await follow(world)
    assert (draw.call_count, len(pictures(world))) == (1, 1)


async def test_nothing_to_draw(world: World) -> None:
    """On the first day one sentence says when there will be something; no file is made."""
    await world.enrol()
    await show(world)
    (message,) = ways(world)
    assert "begins with your first lesson" in message.text
    assert world.sandbox.state.files == {}


async def test_someone_without_a_way(world: World) -> None:
    """A mentor's or a stranger's click, as of an erased account, shows nothing and breaks nothing."""
    await world.enrol()
    for someone in (world.ana, world.zoe):
        assert not await world.house.rooms.pictures.show(Actor(world.house.workspace_id, someone.id))
    assert not [one for one in await world.rows(Message) if one.kind == "picture"]


async def test_pictures_are_deleted_with_everything_else(world: World) -> None:
    """An erasure takes the files from Slack, too; one that is gone already is as good."""
    await world.enrol()
    await rate(world, "self", 3)
    await show(world)
    (file_id,) = world.sandbox.state.files
    async with world.house.database.transaction() as session:
        # Older versions put the file into the message that has the words.
        await session.execute(
            text("UPDATE message SET payload = payload || '{\"file_id\": \"F0OLDER\"}' WHERE kind = 'picture'")
        )
        await world.house.rooms.pictures.forget_all(session, await id_of(world, world.maya.id))
    await world.settle()
    assert world.sandbox.state.files == {}
    assert world.sandbox.calls["files.delete"] == 2
    await world.house.rooms.pictures.forget(file_id)


async def test_who_is_erased_while_a_picture_goes_to_slack(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Maya has her account erased just after a picture of hers was uploaded, and before it is said: nobody keeps the file."""
    await world.enrol()
    await rate(world, "self", 3)
    keep, kept = Uploads.keep, list[str | None]()

    async def erased_meanwhile(uploads: Uploads, *what: Any, **how: Any) -> str | None:
        kept.append(await keep(uploads, *what, **how))
        await world.house.rooms.privacy.erase(maya(world))
        return kept[-1]

    monkeypatch.setattr(Uploads, "keep", erased_meanwhile)
    await show(world)
    assert len(kept) == 1
    assert world.sandbox.state.files == {}
    assert pictures(world) == []


async def test_in_her_own_language(database_url: str, tmp_path: Path) -> None:
    """Someone who reads Slovene finds decimal commas."""
    async with open_world(database_url, content=CONTENT, store=tmp_path / "workspace.sqlite") as world:
        await world.enrol()
        await rate(world, "self", 3)
        async with world.house.database.transaction() as session:
            await session.execute(text("UPDATE person SET language = 'sl' WHERE slack_id = 'U0MAYA'"))
        await show(world)
        assert all("2,7" in one.text for one in world.dms(world.maya)[-2:])


async def hurry(world: World) -> None:
    """Jobs that wait for their next try get it now."""
    async with world.house.database.transaction() as session:
        await session.execute(text("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'"))
    await follow(world)
