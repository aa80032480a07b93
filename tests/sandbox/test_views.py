"""views.* through Slack's own client."""

from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import Sandbox
from tests.sandbox.asking import HOME, button, error, modal, plain, refusal, section


async def test_a_trigger_opens_one_modal(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """It works once; a view that Slack refuses does not use it up."""
    trigger = sandbox.triggers.give("UMAYA")
    assert await error(client.views_open(trigger_id=trigger, view=modal(title=plain("x" * 25)))) == "invalid_arguments"
    view = (await client.views_open(trigger_id=trigger, view=modal(private_metadata="m")))["view"]
    assert sandbox.modals("UMAYA") == [view]
    assert view["private_metadata"] == "m"
    assert await error(client.views_open(trigger_id=trigger, view=modal())) == "exchanged_trigger_id"
    assert await error(client.views_open(trigger_id="made.up", view=modal())) == "invalid_trigger_id"


async def test_a_trigger_lives_three_seconds(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """In real time, whatever the program's clock says."""
    now = 0.0
    sandbox.triggers.clock = lambda: now
    in_time, too_late = sandbox.triggers.give("UMAYA"), sandbox.triggers.give("UMAYA")
    now = 3.0
    assert (await client.views_open(trigger_id=in_time, view=modal()))["ok"]
    now = 3.01
    assert await error(client.views_open(trigger_id=too_late, view=modal())) == "expired_trigger_id"


async def test_three_modals_stand_on_one_another(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """The fourth is refused; each knows the one below it."""
    for number in range(3):
        await client.views_push(trigger_id=sandbox.triggers.give("UMAYA"), view=modal(callback_id=str(number)))
    stack = sandbox.modals("UMAYA")
    assert [view["callback_id"] for view in stack] == ["0", "1", "2"]
    assert (stack[2]["previous_view_id"], stack[2]["root_view_id"]) == (stack[1]["id"], stack[0]["id"])
    assert (
        await error(client.views_push(trigger_id=sandbox.triggers.give("UMAYA"), view=modal())) == "push_limit_reached"
    )
    await sandbox.close("UMAYA", stack[1]["id"])
    assert [view["callback_id"] for view in sandbox.modals("UMAYA")] == ["0"]


async def test_an_update_keeps_the_id_and_guards_against_races(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """By the view's id or the app's own; a hash that is no longer true is refused."""
    trigger = sandbox.triggers.give("UMAYA")
    old = (await client.views_open(trigger_id=trigger, view=modal(external_id="mine")))["view"]
    new = modal(external_id="mine", callback_id="new")
    await client.views_update(view_id=old["id"], hash=old["hash"], view=new)
    assert await error(client.views_update(view_id=old["id"], hash=old["hash"], view=new)) == "hash_conflict"
    again = (await client.views_update(external_id="mine", view=new))["view"]
    assert (again["id"], again["callback_id"]) == (old["id"], "new")
    trigger = sandbox.triggers.give("UTOM")
    assert await error(client.views_open(trigger_id=trigger, view=new)) == "duplicate_external_id"
    await sandbox.close("UMAYA", old["id"])
    assert await error(client.views_update(view_id=old["id"], view=new)) == "not_found"


async def test_home_is_published_and_guarded(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """For a person who is there; the hash guards it as it does a modal."""
    first = (await client.views_publish(user_id="UMAYA", view=HOME))["view"]
    second = (await client.views_publish(user_id="UMAYA", view=HOME, hash=first["hash"]))["view"]
    assert second["id"] == first["id"]
    assert sandbox.home("UMAYA") == second
    assert sandbox.home("UTOM") is None
    assert await error(client.views_publish(user_id="UMAYA", view=HOME, hash=first["hash"])) == "hash_conflict"
    assert await error(client.views_publish(user_id="UNOBODY", view=HOME)) == "user_not_found"
    assert await error(client.views_publish(user_id="UMAYA", view=modal())) == "invalid_arguments"


async def test_what_slack_refuses_in_a_modal(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """Each with a pointer to the place."""
    wrong = {
        "/view/title/text": modal(title=plain("x" * 25)),
        "/view/submit": modal(submit=None),
        "/view/private_metadata": modal(private_metadata="x" * 3001),
        "/view/callback_id": modal(callback_id="x" * 256),
        "/view/blocks/0/accessory/value": modal(section(accessory=button("b", "x" * 2001))),
    }
    for place, view in wrong.items():
        call = client.views_open(trigger_id=sandbox.triggers.give("UMAYA"), view=view)
        assert f"[json-pointer:{place}]" in str((await refusal(call))["response_metadata"]), place
    large = modal(*[section("x" * 2900, block_id=str(number)) for number in range(95)])
    call = client.views_open(trigger_id=sandbox.triggers.give("UMAYA"), view=large)
    assert await error(call) == "view_too_large"
