"""Who meets whom. Pure: people, history and a seed in; groups with a reason each out.

The same seed and people give the same groups, in whatever order the people are named. The promises, in this order:

1. Nobody is in two groups, nor with their mentor, their own team, someone blocked, or too few shared working hours.
2. Nobody is left out who could be in a group; an odd number makes one trio, and more come only from who may not meet whom.
3. Trio duty goes round: whoever was one of three least often is next, so that over the rounds no two people who take
   part in all of them are more than one apart.
4. Nobody is with someone with whom two groups in a row did not come about, nor with someone they have met, if it can be
   avoided; else with those whom they met longest ago (peer coaching gains from new partners: research A15, Jones 2016).

A repeat is *avoidable* if fewer pairs could meet again in some grouping of the same people that keeps 1 to 3 as well: as few
left out, as few trios, as even a duty, as few stalled pairs. Among up to 41 people of whom one trio is enough none is formed.
Among more not every trio is tried, and of a crowd not every pair (see crowds.py). Each round is formed for itself, but so that
those who will be three last have not met by then. Below the promises come tastes: one is strong in what the other asks for;
another region. What could not be kept is named in `Round.unmet`.
"""

from collections.abc import Collection, Sequence

from bot.peers.company import may_meet
from bot.peers.costs import Past, Terms
from bot.peers.crowds import groups_of
from bot.peers.explaining import explain, round_of
from bot.peers.model import (
    NOBODY_ALLOWED,
    NOBODY_ELSE,
    Candidate,
    Group,
    PastGroup,
    Reason,
    Refusal,
    Round,
    Unmet,
)
from bot.peers.repairing import repaired

__all__ = [
    "NOBODY_ALLOWED",
    "NOBODY_ELSE",
    "SHARED_HOURS",
    "Candidate",
    "Group",
    "PastGroup",
    "Reason",
    "Refusal",
    "Round",
    "Unmet",
    "form_groups",
    "organiser_of",
    "pick_topic",
    "repair",
    "swap",
]

SHARED_HOURS = 2  # working hours on end that a group has in common at least, where nothing else is asked for


def form_groups(
    candidates: Sequence[Candidate],
    history: Sequence[PastGroup],
    *,
    seed: int,
    round_number: int,
    shared_hours: int = SHARED_HOURS,
) -> Round:
    """Group everyone once: pairs by maximum-weight matching, and one trio if the number is odd."""
    people = {one.person: one for one in candidates}
    past = Past.of(history, people)
    return round_of(groups_of(people, past, Terms(seed, round_number, shared_hours)), people, past)


def repair(
    groups: Sequence[Group],
    gone: Collection[int],
    newcomers: Collection[int],
    candidates: Sequence[Candidate],
    history: Sequence[PastGroup],
    *,
    seed: int,
    round_number: int,
    shared_hours: int = SHARED_HOURS,
) -> Round:
    """The round without those who are gone and with the newcomers: as few new pairs as the promises allow.

    Groups that can stay as announced are not undone for what speaks against them, as when staff have swapped people.
    `candidates` are at least all who stay or come; someone in groups who is not among them is gone, too. Who is a candidate,
    but neither in a group nor a newcomer, stays left out and is not mentioned.
    """
    here = {person for group in groups for person in group.people}.union(newcomers).difference(gone)
    people = {one.person: one for one in candidates if one.person in here}
    before = [tuple(person for person in group.people if person in people) for group in groups]
    past = Past.of(history, people)
    return round_of(repaired(before, people, past, Terms(seed, round_number, shared_hours)), people, past)


def swap(
    groups: Sequence[Group],
    one: int,
    other: int,
    candidates: Sequence[Candidate],
    history: Sequence[PastGroup] = (),
    *,
    shared_hours: int = SHARED_HOURS,
) -> tuple[Group, ...] | Refusal:
    """The groups after two people have changed places, explained anew; or why they can't.

    The duty of three and pairs that have met don't keep staff from it. History tells which pairs meet again.
    """
    people = {candidate.person: candidate for candidate in candidates}
    of = {person: group.people for group in groups for person in group.people}
    if not {one, other} <= of.keys() & people.keys():
        return Refusal.NOT_HERE
    if of[one] == of[other]:
        return Refusal.SAME_GROUP
    places = {one: other, other: one}
    moved = {group: tuple(sorted(places.get(person, person) for person in group)) for group in (of[one], of[other])}
    if not all(may_meet([people[person] for person in group], shared_hours) for group in moved.values()):
        return Refusal.MAY_NOT_MEET
    met = Past.of(history, ()).met
    after = (explain(moved[group.people], people, met) if group.people in moved else group for group in groups)
    return tuple(sorted(after, key=lambda group: group.people))


def organiser_of(people: Collection[int], past: Sequence[int], seed: int = 0) -> int:
    """Who of a group names the time: whoever did so least often, then longest ago, then by chance.

    `past` are the organisers of earlier groups, oldest first. ValueError if there are no people.
    """
    last = {person: place for place, person in enumerate(past)}
    luck = Terms(seed, len(past)).luck
    return min(people, key=lambda person: (past.count(person), last.get(person, -1), luck(person)))


def pick_topic(had_by_each: Sequence[Sequence[str]], talked_about: Collection[str]) -> str | None:
    """The lesson that all have had and not yet talked about, else any that all have had: the latest of them.

    Lesson ids of each person, oldest first; None if there is no such lesson.
    """
    if not had_by_each:
        return None
    shared = [lesson for lesson in had_by_each[0] if all(lesson in had for had in had_by_each)]
    fresh = [lesson for lesson in shared if lesson not in talked_about]
    return next(reversed(fresh or shared), None)
