"""Groups for any number of people: a crowd is cut into rooms, each of which is solved by itself. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice, pairwise

from bot.peers.company import may_meet
from bot.peers.costs import MOST_AT_ONCE, Costs, Past, Terms
from bot.peers.model import Candidate, People
from bot.peers.trios import best_grouping

ROOM = MOST_AT_ONCE // 2  # people: large enough to find each a good partner, small enough to be quick
_HOSTS = 3  # groups that are opened again for someone who was left out
_MOVERS = 20  # groups from all rooms that are opened, too, so that there is room to move
_MOST_ASKED = 60  # people left out for whom hosts are looked for

Everyone = Mapping[int, Candidate]


def groups_of(people: Everyone, past: Past, terms: Terms, *, room: int = ROOM) -> list[People]:
    """Everyone in groups of two or three, as far as that can be; who is in none of them is left out.

    Exact for as many as fill two rooms. In a crowd each room is exact by itself, and whoever was left out of one, or is
    one of three too many, has a second chance among those of all rooms.
    """
    if len(people) < 2:
        return []
    if len(people) <= 2 * room:
        return list(best_grouping(Costs(people.values(), past, terms)).groups)
    rooms = [best_grouping(Costs(seated, past, terms)).groups for seated in _rooms(people, past, terms, room)]
    return _mended(list(chain.from_iterable(rooms)), people, past, terms)


def _rooms(people: Everyone, past: Past, terms: Terms, room: int) -> Iterator[list[Candidate]]:
    """Rooms of even size, each of people who are strong in and ask for the same areas, and else mixed by chance.

    If the number is odd, so is that of one room: of those who were one of three least often.
    """
    mixed = sorted(people, key=lambda one: (terms.luck(one), one))
    if len(mixed) % 2:
        odd = set(sorted(mixed, key=lambda one: past.trios[one])[: room // 2 * 2 + 1])
        yield [people[one] for one in odd]
        mixed = [one for one in mixed if one not in odd]
    mixed.sort(key=lambda one: sorted(people[one].strong | people[one].asks))
    rooms = -(-len(mixed) // room)
    ends = [len(mixed) // 2 * number // rooms * 2 for number in range(rooms + 1)]
    for first, last in pairwise(ends):
        yield [people[one] for one in mixed[first:last]]


def _mended(groups: list[People], people: Everyone, past: Past, terms: Terms) -> list[People]:
    """The same groups, except of those who are left out, are one of three, or can help one of these."""
    trios = [group for group in groups if len(group) > 2]
    lonely = sorted(people.keys() - chain.from_iterable(groups))
    if not lonely and len(trios) == len(people) % 2:
        return groups
    movers = groups[:: max(1, len(groups) // _MOVERS)]
    opened = {*trios, *movers, *_hosts(lonely, groups, people, terms.shared_hours)}
    mended = [group for group in groups if group not in opened]
    for units in _tables_for([*sorted(opened), *((person,) for person in lonely)], people):
        seated = [people[person] for unit in units for person in unit]
        before = [unit for unit in units if len(unit) > 1]
        mended += min(best_grouping(Costs(seated, past, terms)).groups, before, key=_worth)
    return mended


def _worth(groups: Iterable[People]) -> tuple[int, int]:
    """The less, the better: how few people are in a group, then how many groups are trios."""
    sizes = [len(group) for group in groups]
    return -sum(sizes), sum(size > 2 for size in sizes)


def _hosts(lonely: Sequence[int], groups: Sequence[People], people: Everyone, shared_hours: int) -> Iterator[People]:
    for person in lonely[:_MOST_ASKED]:
        hosts = (
            group for group in groups if any(may_meet((people[person], people[one]), shared_hours) for one in group)
        )
        yield from islice(hosts, _HOSTS)


def _tables_for(units: Sequence[People], people: Everyone) -> Iterator[list[People]]:
    """At most MOST_AT_ONCE people at each, those with the same hours beside one another."""
    table: list[People] = []
    for unit in sorted(units, key=lambda unit: (sorted(people[unit[0]].hours or ()), unit)):
        if sum(map(len, table)) + len(unit) > MOST_AT_ONCE:
            yield table
            table = []
        table.append(unit)
    if table:
        yield table
