"""Made-up pools of people for peer rounds, and what may be formed of them, found without any cleverness."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations

from hypothesis import strategies as st

from bot.peers.model import HALF_HOURS_A_WEEK, Candidate, Group, PastGroup

AREAS, TEAMS, REGIONS = ("calls", "deals", "people"), ("red", "blue", "green"), ("north", "south")
LONDON = frozenset(day * 48 + half for day in range(5) for half in range(18, 34))
NEW_YORK = frozenset(half + 10 for half in LONDON)  # shares three hours with London
TOKYO = frozenset((half - 18) % HALF_HOURS_A_WEEK for half in LONDON)  # none with New York; Monday begins on Sunday
NARROW = frozenset(half for half in LONDON if half % 48 < 22)  # two hours, in the morning
HOURS = (None, LONDON, NEW_YORK, TOKYO, NARROW)


def pool(size: int) -> list[Candidate]:
    """People whom nothing keeps apart."""
    return [Candidate(person) for person in range(1, size + 1)]


def people_of(groups: Sequence[Group]) -> list[int]:
    """Everyone in these groups, in order; who is in two is there twice."""
    return sorted(person for group in groups for person in group.people)


def met_pairs(history: Sequence[PastGroup]) -> set[tuple[int, int]]:
    """The pairs that met."""
    return {pair for past in history for pair in combinations(sorted(past.people), 2)}


def trio_duty(people: Sequence[int], history: Sequence[PastGroup]) -> dict[int, int]:
    """How often each was one of three, where everyone took part in every round."""
    trios = Counter(person for past in history if len(past.people) > 2 for person in past.people)
    return {person: trios[person] for person in people}


def allowed(group: Sequence[Candidate], shared_hours: int) -> bool:
    """Whether these may be a group, spelled out."""
    for one in group:
        for other in group:
            if one is not other and (other.person in one.mentors | one.blocked or one.team == other.team is not None):
                return False
    shared = set(range(HALF_HOURS_A_WEEK))
    known = [one.hours for one in group if one.hours is not None]
    for hours in known:
        shared &= hours
    length = 2 * shared_hours
    runs = ({(start + step) % HALF_HOURS_A_WEEK for step in range(length)} for start in range(HALF_HOURS_A_WEEK))
    return len(known) < 2 or any(run <= shared for run in runs)


def every_grouping(people: tuple[Candidate, ...], shared_hours: int) -> Iterator[list[tuple[Candidate, ...]]]:
    """All ways to split people into allowed groups of one, two and three."""
    if not people:
        yield []
        return
    first, rest = people[0], people[1:]
    for size in (0, 1, 2):
        for others in combinations(rest, size):
            if size == 0 or allowed((first, *others), shared_hours):
                left = tuple(one for one in rest if one not in others)
                yield from ([(first, *others), *more] for more in every_grouping(left, shared_hours))


@st.composite
def pools(draw: st.DrawFn, most: int) -> list[Candidate]:
    """People with mentors, teams, zones, blocks and stalled pairs among them."""
    ids = draw(st.lists(st.integers(1, 99), unique=True, max_size=most))
    some = st.frozensets(st.sampled_from(ids), max_size=2) if ids else st.just(frozenset[int]())
    areas = st.frozensets(st.sampled_from(AREAS), max_size=2)
    return [
        Candidate(
            person,
            mentors=draw(some) - {person},
            team=draw(st.sampled_from((None, None, *TEAMS))),
            region=draw(st.sampled_from((None, *REGIONS))),
            hours=draw(st.sampled_from(HOURS)),
            strong=draw(areas),
            asks=draw(areas),
            blocked=(draw(some) - {person}) if draw(st.integers(0, 3)) == 0 else frozenset(),
            stalled=(draw(some) - {person}) if draw(st.integers(0, 3)) == 0 else frozenset(),
        )
        for person in ids
    ]


@st.composite
def situations(draw: st.DrawFn, most: int) -> tuple[list[Candidate], list[PastGroup]]:
    """A pool, and rounds of it in which everyone was in one group."""
    people = draw(pools(most))
    ids = [one.person for one in people]
    history: list[PastGroup] = []
    for number in range(1, draw(st.integers(1, 8))):
        order = draw(st.permutations(ids))
        groups = [list(order[place : place + 2]) for place in range(0, len(order) - 1, 2)]
        if len(order) % 2 and groups:
            groups[-1].append(order[-1])
        history += [PastGroup(number, tuple(group)) for group in groups]
    return people, history
