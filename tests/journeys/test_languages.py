"""Two people in one cohort, each in their own language: the same lesson, the same answers, other words."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from bot.cohorts import staff_message as look
from bot.curriculum.model import Choice
from bot.records.tables import Response
from bot.slack.access import Actor
from tests.journeys.test_actions import asked_after
from tests.journeys.test_answers import first_lesson, until_a_lesson_with
from tests.journeys.test_home import home
from tests.journeys.test_mentor_words import coach
from tests.journeys.test_mentor_words import send as ask
from tests.journeys.test_pulses import blocks_of, count, until_asked
from tests.journeys.test_rounds import PROPOSED, choose, groups, ids_of, managers
from tests.journeys.test_sharing import what_ana_sees
from tests.journeys.test_staff import home as staffs_home
from tests.journeys.test_staff import send
from tests.journeys.test_welcome import modal, modal_text
from tests.world import CONTENT, World, open_world, texts


async def test_each_reads_their_own_language_and_their_answers_are_the_same(world: World) -> None:
    """Maya's Slack speaks Slovene, Tom's English. Both give the same wrong answer; on record, it is the same one."""
    await world.enrol()
    await world.sandbox.change_person(world.maya.id, locale="sl-SI")
    await world.sandbox.change_person(world.tom.id, tz=world.maya.tz)
    await world.pass_time(hours=3)
    hers, his = world.dms(world.maya)[-1], world.dms(world.tom)[-1]
    assert "Beri verigo, ne vsote" in texts(hers)
    assert "Spremljanje in vodenje prodaje · 4 min" in texts(hers)
    assert "Read the chain, not the total" in texts(his)
    taught = world.house.library.current
    for person, message, language in ((world.maya, hers, "sl"), (world.tom, his, "en")):
        question = taught.speaking(language).curriculum.lesson(first_lesson(world).id).checks[0]
        assert isinstance(question, Choice)
        wrong = next(option for option in question.options if option.id == "later")
        await world.answer(person, message, wrong.text)
        assert wrong.feedback in texts(message)
    first, second = await world.rows(Response)
    assert (first.check_id, first.answer["options"], first.correct) == (second.check_id, ["later"], False)
    assert second.answer["options"] == ["later"]


async def test_what_is_answered_at_once_is_in_their_language_too(world: World) -> None:
    """Maya reads Slovene: so does the hint that she has picked nothing, the window for a thought, and what it says when empty;
    and what she reads once she has asked her mentor something."""
    await world.enrol()
    await world.sandbox.change_person(world.maya.id, locale="sl-SI")
    lesson, reflecting = await until_a_lesson_with(world, "check_write")
    await world.press(world.maya, lesson, "check_confidence:sure")
    assert "Najprej izberi odgovor" in world.dms(world.maya)[-1].text
    await world.press(world.maya, lesson, "check_write", block_id=reflecting)
    assert modal(world, world.maya)["title"]["text"] == "Tvoja misel"
    empty = await world.sandbox.submit(world.maya.id, modal(world, world.maya)["id"], {"reflection": {"text": " "}})
    assert empty.body is not None
    words = world.house.library.current.speaking("sl").wording
    assert empty.body["errors"] == {"reflection": words.plain("check.reflection_empty")}
    await world.sandbox.command(world.maya.id, "/coach ask")
    await world.settle()
    await world.sandbox.submit(world.maya.id, modal(world, world.maya)["id"], {"text": {"pick": "Kako?"}})
    assert "To prebere Ana" in modal_text(world, world.maya)


async def test_dates_are_said_in_the_readers_language(world: World) -> None:
    """On Maya's Home tab, the next lesson's day is Slovene; once her Slack speaks English, it is English."""
    await world.enrol()
    await world.sandbox.change_person(world.maya.id, locale="sl-SI")
    assert "Naslednja lekcija: torek, 24. november ob 09:00" in await home(world, world.maya.id)
    await world.sandbox.change_person(world.maya.id, locale="en-GB")
    assert "Next lesson: Tuesday 24 November, 09:00" in await home(world, world.maya.id)


@pytest.mark.long
async def test_a_mentor_reads_the_day_of_a_promise_in_their_language(world: World) -> None:
    """Maya did what she promised: Ana's digest and «more» say its day in Slovene, what Maya sees of it in English."""
    message = await asked_after(world)
    await world.sandbox.change_person(world.ana.id, locale="sl-SI")
    await world.press(world.maya, message, "follow_up_yes")
    await world.until(datetime(2026, 12, 7, 9, tzinfo=UTC))
    digest = world.dms(world.ana)[-1]
    assert "Obljuba (sreda, 25. november), *uspelo je*" in texts(digest)
    await world.press(world.ana, digest, "mentor_more")
    assert "Obljuba (sreda, 25. november), *uspelo je*" in str(world.sandbox.modals(world.ana.id)[-1]["blocks"])
    assert "Promised for Wednesday 25 November, and *done*" in await what_ana_sees(world)


