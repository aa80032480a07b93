"""auth.*, users.*, usergroups.* and dnd.* through Slack's own client."""

from datetime import timedelta

from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import Sandbox
from bot.sandbox.web_api import ALL_SCOPES
from tests.sandbox.asking import NOW, error
from tests.sandbox.hearing import Heard


async def test_tokens_are_checked(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """The right one says who the bot is; a wrong one, none, and one of the other kind are told apart."""
    assert (await client.auth_test())["user_id"] == sandbox.bot_user_id
    assert await error(client.auth_test(token="xoxb-other")) == "invalid_auth"
    assert await error(client.auth_test(token=sandbox.app_token)) == "not_allowed_token_type"
    assert await error(client.apps_connections_open(app_token=sandbox.bot_token)) == "not_allowed_token_type"
    assert await error(AsyncWebClient("", base_url=sandbox.api_url).auth_test()) == "not_authed"
    assert await error(client.api_call("chat.whisper")) == "unknown_method"


async def test_a_person_as_slack_tells_of_them(client: AsyncWebClient) -> None:
    """With their time zone; the locale only for who asks."""
    user = (await client.users_info(user="UTOM", include_locale=True))["user"]
    assert (user["tz"], user["locale"], user["deleted"]) == ("America/New_York", "en-US", False)
    assert user["tz_offset"] in (-18000, -14400)
    assert user["profile"]["email"] == "tom@acme.test"
    assert "locale" not in (await client.users_info(user="UTOM"))["user"]
    assert await error(client.users_info(user="UNOBODY")) == "user_not_found"


async def test_a_status_stands_in_the_profile(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """With the moment at which it ends; a zone that nobody knows breaks nothing."""
    await sandbox.change_person("UTOM", status_emoji=":palm_tree:", status_expiration=1795000000, tz="Mars/Olympus")
    user = (await client.users_info(user="UTOM"))["user"]
    assert (user["profile"]["status_emoji"], user["profile"]["status_expiration"]) == (":palm_tree:", 1795000000)
    assert (user["tz"], user["tz_offset"]) == ("Mars/Olympus", 0)


async def test_everyone_page_by_page(client: AsyncWebClient) -> None:
    """Slack's client follows the cursor to the end."""
    pages = [page["members"] async for page in await client.users_list(limit=2)]
    assert [[user["id"] for user in page] for page in pages] == [["UMAYA", "UTOM"], ["UANA"]]


async def test_people_are_found_by_address_as_it_is_now(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """In capitals or not; under an old address, or once they left, nobody is."""
    assert (await client.users_lookupByEmail(email="MAYA@acme.test"))["user"]["id"] == "UMAYA"
    await sandbox.change_person("UMAYA", email="mh@acme.test")
    assert await error(client.users_lookupByEmail(email="maya@acme.test")) == "users_not_found"
    await sandbox.change_person("UMAYA", deleted=True)
    assert await error(client.users_lookupByEmail(email="mh@acme.test")) == "users_not_found"


async def test_addresses_need_a_scope_of_their_own() -> None:
    """Without it the profile has none, and nobody is found by theirs."""
    box = Sandbox(now=lambda: NOW, granted=ALL_SCOPES - {"users:read.email"})
    maya = box.add_person(name="Maya Horvat", email="maya@acme.test")
    await box.start()
    client = AsyncWebClient(box.bot_token, base_url=box.api_url, retry_handlers=[])
    assert "email" not in (await client.users_info(user=maya.id))["user"]["profile"]
    assert await error(client.users_lookupByEmail(email="maya@acme.test")) == "missing_scope"
    await box.stop()


async def test_user_groups_and_their_people(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """A cohort may stand in Slack as a user group."""
    group = sandbox.add_group(handle="managers", name="New managers", users=["UMAYA", "UTOM"])
    assert [one["handle"] for one in (await client.usergroups_list())["usergroups"]] == ["managers"]
    assert (await client.usergroups_users_list(usergroup=group["id"]))["users"] == ["UMAYA", "UTOM"]
    assert await error(client.usergroups_users_list(usergroup="SNONE")) == "no_such_subteam"


async def test_who_is_not_to_be_disturbed(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """One by one, and up to fifty at once; 1 means never."""
    sandbox.dnd["UMAYA"] = (100, 200)
    assert (await client.dnd_info(user="UMAYA"))["next_dnd_end_ts"] == 200
    both = (await client.dnd_teamInfo(users=["UMAYA", "UTOM"]))["users"]
    assert (both["UMAYA"]["dnd_enabled"], both["UTOM"]["dnd_enabled"]) == (True, False)
    assert both["UTOM"]["next_dnd_start_ts"] == 1
    assert await error(client.dnd_teamInfo(users=[f"U{number}" for number in range(51)])) == "too_many_users"


async def test_an_app_hears_who_is_not_to_be_disturbed(sandbox: Sandbox, heard: Heard) -> None:
    """Where it may know; without the scope nothing is sent, and nobody waits for an answer."""
    await sandbox.change_dnd("UMAYA", NOW, NOW + timedelta(hours=1))
    await sandbox.change_dnd("UMAYA")
    first, second = ((body["event"]["user"], body["event"]["dnd_status"]) for body in heard.bodies)
    start = int(NOW.timestamp())
    assert first == ("UMAYA", {"dnd_enabled": True, "next_dnd_start_ts": start, "next_dnd_end_ts": start + 3600})
    assert second[1]["next_dnd_end_ts"] == 1
    sandbox.granted -= {"dnd:read"}
    assert (await sandbox.change_dnd("UMAYA", NOW, NOW + timedelta(hours=1))).acked
    assert len(heard.bodies) == 2
