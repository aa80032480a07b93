"""How many messages a second one worker says, against Slack's client alone with as many posts under way."""

import asyncio
from collections.abc import Iterator
from time import perf_counter
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import col, func, select, update

from bot.app import House
from bot.curriculum.library import Library
from bot.delivery.courier import EVENT_TYPE, signed
from bot.delivery.sender import AT_ONCE
from bot.records.tables import AgendaItem, Message
from bot.sandbox.server import Sandbox
from tests.bench.apart import slack_apart
from tests.bench.conftest import Open
from tests.bench.crowd import NOW, enrol, slack_id
from tests.bench.measuring import Compared, Goal


@pytest.mark.parametrize(
    ("kind", "latency", "rounds", "count", "goal"),
    [
        ("nudge", 0.0, 5, 1000, Goal("at least", 0.5)),
        ("nudge", 0.1, 3, 160, Goal("at least", 0.9)),
        ("lesson", 0.0, 5, 1000, Goal("at least", 0.5)),
        ("lesson", 0.1, 3, 96, Goal("at least", 0.9)),
    ],
)
async def test_messages_a_second(
    database_url: str, library: Library, open_house: Open, table: list[Compared],
    kind: str, latency: float, rounds: int, count: int, goal: Goal,
) -> None:  # fmt: skip
    """A worker takes the tick's jobs, claims, draws, posts and records; the bare client posts the same, ready-made."""
    people = (rounds + 1) * count
    enrol(database_url, people, library.current.curriculum.lessons[0])
    ours, bare = [], []
    async with slack_apart(people) as slack, open_house(database_url, slack.api_url) as fitted:
        await slack.answer_after(latency)
        for start in range(0, people, count):
            crowd = range(start, start + count)
            ours.append(await _worker(fitted, kind, crowd))
            bare.append(await _client(fitted, kind, slack.api_url, crowd))
        await _all_said(fitted, kind, people)
    what = f"messages/s, {kind}s, Slack answers in {latency * 1000:.0f} ms"
    table.append(Compared(what, "/s", ours[1:], bare[1:], goal))  # the first round warmed both up


async def _worker(fitted: House, kind: str, crowd: range) -> float:
    """Messages a second of one worker with one job at a time, so that no more than AT_ONCE posts are under way."""
    async with fitted.database.transaction() as session:
        await session.execute(
            update(AgendaItem)
            .where(col(AgendaItem.kind) == kind, col(AgendaItem.person_id).between(crowd.start, crowd.stop - 1))
            .values(due_at=NOW)
        )
    assert await fitted.tick() == len(crowd)
    began = perf_counter()
    await fitted.queue.work(concurrency=1, wait=False)
    return len(crowd) / (perf_counter() - began)


async def _client(fitted: House, kind: str, api_url: str, crowd: range) -> float:
    """Messages a second of the client alone."""
    async with fitted.database.transaction() as session:
        message = (await session.exec(select(Message).where(Message.kind == kind, Message.state == "sent"))).first()
        assert message is not None
        text, blocks = (await fitted.sender.renderers[kind](session, [message]))[message.id]
    what = {
        "text": text, "blocks": signed(blocks, message), "link_names": False, "unfurl_links": False,
        "unfurl_media": False,
        "metadata": {"event_type": EVENT_TYPE, "event_payload": {"message_id": str(message.id)}},
    }  # fmt: skip
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session_of_all:
        client = AsyncWebClient(token=Sandbox.bot_token, base_url=api_url, session=session_of_all, retry_handlers=[])
        left = iter(crowd)
        began = perf_counter()
        await asyncio.gather(*(_post_in_turn(client, left, what) for _ in range(AT_ONCE)))
        return len(crowd) / (perf_counter() - began)


async def _post_in_turn(client: AsyncWebClient, left: Iterator[int], what: dict[str, Any]) -> None:
    for number in left:
        await client.chat_postMessage(channel=slack_id(number), **what)


async def _all_said(fitted: House, kind: str, people: int) -> None:
    async with fitted.database.transaction() as session:
        rows = await session.exec(
            select(func.count()).select_from(Message).where(Message.kind == kind, col(Message.sent_at) >= NOW)
        )
        assert rows.one() == people, "something was not said"
