"""xAPI statements of a cohort that lived a while: sound to a validator, taken by a real store, each once."""

import asyncio
import json
import shutil
import subprocess
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import update
from sqlmodel import col, select

from bot.cohorts.enrolling import Step
from bot.exporting import not_sent, note_sent
from bot.privacy.erasing import erase
from bot.records.audit import Doer
from bot.records.ratings import record_rating
from bot.records.tables import Checkpoint, Enrollment, Message, Person, Response, StatementSent
from bot.reports.events import statements
from bot.reports.lrs import Refused, Store, post
from bot.reports.xapi import Statement
from tests.journeys.test_answers import answer_all
from tests.lrs.tools import RALPH, VALIDATOR, a_store, needs
from tests.world import World, texts

THOUGHT = "what only I should ever read"


async def a_while(world: World) -> list[Statement]:
    """Maya answers her first lessons, and both rate; what is known of it as statements."""
    await world.enrol()
    await world.until(datetime(2026, 11, 27, 20, 0, tzinfo=UTC))
    for message in [one for one in world.dms(world.maya) if "check" in str(one.blocks)]:
        await answer_all(world, message, THOUGHT)
    return await as_statements(world)


async def as_statements(world: World) -> list[Statement]:
    """All that there is now."""
    async with world.house.database.transaction() as session:
        return await statements(session, world.house.library.current.curriculum)


async def wait_for_nothing(_: float) -> None:
    """Time between tries is not what these tests are about."""


async def test_every_statement_is_sound(world: World) -> None:
    """The validator of Learning Locker finds nothing in any of them, and every kind that there should be is there."""
    needs(VALIDATOR)
    found = await a_while(world)
    kinds = Counter(one["verb"]["display"]["en"] for one in found)
    assert {"experienced", "answered", "completed", "progressed"} <= kinds.keys()
    warnings, count = await asyncio.to_thread(validated, found)
    assert (warnings, count) == ("", len(found))


def validated(found: Sequence[Statement]) -> tuple[str, int]:
    """What the validator says, and how many statements it has seen."""
    node = shutil.which("node")
    assert node is not None
    done = subprocess.run(
        [node, Path(__file__).with_name("validate.js"), VALIDATOR],
        input=json.dumps(found), text=True, capture_output=True, check=True,
    )  # fmt: skip
    return done.stdout, int(done.stderr)


async def test_what_is_private_never_leaves(world: World) -> None:
    """No reflection, no name, no address; a rating only once it is no secret any more."""
    found = await a_while(world)
    said = json.dumps(found)
    for private in (THOUGHT, "Maya", "Horvat", "maya@example.com"):
        assert private not in said
    async with world.house.database.transaction() as session:
        way = next(one for one in await world.rows(Enrollment))
        now = world.clock.now()
        for by, level, rater in (("self", 4, None), ("mentor", 2, way.mentor_id)):
            await record_rating(session, way.id or 0, "talent", 8, by, level, None, now, by_id=rater)
        session.add(Checkpoint(enrollment_id=way.id or 0, week=8, opened_at=now, sealed_until=now))
    assert not [one for one in await as_statements(world) if one["verb"]["display"]["en"] == "rated"]
    async with world.house.database.transaction() as session:
        for one in await session.exec(select(Checkpoint).where(Checkpoint.week == 8)):
            one.revealed_at = now
            session.add(one)
    rated = [one for one in await as_statements(world) if one["verb"]["display"]["en"] == "rated"]
    assert sorted(one["result"]["score"]["raw"] for one in rated) == [2, 4]
    assert sorted(one["object"]["objectType"] for one in rated) == ["Activity", "Agent"]


async def test_a_question_is_told_in_one_language(world: World) -> None:
    """Maya learns in Slovene, Tom in English, and the statements say that all of it is English: one activity has one name."""
    await world.enrol()
    await world.sandbox.change_person(world.maya.id, locale="sl-SI")
    await world.until(datetime(2026, 11, 24, 20, 0, tzinfo=UTC))
    (hers,), (his,) = world.dms(world.maya), world.dms(world.tom)
    for person, message in ((world.maya, hers), (world.tom, his)):
        option = next(o for b in message.blocks for e in b.get("elements", ()) for o in e.get("options", ()))
        await world.answer(person, message, option["text"]["text"])
    assert "Beri verigo, ne vsote" in texts(hers)
    found = await as_statements(world)
    assert len([one for one in found if one["verb"]["display"]["en"] == "answered"]) == 2
    assert "Beri verigo" not in json.dumps(found, ensure_ascii=False)
    assert len({json.dumps(one["object"]) for one in found if one["verb"]["display"]["en"] == "answered"}) == 1


async def test_an_answer_leaves_whether_or_not_its_lesson_is_confirmed(world: World) -> None:
    """Slack did not say whether Maya's lesson had come, and nobody could look; she has answered it, so it had."""
    before = await a_while(world)
    async with world.house.database.transaction() as session:
        answered = select(Response.message_id).distinct()
        unsure = {"state": "unconfirmed", "sent_at": None}
        await session.execute(update(Message).where(col(Message.id).in_(answered)).values(**unsure))
    assert {one["id"] for one in await as_statements(world)} == {one["id"] for one in before}


