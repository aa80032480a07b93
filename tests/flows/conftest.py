"""What campaigns with spoilt payloads share."""

import sys
from collections.abc import Iterator

import pytest

from tests.thorough import Tally


@pytest.fixture(scope="module")
def tally() -> Iterator[Tally]:
    """Counts what a file of tests sends; at its end it is printed, for `make fuzz` to show."""
    counted = Tally()
    yield counted
    sys.stdout.write("\n".join(["", *counted.lines(), ""]))
