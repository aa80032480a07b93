"""Who may do what: every cell by hand, against the one table that the rooms ask."""

import pytest

from bot.records.roles import Act, Role, may_do

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


def cells(table: str) -> dict[tuple[Role, str], str]:
    """The table by role and row."""
    head, *rows = [line.split() for line in table.strip().splitlines()]
    return {(Role[role], row[0]): cell for row in rows for role, cell in zip(head, row[1:], strict=True)}


def test_every_cell_has_been_thought_of() -> None:
    """A new role or act without a row here fails."""
    assert set(cells(DOES)) == {(role, act.name) for role in Role for act in Act}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("act", list(Act))
def test_who_may_do_what(role: Role, act: Act) -> None:
    """As the cell says."""
    assert may_do(role, act) == (cells(DOES)[role, act.name] == "Y")
