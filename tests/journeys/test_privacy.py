"""What is kept of someone, taken along, and erased."""

import base64
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import select

from bot.mentors.words import Told
from bot.privacy.erasing import erase
from bot.records.audit import Doer
from bot.records.tables import Enrollment, PeerGroup, Person, Response, Tally
from bot.records.tables import Message as MessageRow
from bot.sandbox.state import Message
from bot.sandbox.state import Person as Someone
from bot.slack.access import Actor
from tests.journeys.test_answers import answer_all, lesson_for_maya
from tests.world import World, action_ids, everything_in, texts


async def test_maya_reads_what_is_kept(world: World) -> None:
    """`/coach privacy` says how much is kept of her, and who sees it."""
    lesson = await lesson_for_maya(world)
    await answer_all(world, lesson)
    await world.sandbox.command(world.maya.id, "/coach privacy")
    await world.settle()
    (view,) = world.sandbox.modals(world.maya.id)
    said = everything_in(view["blocks"])
    assert "lessons 1, answers 2" in said
    assert "never pay, ranking or dismissal" in said
    assert "once both of you have rated or 10 working days have passed" in said
    assert "who has begun and who has stopped" in said, "L&D read it on Home and in exports"


async def test_maya_takes_her_data_along(world: World) -> None:
    """Her data comes as JSON and as a page; what she typed is in both, and harmless, and when she was away, too."""
    lesson = await lesson_for_maya(world)
    await answer_all(world, lesson, thought="<script>alert(1)</script> čšž 👋")
    for words in ("pause until 2026-12-01", "resume"):
        await world.sandbox.command(world.maya.id, f"/coach {words}")
    await world.sandbox.command(world.maya.id, "/coach privacy")
    await world.settle()
    (view,) = world.sandbox.modals(world.maya.id)
    await world.sandbox.click_in_view(world.maya.id, view["id"], "privacy_export")
    await world.settle()
    files = {file["name"]: base64.b64decode(file["content"]).decode() for file in world.sandbox.state.files.values()}
    kept = json.loads(files["playercoach.json"])
    assert kept["person"]["name"] == "Maya Horvat"
    assert any(one["answer"] == "<script>alert(1)</script> čšž 👋" for one in kept["answers"])
    assert "&lt;script&gt;" in files["playercoach.html"]
    assert "<script>" not in files["playercoach.html"]
    assert "Tom Baker" not in files["playercoach.json"]
    assert [(one["since"][:10], one["until"]) for one in kept["away"]] == [("2026-11-24", "2026-11-24")]
    assert "When you were away" in files["playercoach.html"]
    assert kept["lessons"][0]["why"] == "first_touch"
    assert "<dd>first touch</dd>" in files["playercoach.html"], "the page is for people"
    assert "<dd>2026-11-24 08:00</dd>" in files["playercoach.html"]
    assert "<dd>no</dd>" in files["playercoach.html"]
    assert "+00:00" not in files["playercoach.html"]


async def test_maya_has_everything_erased(world: World) -> None:
    """She is told what goes, confirms, and it is gone: rows, texts, and the messages in Slack; only counts stay."""
    lesson = await lesson_for_maya(world)
    await answer_all(world, lesson, thought="something private")
    await world.sandbox.command(world.maya.id, "/coach privacy")
    await world.settle()
    (view,) = world.sandbox.modals(world.maya.id)
    await world.sandbox.click_in_view(world.maya.id, view["id"], "privacy_erase")
    await world.settle()
    confirm = world.sandbox.modals(world.maya.id)[-1]
    assert "answers (2)" in everything_in(confirm["blocks"])
    await world.sandbox.submit(world.maya.id, confirm["id"])
    await world.settle()
    assert [one for one in world.dms(world.maya) if not one.deleted] == []
    assert {one.name for one in await world.rows(Person)} == {"Tom Baker", "Ana Kovač"}
    assert len(await world.rows(Enrollment)) == 1
    assert await world.rows(Response) == []
    counted = [one for one in await world.rows(Tally) if one.key.startswith("answers:tracking-01-metrics-chain:q1:")]
    assert sum(one.count for one in counted) == 1
    assert await nowhere(world, "something private")
    assert await nowhere(world, "Maya")


async def test_a_button_from_before_the_erasure(world: World) -> None:
    """A click on what was already open on another device gets a kind sentence; nothing comes back to life."""
    lesson = await lesson_for_maya(world)
    async with world.house.database.transaction() as session:
        maya = next(one for one in await world.rows(Person) if one.name == "Maya Horvat")
        await erase(session, await session.get_one(Person, maya.id))
    await world.answer(world.maya, lesson, lesson_option(lesson))
    assert await world.rows(Response) == []
    assert "no longer there" in world.dms(world.maya)[-1].text


