"""`playercoach doctor`: looks over an installation, and says of each thing that is wrong how to mend it."""

from collections.abc import AsyncIterator, Callable, Sequence

from bot.doctoring.content import look_at_content, look_at_time, look_at_zones
from bot.doctoring.database import look_at_database
from bot.doctoring.receiving import look_at_receiving
from bot.doctoring.settings import look_at_settings
from bot.doctoring.slack import look_at_slack
from bot.findings import Finding
from bot.settings import Settings

Look = Callable[[Settings], AsyncIterator[Finding]]
LOOKS: Sequence[Look] = (
    look_at_settings,
    look_at_content,
    look_at_zones,
    look_at_time,
    look_at_database,
    look_at_slack,
    look_at_receiving,
)


async def examine(settings: Settings) -> list[Finding]:
    """Everything, in the order in which one would mend it."""
    return [finding for look in LOOKS async for finding in look(settings)]