async def test_staff_read_their_language_in_windows_too(world: World) -> None:
    """Lena's Slack speaks Slovene: so do the windows behind a round, for a new mentor and on her Home, also where they refuse."""
    people = await managers(world, 4)
    await world.sandbox.change_person(world.lena.id, locale="sl-SI")
    await world.until(PROPOSED)
    await world.press(world.lena, world.dms(world.lena)[-1], "round_swap")
    assert "Zamenjaj dva" in modal_text(world, world.lena) + str(world.sandbox.modals(world.lena.id)[-1]["title"])
    together, ids = (await groups(world))[0], await ids_of(world)
    refused = await choose(
        world, world.lena, **dict(zip(("one", "other"), [ids[one] for one in together], strict=True))
    )
    assert refused.body["errors"]["other"].startswith("Ta dva sta že v isti skupini")
    giving = world.house.rooms.handover.giving
    assert "Nov mentor" in str(await giving.view(Actor(world.house.workspace_id, world.lena.id), 0))
    await staffs_home(world, world.lena)
    picked = {look.WHOM: [people[0].id], look.DAY: "2026-12-07"}
    refused = await send(world, world.lena, look.ENROL, **picked)
    assert refused.body["errors"][look.NEW] == "Izberi skupino ali vpiši ime nove."


async def test_what_is_refused_is_in_their_language_too(world: World) -> None:
    """Maya reads Slovene: so does what she is told where a small question was never asked, where her mentor has changed since she
    could share its answers, and where the menu's message is no longer on record; and that her mentor will read what she asks."""
    await world.enrol()
    await world.sandbox.change_person(world.maya.id, locale="sl-SI")
    message = await until_asked(world, "🤲")
    options = next(e["options"] for b in message.blocks for e in b.get("elements", ()) if e["type"] == "overflow")
    gone = next(one["value"] for one in options if one["value"].startswith("why:")).split(":")[0] + f":{UUID(int=0)}"
    await world.press(world.maya, message, "attention_menu", selected=gone, force=True)
    row = blocks_of(message, "pulse_count")[0]
    await world.press(
        world.maya, message, "pulse_count:0", block_id=row, value=f"{UUID(int=0)}:talks_held:0", force=True
    )
    await count(world, message, 1, 1)
    share = next(
        b["accessory"]["value"] for b in message.blocks if b.get("accessory", {}).get("action_id") == "trend_share"
    )
    await world.press(world.maya, message, "trend_share", value=f"{share}0", force=True)
    told = [one.text for one in world.dms(world.maya) if one.only_for == world.maya.id]
    assert [text.split()[1] for text in told] == ["vprašanje", "vprašanje", "Nič"]
    await coach(world, world.maya, "ask")
    await ask(world, world.maya, text="Kako naj rečem ne?")
    assert "To prebere Ana" in modal_text(world, world.maya)


async def test_who_has_no_mentor_reads_of_one_in_their_language(database_url: str, tmp_path: Path) -> None:
    """A lesson names the mentor: Maya, who has none yet and reads Slovene, reads Slovene words in the place of the name."""
    content = tmp_path / "content"
    shutil.copytree(CONTENT, content)
    path = content / "areas/sales-tracking/01-metrics-chain.sl.md"
    path.write_text(path.read_text().replace("\n## Example", "\nVpraša te {{ mentor.first_name }}.\n\n## Example", 1))
    async with open_world(database_url, content=content) as world:
        await world.enrol(f"{world.maya.email},,Autumn,2026-11-24")
        await world.sandbox.change_person(world.maya.id, locale="sl-SI")
        await world.pass_time(hours=3)
        assert "Vpraša te tvoj mentor ali mentorica." in texts(world.dms(world.maya)[-1])
