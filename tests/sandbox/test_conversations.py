"""conversations.* through Slack's own client."""

from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import Sandbox
from bot.sandbox.web_api import ALL_SCOPES
from tests.sandbox.asking import NOW, error, refusal


async def test_the_same_people_share_one_conversation(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """In whatever order they are named, and with the bot or without."""
    first = await client.conversations_open(users=["UMAYA", "UTOM"])
    again = await client.conversations_open(users=["UTOM", "UMAYA", sandbox.bot_user_id])
    assert first["channel"]["id"] == again["channel"]["id"]
    assert again["already_open"]
    alone = await client.conversations_open(users=["UTOM"])
    assert alone["channel"]["id"] != first["channel"]["id"]
    members = await client.conversations_members(channel=first["channel"]["id"])
    assert members["members"] == ["UMAYA", "UTOM", sandbox.bot_user_id]
    assert (await client.conversations_info(channel=first["channel"]["id"]))["channel"]["is_mpim"]


async def test_who_can_not_be_brought_together(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """Nobody, a stranger, someone who left, and nine at once."""
    sandbox.add_person(id="UGONE", name="Gone Away", email="gone@acme.test", deleted=True)
    many = [sandbox.add_person(name=f"One {number}", email=f"{number}@acme.test").id for number in range(9)]
    assert await error(client.conversations_open(users=[sandbox.bot_user_id])) == "users_list_not_supplied"
    assert await error(client.conversations_open(users=["UMAYA", "UX"])) == "user_not_found"
    assert await error(client.conversations_open(users=["UMAYA", "UGONE"])) == "user_disabled"
    assert await error(client.conversations_open(users=many)) == "too_many_users"
    assert (await client.conversations_open(users=many[:8]))["ok"]


async def test_a_guest_of_one_channel_is_in_no_group(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """They may be written to; a guest of several channels may also be brought together with others."""
    sandbox.add_person(id="UONE", name="One Guest", email="one@acme.test", is_ultra_restricted=True)
    sandbox.add_person(id="UMANY", name="Many Guest", email="many@acme.test", is_restricted=True)
    assert await error(client.conversations_open(users=["UMAYA", "UONE"])) == "invalid_user_combination"
    assert (await client.conversations_open(users=["UONE"]))["ok"]
    assert (await client.conversations_open(users=["UMAYA", "UMANY"]))["ok"]
    told = {one["id"]: one for one in (await client.users_list())["members"]}
    guest = ("is_restricted", "is_ultra_restricted")
    assert [told["UONE"][name] for name in guest] == [True, True]
    assert [told["UMANY"][name] for name in guest] == [True, False]
    assert [told["UMAYA"][name] for name in guest] == [False, False]


async def test_history_goes_back_in_time_page_by_page(client: AsyncWebClient) -> None:
    """Newest first; metadata only for who asks; a thread's answers are not in it."""
    metadata = {"event_type": "said", "event_payload": {"n": "0"}}
    said = [await client.chat_postMessage(channel="UMAYA", text=str(n), metadata=metadata) for n in range(5)]
    channel, stamps = said[0]["channel"], [one["ts"] for one in said]
    await client.chat_postMessage(channel=channel, text="in a thread", thread_ts=stamps[0])
    first = await client.conversations_history(channel=channel, limit=3)
    assert [one["text"] for one in first["messages"]] == ["4", "3", "2"]
    assert first["has_more"]
    assert "metadata" not in first["messages"][0]
    cursor = first["response_metadata"]["next_cursor"]
    rest = await client.conversations_history(channel=channel, limit=3, cursor=cursor, include_all_metadata=True)
    assert [one["text"] for one in rest["messages"]] == ["1", "0"]
    assert rest["messages"][0]["metadata"] == metadata
    assert not rest["has_more"]


async def test_history_between_two_moments(client: AsyncWebClient) -> None:
    """The ends belong to it only for who says so."""
    said = [await client.chat_postMessage(channel="UMAYA", text=str(n)) for n in range(4)]
    ends = {"channel": said[0]["channel"], "oldest": said[0]["ts"], "latest": said[3]["ts"]}
    without = await client.conversations_history(**ends)
    assert [one["text"] for one in without["messages"]] == ["2", "1"]
    inclusive = await client.conversations_history(**ends, inclusive=True)
    assert [one["text"] for one in inclusive["messages"]] == ["3", "2", "1", "0"]
    assert await error(client.conversations_history(channel=ends["channel"], oldest="soon")) == "invalid_ts_oldest"
    assert await error(client.conversations_history(channel=ends["channel"], cursor="x")) == "invalid_cursor"


async def test_each_kind_of_conversation_has_its_own_scope() -> None:
    """An app with im:history reads DMs, but no groups; the answer says what is needed and what there is."""
    box = Sandbox(now=lambda: NOW, granted=ALL_SCOPES - {"mpim:history", "im:write"})
    maya = box.add_person(name="Maya Horvat", email="maya@acme.test")
    tom = box.add_person(name="Tom Baker", email="tom@acme.test")
    await box.start()
    client = AsyncWebClient(box.bot_token, base_url=box.api_url, retry_handlers=[])
    dm = (await client.chat_postMessage(channel=maya.id, text="x"))["channel"]
    group = (await client.conversations_open(users=[maya.id, tom.id]))["channel"]["id"]
    assert (await client.conversations_history(channel=dm))["ok"]
    answer = await refusal(client.conversations_history(channel=group))
    assert (answer["error"], answer["needed"]) == ("missing_scope", "mpim:history")
    assert "im:history" in answer["provided"].split(",")
    assert (await refusal(client.conversations_open(users=[maya.id])))["needed"] == "im:write"
    assert (await client.auth_test()).headers["x-oauth-scopes"] == answer["provided"]
    await box.stop()
