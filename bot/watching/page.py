"""The two pages for those who watch: `/metrics` for Prometheus, `/healthz` for whoever restarts a process that is ill."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot.slack import receivers
from bot.watching.backlog import Backlog
from bot.watching.meters import Meters

METRICS_PATH = "/metrics"


@dataclass(frozen=True)
class Watch:
    """What there is to see of a process."""

    meters: Meters
    backlog: Backlog
    healthy: Callable[[], Awaitable[bool]]

    def show(self, site: web.Application) -> None:
        """Add `/metrics` to a site."""
        site.router.add_get(METRICS_PATH, self._metrics)

    async def _metrics(self, _: web.Request) -> web.Response:
        await self.backlog.look()
        told = generate_latest(self.meters.registry) + generate_latest(self.backlog.registry)
        return web.Response(body=told, headers={"Content-Type": CONTENT_TYPE_LATEST})

    @asynccontextmanager
    async def on_a_port_of_its_own(self, host: str, port: int | None) -> AsyncIterator[None]:
        """Serve both pages there for as long as this is open; without a port, nowhere. OSError if it is in use."""
        if port is None:
            yield
            return
        site = web.Application()
        receivers.add_health(site, self.healthy)
        self.show(site)
        async with receivers.http(site, port=port, host=host):
            yield
