"""What to keep practising. Pure."""

from collections.abc import Mapping

MOST = 2  # more would be a program again


def keep_practising(gaps: Mapping[str, float]) -> list[str]:
    """The areas that are farthest from their target, at most two; none where all targets are reached."""
    open_areas = [area for area, gap in gaps.items() if gap > 0]
    return sorted(open_areas, key=lambda area: (-gaps[area], area))[:MOST]
