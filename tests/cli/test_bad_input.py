"""What an operator can get wrong: one or two sentences that say what and what to do, exit code 2, no traceback."""

import asyncio
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.records.database import plain_url
from bot.sandbox.web_api import ALL_SCOPES
from tests.world import CONTENT, World, open_world

ROOT = Path(__file__).parents[2]


def playercoach(*words: str, folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command with nothing but these settings, in a folder of its own."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "CONTENT_DIR": str(ROOT / "content"),
        **settings,
    }
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        env=environment, cwd=folder, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port where something listens already."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        one.listen()
        yield one.getsockname()[1]


GOOD = {
    "SLACK_BOT_TOKEN": "xoxb-12345678901",
    "SLACK_APP_TOKEN": "xapp-12345678901",
    "SLACK_SIGNING_SECRET": "abcdef123456",
}

SLIPS = [
    (["run"], {}, "SLACK_APP_TOKEN is not set"),
    (["run"], {"SLACK_APP_TOKEN": "xapp-12345678901"}, "SLACK_BOT_TOKEN is not set"),
    (["run"], {**GOOD, "SLACK_APP_TOKEN": "xapp-..."}, "looks like a placeholder"),
    (["worker"], {"SLACK_BOT_TOKEN": "xoxp-12345678901"}, "it should begin with xoxb-"),
    (["web"], {"SLACK_BOT_TOKEN": "xoxb-12345678901"}, "SLACK_SIGNING_SECRET is not set"),
    (["run"], {**GOOD, "CLOCK_START": "2026-11-24T09:00"}, "CLOCK_START: it needs an offset"),
    (["run"], {**GOOD, "CLOCK_SINCE": "2026-11-24T09:00"}, "CLOCK_SINCE: it needs an offset"),
    (["run"], {**GOOD, "CLOCK_SPEED": "0"}, "CLOCK_SPEED"),
    (["run"], {**GOOD, "PORT": "http"}, "PORT"),
    (["run"], {**GOOD, "LOG_LEVEL": "LOUD"}, "LOG_LEVEL: it should be DEBUG"),
    (["run"], {**GOOD, "PUBLIC_URL": "http://coach.example.com"}, "PUBLIC_URL: it should begin with https://"),
    (
        ["run"],
        {**GOOD, "PUBLIC_URL": "https://coach.example.com/slack/install"},
        "PUBLIC_URL: it should end before /slack",
    ),
    (["worker"], {"SLACK_CLIENT_SECRET": "abcdef123456"}, "SLACK_CLIENT_ID is not: set both"),
    (["web"], {**GOOD, "PORT": "3000", "METRICS_PORT": "3000"}, "METRICS_PORT is the same as PORT"),
    (["run"], {**GOOD, "SLACK_API_URL": "slack.com/api"}, "SLACK_API_URL: it should begin with https://"),
    (["db", "upgrade"], {"DATABASE_URL": "mysql://x"}, "no PostgreSQL address"),
    (["db", "upgrade"], {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}, "can't be reached"),
    (
        ["db", "upgrade"],
        {"DATABASE_URL": "postgresql://coach:p@ssword@127.0.0.1:1/none"},
        "@ : / ? # % and blanks stand as %40",
    ),
    (["db", "upgrade"], {"DATABASE_URL": "postgresql://coach:p@127.0.0.1:1a/none"}, "DATABASE_URL can't be read"),
    (
        ["worker"],
        {**GOOD, "DATABASE_URL": "postgresql://coach:p@127.0.0.1:1/none?ssl=true"},
        "has «ssl», which PostgreSQL",
    ),
    (["run"], {**GOOD, "CONTENT_DIR": "/nowhere"}, "the content can't be used"),
    (["roster", "import", "nowhere.csv"], GOOD, "nowhere.csv can't be read (No such file or directory); name a file"),
    (["roster", "import", sys.executable], GOOD, "can't be read as UTF-8 text. Save it as CSV"),
]


