"""What a log or a report of an error must not tell: tokens, addresses, and words that people wrote."""

import re
import traceback
from types import TracebackType

LEFT_OUT = "[left out]"
LONGEST_QUOTED = 40

_SECRETS = (
    re.compile(r"\bx(?:ox[a-z](?:\.xox[a-z])?|app)-[\w.-]+"),  # Slack's tokens
    re.compile(r"(?i)(?<=\bbearer )\s*[^\s'\",}]+"),
    re.compile(r"(?<=://)[^\s/@]+(?=@)"),  # user:password of an address
    re.compile(r"(?i)(?<=[?&;])(?:ticket|token|code|state|secret|client_secret|refresh_token)=[^\s&'\"]+"),
    re.compile(r"(?<![\w.+%-])[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"),  # e-mail; each word is read once, however long
)
# PostgreSQL tells the whole row that it refused, answers and all; SQLAlchemy passes it on.
_DETAIL = re.compile(r"\s*\b(?:DETAIL|CONTEXT):.*", re.DOTALL)
# Python's errors quote what they could not take (int("…")); short and without a blank it is a name, not a sentence.
_QUOTED = re.compile(r"""(?P<mark>['"])(?P<said>(?:\\.|(?!(?P=mark)).)*)(?P=mark)""", re.DOTALL)

Failure = BaseException | tuple[type[BaseException], BaseException, TracebackType | None] | bool


def discreet(text: str) -> str:
    """A text without tokens, passwords and e-mail addresses."""
    for secret in _SECRETS:
        text = secret.sub(LEFT_OUT, text)
    return text


def discreet_reason(reason: str) -> str:
    """What an error says, without what it quotes: values that a database refused, sentences in quotation marks."""
    return discreet(_QUOTED.sub(_unless_a_name, _DETAIL.sub("", reason)))


def discreet_trace(failure: Failure) -> str:
    """A traceback, with its causes: files, lines and reasons; never the values of variables."""
    error = failure[1] if isinstance(failure, tuple) else failure
    if not isinstance(error, BaseException):
        return ""
    return "\n".join(_one(one) for one in _and_its_causes(error))


def _and_its_causes(error: BaseException) -> list[BaseException]:
    """The first cause first, as Python prints them."""
    chain: list[BaseException] = []
    now: BaseException | None = error
    while now is not None and now not in chain:
        chain.append(now)
        now = now.__cause__ or (None if now.__suppress_context__ else now.__context__)
    return chain[::-1]


def _one(error: BaseException) -> str:
    frames = "".join(traceback.format_tb(error.__traceback__))
    inner = "".join(f"\n{_one(one)}" for one in error.exceptions) if isinstance(error, BaseExceptionGroup) else ""
    return f"{frames}{type(error).__module__}.{type(error).__qualname__}: {discreet_reason(str(error))}{inner}"


def _unless_a_name(found: re.Match[str]) -> str:
    said = found["said"]
    is_name = len(said) <= LONGEST_QUOTED and not re.search(r"\s", said)
    return found[0] if is_name else f"{found['mark']}{LEFT_OUT}{found['mark']}"
