"""The digest: twelve lines, five people, who needs help first, and nothing in it that a mentor may not see."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.mentors.rules import (
    MOST_LINES,
    MOST_PEOPLE,
    AskSeen,
    Kind,
    ManagerRecord,
    Owed,
    Progress,
    PromiseSeen,
    SharedSeen,
    digest,
    facts_of,
    what_a_mentor_may_see,
)

WORKED = Progress(2, "Talent", "Which question did you ask?", "Scorecard before CV", "Scorecard before CV", is_new=True)
QUIET = ManagerRecord(1, "Maya Horvat", "Maya", replace(WORKED, is_new=False, finished=None))


def test_a_mentor_sees_no_more_than_the_table_allows() -> None:
    """Lessons done, the area, the promise, the question, what they asked: there is nowhere for anything else to go."""
    record = replace(
        QUIET, progress=WORKED, promise=PromiseSeen("If …, then …", date(2026, 11, 27), True),
        shared=[SharedSeen("L", "shown", True), SharedSeen("L", "shown long ago", False)],
    )  # fmt: skip
    line = what_a_mentor_may_see(record)
    assert (line.done, line.ask) == (2, "Which question did you ask?")
    assert "long ago" not in str(line)
    assert set(vars(line)) == {
        "enrollment_id", "name", "first_name", "done", "area_title", "promise", "promise_due", "promise_plan",
        "promise_status", "ask", "ask_lesson", "finished", "shared", "letting_go", "help", "waits", "wants", "owes_week",
    }  # fmt: skip


PROMISED = PromiseSeen("If …, then …", date(2026, 11, 27), is_new=True)


@pytest.mark.parametrize(
    ("promise", "due"), [(PROMISED, None), (replace(PROMISED, status="partly"), date(2026, 11, 27))]
)
def test_a_day_is_not_told_before_its_answer(promise: PromiseSeen, due: date | None) -> None:
    """What was promised is there to be talked about; its day only once it was answered for."""
    line = what_a_mentor_may_see(replace(QUIET, promise=promise))
    assert (line.promise, line.promise_due) == ("If …, then …", due)


@pytest.mark.parametrize(
    ("record", "is_told"),
    [
        (QUIET, False),
        (replace(QUIET, progress=WORKED), True),
        (replace(QUIET, promise=PromiseSeen("x", date(2026, 11, 27), is_new=False)), False),
        (replace(QUIET, shared=[SharedSeen("L", "x", is_new=True)]), True),
        (replace(QUIET, asks=[AskSeen("x", is_new=True)]), True),
        (replace(QUIET, asks=[AskSeen("x", is_old=True)]), False),
        (replace(QUIET, asks=[AskSeen("x", needs_help=True, is_old=True)]), True),
        (replace(QUIET, owed=Owed(8, weeks_open=0)), True),
        (replace(QUIET, owed=Owed(8, weeks_open=1)), False),
        (replace(QUIET, owed=Owed(8, weeks_open=2)), True),
    ],
)
def test_what_is_news(record: ManagerRecord, is_told: bool) -> None:
    """A quiet week is a quiet Monday; what is owed is said at once and then every second week, never each."""
    assert (digest([record]) is not None) is is_told


def test_the_most_important_first() -> None:
    """With five people there is room for seven things: help, what is owed, and one thing to ask before what is only nice."""
    records = [replace(QUIET, enrollment_id=n, name=f"M{n}", progress=WORKED, owed=Owed(0)) for n in range(4)]
    records.append(replace(QUIET, enrollment_id=9, name="Z", asks=[AskSeen("help", needs_help=True)]))
    week = digest(records)
    assert week is not None
    assert week.people[0].line.name == "Z"
    told = sorted(kind for one in week.people for kind, _ in one.facts)
    assert told == [Kind.HELP, *[Kind.OWES] * 4, *[Kind.ASK] * 2]


texts = st.text(max_size=20)
records = st.builds(
    ManagerRecord,
    enrollment_id=st.integers(1, 10**6), name=texts, first_name=texts,
    progress=st.builds(
        Progress, done=st.integers(0, 9), area_title=st.none() | texts, ask=st.none() | texts,
        ask_lesson=texts, finished=st.none() | texts, is_new=st.booleans(),
    ),
    promise=st.none() | st.builds(PromiseSeen, text=texts, due_on=st.just(date(2026, 1, 1)), is_new=st.booleans()),
    shared=st.lists(st.builds(SharedSeen, texts, texts, st.booleans()), max_size=4),
    letting_go=st.none() | st.tuples(texts, texts),
    asks=st.lists(st.builds(AskSeen, texts, st.booleans(), st.booleans(), st.booleans()), max_size=4),
    owed=st.none() | st.builds(Owed, st.integers(0, 26), st.integers(0, 9)),
)  # fmt: skip


@given(st.lists(records, max_size=32, unique_by=lambda one: one.enrollment_id))
def test_one_screen_whatever_there_is(found: list[ManagerRecord]) -> None:
    """Never more than twelve lines (but a line for each who needs help), nobody twice, nobody's fact below another's name."""
    week = digest(found)
    if week is None:
        return
    by_id = {one.enrollment_id: one for one in found}
    in_need = [one for one in found if any(ask.needs_help for ask in one.asks)]
    told = [one.line.enrollment_id for one in week.people]
    assert len(told) == len(set(told)) <= max(MOST_PEOPLE, len(in_need))
    assert week.more == len(found) - len(told)
    lines = len(told) + sum(len(one.facts) for one in week.people)
    assert lines <= max(MOST_LINES, len(told))
    assert {one.enrollment_id for one in in_need} == set(told[: len(in_need)])
    for one in week.people:
        assert one.line == what_a_mentor_may_see(by_id[one.line.enrollment_id])
        assert set(one.facts) <= set(facts_of(one.line))
