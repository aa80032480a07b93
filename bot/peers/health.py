"""How rounds went: for staff as numbers, for the next round as what to avoid. Pure."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from bot.peers.company import may_meet
from bot.peers.model import Candidate, Pair, PastGroup, People, pairs_of

STALLED_AFTER = 2  # groups in a row that did not come about


@dataclass(frozen=True)
class Sitting:
    """A group of a round that has started. `round` is the round's place among all, by the day on which it started."""

    round: int
    people: People
    round_id: int = 0
    pool: str = ""  # by the name that it had then
    met: bool = False
    silent: frozenset[int] = frozenset()  # of whom nothing was heard
    introduced: bool = True  # they were brought together
    over: bool = True  # they have had their time to say whether they met
    organiser: int | None = None
    lesson_id: str | None = None

    @property
    def past(self) -> PastGroup:
        """As the rules ask for it."""
        return PastGroup(self.round, self.people)


@dataclass(frozen=True)
class Health:
    """The last round of a pool, counted in groups; and how evenly the work is shared over all rounds."""

    groups: int
    met: int
    left_out: int
    repeats: int  # pairs who had met before
    organiser_load: int  # how many times more than somebody else someone has organised
    trio_load: int  # the same for being one of three


def health_of(history: Sequence[Sitting], left_out: int = 0, others: Collection[str] = ()) -> Health | None:
    """How the last round went that is over; None if there is none. The loads are of those who took part in every round.

    `others` are pools of their own: who came from one brings along whom they met there, and no round of it is one of ours.
    """
    ours = [one for one in history if one.pool not in others]
    last = last_round(ours)
    if not last:
        return None
    met_before = {pair for one in history if one.round < last[0].round for pair in pairs_of(one.people)}
    always = _always_there(ours)
    return Health(
        groups=len(last),
        met=sum(one.met for one in last),
        left_out=left_out,
        repeats=sum(pair in met_before for one in last for pair in pairs_of(one.people)),
        organiser_load=_spread(always, (one.organiser for one in ours if one.organiser is not None)),
        trio_load=_spread(always, (person for one in ours if len(one.people) > 2 for person in one.people)),
    )


def last_round(history: Iterable[Sitting]) -> list[Sitting]:
    """The groups of the last round that is over; none before there is one."""
    return next(reversed(rounds_of(one for one in history if one.over)), [])


def rounds_of(history: Iterable[Sitting]) -> list[list[Sitting]]:
    """The groups by round, the oldest round first."""
    rounds: dict[int, list[Sitting]] = defaultdict(list)
    for one in history:
        rounds[one.round].append(one)
    return [rounds[number] for number in sorted(rounds)]


def stalled_with(history: Iterable[Sitting]) -> dict[int, frozenset[int]]:
    """By person, those with whom the last two groups that they shared did not come about."""
    came_about: dict[Pair, list[bool]] = defaultdict(list)
    for one in sorted((one for one in history if one.over), key=lambda one: one.round):
        for pair in pairs_of(one.people):
            came_about[pair].append(one.met)
    found: dict[int, set[int]] = defaultdict(set)
    for (person, other), times in came_about.items():
        if len(times) >= STALLED_AFTER and not any(times[-STALLED_AFTER:]):
            found[person].add(other)
            found[other].add(person)
    return {person: frozenset(others) for person, others in found.items()}


def heard_from(history: Iterable[Sitting]) -> dict[int, list[bool]]:
    """By person, for each round that is over and brought them together, whether anything was heard from them; the newest last."""
    heard: dict[int, list[bool]] = defaultdict(list)
    for one in sorted((one for one in history if one.over and one.introduced), key=lambda one: one.round):
        for person in one.people:
            heard[person].append(person not in one.silent)
    return dict(heard)


def has_new_pairs(candidates: Iterable[Candidate], history: Iterable[Sitting], shared_hours: int) -> bool:
    """Whether any two of these may meet who have not met yet."""
    met = {pair for one in history for pair in pairs_of(one.people)}
    strangers = (
        (one, other)
        for one, other in combinations(sorted(candidates, key=lambda one: one.person), 2)
        if (one.person, other.person) not in met
    )
    return any(may_meet(pair, shared_hours) for pair in strangers)


def _always_there(history: Iterable[Sitting]) -> set[int]:
    return set.intersection(*({person for one in groups for person in one.people} for groups in rounds_of(history)))


def _spread(people: Collection[int], times: Iterable[int]) -> int:
    counted = Counter(times)
    return max((counted[one] for one in people), default=0) - min((counted[one] for one in people), default=0)
