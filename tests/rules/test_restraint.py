"""Commands of one person: twenty a minute, one sentence, and then silence until the minute is over."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.coach.restraint import MOST, REMEMBERED, WITHIN, Answer, Restraint

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def test_twenty_then_a_word_then_silence() -> None:
    """The twenty-first is told of it, the next hundred are not; after a minute all is as before. Others are not concerned."""
    restraint = Restraint()
    answers = [restraint.hears("maya", NOON + timedelta(seconds=second)) for second in range(MOST + 10)]
    assert answers == [Answer.DONE] * MOST + [Answer.SLOWER] + [Answer.SILENCE] * 9
    assert restraint.hears("tom", NOON) is Answer.DONE
    assert restraint.hears("maya", NOON + timedelta(seconds=MOST) + WITHIN) is Answer.DONE


@given(st.lists(st.floats(0, 20), max_size=200))
def test_never_more_than_that_in_any_minute(gaps: list[float]) -> None:
    """Whatever the rhythm: of those that are done, no minute holds more."""
    restraint, now, done = Restraint(), NOON, list[datetime]()
    for gap in gaps:
        now += timedelta(seconds=gap)
        if restraint.hears("maya", now) is Answer.DONE:
            done.append(now)
    assert all(sum(begin <= one < begin + WITHIN for one in done) <= MOST for begin in done)


def test_it_remembers_a_crowd_and_no_more() -> None:
    """Ten thousand strangers cost no memory for ever."""
    restraint = Restraint()
    for number in range(REMEMBERED + 50):
        restraint.hears(str(number), NOON)
    assert len(restraint._heard) == REMEMBERED
