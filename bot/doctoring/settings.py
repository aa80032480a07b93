"""Settings that do nothing: names that are none, and what another setting puts out of use."""

from collections.abc import AsyncIterator

from bot.findings import Finding
from bot.settings import Settings, misspelt


async def look_at_settings(settings: Settings) -> AsyncIterator[Finding]:
    """What somebody has set and nobody reads; nothing where there is none of it."""
    for name, meant in misspelt().items():
        yield Finding("settings", f"{name} is none", f"{meant} was meant?", is_fatal=False)
    if settings.serves_many and settings.slack_bot_token is not None:
        state = "SLACK_BOT_TOKEN does nothing beside SLACK_CLIENT_ID, with which workspaces install the app"
        yield Finding("settings", state, "take out the one that you don't want", is_fatal=False)