@pytest.mark.long
async def test_it_is_erased_by_itself_after_the_retention(world: World) -> None:
    """Two years after an account was closed nothing of it is left; the day before, all of it is."""
    await lesson_for_maya(world)
    await world.sandbox.change_person(world.maya.id, deleted=True)
    await world.settle()
    closed = world.clock.now()
    world.clock.move_to(closed + timedelta(days=729))  # at once: what others are told meanwhile makes no difference
    await world.house.rooms.privacy.sweep(world.clock.now())
    assert "Maya Horvat" in [one.name for one in await world.rows(Person)]
    world.clock.move_to(closed + timedelta(days=731))
    await world.house.rooms.privacy.sweep(world.clock.now())
    assert "Maya Horvat" not in [one.name for one in await world.rows(Person)]


async def test_who_mentors_others_is_not_erased_by_their_own_end(world: World) -> None:
    """Ana's own program ended years ago, and she is Maya's mentor and Tom's buddy: she stays until that is over as long ago."""
    long_ago, before_that = world.clock.now() - timedelta(days=800), world.clock.now() - timedelta(days=1600)
    await world.enrol(f"{world.ana.email},,Autumn,2026-11-24")
    await world.enrol(
        f"{world.maya.email},{world.ana.email},Autumn,2026-11-24", f"{world.tom.email},,Autumn,2026-11-24"
    )
    await ends_of(world, world.ana, ended_at=before_that)
    ana = await id_of(world, world.ana)
    await ends_of(world, world.tom, buddy_id=ana)
    await world.house.rooms.privacy.sweep(world.clock.now())
    assert len(await people(world)) == 3, "Maya and Tom are under way"
    await ends_of(world, world.maya, ended_at=before_that, goes_on=True, stopped_at=long_ago)
    await world.house.rooms.privacy.sweep(world.clock.now())
    assert await people(world) == {"Ana Kovač", "Tom Baker"}, "Tom is still under way"
    await ends_of(world, world.tom, stopped_at=world.clock.now())
    await world.house.rooms.privacy.sweep(world.clock.now())
    assert await people(world) == {"Ana Kovač", "Tom Baker"}, "what she told him is his for as long as the rest"
    await world.house.rooms.privacy.sweep(world.clock.now() + timedelta(days=731))
    assert await people(world) == set()


async def test_who_has_a_role_is_not_erased_by_their_own_end(world: World) -> None:
    """Zoe has her role by a command, Lena by the program: their own ways ended long ago, and only a closed account counts."""
    now = world.clock.now()
    await world.enrol(*(f"{one.email},,Autumn,2026-11-24" for one in (world.zoe, world.lena, world.tom)))
    await world.house.rooms.cohorts.people.give_role(Doer(world.house.workspace_id), world.zoe.id, "analyst", now)
    for one in (world.zoe, world.lena, world.tom):
        await ends_of(world, one, ended_at=now - timedelta(days=800))
    await world.house.rooms.privacy.sweep(now)
    assert await people(world) == {"Zoe Adams", "Lena Fischer"}
    async with world.house.database.transaction() as session:
        (await session.get_one(Person, await id_of(world, world.zoe))).deactivated_at = now - timedelta(days=731)
    await world.house.rooms.privacy.sweep(now)
    assert await people(world) == {"Lena Fischer"}


@pytest.mark.long
async def test_what_others_were_told_of_maya_goes_with_her(world: World) -> None:
    """Ana, Tom and Lena read her name in a dozen kinds of messages: once she is erased, no conversation has it, or her words.

    What is about others as well still stands there, without her.
    """
    await world.house.sync_directory()  # which is also how L&D become people who can be written to
    await world.enrol()
    await others_hear_of_maya(world)
    await world.sandbox.say(world.tom.id, world.dms(world.tom)[0].channel, "help")
    await world.settle()
    heard = (world.ana, world.tom, world.lena)
    kinds = {one.kind for one in await world.rows(MessageRow) if one.ts in naming(world, "Maya", *heard)}
    assert kinds == {
        "brief", "buddy", "calibration_mentor", "digest", "farewell", "given", "help", "introduction", "mentor_gone",
        "opener", "preview", "relation_stalls", "reply",
    }  # fmt: skip
    assert len(naming(world, "drinks", world.ana)) > 2
    assert any(b"Maya" in base64.b64decode(one["content"]) for one in world.sandbox.state.files.values())
    await world.house.rooms.privacy.erase(Actor(world.house.workspace_id, world.maya.id))
    await world.settle()
    assert not naming(world, "Maya", *heard)
    assert not naming(world, "drinks", *heard)
    replies = {one.person_id for one in await world.rows(MessageRow) if one.kind == "reply"}
    assert replies == {await id_of(world, world.tom)}, "what he was answered is not about her"
    assert not any(b"Maya" in base64.b64decode(one["content"]) for one in world.sandbox.state.files.values())
    kinds = {one.kind for one in await world.rows(MessageRow) if one.ts in naming(world, "Tom", *heard)}
    assert kinds >= {"digest", "introduction", "mentor_gone", "preview"}
    await world.house.rooms.privacy.erase(Actor(world.house.workspace_id, world.tom.id))
    await world.settle()
    assert not naming(world, "Tom", *heard), "there is nobody left in their group"
    assert await nowhere(world, "Maya")
    assert await nowhere(world, "drinks")


