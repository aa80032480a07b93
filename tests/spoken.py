"""What the program says, read once: whoever imports this has its templates compiled, and so has each process forked from it."""

from datetime import UTC, datetime
from pathlib import Path

from bot.curriculum.library import Library

Library(Path(__file__).parents[1] / "content", today=lambda: datetime.now(UTC).date())
