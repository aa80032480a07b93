"""How often a campaign tries: in full where there is time (`CI=true`), a third of it where a developer waits."""

from tests.lacking import IN_CI

THOROUGH = IN_CI


def often(count: int) -> int:
    """So often in full; a third of it, otherwise."""
    return count if THOROUGH else max(1, count // 3)
