"""What an answer of Slack's tells besides: the scopes that were granted, its time, and whom it does not know."""

import json
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.findings import Finding
from bot.slack.installing.pages import MANIFEST
from bot.slack.refusals import CHECK_THE_WAY, is_slacks, word_of

MOST_SKEW = timedelta(seconds=30)  # Slack itself refuses what is signed five minutes off


def refused(what: str, error: SlackApiError, mend: str) -> Finding:
    """What Slack refused, with its mend; or that it was not Slack that answered."""
    if is_slacks(error):
        return Finding(what, f"Slack says {word_of(error)}", mend)
    return Finding(what, word_of(error), CHECK_THE_WAY)


def out_of_reach(what: str, error: Exception) -> Finding:
    """Nobody answered."""
    return Finding(what, f"out of reach ({type(error).__name__})", CHECK_THE_WAY)


def known(unknown: Collection[str]) -> Finding:
    """Whether Slack knows everybody whom the program names: the sample's own people are nobody here."""
    if unknown:
        mend = "name your own people in content/program.yaml"
        return Finding("staff", f"Slack knows no {', '.join(sorted(unknown))}", mend, is_fatal=False)
    return Finding("staff", "all known to Slack")


def headers(answer: AsyncSlackResponse) -> Any:
    """Whatever the case of their names: aiohttp's own."""
    return answer.headers


def granted(answer: AsyncSlackResponse, where: str = "") -> Sequence[Finding]:
    """The scopes that Slack tells with an answer, against those of the manifest."""
    told = headers(answer).get("x-oauth-scopes", "").split(",")
    given = {one.strip() for one in told}
    scopes = json.loads(MANIFEST.read_text("utf-8"))["oauth_config"]["scopes"]
    optional = set(scopes["bot_optional"])
    missing, off = sorted(set(scopes["bot"]) - optional - given), sorted(optional - given)
    found = [Finding("scopes", f"{where}all that are needed")]
    if missing:
        mend = "add them: OAuth & Permissions; install the app again"
        found = [Finding("scopes", f"{where}without {', '.join(missing)}", mend)]
    if off:
        mend = "README says what each is for; add those that you want and install the app again"
        found.append(Finding("optional scopes", f"{where}off: {', '.join(off)}", mend, is_fatal=False))
    return found


def punctual(date: str | None) -> Finding:
    """This machine's time against Slack's: what is signed too far off is refused."""
    if date is None:
        return Finding("clock", "Slack told no time")
    skew = abs(datetime.now(UTC) - parsedate_to_datetime(date).astimezone(UTC))
    mend = "switch on the machine's time synchronisation" if skew > MOST_SKEW else ""
    return Finding("clock", f"{skew.total_seconds():.0f} s from Slack's", mend)
