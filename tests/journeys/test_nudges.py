"""One nudge for a lesson that waits; none once it is answered."""

from datetime import UTC, date, datetime

from bot.records.tables import AgendaItem, Message, Person
from bot.sandbox.state import Message as Shown
from bot.slack.access import Actor
from tests.journeys.test_answers import answer_all, lesson_for_maya
from tests.world import World, texts


def nudges(world: World) -> list[Shown]:
    """What of Maya's DM is a nudge."""
    return [message for message in world.dms(world.maya) if "only reminder" in message.text]


async def test_an_unanswered_lesson_is_nudged_once(world: World) -> None:
    """Two working days after the lesson Maya is reminded once, in her working time and below the next lesson's own buttons."""
    lesson = await lesson_for_maya(world)
    await world.until(datetime(2026, 11, 26, 7, 59, tzinfo=UTC))
    assert nudges(world) == []
    await world.until(datetime(2026, 11, 26, 9, 0, tzinfo=UTC))
    (nudge,) = nudges(world)
    assert nudge.at[:16] == "2026-11-26T08:00"
    assert lesson.text.split("\n")[0] in nudge.text
    pressable = [one["action_id"] for block in nudge.blocks if block["type"] == "actions" for one in block["elements"]]
    places = [pressable.index(one) for one in ("lesson_set_aside", "attention_show", "attention_menu")]
    assert places == sorted(places), "«not for me» is about the lesson above it, and not about what it is reminded of"
    await world.until(datetime(2026, 11, 28, 9, 0, tzinfo=UTC))
    assert len([one for one in nudges(world) if lesson.text.split("\n")[0] in one.text]) == 1


async def test_a_nudge_rides_on_the_next_lesson_though_the_last_one_was_late(world: World) -> None:
    """Planned a second after its slot and said some minutes later, as in a crowd: on Thursday its reminder is in the lesson."""
    await world.enrol()
    world.clock.move_to(datetime(2026, 11, 24, 8, 0, 1, tzinfo=UTC))
    await world.house.tick()
    world.clock.move_to(datetime(2026, 11, 24, 8, 7, tzinfo=UTC))
    await world.house.tick()
    await world.settle()
    await world.until(datetime(2026, 11, 26, 8, 0, tzinfo=UTC))
    assert [one.at[:16] for one in nudges(world)] == ["2026-11-26T08:00"]


async def test_a_nudge_for_a_lesson_that_waited_for_the_end_of_a_pause(world: World) -> None:
    """Maya pauses while a lesson is on its way to her: it comes when she is back, and its one reminder two days later,
    beside that of another lesson."""
    await world.enrol()
    world.clock.move_to(datetime(2026, 11, 24, 8, 0, 1, tzinfo=UTC))
    await world.house.tick()
    world.clock.move_to(datetime(2026, 11, 24, 9, 30, tzinfo=UTC))
    maya = Actor(world.house.workspace_id, world.maya.id)
    await world.house.rooms.preferences.pause(maya, date(2026, 11, 30), world.clock.now())
    await world.house.tick()
    await world.settle()
    assert world.dms(world.maya) == []
    await world.until(datetime(2026, 12, 3, 9, 0, tzinfo=UTC))
    late, next_one, carrier = world.dms(world.maya)
    assert late.at[:10] == "2026-11-30"
    waiting = [f"«{one.text.splitlines()[0]}» is still waiting" for one in (late, next_one)]
    assert [texts(carrier).count(one) for one in waiting] == [1, 1]


async def test_an_answer_cancels_the_nudge(world: World) -> None:
    """Maya answers everything the same day: no reminder ever comes for that lesson."""
    lesson = await lesson_for_maya(world)
    await answer_all(world, lesson)
    await world.until(datetime(2026, 11, 27, 9, 0, tzinfo=UTC))
    assert nudges(world) == []
    (item,) = [
        one for one in await world.rows(AgendaItem) if one.key.startswith("nudge:") and one.outcome == "answered"
    ]
    assert item.done_at is not None


async def test_a_nudge_does_not_stay_when_its_lesson_is_done(world: World) -> None:
    """Maya is reminded, answers, and the line says that it is done; the button is gone."""
    lesson = await lesson_for_maya(world)
    await world.until(datetime(2026, 11, 26, 9, 0, tzinfo=UTC))
    (nudge,) = nudges(world)
    await answer_all(world, lesson)
    await world.settle()
    assert nudges(world) == []
    again = next(one for one in world.dms(world.maya) if one.ts == nudge.ts)
    assert f"«{lesson.text.splitlines()[0]}» is done." in texts(again)


async def test_a_lesson_that_was_put_off_and_answered_meanwhile_stays_away(world: World) -> None:
    """«Tomorrow», and then Maya answers it today after all: tomorrow does not bring it again."""
    lesson = await lesson_for_maya(world)
    await world.press(world.maya, lesson, "attention_tomorrow")
    await answer_all(world, lesson)
    await world.until(datetime(2026, 11, 25, 20, 0, tzinfo=UTC))
    assert len([one for one in world.dms(world.maya) if lesson.text.splitlines()[0] in one.text]) == 1


async def test_a_lesson_half_answered_is_nudged(world: World) -> None:
    """One answer of two is not done: the reminder still comes."""
    lesson = await lesson_for_maya(world)
    option = next(o for b in lesson.blocks for e in b.get("elements", ()) for o in e.get("options", ()))
    await world.answer(world.maya, lesson, option["text"]["text"])
    await world.until(datetime(2026, 11, 26, 9, 0, tzinfo=UTC))
    assert len(nudges(world)) == 1


async def test_a_lesson_that_never_arrived_is_not_nudged(world: World) -> None:
    """Maya could not be reached: she is not reminded of what she never saw."""
    await world.enrol()
    world.sandbox.state.people[world.maya.id].deleted = True
    await world.until(datetime(2026, 11, 27, 9, 0, tzinfo=UTC))
    maya = next(one for one in await world.rows(Person) if one.slack_id == world.maya.id)
    assert maya.unreachable_reason == "user_disabled"
    hers = [one for one in await world.rows(Message) if one.person_id == maya.id]
    assert {(one.kind, one.state) for one in hers} == {("lesson", "failed")}, "the next lesson waits for her return"
