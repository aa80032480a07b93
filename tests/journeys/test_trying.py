"""`playercoach try` as someone meets it: served at once, the first lesson waiting, and nothing lost by Ctrl-C."""

from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.settings import Settings
from bot.trying import apart
from tests.trying import asked, free_port, ready, start, stopped


async def a_first_week(url: str) -> tuple[str, str, str]:
    """Maya begins, a week passes, Ana reads her digest: Maya's DM, the welcome's ts, the time then."""
    async with ClientSession() as http:
        (dm,) = (await asked(http, f"{url}/as/U0MAYA"))["conversations"]
        (welcome,) = await asked(http, f"{url}/as/U0MAYA/messages/{dm['id']}")
        where = {"container": "message", "channel": dm["id"], "ts": welcome["ts"]}
        await asked(http, f"{url}/as/U0MAYA/act", **where, action_id="welcome_begin")
        moved = await asked(http, f"{url}/time", by="week")
        assert moved["happened"] >= 5
        (anas,) = (await asked(http, f"{url}/as/U0ANA"))["conversations"]
        (digest,) = await asked(http, f"{url}/as/U0ANA/messages/{anas['id']}")
        assert "Your new managers, this week" in digest["text"]
        assert (await asked(http, f"{url}/time", by="century"))["ok"] is False
    return dm["id"], welcome["ts"], moved["now"]


def test_nothing_real_is_touched(tmp_path: Path) -> None:
    """A `.env` may name a real database already: the made-up people go into one of their own."""
    ours = apart(Settings(_env_file=None, data_dir=tmp_path, database_url="postgresql://coach:secret@db/coach"))
    assert ours.database_url is None
    assert ours.data_dir == tmp_path / "try"


@pytest.mark.long
async def test_try_from_start_to_start(tmp_path: Path) -> None:
    """The welcome waits; a week can be moved on; after Ctrl-C no database is left, and the next `try` goes on."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/page"
    process = await start(tmp_path, port)
    await ready(process)
    dm, first, then = await a_first_week(url)
    await stopped(process)
    assert not (tmp_path / "try/postgres/postmaster.pid").exists()
    assert (tmp_path / "try/postgres").exists()
    assert not (tmp_path / "postgres").exists(), "that is where `run` keeps its own"
    again = await start(tmp_path, port)
    await ready(again)
    async with ClientSession() as http:
        assert (await asked(http, f"{url}/state"))["now"] >= then
        messages = await asked(http, f"{url}/as/U0MAYA/messages/{dm}")
    assert messages[0]["ts"] == first
    said = [one["text"].split("\n")[0] for one in messages]
    assert len(said) == len(set(said)), "nothing twice"
    assert any("Read the chain" in one["text"] for one in messages)
    await stopped(again)
