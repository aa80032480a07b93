"""When areas are rated and revealed, where two ratings lie far apart, and what an observation card asks about. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.curriculum.model import Area
from bot.records.mastery import FAR_APART

ON_CARD = 3  # behaviours: what can be remembered on the way back from a visit
# Of the rubric, where there are no lessons yet: the first level that says what to do, not what is missing.
LEVEL_ON_CARD = 3


@dataclass(frozen=True)
class Behaviour:
    """Something to look for. `source` is a lesson's id, or, where it comes from a rubric, `area:` and the area's."""

    source: str
    area_id: str
    text: str  # plain


def latest_week(weeks: Sequence[int], passed: int) -> int | None:
    """The checkpoint that has come last when so many weeks have passed since someone began; None before the first."""
    return max((week for week in weeks if week <= passed), default=None)


def next_week(weeks: Sequence[int], passed: int) -> int | None:
    """The checkpoint that comes next; None after the last."""
    return min((week for week in weeks if week > passed), default=None)


def both_are_in(areas: Sequence[str], own: Collection[str], seen: Collection[str], *, has_mentor: bool) -> bool:
    """Whether all areas were rated by the manager and by the mentor («not seen yet» counts); one's own do, without a mentor."""
    return set(areas) <= set(own) and (not has_mentor or set(areas) <= set(seen))


def far_apart(areas: Sequence[str], own: Mapping[str, int | None], seen: Mapping[str, int | None]) -> list[str]:
    """The areas in which the two levels lie so far apart that it is worth a talk, the furthest first (learning.md A8)."""
    gaps = {}
    for area in areas:
        one, other = own.get(area), seen.get(area)
        if one is not None and other is not None and abs(one - other) >= FAR_APART:
            gaps[area] = abs(one - other)
    return sorted(gaps, key=lambda area: -gaps[area])


def on_card(done: Sequence[Behaviour], areas: Sequence[Area]) -> list[Behaviour]:
    """What a mentor may have seen: of lessons done (latest first), of different areas if possible; else from the rubrics."""
    first_of_area = {one.area_id: one for one in reversed(done)}
    different = [one for one in done if first_of_area[one.area_id] is one]
    others = [one for one in done if one not in different]
    chosen = [*different, *others][:ON_CARD]
    known = {one.area_id for one in chosen}
    return [*chosen, *(from_rubric(area) for area in areas if area.id not in known)][:ON_CARD]


def from_rubric(area: Area) -> Behaviour:
    """What the middle of an area's rubric looks like."""
    level = next(one for one in area.levels if one.value == LEVEL_ON_CARD)
    return Behaviour(f"area:{area.id}", area.id, level.behaviour)
