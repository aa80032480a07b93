"""Who sees an answer: its owner, until they say otherwise, and again once they take it back."""

from tests.journeys.test_answers import answer_all, lesson_for_maya
from tests.world import World, everything_in, texts

THOUGHT = "I took a deal over on Friday <and> I regret it"


async def what_ana_sees(world: World) -> str:
    """What Maya finds behind «what my mentor sees»."""
    await world.sandbox.open_home(world.maya.id)
    await world.settle()
    home = world.sandbox.home(world.maya.id)
    assert home is not None
    await world.sandbox.click_in_view(world.maya.id, home["id"], "home_seen")
    await world.settle()
    view = world.sandbox.modals(world.maya.id)[-1]
    await world.sandbox.close(world.maya.id, view["id"])
    return everything_in(view["blocks"])


async def test_a_thought_is_shared_and_taken_back(world: World) -> None:
    """Maya's thought is hers alone; shared, Ana's Monday has it; taken back, nothing new shows it any more."""
    lesson = await lesson_for_maya(world)
    await answer_all(world, lesson, thought=THOUGHT)
    assert "Only you see this answer" in texts(lesson)
    assert THOUGHT not in (await what_ana_sees(world)).replace("&lt;", "<").replace("&gt;", ">")
    shares = [block for block in lesson.blocks if block.get("accessory", {}).get("action_id") == "check_share"]
    await world.press(world.maya, lesson, "check_share", block_id=shares[-1]["block_id"])
    assert "Ana can see this answer" in texts(lesson)
    assert "I regret it" in await what_ana_sees(world)
    await world.pass_time(days=6)
    assert "I regret it" in texts(world.dms(world.ana)[-1])
    unshare = next(b for b in lesson.blocks if b.get("accessory", {}).get("action_id") == "check_unshare")
    await world.press(world.maya, lesson, "check_unshare", block_id=unshare["block_id"])
    assert "I regret it" not in await what_ana_sees(world)


async def test_nobody_shares_for_someone_else(world: World) -> None:
    """Tom can't make Maya's answer visible: his click changes nothing."""
    lesson = await lesson_for_maya(world)
    await answer_all(world, lesson, thought=THOUGHT)
    await world.press(
        world.tom,
        lesson,
        "check_share",
        force=True,
        value=next(
            block["accessory"]["value"]
            for block in lesson.blocks
            if block.get("accessory", {}).get("action_id") == "check_share"
        ),
    )
    assert "can see this answer" not in texts(lesson)
