"""Several workspaces on the table: one app, served over HTTP, which each of them installs in its browser."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path

import aiohttp
from yarl import URL

from bot.agenda.clock import Clock
from bot.app import House, house
from bot.cohorts.roster import Enrolled
from bot.curriculum.library import Library
from bot.records.audit import Doer
from bot.sandbox.calls import Json
from bot.sandbox.server import Sandbox
from bot.slack import receivers
from bot.slack.installing.house import Credentials
from bot.slack.installing.keys import new_key
from tests.world import CONTENT, MORNING, World, cast_of, shipped

# What those of the neighbour are called besides: nobody here may ever read it.
ELSEWHERE = " Elsewhere"


@dataclass(frozen=True)
class Page:
    """What a browser got."""

    status: int
    text: str
    cookie: str = ""
    location: str = ""


@dataclass
class Town:
    """The first workspace is `here`, its neighbour `there`: in both live people with the same Slack ids and addresses."""

    here: World
    there: World
    house: House
    site: str
    credentials: Credentials
    browser: aiohttp.ClientSession = field(repr=False)

    async def get(self, url: str, cookie: str = "") -> Page:
        """Open a page."""
        headers = {"Cookie": cookie} if cookie else {}
        async with self.browser.get(URL(url, encoded=True), headers=headers, allow_redirects=False) as answer:
            given = answer.headers.get("Set-Cookie", "").partition(";")[0]
            return Page(answer.status, await answer.text(), given, answer.headers.get("Location", ""))

    async def begin(self) -> tuple[str, str]:
        """Open the page with the button: where it leads, and the cookie."""
        page = await self.get(f"{self.site}/slack/install")
        found = re.search(r'class="button" href="([^"]+)"', page.text)
        assert found is not None, page.text
        return unescape(found[1]), page.cookie

    async def install(self, team_id: str) -> Page:
        """Somebody presses the button, and lets the app into their workspace."""
        link, cookie = await self.begin()
        allowed = await self.get(f"{link}&team={team_id}")
        return await self.get(allowed.location, cookie)

    async def install_org(self, enterprise: Json) -> Page:
        """The same for a whole organisation."""
        link, cookie = await self.begin()
        code = self.here.sandbox.installs.code(enterprise=enterprise)
        state = URL(link).query["state"]
        return await self.get(f"{self.site}/slack/oauth_redirect?code={code}&state={state}", cookie)

    async def enrol(self, world: World, *, begun: bool = True) -> Enrolled:
        """Maya and Tom of that workspace begin."""
        rows = [f"{one.email},{world.ana.email},Autumn,2026-11-24" for one in (world.maya, world.tom)]
        enrolled = await self.house.rooms.cohorts.rosters.import_roster(
            "\n".join(["manager,mentor,cohort,starts_on", *rows]), by=Doer(world.sandbox.team_id),
            now=self.house.clock.now(), dry_run=False,
        )  # fmt: skip
        if begun:
            await world.begin()
        return enrolled


@asynccontextmanager
async def open_town(
    database_url: str,
    *,
    enterprise: Json | None = None,
    content: Path = CONTENT,
    start: datetime = MORNING,
    retention: timedelta = timedelta(days=730),
) -> AsyncIterator[Town]:
    """Two workspaces (of one organisation, if one is given), and an app that nobody has installed yet."""
    clock = Clock(start=start, speed=1e-6)
    async with AsyncExitStack() as stack:
        sandbox = Sandbox(now=clock.now, enterprise=enterprise)
        await sandbox.start()
        stack.push_async_callback(sandbox.stop)
        other = await sandbox.add_workspace("T0BETA", "Beta", enterprise=enterprise)
        credentials = Credentials(sandbox.installs.client_id, sandbox.installs.client_secret, (new_key(),))
        library = shipped() if content == CONTENT else Library(content, today=lambda: clock.now().date())
        fitted = await stack.enter_async_context(
            house(
                clock=clock, database_url=database_url, library=library, token=credentials, api_url=sandbox.api_url,
                messages_per_minute=100_000, retention=retention,
            )
        )  # fmt: skip
        site = receivers.web_app(fitted.bolt(signing_secret=sandbox.signing_secret), healthy=fitted.healthy)
        port = await stack.enter_async_context(receivers.http(site, port=0, host="127.0.0.1"))
        url = f"http://127.0.0.1:{port}"
        sandbox.installs.redirect_url = f"{url}/slack/oauth_redirect"
        for one in (sandbox, other):
            one.events_url = f"{url}{receivers.EVENTS_PATH}"
        worlds = [World(one, fitted, clock, **cast_of(one)) for one in (sandbox, other)]
        browser = await stack.enter_async_context(aiohttp.ClientSession())
        for person in other.state.people.values():
            person.name += ELSEWHERE
        yield Town(worlds[0], worlds[1], fitted, url, credentials, browser)
