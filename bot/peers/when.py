"""When a group meets, and what it said of it, as it is on record."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.agenda import personal
from bot.curriculum.library import Taught
from bot.peers.asked import Answer, Told, may_set_time
from bot.peers.message import When
from bot.records.tables import Message, PeerGroup, Person
from bot.slack.saying_when import on_each_clock

ASKED_AFTER = timedelta(days=1)  # since they met: whether they did; then in working time
OVER_AFTER = timedelta(
    days=21
)  # since it was brought together: what nobody said about it by then is not asked any more


def moments_of(group: PeerGroup) -> list[datetime]:
    """The times that were proposed to a group (aware UTC)."""
    return [datetime.fromisoformat(one) for one in group.times]


def told_by(group: PeerGroup) -> Told:
    """What a group has said of whether it met."""
    return Told(None if group.met is None else Answer(group.met), group.met_at, group.asked_again_at)


def when_of(taught: Taught, group: PeerGroup, members: Sequence[Person], introduced: Message, now: datetime) -> When:
    """The time of a group as all of its members read it."""
    meets_at, over_at = group.meets_at, introduced.created_at + OVER_AFTER
    coming = [(place, at) for place, at in enumerate(moments_of(group)) if at > now]
    return When(
        group_id=group.id or 0,
        proposed=[(place, _in_their_zones(taught, at, members)) for place, at in coming],
        meets=None if meets_at is None else _in_their_zones(taught, meets_at, members),
        may_change=may_set_time(told_by(group), meets_at, over_at, now),
    )


def _in_their_zones(taught: Taught, when: datetime, people: Sequence[Person]) -> str:
    """A moment as each of a group reads it on their own clock; in the program's zone, if nobody is left."""
    program = taught.curriculum.program
    clocks = [(one.first_name, personal.zone_of(program, one)) for one in people] or [("", program.timezone)]
    return on_each_clock(when, clocks, taught.language)
