"""Who may see what, and who may do what: DESIGN's table of §6, every cell by hand, against the one table that the rooms ask."""

import itertools

import pytest

from bot.records.sight import Act, Role, What, may_do, may_see

# What must be so, for a role to see it: Y always, S if it is shared, O once both ratings are in, W if it is their own words,
# and - never; what staff learn in groups of five and more is no sight of a single person.
SEES = """
                SELF  MENTOR  BUDDY  PEER  STAFF  NOBODY
LESSONS         Y     Y       -      -     Y      -
ANSWER          Y     S       -      -     -      -
AREAS           Y     S       -      -     -      -
REFLECTION      Y     S       -      -     -      -
ACTION          Y     Y       -      -     Y      -
ACTION_NOTE     Y     S       -      -     -      -
SELF_RATING     Y     O       -      -     -      -
MENTOR_RATING   O     W       -      -     -      -
NOTE            Y     W       -      -     -      -
ASK             Y     Y       -      -     -      -
GROUP           Y     -       -      Y     Y      -
GROUP_WORDS     Y     -       -      Y     -      -
RELATION        Y     -       -      -     -      -
SILENCE         Y     -       -      -     -      -
BLOCKS          Y     -       -      -     -      -
"""
DOES = """
                SELF  MENTOR  BUDDY  PEER  STAFF  NOBODY
RATE_SELF       Y     -       -      -     -      -
RATE            -     Y       -      -     -      -
OBSERVE         -     Y       -      -     -      -
KUDOS           -     Y       -      -     -      -
TALKED          -     Y       -      -     -      -
BRIEF           -     Y       -      -     -      -
ASK             Y     -       -      -     -      -
SETTLE          Y     Y       -      -     -      -
SHARE           Y     -       -      -     -      -
PICK_TIME       Y     -       -      Y     -      -
SAY_MET         Y     -       -      Y     -      -
GIVE_MENTOR     -     -       -      -     Y      -
CHANGE_ROUND    -     -       -      -     Y      -
ENROL           -     -       -      -     Y      -
LEAD            -     -       -      -     Y      -
EXPLAIN         -     -       -      -     Y      -
"""
NEEDS = {"S": "shared", "O": "is_open", "W": "own"}


def cells(table: str) -> dict[tuple[Role, str], str]:
    """The table by role and row."""
    head, *rows = [line.split() for line in table.strip().splitlines()]
    return {(Role[role], row[0]): cell for row in rows for role, cell in zip(head, row[1:], strict=True)}


def test_every_cell_has_been_thought_of() -> None:
    """A new role, thing or act without a row here fails."""
    assert set(cells(SEES)) == {(role, what.name) for role in Role for what in What}
    assert set(cells(DOES)) == {(role, act.name) for role in Role for act in Act}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("what", list(What))
def test_who_may_see_what(role: Role, what: What) -> None:
    """Under every mixture of shared, open and own, only what the cell names makes the difference."""
    cell = cells(SEES)[role, what.name]
    for shared, is_open, own in itertools.product((False, True), repeat=3):
        facts = {"shared": shared, "is_open": is_open, "own": own}
        wanted = cell == "Y" or (cell in NEEDS and facts[NEEDS[cell]])
        assert may_see(role, what, **facts) == wanted, facts


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("act", list(Act))
def test_who_may_do_what(role: Role, act: Act) -> None:
    """As the cell says."""
    assert may_do(role, act) == (cells(DOES)[role, act.name] == "Y")
