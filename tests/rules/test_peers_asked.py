"""Whether a group met: which answers count, what a question shows, and until when a time may be set."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.peers.asked import Answer, Stage, Told, counts, may_set_time, stage

NOW = datetime(2026, 12, 10, 12, tzinfo=UTC)
EARLIER, LATER = NOW - timedelta(days=2), NOW + timedelta(days=2)
SILENT = Told(None, None, None)
NOT_YET = Told(Answer.NOT_YET, EARLIER, None)
AGAIN = Told(Answer.NOT_YET, EARLIER, NOW)
LET_GO = Told(Answer.NOT_YET, NOW, NOW)
MET = Told(Answer.ALL, NOW, None)


@pytest.mark.parametrize(
    ("told", "first", "second"),
    [
        (SILENT, Stage.ASKED, Stage.ASKED),
        (NOT_YET, Stage.STILL_TIME, Stage.STILL_TIME),
        (AGAIN, Stage.ASKED_AGAIN, Stage.ASKED),
        (LET_GO, Stage.LET_GO, Stage.LET_GO),
        (MET, Stage.ANSWERED, Stage.ANSWERED),
        (Told(Answer.COULD_NOT, LATER, NOW), Stage.ANSWERED, Stage.ANSWERED),
        (Told(Answer.NOT_YET, None, NOW), Stage.ASKED_AGAIN, Stage.ASKED),
    ],
)
def test_what_a_question_shows(told: Told, first: Stage, second: Stage) -> None:
    """The first question makes room for the second; both show what came of it."""
    assert (stage(told, again=False), stage(told, again=True)) == (first, second)


@pytest.mark.parametrize(
    ("told", "taken"),
    [
        (SILENT, set(Answer)),
        (NOT_YET, set(Answer) - {Answer.NOT_YET}),
        (AGAIN, set(Answer)),
        (LET_GO, set()),
        (MET, set()),
    ],
)
def test_which_answers_count(told: Told, taken: set[Answer]) -> None:
    """The first one does; «not yet» is corrected by anything else, and said once more only where that was asked."""
    assert {one for one in Answer if counts(told, one)} == taken


@pytest.mark.parametrize(
    ("told", "meets_at", "over_at", "may"),
    [
        (SILENT, None, LATER, True),
        (SILENT, None, EARLIER, False),
        (SILENT, LATER, LATER, True),
        (SILENT, NOW, LATER, False),
        (SILENT, EARLIER, LATER, False),
        (NOT_YET, EARLIER, LATER, True),
        (NOT_YET, EARLIER, EARLIER, False),
        (MET, LATER, LATER, False),
        (LET_GO, None, LATER, False),
    ],
)
def test_until_when_a_time_is_set(told: Told, meets_at: datetime | None, over_at: datetime, may: bool) -> None:
    """Until the meeting; after it only once they say that it has not happened yet."""
    assert may_set_time(told, meets_at, over_at, NOW) is may
