"""chat.* through Slack's own client."""

import asyncio

from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import Sandbox
from tests.sandbox.asking import actions, button, error, options, refusal, section

METADATA = {"event_type": "said", "event_payload": {"id": "7"}}


async def test_posting_to_a_person_opens_their_dm(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """The reply names the DM, which is the same one ever after."""
    first = await client.chat_postMessage(channel="UMAYA", text="one")
    second = await client.chat_postMessage(channel=first["channel"], text="two")
    assert first["channel"].startswith("D")
    assert first["channel"] == second["channel"]
    assert [one.text for one in sandbox.dms("UMAYA")] == ["one", "two"]
    assert sandbox.posts == 2
    assert sandbox.messages(first["channel"]) == sandbox.dms("UMAYA")
    assert [one.id for one in sandbox.conversations("UMAYA")] == [first["channel"]]


async def test_no_two_messages_share_a_ts(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """However many are posted at once, their ts differ and grow."""
    await asyncio.gather(*(client.chat_postMessage(channel="UMAYA", text=str(one)) for one in range(50)))
    stamps = [one.ts for one in sandbox.dms("UMAYA")]
    assert stamps == sorted(set(stamps))
    assert len(stamps) == 50


async def test_what_was_posted_is_kept(client: AsyncWebClient) -> None:
    """Blocks get ids where they have none; metadata and the thread stay."""
    parent = await client.chat_postMessage(channel="UMAYA", text="parent")
    said = await client.chat_postMessage(
        channel="UMAYA", text="child", blocks=[section(), actions({**button("x"), "action_id": None})],
        metadata=METADATA, thread_ts=parent["ts"],
    )  # fmt: skip
    message = said["message"]
    assert message["metadata"] == METADATA
    assert message["thread_ts"] == parent["ts"]
    ids = [block["block_id"] for block in message["blocks"]]
    assert len(set(ids)) == 2
    assert message["blocks"][1]["elements"][0]["action_id"]


async def test_json_and_form_bodies_are_the_same_to_it(sandbox: Sandbox) -> None:
    """Slack takes either, with the token in the header or among the arguments."""
    said = {"channel": "UMAYA", "text": "hello", "token": sandbox.bot_token}
    async with sandbox.http.post(f"{sandbox.api_url}chat.postMessage", data=said) as response:
        assert (await response.json())["ok"]
    bare = {"channel": "UMAYA", "text": "hello"}
    async with sandbox.http.post(f"{sandbox.api_url}chat.postMessage", json=bare) as response:
        assert (await response.json())["error"] == "not_authed"
    async with sandbox.http.post(
        f"{sandbox.api_url}chat.postMessage", data=b"{", headers={"Content-Type": "application/json"}
    ) as response:
        assert (await response.json())["error"] == "invalid_json"
    assert len(sandbox.dms("UMAYA")) == 1
    assert sandbox.calls_log[0] == ("chat.postMessage", bare), "no token is remembered"


async def test_what_slack_refuses_to_post(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """Each with Slack's own word; nothing of it is posted."""
    sandbox.add_person(id="UGONE", name="Gone Away", email="gone@acme.test", deleted=True)
    sandbox.add_person(id="UBOTTY", name="Botty Bot", email="bot@acme.test", is_bot=True)
    post = client.chat_postMessage
    assert await error(post(channel="UNOBODY", text="x")) == "channel_not_found"
    assert await error(post(channel="UGONE", text="x")) == "user_disabled"
    assert await error(post(channel="UBOTTY", text="x")) == "cannot_dm_bot"
    bare = {"channel": "UMAYA", "text": ""}  # Slack's client would warn
    assert await error(client.api_call("chat.postMessage", json=bare)) == "no_text"
    assert await error(post(channel="UMAYA", text="x" * 40_001)) == "msg_too_long"
    assert await error(post(channel="UMAYA", text="x", blocks=[section("y" * 2900)] * 5)) == "msg_blocks_too_long"
    assert await error(post(channel="UMAYA", text="x", markdown_text="y")) == "markdown_text_conflict"
    assert await error(post(channel="UMAYA", text="x", metadata={"event_type": "e"})) == "invalid_metadata_format"
    large = {"event_type": "e", "event_payload": {"x": "y" * 9000}}
    assert await error(post(channel="UMAYA", text="x", metadata=large)) == "metadata_too_large"
    assert sandbox.posts == 0


async def test_bad_blocks_are_refused_with_a_pointer_to_the_place(client: AsyncWebClient) -> None:
    """So that a developer finds it."""
    bad = [section(), actions({"type": "radio_buttons", "action_id": "a", "options": options("x" * 151)})]
    answer = await refusal(client.chat_postMessage(channel="UMAYA", text="x", blocks=bad))
    assert answer["error"] == "invalid_blocks"
    wanted = "[ERROR] must be less than 151 characters [json-pointer:/blocks/1/elements/0/options/0/value]"
    assert wanted in answer["response_metadata"]["messages"]


async def test_an_update_changes_what_it_names(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """Text alone leaves the blocks; an empty list takes them away; metadata stays unless it is given."""
    said = await client.chat_postMessage(channel="UMAYA", text="before", blocks=[section()], metadata=METADATA)
    where = {"channel": said["channel"], "ts": said["ts"]}
    await client.chat_update(**where, text="after")
    (message,) = sandbox.dms("UMAYA")
    assert (message.text, message.edited, message.metadata) == ("after", True, METADATA)
    assert message.blocks[0]["text"]["text"] == "hello"
    await client.chat_update(**where, text="bare", blocks=[])
    assert sandbox.dms("UMAYA")[0].blocks == []


async def test_what_slack_refuses_to_change(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """What is not there, not the bot's own, too long, or named by a person's id."""
    said = await client.chat_postMessage(channel="UMAYA", text="mine")
    channel = said["channel"]
    await sandbox.say("UMAYA", channel, "theirs")
    theirs = sandbox.dms("UMAYA")[-1].ts
    assert await error(client.chat_update(channel=channel, ts="1.000000", text="x")) == "message_not_found"
    assert await error(client.chat_update(channel="UMAYA", ts=said["ts"], text="x")) == "channel_not_found"
    assert await error(client.chat_update(channel=channel, ts=theirs, text="x")) == "cant_update_message"
    assert await error(client.chat_delete(channel=channel, ts=theirs)) == "cant_delete_message"
    assert await error(client.chat_update(channel=channel, ts=said["ts"], text="x" * 4001)) == "msg_too_long"
    await client.chat_delete(channel=channel, ts=said["ts"])
    assert await error(client.chat_delete(channel=channel, ts=said["ts"])) == "message_not_found"
    assert [one.text for one in sandbox.dms("UMAYA")] == ["theirs"]


async def test_an_ephemeral_message_is_for_one_pair_of_eyes(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """The other in the group doesn't see it, no history holds it, and it can't be updated."""
    opened = await client.conversations_open(users=["UMAYA", "UTOM"])
    channel = opened["channel"]["id"]
    told = await client.chat_postEphemeral(channel=channel, user="UMAYA", text="psst")
    group = sandbox.state.channels[channel]
    assert [one.text for one in sandbox.seen(group, "UMAYA")] == ["psst"]
    assert sandbox.seen(group, "UTOM") == []
    assert (await client.conversations_history(channel=channel))["messages"] == []
    assert await error(client.chat_update(channel=channel, ts=told["message_ts"], text="x")) == "message_not_found"
    assert await error(client.chat_postEphemeral(channel=channel, user="UANA", text="x")) == "user_not_in_channel"


async def test_a_reaction_is_added_once(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """The second time Slack says that it is there."""
    said = await client.chat_postMessage(channel="UMAYA", text="x")
    where = {"channel": said["channel"], "timestamp": said["ts"], "name": "tada"}
    await client.reactions_add(**where)
    assert await error(client.reactions_add(**where)) == "already_reacted"
    assert sandbox.dms("UMAYA")[0].reactions == [{"name": "tada", "users": [sandbox.bot_user_id], "count": 1}]
