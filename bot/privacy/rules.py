"""When what is personal has to go by itself. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Ends:
    """The moments (aware UTC) at which someone's part in the program came to an end, as far as it did."""

    ended_at: datetime | None = None
    stopped_at: datetime | None = None
    deactivated_at: datetime | None = None
    goes_on: bool = False  # their reviews go on after the end
    left_at: datetime | None = None  # the app was uninstalled from their workspace


def erased_from(ends: Ends, retention: timedelta) -> datetime | None:
    """From when on everything personal is gone by itself; None while they are on their way.

    A deactivated person counts from that day on, whatever else they do, and so does everyone whose workspace left; an end does
    not count while reviews go on, which they do until someone stops.
    """
    over = (None if ends.goes_on else ends.ended_at) or ends.stopped_at
    moments = [moment for moment in (ends.deactivated_at, ends.left_at, over) if moment is not None]
    return min(moments) + retention if moments else None