async def test_a_rating_stays_with_who_gave_it(world: World) -> None:
    """Ana rated Maya, and then Zoe became her mentor: the statement is Ana's; once Ana is erased, it is nobody's."""
    await world.enrol()
    async with world.house.database.transaction() as session:
        way = (await session.exec(select(Enrollment))).first()
        assert way is not None
        ana = await session.get_one(Person, way.mentor_id)
        await record_rating(session, way.id or 0, "talent", 8, "mentor", 2, None, world.clock.now(), by_id=ana.id)
    maya = await world.house.rooms.cohorts.rosters.import_roster(
        f"manager,mentor,cohort,starts_on\n{world.maya.id},{world.zoe.id},Autumn,2026-11-24",
        by=Doer(world.house.workspace_id), now=world.clock.now(), dry_run=False,
    )  # fmt: skip
    assert [one.step for one in maya.told] == [Step.MOVED]
    raters = [one["actor"]["account"]["name"] for one in await as_statements(world) if "score" in one.get("result", {})]
    assert raters == [world.ana.id]
    async with world.house.database.transaction() as session:
        await erase(session, await session.get_one(Person, ana.id))
    assert not [one for one in await as_statements(world) if "score" in one.get("result", {})]


@pytest.mark.long
async def test_a_real_store_takes_each_once(world: World, tmp_path: Path) -> None:
    """All are taken; the next time there is nothing new; a resend of the same is no conflict, other words are one."""
    needs(RALPH)
    found = await a_while(world)
    with a_store(tmp_path) as store:
        taken: list[UUID] = []

        async def took(ids: Sequence[UUID]) -> None:
            taken.extend(ids)
            async with world.house.database.transaction() as session:
                await note_sent(session, ids, world.clock.now())

        posted = await post(store, found, took)
        assert (posted.taken, posted.conflicts) == (len(found), ())
        assert [str(one) for one in taken] == [one["id"] for one in found]
        assert len(await world.rows(StatementSent)) == len(found)
        async with world.house.database.transaction() as session:
            assert await not_sent(session, await statements(session, world.house.library.current.curriculum)) == []
        again = await post(store, found, took)
        assert (again.taken, again.conflicts) == (len(found), ())
        other = {**found[0], "timestamp": "2020-01-01T00:00:00.000Z"}
        mixed = await post(store, [other, *found[1:3]], took)
        assert (mixed.taken, mixed.conflicts) == (2, (found[0]["id"],))


@pytest.mark.long
async def test_a_store_that_says_no(world: World, tmp_path: Path) -> None:
    """A wrong password, a wrong address, nobody there: a sentence each, and nothing is marked as taken."""
    needs(RALPH)
    found = await a_while(world)
    taken: list[UUID] = []

    async def took(ids: Sequence[UUID]) -> None:
        taken.extend(ids)

    with a_store(tmp_path) as store:
        wrong = Store(store.endpoint, store.key, "not it")
        elsewhere = Store(store.endpoint.replace("/xAPI", "/nowhere"), store.key, store.secret)
        for no, sentence in ((wrong, "XAPI_KEY and XAPI_SECRET"), (elsewhere, "address in front of it")):
            with pytest.raises(Refused, match=sentence):
                await post(no, found[:1], took, wait_for_nothing)
    with pytest.raises(Refused, match="goes on where it ended"):
        await post(store, found[:1], took, wait_for_nothing)
    assert taken == []


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (web.Response(status=301, headers={"Location": "/xAPI/statements/"}), "leads to /xAPI/statements/"),
        (web.Response(status=302, headers={"Location": "/xAPI/statements/"}), "set XAPI_ENDPOINT to where it leads"),
        (web.Response(text="<title>Sign in</title>", content_type="text/html"), "not as a learning record store"),
        (web.json_response({"status": "ok"}), "not as a learning record store"),
    ],
)
async def test_what_is_no_store_has_taken_nothing(answer: web.Response, sentence: str) -> None:
    """The address leads elsewhere, or to a page that says «ok» to everything: a sentence, and nothing is marked as taken."""
    taken: list[UUID] = []

    async def took(ids: Sequence[UUID]) -> None:
        taken.extend(ids)

    async def posted(_: web.Request) -> web.Response:
        return answer

    async def asked(_: web.Request) -> web.Response:
        return web.json_response({"statements": []})

    site = web.Application()
    site.router.add_post("/xAPI/statements", posted)
    site.router.add_get("/xAPI/statements/", asked)
    async with TestServer(site, host="127.0.0.1") as server:
        store = Store(str(server.make_url("/xAPI")), "key", "secret")
        with pytest.raises(Refused, match=sentence):
            await post(store, [{"id": str(uuid4())}], took, wait_for_nothing)
    assert taken == []
