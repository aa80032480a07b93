"""What an app hears of what people do: through Bolt, over Socket Mode."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.forms import NotThere
from bot.sandbox.server import Sandbox
from tests.sandbox.asking import HOME, Json, actions, button, modal, options, plain, section
from tests.sandbox.hearing import PICKS, Heard, ask


async def open_modal(sandbox: Sandbox, client: AsyncWebClient, **more: Any) -> str:
    """A modal before Maya's eyes; its id."""
    opened = await client.views_open(trigger_id=sandbox.triggers.give("UMAYA"), view=modal(**more))
    return str(opened["view"]["id"])


async def test_a_button_tells_who_pressed_what_where(sandbox: Sandbox, client: AsyncWebClient, heard: Heard) -> None:
    """With the message, the container, a trigger that opens a modal, and an address to respond to."""
    channel, ts = await ask(client)
    delivered = await sandbox.click("UMAYA", channel, ts, "go")
    assert (delivered.acked, delivered.status) == (True, 200)
    (body,) = heard.bodies
    assert body["type"] == "block_actions"
    assert body["user"]["id"] == "UMAYA"
    assert body["container"] == {"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": False}
    assert (body["message"]["ts"], body["message"]["blocks"][1]["block_id"]) == (ts, "row")
    assert body["actions"][0] | {"action_ts": ""} == {
        "type": "button", "action_id": "go", "block_id": "row", "value": "v7", "text": plain("Press"), "action_ts": "",
    }  # fmt: skip
    assert body["response_url"].startswith(sandbox.url)
    assert (await client.views_open(trigger_id=body["trigger_id"], view=modal()))["ok"]


@pytest.mark.parametrize(
    ("action_id", "selected", "name", "told"),
    [
        ("radio", "b", "selected_option", options("b")[0]),
        ("radio", ["b"], "selected_option", options("b")[0]),
        ("boxes", ["x", "y"], "selected_options", options("x", "y")),
        ("boxes", [], "selected_options", []),
        ("select", "2", "selected_option", options("2")[0]),
        ("date", "2026-12-01", "selected_date", "2026-12-01"),
        ("time", "09:30", "selected_time", "09:30"),
        ("who", "UTOM", "selected_user", "UTOM"),
        ("more", "q", "selected_option", options("q")[0]),
    ],
)
async def test_each_kind_of_pick_has_its_shape(
    sandbox: Sandbox, client: AsyncWebClient, heard: Heard, action_id: str, selected: Any, name: str, told: Any
) -> None:
    """Whole options for choices, plain values for dates, times and people; the same in `state`, but for a menu."""
    channel, ts = await ask(client)
    await sandbox.click("UMAYA", channel, ts, action_id, selected=selected)
    (body,) = heard.bodies
    assert body["actions"][0][name] == told
    values = body["state"]["values"]["row"]
    assert "go" not in values
    assert values.get(action_id, {}).get(name) == (None if action_id == "more" else told)


async def test_picks_add_up_for_each_person_until_the_message_changes(
    sandbox: Sandbox, client: AsyncWebClient, heard: Heard
) -> None:
    """What one picked stays in `state` beside what stood there at first; another's picks are their own."""
    group = (await client.conversations_open(users=["UMAYA", "UTOM"]))["channel"]["id"]
    channel, ts = await ask(client, group)
    await sandbox.click("UMAYA", channel, ts, "radio", selected="a")
    await sandbox.click("UMAYA", channel, ts, "go")
    await sandbox.click("UTOM", channel, ts, "go")
    await client.chat_update(channel=channel, ts=ts, text="new", blocks=[actions(*PICKS, block_id="row")])
    await sandbox.click("UMAYA", channel, ts, "go")
    rows = [body["state"]["values"]["row"] for body in heard.bodies[1:]]
    assert [row["radio"]["selected_option"] for row in rows] == [options("a")[0], None, None]
    assert [row["boxes"]["selected_options"] for row in rows] == [options("y")] * 3
    assert rows[0]["date"]["selected_date"] == "2026-11-24"


