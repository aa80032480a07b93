"""Faults on demand and Slack's rate limits, as Slack's own client meets them."""

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import Sandbox
from tests.sandbox.asking import error


async def test_a_429_says_when_to_come_back(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """And then the same call goes through."""
    sandbox.fail("chat.postMessage", "429", retry_after=7)
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="UMAYA", text="x")
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "7"
    assert caught.value.response["error"] == "ratelimited"
    assert (await client.chat_postMessage(channel="UMAYA", text="x"))["ok"]
    assert (sandbox.posts, sandbox.calls["chat.postMessage"]) == (1, 2)


async def test_a_dropped_connection_hides_whether_it_took_effect(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """Before, nothing was posted; after, it was. The caller can't tell."""
    for kind, posted in (("reset_before", 0), ("reset_after", 1)):
        sandbox.fail("chat.postMessage", kind)
        with pytest.raises(aiohttp.ClientError):
            await client.chat_postMessage(channel="UMAYA", text="x")
        assert sandbox.posts == posted


async def test_a_server_that_never_answers(sandbox: Sandbox) -> None:
    """The client gives up by itself, and the server stops in time all the same."""
    sandbox.fail("auth.test", "timeout")
    impatient = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[], timeout=1)
    with pytest.raises(TimeoutError):
        await impatient.auth_test()


async def test_broken_answers(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """A proxy's page, a server's error, and one of Slack's own words."""
    for kind in ("500", "503", "garbage"):
        sandbox.fail("auth.test", kind)
        with pytest.raises(SlackApiError):
            await client.auth_test()
    sandbox.fail("auth.test", "error:team_access_not_granted")
    assert await error(client.auth_test()) == "team_access_not_granted"
    sandbox.fail("*", "slow", seconds=0.01)
    assert (await client.auth_test())["ok"]
    with pytest.raises(ValueError, match="no fault «flood»"):
        sandbox.fail("auth.test", "flood")


@pytest.mark.parametrize("kind", ["500_after", "garbage_after", "slow_after"])
async def test_it_may_go_wrong_though_it_took_effect(sandbox: Sandbox, client: AsyncWebClient, kind: str) -> None:
    """The message is there, and the answer is an error, cut off, or late."""
    sandbox.fail("chat.postMessage", kind)
    if kind == "slow_after":
        assert (await client.chat_postMessage(channel="UMAYA", text="x"))["ok"]
    else:
        with pytest.raises((SlackApiError, aiohttp.ClientError)):
            await client.chat_postMessage(channel="UMAYA", text="x")
    assert sandbox.posts == 1


async def test_faults_by_chance_are_the_same_each_time(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """A share of all calls, repeatable by its seed, counted."""
    for _ in range(2):
        sandbox.fail("auth.test", "error:fatal_error", share=0.3, seed=7)
        struck = [not await _works(client, "auth.test") for _ in range(40)]
        assert sum(struck) == sandbox.faults.coming[0].struck == 16
        sandbox.faults.coming.clear()


async def test_faults_may_come_again_and_again(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """So many times, or each third call until they are taken away."""
    sandbox.fail("auth.test", "error:fatal_error", times=2)
    sandbox.fail("users.info", "error:fatal_error", every=3)
    assert [await _works(client, "auth.test") for _ in range(4)] == [False, False, True, True]
    assert [await _works(client, "users.info") for _ in range(7)] == [True, True, False, True, True, False, True]
    sandbox.faults.coming.clear()
    assert all([await _works(client, "users.info") for _ in range(3)])


async def test_limits_are_slacks_if_one_asks_for_them(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """Three messages at once to a person, then one a second; another person's DM is not held up."""
    now = 1000.0
    sandbox.limits.clock, sandbox.enforce_limits = (lambda: now), True
    for _ in range(3):
        await client.chat_postMessage(channel="UMAYA", text="x")
    assert await error(client.chat_postMessage(channel="UMAYA", text="x")) == "ratelimited"
    dm = sandbox.state.open(["UMAYA"]).id
    assert await error(client.chat_postMessage(channel=dm, text="x")) == "ratelimited", "the same DM by its own id"
    assert (await client.chat_postMessage(channel="UTOM", text="x"))["ok"]
    now += 1
    assert (await client.chat_postMessage(channel=dm, text="x"))["ok"]
    assert sandbox.posts == 5


async def test_a_workspace_has_limits_too(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """Three hundred posts a minute over all channels; fifty a minute of most other methods."""
    now = 1000.0
    sandbox.limits.clock, sandbox.enforce_limits = (lambda: now), True
    people = [sandbox.add_person(name=f"One {n}", email=f"{n}@acme.test").id for n in range(301)]
    for person in people[:300]:
        await client.chat_postMessage(channel=person, text="x")
    assert await error(client.chat_postMessage(channel=people[300], text="x")) == "ratelimited"
    for _ in range(50):
        await client.users_lookupByEmail(email="maya@acme.test")
    with pytest.raises(SlackApiError) as caught:
        await client.users_lookupByEmail(email="maya@acme.test")
    assert caught.value.response.headers["Retry-After"] == "2"
    now += 2
    patient = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url)
    patient.retry_handlers.append(AsyncRateLimitErrorRetryHandler())
    assert (await patient.users_lookupByEmail(email="maya@acme.test"))["ok"]


async def _works(client: AsyncWebClient, method: str) -> bool:
    try:
        await client.api_call(method, params={"user": "UMAYA"})
    except SlackApiError:
        return False
    return True
