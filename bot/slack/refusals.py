"""What Slack's refusals say, in a word: also where what answered in its place is no Slack at all."""

from typing import Any

from slack_sdk.errors import SlackApiError

CHECK_THE_WAY = "check the network, a proxy in between, and SLACK_API_URL if it is set"
# What Slack says of an app whose credentials are not right, whatever code is brought.
BAD_CREDENTIALS = frozenset({"bad_client_secret", "invalid_client_id"})
COPY_CREDENTIALS = "copy SLACK_CLIENT_ID and SLACK_CLIENT_SECRET again: Basic Information, App Credentials"
NOT_SLACKS = "no answer of Slack's"


def word_of(error: SlackApiError) -> str:
    """Slack's own word, as `invalid_auth`. What a proxy answers, or a server that is out of order, has none: its HTTP status."""
    response: Any = error.response
    data = getattr(response, "data", None)
    if isinstance(data, dict) and data.get("error"):
        return str(data["error"])
    return f"{NOT_SLACKS} (HTTP {getattr(response, 'status_code', None) or getattr(response, 'status', '?')})"


def is_slacks(error: SlackApiError) -> bool:
    """Whether it was Slack that answered."""
    return not word_of(error).startswith(NOT_SLACKS)