async def test_only_a_stale_client_clicks_what_is_gone(sandbox: Sandbox, client: AsyncWebClient, heard: Heard) -> None:
    """An error for the test that didn't mean it; with `force` the app hears it all the same."""
    channel, ts = await ask(client)
    with pytest.raises(NotThere, match="no «other» to click"):
        await sandbox.click("UMAYA", channel, ts, "other")
    with pytest.raises(NotThere, match="no option «z»"):
        await sandbox.click("UMAYA", channel, ts, "radio", selected="z")
    with pytest.raises(NotThere, match="no such message"):
        await sandbox.click("UMAYA", channel, "1.000000", "go")
    assert heard.bodies == []
    await sandbox.click("UMAYA", channel, ts, "other", value="forged", block_id="old", force=True)
    await sandbox.click("UMAYA", channel, ts, "radio", selected="z", force=True)
    first, second = (body["actions"][0] for body in heard.bodies)
    assert (first["action_id"], first["block_id"], first["value"]) == ("other", "old", "forged")
    assert second["selected_option"]["value"] == "z"


async def test_the_same_click_can_arrive_twice(sandbox: Sandbox, client: AsyncWebClient, heard: Heard) -> None:
    """Letter by letter, as when Slack redelivers."""
    await sandbox.click("UMAYA", *await ask(client), "go")
    assert (await sandbox.redeliver_last()).acked
    first, second = heard.bodies
    assert first == second


async def test_a_submission_carries_what_was_written(sandbox: Sandbox, client: AsyncWebClient, heard: Heard) -> None:
    """Acknowledged without a word, the modal closes."""
    view_id = await open_modal(sandbox, client, private_metadata="7")
    await sandbox.submit("UMAYA", view_id, {"note": {"words": "It went well"}})
    (body,) = heard.bodies
    assert body["type"] == "view_submission"
    assert body["view"]["private_metadata"] == "7"
    assert body["view"]["state"]["values"] == {"note": {"words": {"type": "plain_text_input", "value": "It went well"}}}
    assert sandbox.modals("UMAYA") == []


async def test_errors_keep_the_modal_open(sandbox: Sandbox, client: AsyncWebClient, heard: Heard) -> None:
    """They are shown until the next try; they may only name inputs of the view."""
    view_id = await open_modal(sandbox, client)
    heard.reply = {"response_action": "errors", "errors": {"note": "Say more."}}
    delivered = await sandbox.submit("UMAYA", view_id, {"note": {"words": "x"}})
    assert delivered.body == heard.reply
    assert sandbox.views.errors[view_id] == {"note": "Say more."}
    heard.reply = {"response_action": "errors", "errors": {"elsewhere": "Say more."}}
    assert not (await sandbox.submit("UMAYA", view_id)).acked
    assert len(sandbox.modals("UMAYA")) == 1
    assert heard.bodies[1]["view"]["state"]["values"]["note"]["words"]["value"] == "x", "what was typed is kept"
    assert "errors" not in heard.bodies[1]["view"]


@pytest.mark.parametrize(("action", "left"), [("update", ["new"]), ("push", ["note", "new"]), ("clear", [])])
async def test_an_app_may_go_on_in_another_modal(
    sandbox: Sandbox, client: AsyncWebClient, heard: Heard, action: str, left: list[str]
) -> None:
    """In place of the one that was sent in, on top of it, or none at all."""
    view_id = await open_modal(sandbox, client)
    heard.reply = {"response_action": action} | ({} if action == "clear" else {"view": modal(callback_id="new")})
    assert (await sandbox.submit("UMAYA", view_id)).acked
    assert [view["callback_id"] for view in sandbox.modals("UMAYA")] == left


async def test_an_answer_that_slack_would_not_take(sandbox: Sandbox, client: AsyncWebClient, heard: Heard) -> None:
    """The person sees trouble and keeps what they wrote."""
    view_id = await open_modal(sandbox, client)
    heard.reply = {"response_action": "update", "view": modal(title=plain("x" * 25))}
    delivered = await sandbox.submit("UMAYA", view_id)
    assert not delivered.acked
    assert "json-pointer:/view/title" in str(delivered.body)
    assert sandbox.modals("UMAYA")[0]["id"] == view_id


