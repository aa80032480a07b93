"""What a round says of itself: why each group was formed, and each promise that it could not keep. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from bot.peers.company import differ, gives
from bot.peers.costs import Past
from bot.peers.model import (
    NOBODY_ALLOWED,
    NOBODY_ELSE,
    Candidate,
    Group,
    Pair,
    People,
    Reason,
    Round,
    Unmet,
    pairs_of,
)

Everyone = Mapping[int, Candidate]


def round_of(groups: Sequence[People], people: Everyone, past: Past) -> Round:
    """These groups, explained; whoever of the people is in none of them is left out."""
    lonely = sorted(people.keys() - {person for group in groups for person in group})
    why = NOBODY_ALLOWED if len(people) > 1 else NOBODY_ELSE
    explained = tuple(explain(group, people, past.met) for group in sorted(groups))
    left_out = tuple((person, why) for person in lonely)
    return Round(explained, left_out, tuple(_unmet(explained, lonely, people, past)))


def explain(group: People, people: Everyone, met: Mapping[Pair, int]) -> Group:
    """The group with the strongest reason that is true of it."""
    together = tuple(sorted(group))
    again = tuple(pair for pair in pairs_of(together) if pair in met)
    return Group(together, _reason([people[person] for person in together], again), again)


def _reason(group: Sequence[Candidate], again: Sequence[Pair]) -> Reason:
    if len(group) > 2:
        return Reason.TRIO
    if again:
        return Reason.LONGEST_AGO
    one, other = group
    if gives(one, other) or gives(other, one):
        return Reason.COMPLEMENTARY
    return Reason.REGION if differ(one.region, other.region) else Reason.NEW


def _unmet(
    groups: Sequence[Group], lonely: Sequence[int], people: Everyone, past: Past
) -> Iterator[tuple[Unmet, People]]:
    trios = [group.people for group in groups if len(group.people) > 2]
    yield from ((Unmet.LEFT_OUT, (person,)) for person in lonely)
    if len(trios) > len(people) % 2:
        yield from ((Unmet.MORE_TRIOS, trio) for trio in trios)
    yield from ((Unmet.DUTY, (person,)) for person in _with_too_much_duty(trios, people, past))
    for group in groups:
        yield from ((Unmet.STALLED, pair) for pair in pairs_of(group.people) if _stalled(*pair, people))
        yield from ((Unmet.AGAIN, pair) for pair in group.again)


def _stalled(one: int, other: int, people: Everyone) -> bool:
    return other in people[one].stalled or one in people[other].stalled


def _with_too_much_duty(trios: Sequence[People], people: Everyone, past: Past) -> list[int]:
    """Who is one of three now, and so has been that two times more often than somebody else of this round."""
    now = Counter(person for trio in trios for person in trio)
    loads = {person: past.trios[person] + now[person] for person in people}
    fewest = min(loads.values(), default=0)
    return sorted(person for person in now if loads[person] > fewest + 1)
