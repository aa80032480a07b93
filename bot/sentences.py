"""What an operator can mend, each in a sentence: what went wrong, and what to do."""

import socket

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.cohorts.leading import NotDone
from bot.curriculum.library import ContentBroken
from bot.records.cohorts import NoSuchCohort
from bot.records.database import DatabaseUnfit
from bot.records.embedded import EmbeddedFailed
from bot.records.workspaces import KeyLost, NotInstalled, TokenUnfit, WhichWorkspace
from bot.reports.lrs import Refused
from bot.settings import SettingsUnfit
from bot.slack.installing.keys import KeysUnfit
from bot.slack.refusals import CHECK_THE_WAY, is_slacks, word_of

OPERATORS_ERRORS = (
    SettingsUnfit, DatabaseUnfit, EmbeddedFailed, ContentBroken, NoSuchCohort, NotDone, WhichWorkspace, NotInstalled, TokenUnfit,
    KeysUnfit, Refused, SlackApiError, aiohttp.ClientConnectorError, OSError,
)  # fmt: skip

BAD_TOKEN = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "not_allowed_token_type"}
)


def sentence_for(error: BaseException) -> str:
    """What went wrong and what to do, for the operator."""
    match error:
        case ContentBroken(problems=problems):
            shown = "\n".join(f"  {problem}" for problem in problems[:10])
            return f"the content can't be used; `playercoach content check` lists all problems:\n{shown}"
        case NotInstalled():
            return f"{error}; have it installed there, at /slack/install."
        case KeyLost():
            return str(error)
        case TokenUnfit():
            return f"{error}; try again later, or have the app installed there anew."
        case SlackApiError():
            return _about_slack(error)
        case aiohttp.ClientConnectorError():
            return "Slack can't be reached; check the network, and SLACK_API_URL if it is set."
        case OSError():
            return _about_listening(error)
    return str(error)


def _about_listening(error: OSError) -> str:
    """Or about whatever else the machine refuses, in its own words."""
    match error:
        case socket.gaierror() | OSError(errno=99 | 49):
            return "HOST is no address of this machine: leave it out, or set 0.0.0.0 for all that it has."
        case OSError(errno=98 | 48):
            return "the port is in use; stop what listens there, or choose another (`--port` or PORT)."
    return str(error)


def _about_slack(error: SlackApiError) -> str:
    reason = word_of(error)
    if not is_slacks(error):
        return f"{reason}; {CHECK_THE_WAY}."
    if reason in BAD_TOKEN:
        return f"Slack does not accept the token ({reason}); copy SLACK_BOT_TOKEN and SLACK_APP_TOKEN anew from your app's page."
    if reason == "missing_scope":
        return _about_scopes(str(error.response.get("needed") or ""))
    return f"Slack refused ({reason})."


def _about_scopes(needed: str) -> str:
    """`needed`: Slack's own word for what is missing; empty if it said none."""
    if needed == "connections:write":  # no scope of the app's: its app-level tokens have each their own
        return (
            "SLACK_APP_TOKEN lacks the scope connections:write; make a new token on your app's page, under Basic Information → "
            "App-Level Tokens."
        )
    lacks = f"the scope {needed}" if needed else "a scope that this needs"
    instead = "; or name people by their Slack user ids" if needed == "users:read.email" else ""
    return f"the app lacks {lacks}: add it on your app's page and install the app again{instead}."
