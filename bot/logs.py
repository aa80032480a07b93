"""Logs: a sentence, an action to search for, and ids. Never words that people wrote, never tokens."""

import logging
from typing import Any

_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


class _Line(logging.Formatter):
    """One line a record: time, level, sentence, then `key=value` for what was added."""

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        extras = " ".join(f"{key}={_short(value)}" for key, value in vars(record).items() if key not in _OWN)
        return f"{line}  {extras}" if extras else line


def _short(value: Any) -> str:
    return str(value)[:120]


def set_up(level: str) -> None:
    """Log to standard error. Other libraries speak up from WARNING on."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Line("%(asctime)s %(levelname)-7s %(message)s", "%H:%M:%S"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("bot").setLevel(level)
    # They log calls with all their arguments, which may hold people's words.
    for chatty in ("procrastinate", "slack_sdk", "slack_bolt", "apscheduler"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
