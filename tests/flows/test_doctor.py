"""`playercoach doctor` against a real database and the stand-in: what is well is said, what is not gets a mend."""

import asyncio
import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text

from bot.agenda import book
from bot.agenda.clock import wall
from bot.doctoring import examine
from bot.doctoring.answers import punctual
from bot.doctoring.work import MANY_JOBS
from bot.findings import as_text, is_sick
from bot.records import workspaces
from bot.records.database import DatabaseUnfit, plain_url
from bot.records.embedded import Embedded
from bot.records.tables import Message
from bot.records.upgrade import MIGRATIONS, upgrade
from bot.sandbox.web_api import ALL_SCOPES
from bot.settings import Settings
from bot.slack import receivers
from bot.slack.installing.pages import MANIFEST
from bot.slack.refusals import CHECK_THE_WAY
from tests.databases import new_name, run
from tests.world import CONTENT, World, open_world

SIGNED = {"slack_signing_secret": "0123456789", "port": 9}  # where nobody listens
OF_MANY = {"slack_bot_token": None, "slack_client_id": "1.2", "slack_client_secret": "0123456789"}


def settings_for(world: World, database_url: str | None, **more: Any) -> Settings:
    """An installation whose tokens are the stand-in's."""
    values = {
        "slack_bot_token": world.sandbox.bot_token, "slack_app_token": world.sandbox.app_token,
        "slack_api_url": world.sandbox.api_url, "database_url": database_url, "content_dir": CONTENT, **more,
    }  # fmt: skip
    return Settings(_env_file=None, **values)


async def states(world: World, database_url: str | None, **more: Any) -> dict[str, tuple[str, str]]:
    """By what was looked at: its state and its mend."""
    return {one.what: (one.state, one.mend) for one in await examine(settings_for(world, database_url, **more))}


async def test_a_healthy_installation(world: World, database_url: str) -> None:
    """Nothing to mend, and what is optional and missing is a note, not an illness."""
    found = await examine(settings_for(world, database_url))
    assert not is_sick(found), as_text(found)
    assert [one.what for one in found if not one.is_fine] == []
    told = as_text(found)
    for what in (
        "content", "time zones", "database", "migrations", "queue", "messages", "agenda", "bot token", "scopes", "clock",
    ):  # fmt: skip
        assert f"ok    {what}" in told


async def test_missing_scopes(database_url: str) -> None:
    """One that is needed is an illness; one that is optional is a note."""
    async with open_world(database_url, content=CONTENT, granted=ALL_SCOPES - {"mpim:write", "dnd:read"}) as world:
        found = await examine(settings_for(world, database_url))
    assert is_sick(found)
    told = as_text(found)
    assert re.search(r"MEND  scopes +without mpim:write", told)
    assert re.search(r"note  optional scopes +off: dnd:read", told)


@pytest.mark.parametrize(
    ("more", "what", "mend"),
    [
        ({"slack_bot_token": "xoxb-somebody-elses"}, "bot token", "copy it again"),
        (
            {"slack_bot_token": "xoxp-a-users-token"},
            "bot token",
            "is another kind of token; it should begin with xoxb-",
        ),
        ({"slack_app_token": "xoxb-swapped-by-mistake"}, "receiving", "SLACK_APP_TOKEN is another kind of token"),
        ({"slack_app_token": "xapp-somebody-elses"}, "Socket Mode", "copy SLACK_APP_TOKEN again"),
        ({"slack_app_token": None}, "receiving", "SLACK_APP_TOKEN is not set"),
        # As in a copy of .env.example in which nobody has filled these in.
        ({"slack_app_token": "xapp-...", "slack_signing_secret": "..."}, "receiving", "SLACK_APP_TOKEN looks like"),
        ({"slack_app_token": None, "slack_signing_secret": "..."}, "receiving", "SLACK_SIGNING_SECRET looks like"),
        ({"slack_api_url": "http://127.0.0.1:9/api/"}, "Slack", "check the network"),
        ({"content_dir": Path("nowhere")}, "content", "playercoach content check"),
        ({**OF_MANY, "slack_client_secret": None, **SIGNED}, "installing", "SLACK_CLIENT_SECRET is not set"),
        ({**OF_MANY, **SIGNED, "token_keys": "none"}, "installing", "keys new"),
    ],
)
async def test_what_is_wrong_gets_a_mend(
    world: World, database_url: str, more: dict[str, Any], what: str, mend: str
) -> None:
    """Each slip makes it ill, and has its line and its mend; nothing that is well is blamed, and all is looked at."""
    found = await examine(settings_for(world, database_url, **more))
    assert is_sick(found)
    blamed = [(one.what, mend in one.mend) for one in found if not one.is_fine]
    reach = [("Socket Mode", True)] if what == "Slack" else []  # that is Slack, too
    assert blamed == [(what, True), *reach]
    assert "time zones" in {one.what for one in found}


