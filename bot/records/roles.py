"""Who may do what about a manager. Pure: the one table that the rooms ask.

A role is what someone is to this manager now, so that a mentor who was replaced is nobody the next minute. Nothing is allowed
that does not stand here. Who may see what is decided where it is shown: for a mentor in mentors/rules.py.
"""

from enum import Enum


class Role(Enum):
    """What someone is to a manager."""

    SELF = "the manager"
    MENTOR = "their mentor"
    BUDDY = "their buddy"
    PEER = "of their group"
    STAFF = "staff"
    NOBODY = "anyone else"  # also an ex-mentor, and someone else's mentor


class Act(Enum):
    """What there is to do about a manager."""

    RATE_SELF = "rate themselves"
    RATE = "rate what was seen"
    OBSERVE = "fill in an observation card"
    KUDOS = "send kudos or a note"
    TALKED = "say that they talked, and set the next date"
    BRIEF = "read the brief for a one-to-one"
    ASK = "ask for a talk"
    SETTLE = "say that an ask is settled"
    SHARE = "show more of themselves to the mentor"
    PICK_TIME = "pick a time for a group"
    SAY_MET = "say whether a group met"
    GIVE_MENTOR = "give a mentor or a buddy"
    CHANGE_ROUND = "swap, leave out or start in a round"
    ENROL = "enrol, move, take out, bring back"
    LEAD = "start, pause, extend or close a cohort"
    EXPLAIN = "see which messages failed, and why one has not come"


ACTS: dict[Role, frozenset[Act]] = {
    Role.SELF: frozenset({Act.RATE_SELF, Act.ASK, Act.SETTLE, Act.SHARE, Act.PICK_TIME, Act.SAY_MET}),
    Role.MENTOR: frozenset({Act.RATE, Act.OBSERVE, Act.KUDOS, Act.TALKED, Act.BRIEF, Act.SETTLE}),
    Role.BUDDY: frozenset(),
    Role.PEER: frozenset({Act.PICK_TIME, Act.SAY_MET}),
    Role.STAFF: frozenset({Act.GIVE_MENTOR, Act.CHANGE_ROUND, Act.ENROL, Act.LEAD, Act.EXPLAIN}),
    Role.NOBODY: frozenset(),
}


def may_do(role: Role, act: Act) -> bool:
    """Whether someone of that role may do that."""
    return act in ACTS[role]
