"""Item analysis, as tables: what is said of a check, and of whom nothing is said."""

import random
from dataclasses import replace
from statistics import correlation

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reports.disclosure import FEWEST_PEOPLE
from bot.reports.items import Finding, Given, analyse

ONE_COHORT = dict.fromkeys(range(100), 1)
OPTIONS = {("l", "q"): ("a", "b", "c")}


def answers(right: int, wrong: int, *, sure_when_wrong: int = 0, check: str = "q", picks: str = "bc") -> list[Given]:
    """So many people who were right (they pick «a»), and so many who were wrong."""
    found = [Given(person, "l", check, ("a",), True, "sure", False) for person in range(right)]
    for number in range(wrong):
        confidence = "sure" if number < sure_when_wrong else "guess"
        pick = picks[number % len(picks)]
        found.append(Given(right + number, "l", check, (pick,), False, confidence, False))
    return found


@pytest.mark.parametrize(
    ("given_answers", "findings"),
    [
        (answers(8, 4), ()),
        (answers(3, 9), (Finding.TOO_HARD,)),
        (answers(5, 6, sure_when_wrong=3), (Finding.MISLEADS,)),
        (answers(12, 0), (Finding.TOO_EASY, Finding.UNUSED_OPTION)),
        (answers(8, 4, picks="b"), (Finding.UNUSED_OPTION,)),
        (answers(5, 1, picks="b"), ()),  # six people are too few to call an option unused
    ],
)
def test_what_is_to_be_mended(given_answers: list[Given], findings: tuple[Finding, ...]) -> None:
    """Each finding has its own case; the most urgent stands first."""
    (item,) = analyse(given_answers, OPTIONS, ONE_COHORT)
    assert item.findings == findings


def test_of_fewer_than_five_nothing_is_said() -> None:
    """Four people's answers make no item, however often they were asked again; nor do later answers of four a share."""
    four = answers(2, 2)
    again = [Given(one.person, "l", "q", one.picked, True, "sure", True) for one in four for _ in range(5)]
    assert analyse([*four, *again], OPTIONS, ONE_COHORT) == []
    (item,) = analyse([*answers(4, 2), *again], OPTIONS, ONE_COHORT)
    assert item.later_right is None
    assert item.sure_when_wrong is None, "two were wrong"


def test_a_mended_question_is_another_one() -> None:
    """Twelve were misled by it, then it was mended, with another answer «d»: nothing of that is said of what six are asked now,
    nor that nobody picks what twelve could not; and who is asked again later is asked the new one."""
    before = answers(5, 7, sure_when_wrong=7)
    (item,) = analyse(before, OPTIONS, ONE_COHORT)
    assert Finding.MISLEADS in item.findings
    after = [replace(one, person=50 + one.person, revision=2) for one in answers(4, 2)]
    mended = {("l", "q"): ("a", "b", "c", "d")}
    (item,) = analyse([*before, *after], mended, ONE_COHORT)
    assert (item.people, round(item.first_right, 2), item.findings) == (6, 0.67, ())
    assert analyse([*before, *after[:4]], mended, ONE_COHORT) == [], "four have been asked the new one"


def test_a_check_that_the_knowing_get_wrong_tells_little() -> None:
    """Who is right everywhere else is wrong here, and the other way round: the correlation is negative."""
    people = range(20)
    rest = [
        Given(person, "l", f"r{number}", ("a",), person < 10, "sure", False) for person in people for number in range(4)
    ]
    odd = [Given(person, "l", "q", ("a" if person >= 10 else "b",), person >= 10, "sure", False) for person in people]
    item = next(one for one in analyse([*rest, *odd], OPTIONS, ONE_COHORT) if one.check_id == "q")
    assert item.discrimination == pytest.approx(-1.0)
    assert Finding.TELLS_LITTLE in item.findings


def test_discrimination_leaves_the_check_itself_out() -> None:
    """It is the correlation with the share of right answers elsewhere: a check can't vouch for itself."""
    chance = random.Random(3)
    table = {person: [chance.random() < 0.3 + person / 40 for _ in range(6)] for person in range(24)}
    found = [
        Given(person, "l", f"q{number}", ("a",), right, "sure", False)
        for person, row in table.items()
        for number, right in enumerate(row)
    ]
    item = next(one for one in analyse(found, {}, ONE_COHORT) if one.check_id == "q2")
    here = [float(row[2]) for row in table.values()]
    elsewhere = [(sum(row) - row[2]) / 5 for row in table.values()]
    assert item.discrimination == pytest.approx(correlation(here, elsewhere))


@pytest.fixture
def thirty() -> list[Given]:
    """A cohort, each of whom has answered four checks, twice; nobody picked «c»."""
    chance = random.Random(5)
    return [
        Given(person, "l", check, ("ab"[right],), right, "guess", again)
        for person in range(30) for check in "qrst" for again in (False, True)
        for right in (chance.random() < person / 30,)
    ]  # fmt: skip


def test_one_person_of_another_cohort_changes_no_figure(thirty: list[Given]) -> None:
    """Thirty have answered, then somebody alone in her cohort, always otherwise, also with what nobody had picked."""
    alone = [Given(30, "l", check, ("c",), False, "sure", again) for check in "qrst" for again in (False, True)]
    cohorts = ONE_COHORT | {30: 2}
    found = analyse(thirty, OPTIONS, cohorts)
    assert all(None not in (one.later_right, one.discrimination, one.sure_when_wrong) for one in found)
    assert any(one.never_picked == ("c",) for one in found)
    assert analyse([*thirty, *alone], OPTIONS, cohorts) == found


def test_each_figure_has_a_few_of_its_own(thirty: list[Given]) -> None:
    """Six of another cohort answered one check; one of them wrongly, again, and others, too: only what six did is counted."""
    six = [Given(person, "l", "q", ("a",), True, "guess", False) for person in range(31, 36)]
    six += [Given(30, "l", check, ("a",), False, "sure", again) for check in "qrst" for again in (False, True)]
    cohorts = ONE_COHORT | dict.fromkeys(range(30, 36), 2)
    before = {one.check_id: one for one in analyse(thirty, OPTIONS, cohorts)}
    after = {one.check_id: one for one in analyse([*thirty, *six], OPTIONS, cohorts)}
    assert [one for one in "qrst" if after[one] != before[one]] == ["q"]
    right = round(30 * before["q"].first_right)
    counted = replace(after["q"], people=30, first_right=right / 30)
    assert after["q"].people == 36
    assert after["q"].first_right == pytest.approx((right + 5) / 36)
    assert counted == before["q"]


some = st.builds(
    Given,
    person=st.integers(0, 12), lesson_id=st.sampled_from("lm"), check_id=st.sampled_from("qr"),
    picked=st.tuples(st.sampled_from("abc")), correct=st.booleans(), confidence=st.sampled_from(["sure", "guess"]),
    is_review=st.booleans(),
)  # fmt: skip


@given(st.lists(some, max_size=120, unique_by=lambda one: (one.person, one.lesson_id, one.check_id, one.is_review)))
def test_it_never_speaks_of_few(found: list[Given]) -> None:
    """Whatever was answered: shares lie between 0 and 1, and each stands for five people or more."""
    for item in analyse(found, OPTIONS, ONE_COHORT):
        assert item.people >= FEWEST_PEOPLE
        assert 0 <= item.first_right <= 1
        later = {
            one.person
            for one in found
            if (one.lesson_id, one.check_id) == (item.lesson_id, item.check_id) and one.is_review
        }
        assert (item.later_right is None) == (len(later) < FEWEST_PEOPLE)