async def test_what_a_mentor_wrote_goes_with_them(world: World) -> None:
    """Maya mentors Zoe, and wrote to her: her words go from Zoe's conversation, and from Lena's that she is gone.

    What Ana wrote to Tom stands there.
    """
    await world.house.sync_directory()
    rows = ((world.zoe, world.maya), (world.tom, world.ana))
    await world.enrol(*(f"{one.email},{mentor.email},Autumn,2026-11-24" for one, mentor in rows))
    words, zoe, tom = world.house.rooms.words, await way_of(world, world.zoe), await way_of(world, world.tom)
    of_ana = Told(Actor(world.house.workspace_id, world.ana.id), "V2", tom.id or 0, "You asked twice.", kind="kudos")
    await words.save(of_ana, world.clock.now())
    told = Told(Actor(world.house.workspace_id, world.maya.id), "V1", zoe.id or 0, "You kept quiet.", kind="kudos")
    await words.save(told, world.clock.now())
    gone = {"mentor_id": zoe.mentor_id, "why": "away", "since": world.clock.now().isoformat()}
    await say(world, world.lena, "mentor_gone", gone)
    await world.pass_time(hours=12)
    assert len(naming(world, "kept quiet", world.zoe)) == len(naming(world, "Maya", world.lena)) == 1
    await world.house.rooms.privacy.erase(Actor(world.house.workspace_id, world.maya.id))
    await world.settle()
    assert not naming(world, "kept quiet", world.zoe)
    assert not naming(world, "Maya", world.lena)
    assert len(naming(world, "asked twice", world.tom)) == 1


@pytest.mark.long
async def test_a_mentors_name_goes_with_them(world: World) -> None:
    """Philomena mentors Maya, and was Tom's mentor before Zoe: once she is erased, nothing that they were told for three weeks
    names her, and nothing there still asks about her."""
    world.ana.name = "Philomena Kovač"  # an Ana works in a lesson, too
    await world.enrol(begun=False)
    await world.pass_time(hours=12)
    await world.begin()
    await world.pass_time(days=3)
    for one in (world.maya, world.tom):
        lesson = next(said for said in world.dms(one) if "Check" in texts(said) or "check_pick" in action_ids(said))
        await answer_all(world, lesson, thought="a thought")
    await world.pass_time(days=18)
    await world.enrol(f"{world.tom.email},{world.zoe.email},Autumn,2026-11-24", begun=False)
    ways = {one.person_id: one for one in await world.rows(Enrollment)}
    maya = ways[await id_of(world, world.maya)]
    await say(world, world.maya, "relation", {"enrollment_id": maya.id, "mentor_id": maya.mentor_id, "number": 1})
    await world.pass_time(days=2)
    kinds = {
        one.kind for one in await world.rows(MessageRow) if one.ts in naming(world, "Philomena", world.maya, world.tom)
    }
    assert kinds >= {"welcome", "lesson", "relation"}
    assert "Zoe" in str([one.blocks for one in world.dms(world.tom)])
    stood = len(naming(world, "", world.maya, world.tom))
    await world.house.rooms.privacy.erase(Actor(world.house.workspace_id, world.ana.id))
    await world.settle()
    assert not naming(world, "Philomena", world.maya, world.tom)
    assert not naming(world, "Do the talks with", world.maya)
    assert len(naming(world, "", world.maya, world.tom)) == stood, "what was theirs stands there, without her"


@pytest.mark.parametrize("how", ["still is", "was"])
async def test_a_buddys_name_goes_with_them(world: World, how: str) -> None:
    """Zoe is Maya's buddy, or was it before Lena: once she is erased, the welcome that named her to Maya does so no more."""
    head = "manager,mentor,buddy,cohort,starts_on"
    line = f"{world.maya.email},{world.ana.email},{{}},Autumn,2026-11-24"
    await world.enrol(line.format(world.zoe.email), head=head, begun=False)
    await world.pass_time(hours=12)
    assert naming(world, "Zoe", world.maya)
    if how == "was":
        await world.enrol(line.format(world.lena.email), head=head, begun=False)
    await world.house.rooms.privacy.erase(Actor(world.house.workspace_id, world.zoe.id))
    await world.settle()
    assert not naming(world, "Zoe", world.maya)