@pytest.mark.parametrize(("why", "mend"), [
    ("missing_scope", "make a new SLACK_APP_TOKEN with the scope connections:write"),
    ("forbidden_team", "Socket Mode is switched on"),
])  # fmt: skip
async def test_an_app_token_that_opens_nothing(world: World, database_url: str, why: str, mend: str) -> None:
    """Each word of Slack's has the mend that helps against it."""
    world.sandbox.fail("apps.connections.open", f"error:{why}", 1)
    assert mend in (await states(world, database_url))["Socket Mode"][1]


@pytest.mark.parametrize(("kind", "status"), [("503", 503), ("garbage", 200)])
async def test_what_answers_is_not_slack(world: World, database_url: str, kind: str, status: int) -> None:
    """A company's proxy answers in Slack's place, with words of its own: no token is blamed for it."""
    world.sandbox.fail("auth.test", kind)
    world.sandbox.fail("apps.connections.open", kind)
    told = await states(world, database_url)
    for what in ("bot token", "Socket Mode"):
        assert told[what] == (f"no answer of Slack's (HTTP {status})", CHECK_THE_WAY)


@pytest.mark.parametrize(("granted", "told"), [
    (ALL_SCOPES, r"note  staff +Slack knows no lena@example.com\n +→ name your own people in content/program.yaml"),
    (ALL_SCOPES - {"users:read.email"}, r"note  staff +not looked up: Slack says missing_scope\n +→ name them by Slack user id"),
])  # fmt: skip
async def test_staff_whom_slack_does_not_know(database_url: str, granted: frozenset[str], told: str) -> None:
    """Nobody has put their own L&D staff into the program, and the sample's Lena lives elsewhere: a note says so."""
    async with open_world(database_url, content=CONTENT, granted=granted) as world:
        world.sandbox.state.people[world.lena.id].email = "lena@elsewhere.example"
        found = await examine(settings_for(world, database_url))
    assert not is_sick(found)
    assert re.search(told, as_text(found)), as_text(found)


async def test_nobody_is_known_who_was_not_asked_about(world: World, database_url: str) -> None:
    """The content can't be read, so nobody knows whom it names: there is no line about them."""
    assert "staff" not in await states(world, database_url, content_dir=Path("nowhere"))


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (SIGNED, ["ok    Socket Mode  a connection is given", "ok    receiving    over HTTP, on port 9"]),
        (
            {"slack_signing_secret": "..."},
            [
                "ok    Socket Mode  a connection is given",
                "note  receiving    not over HTTP: `playercoach web` can't start",
            ],
        ),
        (
            {**SIGNED, "slack_app_token": "xapp-of-long-ago"},
            ["note  Socket Mode  Slack says invalid_auth", "ok    receiving    over HTTP, on port 9"],
        ),
    ],
)
async def test_two_ways_to_receive(world: World, database_url: str, more: dict[str, Any], told: list[str]) -> None:
    """Both are set, so both are looked at; one that works is enough, and the other is a note."""
    found = await examine(settings_for(world, database_url, **more))
    assert not is_sick(found)
    ways = [one for one in found if one.what in ("Socket Mode", "receiving")]
    assert [line for line in as_text(ways).splitlines() if "→" not in line] == told


