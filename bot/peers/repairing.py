"""A round that was announced, when someone has left or come since. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.peers.company import may_meet
from bot.peers.costs import MOST_AT_ONCE, Past, Terms
from bot.peers.crowds import groups_of
from bot.peers.model import Candidate, People


def repaired(announced: Sequence[People], people: Mapping[int, Candidate], past: Past, terms: Terms) -> list[People]:
    """Groups of all these people, in which as few are together who were not announced to be as the promises allow.

    What stands is not asked again whether it keeps the promises: staff may have wanted it so. Announced groups may be of one,
    when the others have left. In a crowd most groups are not looked at.
    """
    standing = [group for group in announced if _stands(group, people, terms.shared_hours)]
    loose = people.keys() - {person for group in standing for person in group}
    if not loose:
        return standing
    kept, opened = _opened(standing, len(loose), past, terms)
    again = loose | {person for group in opened for person in group}
    return [*kept, *groups_of({one: people[one] for one in again}, past, replace(terms, announced=tuple(opened)))]


def _stands(group: People, people: Mapping[int, Candidate], shared_hours: int) -> bool:
    return len(group) > 1 and may_meet([people[person] for person in group], shared_hours)


def _opened(standing: Sequence[People], loose: int, past: Past, terms: Terms) -> tuple[list[People], list[People]]:
    """Groups that are kept as they are, and those that may change: trios, and whose turn as three it is, first."""
    order = sorted(
        standing, key=lambda group: (-len(group), min(past.trios[one] for one in group), terms.luck(group[0]), group)
    )
    room = max(0, MOST_AT_ONCE - loose) // 3
    return order[room:], order[:room]