async def test_closing_is_told_to_who_asked_for_it(sandbox: Sandbox, client: AsyncWebClient, heard: Heard) -> None:
    """Only a view with notify_on_close tells."""
    await sandbox.close("UMAYA", await open_modal(sandbox, client))
    assert heard.bodies == []
    await sandbox.close("UMAYA", await open_modal(sandbox, client, notify_on_close=True))
    assert [body["type"] for body in heard.bodies] == ["view_closed"]
    assert sandbox.modals("UMAYA") == []
    with pytest.raises(KeyError, match="no such view"):
        await sandbox.close("UMAYA", "V0")


async def test_a_pick_in_an_input_waits_for_the_submission(
    sandbox: Sandbox, client: AsyncWebClient, heard: Heard
) -> None:
    """Unless the block says dispatch_action, the app hears nothing of it before."""
    view_id = await open_modal(sandbox, client)
    await sandbox.click_in_view("UMAYA", view_id, "words", selected="typed")
    assert heard.bodies == []
    await sandbox.submit("UMAYA", view_id)
    assert heard.bodies[0]["view"]["state"]["values"]["note"]["words"]["value"] == "typed"


async def test_opening_home_brings_what_stood_there(sandbox: Sandbox, client: AsyncWebClient, heard: Heard) -> None:
    """The first time nothing; then the view that the app had published. Its buttons tell of the view."""
    await sandbox.open_home("UMAYA")
    home = {**HOME, "blocks": [actions(button("go"))]}
    await client.views_publish(user_id="UMAYA", view=home)
    await sandbox.open_home("UMAYA")
    events = [body["event"] for body in heard.bodies]
    assert [event["tab"] for event in events] == ["home", "home"]
    assert "view" not in events[0]
    view_id = events[1]["view"]["id"]
    await sandbox.click_in_view("UMAYA", view_id, "go")
    assert heard.bodies[2]["container"] == {"type": "view", "view_id": view_id}
    assert "response_url" not in heard.bodies[2]


async def test_a_command_is_answered_for_one_pair_of_eyes(sandbox: Sandbox, heard: Heard) -> None:
    """What the app says in its acknowledgement stands in the DM, for the one who asked."""
    await sandbox.command("UMAYA", "/coach help me")
    assert (heard.bodies[0]["command"], heard.bodies[0]["text"]) == ("/coach", "help me")
    (answer,) = sandbox.dms("UMAYA")
    assert (answer.text, answer.only_for) == ("Here is help.", "UMAYA")


async def test_an_app_hears_of_people_who_change_and_write(sandbox: Sandbox, heard: Heard) -> None:
    """user_change with the whole user; message with who wrote it where."""
    await sandbox.change_person("UMAYA", tz="America/New_York")
    channel = sandbox.state.open(["UMAYA"]).id
    await sandbox.say("UMAYA", channel, "R&D <3, <@UTOM|tom>? See https://acme.test/?a=1&b, or ask maya@acme.test.")
    change, message = (body["event"] for body in heard.bodies)
    assert (change["user"]["id"], change["user"]["tz"]) == ("UMAYA", "America/New_York")
    assert (message["channel"], message["channel_type"], message["text"]) == (
        channel, "im",
        "R&amp;D &lt;3, <@UTOM>? See <https://acme.test/?a=1&amp;b>, or ask <mailto:maya@acme.test|maya@acme.test>.",
    )  # fmt: skip
    with pytest.raises(KeyError, match="not theirs"):
        await sandbox.say("UTOM", channel, "hi")


async def test_what_stands_inside_of_other_blocks_can_be_pressed(
    sandbox: Sandbox, client: AsyncWebClient, heard: Heard
) -> None:
    """In a container, and on a card of a carousel, also where the app gave no ids."""
    inner = {"type": "container", "title": plain("More"), "child_blocks": [section(), actions(button("in", "c"))]}
    card: Json = {"type": "card", "title": plain("Next"), "actions": [button("on", "k")]}
    blocks: list[Json] = [inner, {"type": "carousel", "elements": [card]}, actions(PICKS[0], block_id="row")]
    said = await client.chat_postMessage(channel="UMAYA", text="x", blocks=blocks)
    for action_id in ("in", "on"):
        await sandbox.click("UMAYA", said["channel"], said["ts"], action_id)
    pressed = [body["actions"][0] for body in heard.bodies]
    assert [one["value"] for one in pressed] == ["c", "k"]
    assert all(one["block_id"] for one in pressed)
    assert heard.bodies[0]["state"]["values"]["row"]["radio"]["selected_option"] is None
