"""The one boundary at which failures stay."""

import logging

import pytest

from bot.boundary import failures_stay

logger = logging.getLogger("bot.test")


def test_a_failure_stays_and_is_loud(caplog: pytest.LogCaptureFixture) -> None:
    """What fails inside stops nobody outside, who can tell; the log has the trace and what it was about."""
    with failures_stay(logger, "an item failed", action="test.failed", item=7) as boundary:
        raise ValueError("broken")
    assert boundary.failed
    (record,) = caplog.records
    assert (record.levelname, record.__dict__["action"], record.__dict__["item"]) == ("ERROR", "test.failed", 7)
    assert record.exc_info is not None


def test_what_is_expected_passes_in_silence(caplog: pytest.LogCaptureFixture) -> None:
    """Where nothing fails nothing is told; an outage, and a wish to stop, go through."""
    with failures_stay(logger, "an item failed", action="test.failed") as boundary:
        pass
    assert not boundary.failed
    for passes in (ConnectionError, KeyboardInterrupt):
        with pytest.raises(passes), failures_stay(logger, "failed", action="test.failed", unless=(ConnectionError,)):
            raise passes
    assert not caplog.records