@pytest.mark.long
@pytest.mark.parametrize(("words", "settings", "sentence"), SLIPS)
def test_a_slip_is_told_in_a_sentence(
    words: list[str], settings: dict[str, str], sentence: str, tmp_path: Path
) -> None:
    """Each slip is named, with what to do; the exit code is 2, and there is no traceback."""
    done = playercoach(*words, folder=tmp_path, **settings)
    assert sentence in done.stderr, done.stderr
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.long
@pytest.mark.parametrize("encoding", ["utf-16", "cp1250"])
def test_settings_that_an_editor_saved_in_its_own_way(tmp_path: Path, encoding: str) -> None:
    """A sentence, as for any other slip; and no line of the file is shown."""
    (tmp_path / ".env").write_bytes("# za našo ekipo\nSLACK_BOT_TOKEN=xoxb-12345678901\n".encode(encoding))
    done = playercoach("doctor", folder=tmp_path)
    assert done.stderr == "playercoach: .env can't be read as UTF-8 text: save it anew, encoding UTF-8.\n"
    assert done.returncode == 2


@pytest.mark.long
@pytest.mark.parametrize("host", ["coach.invalid", "192.0.2.1"])
async def test_an_address_of_another_machine(tmp_path: Path, world: World, host: str) -> None:
    """HOST is where people reach the app, thinks who reads it for the first time: it is named, with what to put there."""
    given = {**GOOD, "SLACK_BOT_TOKEN": world.sandbox.bot_token, "SLACK_API_URL": world.sandbox.api_url, "HOST": host}
    url = plain_url(world.house.database.url)
    done = await asyncio.to_thread(playercoach, "web", folder=tmp_path, DATABASE_URL=url, PORT="3999", **given)
    assert "HOST is no address of this machine: leave it out, or set 0.0.0.0" in done.stderr
    assert done.returncode == 2


@pytest.mark.long
def test_a_port_in_use(tmp_path: Path, taken_port: int) -> None:
    """`try` says that the port is in use, and leaves no database behind."""
    done = playercoach("try", "--no-open", "--port", str(taken_port), folder=tmp_path)
    assert "the port is in use" in done.stderr
    assert done.returncode == 2
    assert not list(tmp_path.rglob("postmaster.pid"))


@pytest.mark.long
@pytest.mark.parametrize(
    ("words", "output"),
    [
        (("report", "-o"), "nowhere/report.html"),
        (("export", "csv"), "taken"),
        (("export", "xapi", "-o"), "nowhere/statements.jsonl"),
        (("content", "handbook", "-o"), "nowhere/handbook.html"),
        (("content", "coverage", "-o"), "nowhere/coverage.html"),
    ],
)
def test_where_nothing_can_be_written(words: tuple[str, ...], output: str, tmp_path: Path) -> None:
    """The place is named before any work is done for it: no database is there to be asked."""
    (tmp_path / "taken").write_text("a file, where a folder should be")
    done = playercoach(*words, output, folder=tmp_path, DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert f"{output} can't be written" in done.stderr
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)


@pytest.mark.long
def test_a_place_to_write_is_left_as_it_was(tmp_path: Path) -> None:
    """The work fails after the look: what stood there stands there, and no empty file is left where there was none."""
    (tmp_path / "old.html").write_text("last month's")
    for output in ("old.html", "new.html"):
        done = playercoach("report", "-o", output, folder=tmp_path, DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
        assert "can't be reached" in done.stderr
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("old.html", "last month's")]


@pytest.mark.long
def test_a_wrong_token(tmp_path: Path, database_url: str) -> None:
    """Slack out of reach is a sentence, too; and no secret is ever printed."""
    done = playercoach(
        "worker", folder=tmp_path, DATABASE_URL=database_url, SLACK_API_URL="http://127.0.0.1:9/", **GOOD
    )
    assert "Slack can't be reached" in done.stderr
    assert done.returncode == 2
    assert "12345678901" not in done.stderr + done.stdout


@pytest.mark.long
async def test_a_wrong_token_for_socket_mode(tmp_path: Path, world: World) -> None:
    """`run` says so and ends, instead of knocking for ever."""
    settings = {**GOOD, "SLACK_BOT_TOKEN": world.sandbox.bot_token, "SLACK_API_URL": world.sandbox.api_url}
    url = plain_url(world.house.database.url)
    done = await asyncio.to_thread(playercoach, "run", folder=tmp_path, DATABASE_URL=url, **settings)
    assert "Slack does not accept the token (invalid_auth)" in done.stderr
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.long
async def test_a_proxy_that_answers_in_slacks_place(tmp_path: Path, world: World) -> None:
    """It is no refusal of Slack's, and no traceback."""
    world.sandbox.fail("auth.test", "503")
    given = {"SLACK_BOT_TOKEN": world.sandbox.bot_token, "SLACK_API_URL": world.sandbox.api_url}
    url = plain_url(world.house.database.url)
    done = await asyncio.to_thread(playercoach, "worker", folder=tmp_path, DATABASE_URL=url, **given)
    assert "no answer of Slack's (HTTP 503); check the network, a proxy" in done.stderr
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)


