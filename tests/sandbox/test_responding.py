"""response_url, and messages that only one person sees."""

from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import Sandbox
from tests.sandbox.asking import Json, actions, button, error
from tests.sandbox.hearing import Heard, ask


async def test_responding_five_times_within_half_an_hour(
    sandbox: Sandbox, client: AsyncWebClient, heard: Heard
) -> None:
    """To the one who clicked, to all, in place of the message, or by taking it away; then the address is used up."""
    channel, ts = await ask(client)
    await sandbox.click("UMAYA", channel, ts, "go")
    url = heard.bodies[0]["response_url"]
    said: list[Json] = [
        {"text": "for you"}, {"text": "for all", "response_type": "in_channel"},
        {"text": "instead", "replace_original": True}, {"delete_original": True}, {"text": ""}, {"text": "too many"},
    ]  # fmt: skip
    answers = []
    for one in said:
        async with sandbox.http.post(url, json=one) as response:
            answers.append((response.status, await response.text()))
    assert [status for status, _ in answers] == [200, 200, 200, 200, 404, 404]
    assert ("no_text" in answers[4][1], "used_url" in answers[5][1]) == (True, True)
    assert [(one.text, one.only_for) for one in sandbox.dms("UMAYA")] == [("for you", "UMAYA"), ("for all", None)]
    await sandbox.command("UMAYA", "/coach")
    later = heard.bodies[-1]["response_url"]
    half_an_hour_on = sandbox.responses.clock() + 1801
    sandbox.responses.clock = lambda: half_an_hour_on
    async with sandbox.http.post(later, json={"text": "too late"}) as response:
        assert "expired_url" in await response.text()


async def test_an_ephemeral_message_is_not_told_again(sandbox: Sandbox, client: AsyncWebClient, heard: Heard) -> None:
    """A click in it names its ts, but brings no message; it can be replaced by responding."""
    channel = sandbox.state.open(["UMAYA"]).id
    blocks = [actions(button("go"))]
    told = await client.chat_postEphemeral(channel=channel, user="UMAYA", text="psst", blocks=blocks)
    await sandbox.click("UMAYA", channel, told["message_ts"], "go")
    (body,) = heard.bodies
    assert body["container"]["is_ephemeral"]
    assert "message" not in body
    assert await error(client.chat_update(channel=channel, ts=told["message_ts"], text="x")) == "message_not_found"
    async with sandbox.http.post(body["response_url"], json={"text": "done", "replace_original": True}) as response:
        assert response.status == 200
    assert [one.text for one in sandbox.dms("UMAYA")] == ["done"]
