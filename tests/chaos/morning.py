"""Nine o'clock in forty workspaces at once: two clocks, four workers, and Slack's real limits in each workspace and channel."""

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
from aiohttp import ClientSession

from bot.agenda.clock import Clock, wall
from bot.app import house
from bot.records.database import plain_url
from bot.sandbox.limits import POSTS_A_MINUTE
from bot.sandbox.server import Sandbox
from bot.slack import receivers
from bot.slack.installing.house import Credentials
from bot.slack.installing.keys import new_key
from tests.chaos import crowd, truth
from tests.chaos.stage import Stage, stage
from tests.chaos.table import Row
from tests.town import Town
from tests.world import shipped

WORKSPACES, PEOPLE = 40, 10_000
PROCESSES = ("clock", "clock", "worker", "worker", "worker", "worker")
A_MINUTE = 300  # messages that we send to a workspace: what Slack allows
BURST = 20  # posts that a workspace takes at once beside that
UNTIL_NINE = timedelta(seconds=25)  # by then all processes are up
PATIENCE = 300.0  # seconds
MOST_MEMORY_MB, MOST_REFUSED, MOST_TIME = 200, 0.005, 1.1


async def run(scale: float, server: str | None = None, processes: tuple[str, ...] = PROCESSES) -> Row:
    """The row; `often` counts workspaces, `recovery` is how long the morning took."""
    began, count = time.monotonic(), max(2, round(WORKSPACES * scale))
    each = PEOPLE // WORKSPACES
    row = Row(f"A morning: {each} managers in each of so many workspaces, all at nine", often=count)
    async with stage(server) as here:
        towns = [
            here.sandbox,
            *[await here.sandbox.add_workspace(f"T1{one:03d}", f"W{one}") for one in range(1, count)],
        ]
        people = await _settle_in(here, towns, each)
        nine = here.clock.now() + UNTIL_NINE
        _let_fall_due(here, nine)
        _limit(towns)
        await here.fleet.start(*processes)
        row.recovery = await _watch(here, towns, nine, each)
        memory = max(_memory_mb(one.runs.pid) for one in here.fleet.members if one.runs is not None)
        await here.fleet.stop()
        _judge(row, towns, people, memory, (each - BURST) / POSTS_A_MINUTE * 60)
    row.seconds = time.monotonic() - began
    return row


async def _settle_in(here: Stage, towns: Sequence[Sandbox], each: int) -> list[list[str]]:
    """Each workspace installs the app, and so many of its people are enrolled; their Slack ids, by workspace."""
    keys = new_key()
    await _installed(here, towns, keys)
    here.more = _of_many(here.sandbox, keys) | {
        "CLOCK_START": here.clock.now().isoformat(), "CLOCK_SINCE": wall().isoformat(),  # one nine for all of them
    }  # fmt: skip
    return [await asyncio.to_thread(_enrol, here, one, each, place * each) for place, one in enumerate(towns)]


def _judge(row: Row, towns: Sequence[Sandbox], people: Sequence[Sequence[str]], memory: float, allowed: float) -> None:
    """Hold it against what was promised; `allowed` is how many seconds Slack's limits take."""
    calls, refused = sum(one.calls.total() for one in towns), sum(one.refused for one in towns)
    row.messages = sum(one.posts for one in towns)
    row.lost = sum(truth.lost(one, ids, {}) for one, ids in zip(towns, people, strict=True))
    row.doubled = sum(truth.doubled(one, ids, {}) for one, ids in zip(towns, people, strict=True))
    row.expect(not row.lost, f"{row.lost} messages never came")
    row.expect(not row.doubled, f"{row.doubled} messages stand twice")
    row.expect(
        (row.recovery or 0) <= MOST_TIME * allowed, f"{row.recovery:.0f} s, where the limits allow {allowed:.0f} s"
    )
    row.expect(refused <= MOST_REFUSED * calls, f"{refused} of {calls} calls were refused (429)")
    row.expect(memory <= MOST_MEMORY_MB, f"a process of {memory:.0f} MB")
    row.fault += (
        f" ({refused} of {calls} calls 429; at most {memory:.0f} MB a process; the limits allow {allowed:.0f} s)"
    )


def _of_many(sandbox: Sandbox, keys: str) -> dict[str, str]:
    """What the processes are told beside: workspaces install the app, and each has a token of its own."""
    return {
        "SLACK_BOT_TOKEN": "", "SLACK_CLIENT_ID": sandbox.installs.client_id,
        "SLACK_CLIENT_SECRET": sandbox.installs.client_secret, "TOKEN_KEYS": keys, "SLACK_MESSAGES_PER_MINUTE": str(A_MINUTE),
    }  # fmt: skip


async def _installed(here: Stage, towns: Sequence[Sandbox], keys: str) -> None:
    """Each workspace installs the app in a browser."""
    credentials = Credentials(here.sandbox.installs.client_id, here.sandbox.installs.client_secret, (keys,))
    async with house(
        clock=Clock(start=here.clock.now()), database_url=here.database_url, library=shipped(), token=credentials,
        api_url=here.sandbox.api_url, messages_per_minute=A_MINUTE,
    ) as fitted, ClientSession() as browser:  # fmt: skip
        site = receivers.web_app(fitted.bolt(signing_secret=here.sandbox.signing_secret), healthy=fitted.healthy)
        async with receivers.http(site, port=0, host="127.0.0.1") as port:
            url = f"http://127.0.0.1:{port}"
            here.sandbox.installs.redirect_url = f"{url}/slack/oauth_redirect"
            town = Town(None, None, fitted, url, credentials, browser)  # type: ignore[arg-type]  # nobody lives there yet
            for one in towns:
                await town.install(one.team_id)


def _enrol(here: Stage, one: Sandbox, count: int, first: int) -> list[str]:
    return crowd.enrol(here.database_url, one, count, since=here.clock.now(), first=first)


def _let_fall_due(here: Stage, nine: datetime) -> None:
    """The lesson of everyone, in every workspace, at the same moment."""
    with psycopg.connect(plain_url(here.database_url)) as connection:
        connection.execute(
            "INSERT INTO agenda_item (key, kind, workspace_id, person_id, about, due_at, failures)"
            " SELECT 'lesson:' || id, 'lesson', workspace_id, id, jsonb_build_object('enrollment_id', id), %s, 0 FROM person",
            (nine,),
        )


def _limit(towns: Sequence[Sandbox]) -> None:
    """Slack's limits from now on, and all but a small burst of them used up."""
    for one in towns:
        one.enforce_limits = True
        for _ in range(POSTS_A_MINUTE - BURST):
            one.limits.retry_after("chat.postMessage", f"nobody-{_}")


async def _watch(here: Stage, towns: Sequence[Sandbox], nine: datetime, each: int) -> float:
    """How many seconds after nine the last message came."""
    wanted, until = each * len(towns), time.monotonic() + PATIENCE
    while sum(one.posts for one in towns) < wanted and time.monotonic() < until:  # noqa: ASYNC110 — other processes' doing
        await asyncio.sleep(0.1)
    return (here.clock.now() - nine).total_seconds()


def _memory_mb(pid: int) -> float:
    """What a process has of its own and shares, in megabytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024
