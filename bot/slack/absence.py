"""Who is away: do-not-disturb, and a status that says so."""

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.refusals import word_of
from bot.slack.scopes import OptionalScope

logger = logging.getLogger(__name__)

# Slack's own «vacationing» and «out sick», and what people pick in their place. Not «in a meeting», «commuting» or
# «working remotely»: then a message waits as well as any other.
AWAY_STATUSES = frozenset(
    {
        "palm_tree", "desert_island", "beach_with_umbrella", "umbrella_on_ground", "airplane", "airplane_departure",
        "face_with_thermometer", "face_with_head_bandage", "mask", "sneezing_face", "hospital",
    }
)  # fmt: skip
PEOPLE_A_CALL = 50  # Slack's limit of dnd.teamInfo
LONGEST_SNOOZE = timedelta(days=1)


def away_by_status(profile: Mapping[str, Any]) -> datetime | None:
    """Until when (aware UTC) a status says that someone is away. A status without an end is ignored: people forget them."""
    emoji = str(profile.get("status_emoji") or "").strip(":").partition("::")[0]  # the rest would be a skin tone
    ends = int(profile.get("status_expiration") or 0)
    return datetime.fromtimestamp(ends, UTC) if emoji in AWAY_STATUSES and ends > 0 else None


def undisturbed_until(dnd_status: Mapping[str, Any], now: datetime) -> datetime | None:
    """The end (aware UTC) of the do-not-disturb that `now` lies in. None outside: nights are kept free by working hours."""
    windows = []
    if dnd_status.get("dnd_enabled"):
        windows.append((int(dnd_status.get("next_dnd_start_ts") or 0), int(dnd_status.get("next_dnd_end_ts") or 0)))
    if dnd_status.get("snooze_enabled"):
        windows.append((0, int(dnd_status.get("snooze_endtime") or 0)))
    ends = [end for start, end in windows if start <= now.timestamp() < end]
    return datetime.fromtimestamp(max(ends), UTC) if ends else None


def later(*ends: datetime | None) -> datetime | None:
    """The last of these moments, of those that there are."""
    return max((end for end in ends if end is not None), default=None)


def after_status(old: datetime | None, by_status: datetime | None, now: datetime) -> datetime | None:
    """Until when someone is away, when Slack tells of their status only: a short absence may be a do-not-disturb, and stays."""
    return later(by_status, None if is_long(old, now) else old)


def after_dnd(old: datetime | None, by_dnd: datetime | None, now: datetime) -> datetime | None:
    """The same, when Slack tells of their do-not-disturb only: a long absence is a status, and stays."""
    return later(by_dnd, old if is_long(old, now) else None)


def is_long(end: datetime | None, now: datetime) -> bool:
    """Whether someone is away for longer than a do-not-disturb usually lasts."""
    return end is not None and end > now + LONGEST_SNOOZE


class DoNotDisturb:
    """Asks who is not to be disturbed, as long as a workspace grants the scope `dnd:read`."""

    def __init__(self) -> None:
        self._scope = OptionalScope("dnd:read", "do-not-disturb is not looked at", "dnd.off")

    async def ask(
        self, client: AsyncWebClient, workspace_id: str, slack_ids: Sequence[str], now: datetime
    ) -> dict[str, datetime | None]:
        """Until when (aware UTC) each of these people is not to be disturbed, None: they are. Who is left out is unknown."""
        told: dict[str, Any] = {}
        try:
            for start in range(0, 0 if self._scope.is_withheld(workspace_id) else len(slack_ids), PEOPLE_A_CALL):
                answer = await client.dnd_teamInfo(users=list(slack_ids[start : start + PEOPLE_A_CALL]))
                told |= answer["users"]
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            self._refused(workspace_id, error)
        return {slack_id: undisturbed_until(status, now) for slack_id, status in told.items()}

    def _refused(self, workspace_id: str, error: Exception) -> None:
        """It is a courtesy: names and time zones never wait for it."""
        reason = word_of(error) if isinstance(error, SlackApiError) else type(error).__name__
        if reason == "missing_scope":
            self._scope.withhold(workspace_id)
        else:
            logger.warning("Slack did not say who is not to be disturbed: %s", reason, extra={"action": "dnd.unknown"})
