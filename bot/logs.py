"""Logs: a sentence, an action to search for, and ids. Never words that people wrote, never tokens.

Everything goes through here, other libraries too: as a line for people on a terminal, as JSON for whatever collects logs.
"""

import logging
import sys
from collections.abc import Callable, MutableMapping
from typing import Any, Literal

import structlog

from bot.discretion import discreet, discreet_trace

Form = Literal["json", "plain"]
Line = MutableMapping[str, Any]
Step = Callable[[Any, str, Line], Line]

LONGEST_VALUE = 120
# They log calls with all their arguments, which may hold people's words.
CHATTY = ("procrastinate", "slack_sdk", "slack_bolt", "apscheduler", "aiohttp", "sqlalchemy", "asyncio", "urllib3")

logger = logging.getLogger(__name__)


def set_up(level: str, form: Form | None = None) -> None:
    """Log to standard error, by default in lines on a terminal and else in JSON. Other libraries speak up from WARNING on."""
    handler = logging.StreamHandler()
    handler.setFormatter(formatter(form or ("plain" if sys.stderr.isatty() else "json")))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("bot").setLevel(level)
    for chatty in CHATTY:
        logging.getLogger(chatty).setLevel(logging.WARNING)
    sys.excepthook = _last_words


def formatter(form: Form) -> logging.Formatter:
    """How a record becomes a line, whoever logged it."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(),
            structlog.processors.TimeStamper(fmt="iso", utc=form == "json", key="time"),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _without_words,
            structlog.processors.JSONRenderer(ensure_ascii=False) if form == "json" else _as_line,
        ],
        use_get_message=True,
    )


def _without_words(_: Any, __: str, line: Line) -> Line:
    """The last step before a line is drawn: what got in by mistake doesn't get out."""
    error = line.pop("exc_info", None)
    kept = {key: value if isinstance(value, int | float | None) else _short(key, value) for key, value in line.items()}
    if error is not None:
        kept["exception"] = discreet_trace(error)
    return kept


def _short(key: str, value: Any) -> str:
    told = discreet(str(value))
    return told if key == "event" else told[:LONGEST_VALUE]


def _as_line(_: Any, __: str, line: Line) -> str:
    """One line a record: time, level, sentence, then `key=value` for what was added; a traceback below it."""
    time, level, sentence = (str(line.pop(key, "")) for key in ("time", "level", "event"))
    line.pop("logger", None)
    trace = line.pop("exception", None)
    extras = " ".join(f"{key}={value}" for key, value in line.items())
    drawn = f"{time[11:19]} {level.upper():7} {sentence}" + (f"  {extras}" if extras else "")
    return f"{drawn}\n{trace}" if trace else drawn


def _last_words(kind: type[BaseException], error: BaseException, trace: Any) -> None:
    """What ends the process is logged as everything else is: without words that people wrote."""
    if issubclass(kind, KeyboardInterrupt):
        return
    logger.critical(
        "stopped by an error that nobody expected", exc_info=(kind, error, trace), extra={"action": "process.failed"}
    )
