"""What a worker takes first: what people look at, and yet a message now and then; and how long it waits for its last."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from bot.delivery import jobs
from bot.delivery.jobs import ONE_IN, Queue
from bot.records.database import Database


async def test_a_message_does_not_wait_for_all_that_was_pressed(database_url: str) -> None:
    """A hundred screens are to be drawn, for people pressed while no worker was there: a lesson goes out among the first."""
    done: list[str] = []

    async def draw(**_: Any) -> None:
        done.append("screen")

    async def say(**_: Any) -> None:
        done.append("message")

    database, queue = Database(database_url), Queue(database_url)
    queue.handle(send=say, refresh=draw, show_home=draw)
    async with queue.opened():
        async with database.transaction() as session:
            await queue.defer_refresh(session, [uuid4() for _ in range(100)])
            await queue.defer_sends(session, [("T0ACME", [uuid4()])])
        await queue.work(concurrency=1, wait=False)
    await database.close()
    assert len(done) == 101
    assert done.index("message") < ONE_IN
    assert done[0] == "screen", "somebody looks at it"


async def test_who_works_until_none_is_left_waits_for_the_last(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that is stopped gives its jobs some seconds. One that ends by itself, in a rehearsal, cuts off none."""
    monkeypatch.setattr(jobs, "FINISHED_WITHIN_SECONDS", 0.0)
    done: list[str] = []

    async def draw(**_: Any) -> None:
        for _asked in range(20):
            async with database.transaction() as session:
                await session.execute(text("SELECT 1"))
        done.append("screen")

    database, queue = Database(database_url), Queue(database_url)
    queue.handle(send=draw, refresh=draw, show_home=draw)
    async with queue.opened():
        async with database.transaction() as session:
            await queue.defer_refresh(session, [uuid4()])
        await queue.work(wait=False)
    await database.close()
    assert done == ["screen"]
