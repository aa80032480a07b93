"""What a log must not tell: a table of what gets into one by mistake, and what is left of it."""

import io
import json
import logging
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy.exc import IntegrityError

from bot.discretion import discreet, discreet_reason
from bot.logs import Form, formatter

SECRETS = [
    "xoxb-1234567890-abcdefABCDEF",
    "xoxp-1-2-3-deadbeef",
    "xoxe.xoxb-1-Mi0yLTEyMw",
    "xoxe-1-My0xLTEyMw",
    "xapp-1-A0123-456-abcdef",
    "xoxc-whatever.with_dots",
    "maya.horvat+test@mail.example.co.uk",
]

ANSWER, ADDRESS = "I was afraid to ask", "postgresql://postgres:hunter2@db/name"


@pytest.mark.parametrize("around", ["{}", "token={}!", "({})", "'{}'", "a\n{}\nb", "Authorization: Bearer {}"])
@pytest.mark.parametrize("secret", SECRETS)
def test_secrets_are_left_out(secret: str, around: str) -> None:
    """Wherever it stands, nothing of a token or an address is left, and the rest of the sentence is."""
    before, _, after = around.partition("{}")
    told = discreet(around.format(secret))
    assert secret not in told
    assert all(part not in told for part in secret.replace("@", "-").split("-") if len(part) > 5)
    assert told.endswith(after)
    assert told.startswith(before[:6])


def test_a_word_without_an_end() -> None:
    """Somebody sends a megabyte without a blank, and an error quotes it: it is looked through once, not from each letter on."""
    endless = "a" * 2**20
    assert discreet(endless) == endless
    assert discreet(f"to {endless}@example.com now") == "to [left out] now"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("wss://wss.slack.com/link?ticket=abc-123&app_id=x", "wss://wss.slack.com/link?[left out]&app_id=x"),
        ("GET /slack/oauth_redirect?code=1.2.3&state=s", "GET /slack/oauth_redirect?[left out]&[left out]"),
        ("postgresql://postgres:hunter2@db/name", "postgresql://[left out]@db/name"),
        ("basic questions about boxes and x-axes", "basic questions about boxes and x-axes"),
        ("message 3f0c-41 is due at 9:00", "message 3f0c-41 is due at 9:00"),
    ],
)
def test_what_is_left(text: str, left: str) -> None:
    """Addresses lose their secrets; ordinary sentences lose nothing."""
    assert discreet(text) == left


@pytest.mark.parametrize(
    ("reason", "left"),
    [
        ("invalid literal for int() with base 10: 'I was afraid to ask'", "'[left out]'"),
        ("'person_id'", "'person_id'"),
        ('null value in column "n"\nDETAIL:  Failing row contains (7, I was\nafraid).\n[SQL: …]', 'column "n"'),
    ],
)
def test_what_errors_quote(reason: str, left: str) -> None:
    """Names are kept, sentences are not, nor what a database tells about the row that it refused."""
    assert discreet_reason(reason).endswith(left)


@pytest.fixture
def written() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    """A logger of its own, and what it wrote."""
    logger, out = logging.Logger("bot.test"), io.StringIO()
    logger.addHandler(logging.StreamHandler(out))
    yield logger, out
    logger.handlers.clear()


@pytest.mark.parametrize("form", ["json", "plain"])
def test_a_traceback_tells_where_not_what(written: tuple[logging.Logger, io.StringIO], form: Form) -> None:
    """Causes and lines stay; a row that a database refused, and what a function held, do not."""
    logger, out = written
    logger.handlers[0].setFormatter(formatter(form))
    try:
        _refuse(answer=ANSWER)
    except RuntimeError:
        logger.exception("a listener failed", extra={"action": "receiver.failed", "item": 7})
    told = out.getvalue()
    assert "afraid" not in told
    assert "hunter2" not in told
    assert "_refuse" in told, "the line is there"
    assert "IntegrityError" in told, "and the cause"
    assert told.count("\n") == 1 or form == "plain"


def test_a_line_of_json(written: tuple[logging.Logger, io.StringIO]) -> None:
    """What a collector gets: sentence, level, action and ids, each under its name."""
    logger, out = written
    logger.handlers[0].setFormatter(formatter("json"))
    logger.warning("an item of %s failed", "maya@example.com", extra={"action": "tick.item_failed", "item": 7})
    line = json.loads(out.getvalue())
    assert line.pop("time").endswith("Z")
    assert line == {
        "event": "an item of [left out] failed", "level": "warning", "logger": "bot.test", "action": "tick.item_failed",
        "item": 7,
    }  # fmt: skip


def test_a_line_for_people(written: tuple[logging.Logger, io.StringIO]) -> None:
    """On a terminal it is one line, as it always was."""
    logger, out = written
    logger.handlers[0].setFormatter(formatter("plain"))
    logger.info("listening on port %s", 3000, extra={"action": "receiver.listening", "why": None})
    assert out.getvalue()[8:] == " INFO    listening on port 3000  action=receiver.listening why=None\n"


def _refuse(*, answer: str) -> None:
    try:
        refused = psycopg.errors.NotNullViolation(f"null value in a column\nDETAIL:  Failing row contains ({answer}).")
        raise IntegrityError("INSERT …", {"answer": answer}, refused, hide_parameters=True)
    except IntegrityError as error:
        raise RuntimeError(f"at {ADDRESS} it could not record «{error}»") from error
