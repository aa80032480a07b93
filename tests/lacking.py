"""What a machine may lack: a developer is told which tests were skipped for it; in CI nothing may be lacking."""

import os
from typing import NoReturn

import pytest

IN_CI = bool(os.environ.get("CI"))


def lacking(what: str) -> NoReturn:
    """This test needs what is not here: skipped, with that reason; failed in CI."""
    if IN_CI:
        pytest.fail(f"CI must have it: {what}")
    pytest.skip(what)
