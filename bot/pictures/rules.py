"""What a picture of the way shows, and what is said of it. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class AreaWay:
    """One area over the weeks. Points are (week, level), oldest first; weeks are counted from the begin, from 0.0."""

    title: str
    target: int
    mastery: tuple[tuple[float, float], ...] = ()  # the level from that moment on; the last point is now
    self_ratings: tuple[tuple[float, int], ...] = ()
    mentor_ratings: tuple[tuple[float, int], ...] = ()
    lessons: tuple[float, ...] = ()  # when they were done

    @property
    def is_empty(self) -> bool:
        """Whether nothing happened here yet."""
        return not (self.mastery or self.self_ratings or self.mentor_ratings or self.lessons)


@dataclass(frozen=True)
class Way:
    """A manager's way through all areas; `weeks` is how long the picture is."""

    weeks: int
    areas: tuple[AreaWay, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw yet."""
        return all(area.is_empty for area in self.areas)


@dataclass(frozen=True)
class Told:
    """What is said of an area: the same as the picture shows. None where nothing is on record."""

    title: str
    target: int
    first: float | None  # mastery, to one decimal
    last: float | None
    said_first: int | None
    said_last: int | None
    mentor: int | None
    lessons: int


@dataclass(frozen=True)
class Stand:
    """Where someone began in an area and where they are now, to one decimal; None where nothing is on record."""

    title: str
    target: int
    first: float | None = None
    last: float | None = None


def told(way: Way) -> list[Told]:
    """The picture in facts, one an area."""
    return [
        Told(
            title=area.title,
            target=area.target,
            first=round(area.mastery[0][1], 1) if area.mastery else None,
            last=round(area.mastery[-1][1], 1) if area.mastery else None,
            said_first=area.self_ratings[0][1] if area.self_ratings else None,
            said_last=area.self_ratings[-1][1] if area.self_ratings else None,
            mentor=area.mentor_ratings[-1][1] if area.mentor_ratings else None,
            lessons=len(area.lessons),
        )
        for area in way.areas
    ]


def weeks_shown(began: datetime, now: datetime, length: int) -> int:
    """How many weeks the picture has: the program's, and more for someone who went on after its end."""
    return max(length, int((now - began) / WEEK))


def week_at(moment: datetime, began: datetime, weeks: int) -> float:
    """Where a moment stands in the picture: weeks since the begin, never outside of it."""
    return round(min(max((moment - began) / WEEK, 0.0), float(weeks)), 3)