@pytest.mark.long
async def test_a_scope_that_lacks(tmp_path: Path, database_url: str) -> None:
    """It is named, with where to add it: one of the app's, with a way to do without, and one of the app-level token's."""
    (tmp_path / "roster.csv").write_text("manager,mentor,cohort,starts_on\nmaya@example.com,,Autumn,2026-11-24\n")
    async with open_world(database_url, content=CONTENT, granted=ALL_SCOPES - {"users:read.email"}) as world:
        world.sandbox.granted_to_the_app = frozenset({"authorizations:read"})
        given = {
            "SLACK_BOT_TOKEN": world.sandbox.bot_token, "SLACK_APP_TOKEN": world.sandbox.app_token,
            "SLACK_API_URL": world.sandbox.api_url, "DATABASE_URL": plain_url(world.house.database.url),
        }  # fmt: skip
        told = [
            await asyncio.to_thread(playercoach, *words, folder=tmp_path, **given)
            for words in (["roster", "import", "roster.csv"], ["run"])
        ]
    email, connections = (one.stderr for one in told)
    assert "lacks the scope users:read.email: add it on your app's page and install the app again; or name" in email
    assert "SLACK_APP_TOKEN lacks the scope connections:write; make a new token" in connections
    assert "App-Level Tokens" in connections
    assert [(one.returncode, "Traceback" in one.stderr) for one in told] == [(2, False)] * 2


@pytest.mark.long
def test_a_setting_that_was_misspelt(tmp_path: Path) -> None:
    """It does nothing, and would be missed only when it is needed: the doctor names it, and what was meant."""
    (tmp_path / ".env").write_text("RETENTION_DAY=365\nPOSTGRES_PASSWORD=secret\nTZ=UTC\nLOG_LEVEL=INFO\n")
    done = playercoach("doctor", folder=tmp_path, SLACK_CLIENT_ID="1.2", SLACK_BOT_TOKEN="xoxb-12345678901")
    told = [line for line in done.stdout.splitlines() if "settings" in line or "meant" in line]
    assert [re.sub(r"^(note +settings|→|  +)+ *", "", line) for line in told] == [
        "RETENTION_DAY is none", "RETENTION_DAYS was meant?",
        "SLACK_BOT_TOKEN does nothing beside SLACK_CLIENT_ID, with which workspaces install the app",
    ]  # fmt: skip


@pytest.mark.long
def test_the_doctor_of_nothing(tmp_path: Path) -> None:
    """With no setting at all it names what is missing, in a table, and its exit code says that something is."""
    done = playercoach("doctor", folder=tmp_path)
    assert "MEND  bot token" in done.stdout
    assert "SLACK_APP_TOKEN is not set" in done.stdout
    assert "made at the first start" in done.stdout
    assert done.returncode == 1
    assert not list(tmp_path.iterdir())


def test_help_is_worth_reading(tmp_path: Path) -> None:
    """`--help` names every command with a sentence, and imports neither Bolt nor the database."""
    done = playercoach("--help", folder=tmp_path)
    for command in ("try", "run", "web", "worker", "clock", "db", "content", "roster"):
        assert f" {command} " in done.stdout
    imported = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "bot", "--help"],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True, cwd=tmp_path,
    ).stderr  # fmt: skip
    for heavy in ("slack_bolt", "sqlmodel", "procrastinate", "alembic", "rustworkx"):
        assert f" {heavy}\n" not in imported


def test_content_check_prints_a_summary(tmp_path: Path) -> None:
    """The content that ships is sound."""
    done = playercoach("content", "check", str(ROOT / "content"), folder=tmp_path)
    assert done.returncode == 0, done.stdout
    assert "all sound" in done.stdout
