"""Posts statements to a learning record store: in batches, each once, and from where it ended the last time."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

import aiohttp

from bot.reports.xapi import VERSION, Statement

BATCH = 50
TRIES = 5
FIRST_WAIT_SECONDS = 1.0
TIMEOUT_SECONDS = 30

logger = logging.getLogger(__name__)


class Refused(Exception):
    """The store does not take our statements; the text says why."""


@dataclass(frozen=True)
class Store:
    """Where it is (the address before /statements), and what opens it."""

    endpoint: str
    key: str
    secret: str


@dataclass(frozen=True)
class Posted:
    """How many it has taken now; `conflicts` are ids that it holds with other words already."""

    taken: int
    conflicts: tuple[str, ...] = ()


# Writes down that the store has these; what is written down is never posted again.
Took = Callable[[Sequence[UUID]], Awaitable[None]]
Wait = Callable[[float], Awaitable[None]]


async def post(store: Store, statements: Sequence[Statement], took: Took, wait: Wait = asyncio.sleep) -> Posted:
    """Post statements in their order. Raises Refused when the store says no, or can't be reached after some tries."""
    taken, conflicts = 0, list[str]()
    headers = {
        "Authorization": aiohttp.encode_basic_auth(store.key, store.secret),
        "X-Experience-API-Version": VERSION,
    }
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
    async with aiohttp.ClientSession(headers=headers, timeout=timeout) as session:
        for start in range(0, len(statements), BATCH):
            batch = statements[start : start + BATCH]
            if await _accepted(session, store, batch, wait):
                await took([UUID(one["id"]) for one in batch])
                taken += len(batch)
                continue
            # The store takes a batch as a whole or not at all: one that it holds with other words must not stop the rest.
            for one in batch:
                if await _accepted(session, store, [one], wait):
                    taken += 1
                else:
                    conflicts.append(str(one["id"]))
                await took([UUID(one["id"])])
    return Posted(taken, tuple(conflicts))


async def _accepted(session: aiohttp.ClientSession, store: Store, batch: Sequence[Statement], wait: Wait) -> bool:
    """Whether the store has these now; False for a conflict."""
    address = f"{store.endpoint.rstrip('/')}/statements"
    why = ""
    for attempt in range(TRIES):
        if attempt:
            await wait(FIRST_WAIT_SECONDS * 2**attempt)
        try:
            # Where one address leads to another, what is posted here would be asked for there, and be answered with 200.
            async with session.post(
                address, json=list(batch), headers={"X-Experience-API-Version": VERSION}, allow_redirects=False
            ) as answer:
                if answer.status in (200, 204, 409):
                    await _expect_a_store(answer, store)
                    return answer.status != 409
                why = f"it answered {answer.status}"
                if answer.status < 500 and answer.status != 429:
                    raise Refused(_sentence(answer, store))
        except (aiohttp.ClientError, TimeoutError) as error:
            why = type(error).__name__
        logger.warning("the learning record store did not take a batch: %s", why, extra={"action": "xapi.retry"})
    raise Refused(f"{store.endpoint} did not take the statements ({why}); run it again: it goes on where it ended")


async def _expect_a_store(answer: aiohttp.ClientResponse, store: Store) -> None:
    """Raises Refused for a page that says «ok» to anything, as one to sign in: a store answers with the ids that it has taken."""
    if answer.status != 200:
        return
    try:
        ids = json.loads(await answer.text())
    except ValueError:
        ids = None
    if not isinstance(ids, list):
        raise Refused(f"{store.endpoint} answers, but not as a learning record store: check XAPI_ENDPOINT")


def _sentence(answer: aiohttp.ClientResponse, store: Store) -> str:
    status = answer.status
    if status in (401, 403):
        return f"{store.endpoint} does not know XAPI_KEY and XAPI_SECRET"
    if status == 404:
        return f"{store.endpoint} has no /statements: XAPI_ENDPOINT is the address in front of it"
    if 300 <= status < 400:
        return f"{store.endpoint} leads to {answer.headers.get('Location', 'elsewhere')}: set XAPI_ENDPOINT to where it leads"
    return f"{store.endpoint} refused a batch ({status})"
