"""Which token opens a workspace is looked for once, however many ask at the same moment."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.records.workspaces import NotInstalled
from bot.slack.clients import Token, clients_of_workspaces


@dataclass
class Store:
    """Where tokens are, a while away; it knows nobody at first."""

    known: set[str] = field(default_factory=set)
    asked: Counter[str] = field(default_factory=Counter)

    async def token_of(self, workspace_id: str) -> Token:
        """The token, once the database has answered."""
        self.asked[workspace_id] += 1
        await asyncio.sleep(0)
        if workspace_id not in self.known:
            raise NotInstalled(workspace_id)
        return Token(f"xoxb-{workspace_id}")


async def test_a_crowd_at_nine_looks_once() -> None:
    """Two hundred messages of two workspaces want their tokens at once: each is looked for once, and is its own."""
    store = Store({"T1", "T2"})
    async with clients_of_workspaces(store, api_url="http://127.0.0.1:9/") as clients:
        found = await asyncio.gather(*(clients.posting(one) for one in ("T1", "T2") * 100))
    assert store.asked == {"T1": 1, "T2": 1}
    assert [one.token for one in found] == ["xoxb-T1", "xoxb-T2"] * 100


async def test_who_installs_later_is_found() -> None:
    """A workspace that was not there is looked for again by whoever asks next."""
    store = Store()
    async with clients_of_workspaces(store, api_url="http://127.0.0.1:9/") as clients:
        refused = await asyncio.gather(*(clients.posting("T1") for _ in range(3)), return_exceptions=True)
        assert all(isinstance(one, NotInstalled) for one in refused)
        store.known.add("T1")
        assert (await clients.posting("T1")).token == "xoxb-T1"


async def test_what_slack_marks_one_workspace_with_is_not_told_about_another() -> None:
    """Slack answers with a cookie: the next call, of another workspace, does not bring it along."""
    brought: list[dict[str, str]] = []

    async def answer(request: web.Request) -> web.Response:
        brought.append(dict(request.cookies))
        response = web.json_response({"ok": True})
        response.set_cookie("b", request.headers["Authorization"][-2:])
        return response

    site = web.Application()
    site.router.add_post("/api/auth.test", answer)
    async with TestServer(site, host="127.0.0.1") as server:
        address = f"http://localhost:{server.port}/api/"  # an address in numbers would have no cookies anyway
        async with clients_of_workspaces(Store({"T1", "T2"}), api_url=address) as clients:
            for one in ("T1", "T2"):
                await (await clients.posting(one)).auth_test()
    assert brought == [{}, {}]
