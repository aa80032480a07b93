"""When what is personal has to go by itself. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Ends:
    """The moments (aware UTC) at which someone's part in the program came to an end, as far as it did."""

    ended_at: datetime | None = None
    stopped_at: datetime | None = None
    deactivated_at: datetime | None = None
    goes_on: bool = False  # their reviews go on after the end
    reviews_ended_at: datetime | None = None  # they did, until then
    left_at: datetime | None = None  # the app was uninstalled from their workspace


def erased_from(
    ends: Ends, retention: timedelta, *, accompanied: Sequence[Ends] = (), is_staff: bool = False
) -> datetime | None:
    """From when on everything personal is gone by itself; None while they are on their way, or have a part in others' ways.

    A deactivated person counts from that day on, whatever else they do, and so does everyone whose workspace left. Who is mentor
    or buddy to others counts from the last end of all: what they told them goes with them, and who is on their way needs them.
    Staff and analysts stay.
    """
    ways = [_over(ends), *(_earliest(_over(one), one.deactivated_at) for one in accompanied)]
    known = [moment for moment in ways if moment is not None]
    over = max(known) if len(known) == len(ways) and not is_staff else None
    since = _earliest(ends.deactivated_at, ends.left_at, over)
    return None if since is None else since + retention


def _over(ends: Ends) -> datetime | None:
    """Whoever stops, or is taken out, counts from there; after an end, the reviews that go on have to end, too."""
    return ends.stopped_at or (None if ends.goes_on else ends.reviews_ended_at or ends.ended_at)


def _earliest(*moments: datetime | None) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)