async def test_a_port_that_another_program_has(world: World, database_url: str) -> None:
    """Whoever listens there is no `web` of ours: a note. Our own is where it should be, and a free port is no matter."""
    site = receivers.web_app(world.house.bolt(signing_secret=world.sandbox.signing_secret), healthy=world.house.healthy)
    async with receivers.http(site, port=0, host="127.0.0.1") as port:
        assert "port" not in await states(world, database_url, **{**SIGNED, "port": port})
    assert "port" not in await states(world, database_url, **{**SIGNED, "port": port})
    async with await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0) as other:
        port = other.sockets[0].getsockname()[1]
        found = await examine(settings_for(world, database_url, **{**SIGNED, "slack_app_token": None, "port": port}))
    assert not is_sick(found)
    assert re.search(rf"note  port +{port} is in use.*\n +→ .*PORT", as_text(found))


@pytest.mark.long
async def test_a_database_that_is_behind_or_away(world: World, database_url: str) -> None:
    """Migrations that lack are counted; a database that does not answer is a sentence; so is work that nobody does."""
    late = wall() - timedelta(hours=3)
    async with world.house.database.transaction() as session:
        await book.put(session, key="late:1", kind="digest", workspace_id=world.house.workspace_id, due_at=late)
    state, mend = (await states(world, database_url))["agenda"]
    assert "3.0 hours late" in state
    assert "start `playercoach clock`" in mend
    async with world.house.database.transaction() as session:
        await workspaces.leave(session, world.house.workspace_id, wall())
    assert (await states(world, database_url))["agenda"] == ("nothing is late", ""), "nobody is there any more"
    with psycopg.connect(plain_url(database_url)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = %s", [_before_the_last()])
    assert (await states(world, database_url))["migrations"] == (
        "1 to apply", "make a backup, stop what runs an older version, then run `playercoach db upgrade`",
    )  # fmt: skip
    away = re.sub(r"/[^/?]+(\?|$)", r"/nothing_of_that_name\1", database_url)
    assert "can't be reached" in (await states(world, away))["database"][1]


async def test_a_database_of_a_newer_release(world: World, database_url: str) -> None:
    """Somebody went back to an older program: a line and its mend, and the rest is looked at as ever."""
    with psycopg.connect(plain_url(database_url)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'of_tomorrow'")
    told = await states(world, database_url)
    assert told["database"] == ("answers", "")
    assert "does not know its revision of_tomorrow; start the newer one, or restore" in told["migrations"][1]
    assert told["bot token"][1] == ""
    with pytest.raises(DatabaseUnfit, match="of_tomorrow; start the newer one"):
        upgrade(database_url)


async def test_a_database_of_somebody_else(world: World, empty_url: str) -> None:
    """Since PostgreSQL 15 only its owner makes tables in it: the doctor and a start say what to tell the administrator."""
    role = new_name()
    run(empty_url, f"CREATE ROLE {role}")
    run(empty_url, "REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    url = f"{empty_url}{'&' if '?' in empty_url else '?'}options=-c%20role%3D{role}"
    try:
        state, mend = (await states(world, url))["migrations"]
        assert state.endswith("to apply, but the user of DATABASE_URL may not make tables in its database")
        assert "ALTER DATABASE name OWNER TO user" in mend
        with pytest.raises(DatabaseUnfit, match="may not make tables in its database; make it the owner"):
            upgrade(url)
        run(empty_url, f"GRANT CREATE ON SCHEMA public TO {role}")
        assert "playercoach db upgrade" in (await states(world, url))["migrations"][1]
    finally:
        run(empty_url, f"DROP OWNED BY {role}")
        run(empty_url, f"DROP ROLE {role}")


async def test_an_embedded_database_is_made_by_whoever_starts(world: World, tmp_path: Path) -> None:
    """Before the first start there is none, and the doctor says so instead of making one."""
    home = tmp_path / "data"
    told = await states(world, None, data_dir=home)
    assert told["database"] == (f"embedded, in {home}; it is made at the first start", "")
    assert "migrations" not in told
    assert not home.exists()


async def test_an_embedded_database_that_can_not_be_made(world: World, tmp_path: Path) -> None:
    """A file stands where the folder should be: nothing could start, and the doctor says so."""
    (tmp_path / "file").touch()
    state, mend = (await states(world, None, data_dir=tmp_path / "file/data"))["database"]
    assert "can't be made" in state
    assert "DATA_DIR" in mend


@pytest.mark.long
def test_a_folder_of_somebody_else() -> None:
    """Whoever may not write there can make nothing in it, nor below it; root may all, and here gives that up first."""
    look = (
        "import os, sys; from pathlib import Path; from bot.doctoring.database import can_be_made;"
        "os.getuid() or os.setuid(65534); print(*(can_be_made(Path(one)) for one in sys.argv[1:]))"
    )
    with TemporaryDirectory() as folder:
        home = Path(folder)
        home.chmod(0o755)
        for name, mode in (("open", 0o777), ("shut", 0o555), ("private", 0o000)):
            (home / name).mkdir()
            (home / name).chmod(mode)
        asked = [str(home / one) for one in ("open", "open/new/data", "shut", "shut/new/data", "private/data")]
        told = subprocess.run([sys.executable, "-c", look, *asked], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["True", "True", "False", "False", "False"]


@pytest.mark.long
async def test_an_embedded_database_is_looked_at_as_any_other(world: World, tmp_path: Path) -> None:
    """It lacks migrations, then it is up to date and looked at to the end; while the app uses it, it goes on running."""
    home = tmp_path / "data"
    with Embedded(home) as url:
        told = await states(world, None, data_dir=home)
        assert told["database"] == (f"embedded, in {home}; fine for one machine", "")
        assert told["migrations"][1] == "run `playercoach db upgrade`"
        upgrade(url)
        told = await states(world, None, data_dir=home)
        assert told["migrations"] == ("up to date", "")
        assert told["queue"] == ("0 jobs wait", "")
        assert told["agenda"] == ("nothing is late", "")
        with psycopg.connect(plain_url(url)) as connection:
            assert connection.execute("SELECT count(*) FROM agenda_item").fetchone() == (0,)


@pytest.mark.long
async def test_an_embedded_database_that_nobody_uses(world: World, tmp_path: Path) -> None:
    """The app is not running: the doctor starts its database, looks, and stops it; one that can't start is a sentence."""
    home = tmp_path / "data"
    with Embedded(home) as url:
        upgrade(url)
    assert (await states(world, None, data_dir=home))["agenda"] == ("nothing is late", "")
    assert not (home / "postgres/cluster/postmaster.pid").exists()
    (home / "postgres/cluster/PG_VERSION").write_text("12\n")
    state, mend = (await states(world, None, data_dir=home))["database"]
    assert (state, "can't start" in mend) == ("does not answer", True)


async def test_a_queue_that_nobody_works_off(world: World, database_url: str) -> None:
    """Without a worker any job is a note; with one, so many are: it works, only slowly."""
    async with world.house.database.transaction() as session:
        await world.house.queue.defer(session, "sync", [{"workspace_id": "T0ACME"}] * (MANY_JOBS + 1))
    for worker, told in (("", ", and no worker runs"), ("INSERT INTO procrastinate_workers DEFAULT VALUES", "")):
        async with world.house.database.transaction() as session:
            await session.execute(text(worker or "DELETE FROM procrastinate_workers"))
        found = await examine(settings_for(world, database_url))
        assert not is_sick(found)
        which = "another `" if worker else "`"
        assert re.search(rf"note  queue +1001 jobs wait{told}\n +→ start {which}playercoach worker`", as_text(found))


@pytest.mark.long
async def test_messages_that_nobody_says(world: World, database_url: str) -> None:
    """Without a worker what waits is late, and so is what a killed one was saying; what was given up is a note for a day."""
    days_ago = wall() - timedelta(days=5)
    one = Message(
        key="lesson:1", kind="lesson", workspace_id=world.house.workspace_id,
        created_at=days_ago, send_at=days_ago, wake_at=days_ago,
    )  # fmt: skip
    since_then = {"state": "sending", "lease_until": days_ago, "wake_at": wall() + timedelta(minutes=5)}
    for now in ({}, since_then):
        await _is_now(world, one, **now)
        state, mend = (await states(world, database_url))["messages"]
        assert (state, "start `playercoach worker`" in mend) == ("the oldest is 120.0 hours late", True)
    await _is_now(world, one, state="failed", wake_at=None, lease_until=None)
    told = await states(world, database_url)
    assert told["messages"] == ("nothing is late", "")
    assert "undelivered" not in told, "nobody wants to read of it for ever"
    await _is_now(world, one, send_at=wall() - timedelta(hours=3))
    found = await examine(settings_for(world, database_url))
    assert not is_sick(found)
    assert re.search(r"note  undelivered +1 of the last day\n +→ the worker's log says why", as_text(found))


async def test_jobs_that_failed(world: World, database_url: str) -> None:
    """They wait no more, and are not tried again: a note, for the day that they are kept."""
    async with world.house.database.transaction() as session:
        await world.house.queue.defer(session, "sync", [{"workspace_id": "T0ACME"}] * 2)
    with psycopg.connect(plain_url(database_url)) as connection:
        connection.execute("UPDATE procrastinate_jobs SET status = 'failed'")
    found = await examine(settings_for(world, database_url))
    assert not is_sick(found)
    assert re.search(r"note  queue +0 jobs wait, 2 of the last day failed\n +→ .*log says", as_text(found))


async def test_a_rehearsal_has_a_time_of_its_own(world: World, database_url: str) -> None:
    """What is late is told by its clock, and in real minutes; a note says that time is not real, and how to know it at all."""
    start = wall() - timedelta(days=100)
    for hours in (-3, 1):
        async with world.house.database.transaction() as session:
            await book.put(
                session, key=f"due:{hours}", kind="digest", workspace_id=world.house.workspace_id,
                due_at=start + timedelta(hours=hours),
            )  # fmt: skip
    told = await states(world, database_url, clock_start=start, clock_since=wall())
    assert told["agenda"][0] == "the oldest item is 3.0 hours late"
    assert told["time"][0].startswith(f"not real: it is {start:%Y-%m-%d}")
    assert "CLOCK_SINCE" not in told["time"][1]
    told = await states(world, database_url, clock_start=start, clock_speed=600)
    assert told["agenda"] == ("nothing is late", ""), "three hours are 18 seconds"
    assert "a day takes 144 s" in told["time"][0]
    assert "CLOCK_SINCE" in told["time"][1]


@pytest.mark.parametrize(("seconds", "is_fine"), [(0, True), (-20, True), (-120, False), (400, False)])
def test_a_clock_that_is_off(seconds: int, is_fine: bool) -> None:
    """Slack refuses what is signed five minutes off: long before that, the machine's time is something to mend."""
    told = punctual(format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True))
    assert told.is_fine == is_fine
    assert ("time synchronisation" in told.mend) != is_fine


def test_the_manifest_asks_for_what_the_readme_explains() -> None:
    """Every scope heads a line there, and no line is about a scope that is not asked for; what is optional is said to be."""
    scopes = json.loads(MANIFEST.read_text())["oauth_config"]["scopes"]
    assert set(scopes["bot_optional"]) <= set(scopes["bot"])
    readme = (MANIFEST.parent / "README.md").read_text()
    table = readme.partition("| Scope |")[2].partition("\n\n")[0].splitlines()[2:]
    heads = {one: line for line in table for one in re.findall(r"`([a-z.:]+)`", line.split("|")[1])}
    assert set(heads) == set(scopes["bot"])
    assert {one for one, line in heads.items() if line.endswith("| no |")} == set(scopes["bot_optional"])


async def _is_now(world: World, message: Message, **values: Any) -> None:
    """A message, as it has become."""
    async with world.house.database.transaction() as session:
        for name, value in values.items():
            setattr(message, name, value)
        session.add(message)
        await session.flush()
        session.expunge(message)


def _before_the_last() -> str:
    """The migration that the last one follows."""
    last = ScriptDirectory(str(MIGRATIONS)).get_revision("head")
    assert last is not None
    return str(last.down_revision)