async def others_hear_of_maya(world: World) -> None:
    """Her mentor, her buddy, her peer and L&D are told of her, in every way that there is."""
    maya, mine = Actor(world.house.workspace_id, world.maya.id), await way_of(world, world.maya)
    await world.pass_time(hours=3)
    await world.house.rooms.asks.save(
        maya, "My best seller drinks.", needs_help=True, place="V1", now=world.clock.now()
    )
    talk = Told(
        Actor(world.house.workspace_id, world.ana.id),
        "V2",
        mine.id or 0,
        "It is about Tim, who drinks.",
        on=date(2026, 11, 27),
    )
    await world.house.rooms.words.save(talk, world.clock.now())
    await world.until(datetime(2026, 12, 2, 14, 0, tzinfo=UTC))  # Maya and Tom have just been brought together
    for words in ("brief", "brief maya"):
        await world.sandbox.say(world.ana.id, world.dms(world.ana)[0].channel, words)
        await world.settle()
    about = {"enrollment_id": mine.id}
    for kind in ("given", "buddy", "farewell"):
        await say(world, world.ana, kind, about)
    await say(world, world.ana, "calibration_mentor", about | {"week": 0, "areas": []})
    await say(world, world.lena, "relation_stalls", about | {"mentor_id": mine.mentor_id})
    gone = {"mentor_id": mine.mentor_id, "why": "away", "since": world.clock.now().isoformat()}
    await say(world, world.lena, "mentor_gone", gone)
    (group,) = await world.rows(PeerGroup)
    opener = await say(world, world.tom, "opener", {"group_id": group.id})
    async with world.house.database.transaction() as session:
        introduced = (await session.exec(select(MessageRow).where(MessageRow.kind == "introduction"))).one()
        introduced.payload = {**introduced.payload, "opener": str(opener)}
    await world.pass_time(minutes=5)
    (introduction,) = world.group_messages(world.maya, world.tom)
    await world.press(world.tom, introduction, "peers_pick:1")


async def say(world: World, person: Someone, kind: str, payload: dict[str, Any]) -> UUID | None:
    """Have something said, as the planner of that kind does."""
    async with world.house.database.transaction() as session:
        return await world.house.outbox.say(
            session, key=f"{kind}:told", kind=kind, workspace_id=world.house.workspace_id,
            person_id=await id_of(world, person), payload=payload,
        )  # fmt: skip


def naming(world: World, words: str, *people: Someone) -> dict[str, str]:
    """By its place, what stands with these words in the conversations of these and of Maya's group; what they typed is theirs."""
    said = [message for one in people for message in world.dms(one)] + world.group_messages(world.maya, world.tom)
    there = (one for one in said if not one.deleted and one.blocks)
    return {one.ts: one.text for one in there if words in one.text + everything_in(one.blocks)}


async def way_of(world: World, person: Someone) -> Enrollment:
    """Someone's way on record."""
    async with world.house.database.transaction() as session:
        return (await session.exec(select(Enrollment).where(Enrollment.person_id == await id_of(world, person)))).one()


async def people(world: World) -> set[str]:
    """Who is on record."""
    return {one.name for one in await world.rows(Person)}


async def id_of(world: World, person: Someone) -> int:
    """The id of someone's row."""
    return int(next(one.id for one in await world.rows(Person) if one.slack_id == person.id))


async def ends_of(world: World, person: Someone, **values: Any) -> None:
    """Have someone's way say this."""
    mine = Enrollment.person_id == await id_of(world, person)
    async with world.house.database.transaction() as session:
        (await session.exec(select(Enrollment).where(mine))).one().sqlmodel_update(values)


async def nowhere(world: World, words: str) -> bool:
    """Whether no table holds these words."""
    async with world.house.database.transaction() as session:
        tables = await session.execute(
            text(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
            )
        )
        for (table,) in tables.all():
            found = await session.execute(  # the names of our own tables
                text(f'SELECT 1 FROM "{table}" AS t WHERE t::text LIKE :words LIMIT 1'),
                {"words": f"%{words}%"},
            )
            if found.first() is not None:
                return False
    return True


def lesson_option(lesson: Message) -> str:
    """Any option of a lesson's question."""
    return next(
        str(option["text"]["text"])
        for block in lesson.blocks
        for element in block.get("elements", ())
        if element.get("type") == "radio_buttons"
        for option in element["options"]
    )
