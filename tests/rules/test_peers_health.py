"""How rounds went, and when they start: for staff in numbers, for the next round as what to avoid."""

from datetime import UTC, datetime, time

import pytest

from bot.agenda.calendar import PersonalTime
from bot.curriculum.model import PeerCadence
from bot.peers.dates import Dates
from bot.peers.health import Health, Sitting, has_new_pairs, health_of, heard_from, stalled_with
from bot.peers.model import Candidate


def sitting(number: int, *people: int, met: bool = True, silent: tuple[int, ...] = (), **more: bool | int) -> Sitting:
    """A group of a round."""
    return Sitting(number, people, met=met, silent=frozenset(silent), **more)  # type: ignore[arg-type]


def test_the_last_round_in_numbers() -> None:
    """Two of three groups met, a pair met again; who organised most did so once more than another."""
    history = [
        sitting(1, 1, 2, organiser=1), sitting(1, 3, 4, organiser=3), sitting(1, 5, 6, organiser=5),
        sitting(2, 1, 2, organiser=1), sitting(2, 3, 5, organiser=3), sitting(2, 4, 6, met=False, silent=(4,), organiser=4),
    ]  # fmt: skip
    assert health_of(history, left_out=1) == Health(
        groups=3, met=2, left_out=1, repeats=1, organiser_load=2, trio_load=0
    )


def test_a_round_that_is_not_over_says_nothing() -> None:
    """They have not been asked yet whether they met: the round before counts."""
    history = [sitting(1, 1, 2), sitting(2, 1, 2, met=False, over=False)]
    health = health_of(history)
    assert health is not None
    assert (health.met, health.repeats) == (1, 0)
    assert health_of([sitting(1, 1, 2, over=False)]) is None
    assert health_of([]) is None


def test_the_load_is_of_those_who_were_always_there() -> None:
    """Who came later can't have been one of three as often: that is nobody's burden."""
    history = [sitting(1, 1, 2, 3), sitting(2, 1, 2, 4), sitting(2, 3, 5)]
    health = health_of(history)
    assert health is not None
    assert health.trio_load == 1


@pytest.mark.parametrize(
    ("met", "stalled"),
    [
        ((False, False), True),
        ((True, False, False), True),
        ((False,), False),
        ((False, True), False),
        ((False, False, True), False),
        ((False, True, False), False),
    ],
)
def test_a_pair_stalls_after_two_groups_in_a_row(met: tuple[bool, ...], stalled: bool) -> None:
    """Only the last two groups that both shared count."""
    history = [sitting(number, 1, 2, met=came_about) for number, came_about in enumerate(met, start=1)]
    assert stalled_with(history) == ({1: {2}, 2: {1}} if stalled else {})


def test_a_group_under_way_stalls_nobody() -> None:
    """They still have time to meet."""
    assert stalled_with([sitting(1, 1, 2, met=False), sitting(2, 1, 2, met=False, over=False)]) == {}


def test_silence_counts_only_where_someone_could_have_spoken() -> None:
    """Not while a round is under way, and not where the group was never brought together."""
    history = [
        sitting(1, 1, 2, met=False, silent=(2,)),
        sitting(2, 1, 2, met=False, silent=(1, 2), introduced=False),
        sitting(3, 1, 2, met=False, silent=(1, 2), over=False),
    ]
    assert heard_from(reversed(history)) == {1: [True], 2: [False]}


def test_a_pool_runs_out_of_new_pairs() -> None:
    """Three people of whom two are of one team: after two rounds everyone has met everyone they may meet."""
    people = [Candidate(1, team="red"), Candidate(2, team="red"), Candidate(3)]
    assert has_new_pairs(people, [sitting(1, 1, 3)], 2)
    assert not has_new_pairs(people, [sitting(1, 1, 3), sitting(2, 2, 3)], 2)


LJUBLJANA = PersonalTime(days=("mon", "tue", "wed", "thu", "fri"), start=time(8, 30), end=time(17, 30), country="SI")


@pytest.mark.parametrize(
    ("day", "start", "announced"),
    [
        ("wed", "2026-12-02 10:00", "2026-12-01 10:00"),
        ("mon", "2026-11-30 10:00", "2026-11-27 10:00"),  # the Friday before
        ("fri", "2026-11-27 10:00", "2026-11-26 10:00"),
        ("sat", "2026-11-30 10:00", "2026-11-27 10:00"),  # nobody works on a Saturday
    ],
)
def test_staff_see_a_round_on_the_working_day_before(day: str, start: str, announced: str) -> None:
    """Whatever the day of the week; and from when they see it, its start can be told."""
    dates = Dates(PeerCadence.model_validate({"every_weeks": 2, "day": day, "at": "11:00", "ask_after_days": 7}), LJUBLJANA,
                  "Europe/Ljubljana")  # fmt: skip
    found = dates.start_from(datetime(2026, 11, 26, 12, tzinfo=UTC))
    assert (f"{found:%Y-%m-%d %H:%M}", f"{dates.announced_at(found):%Y-%m-%d %H:%M}") == (start, announced)
    assert dates.start_announced_at(dates.announced_at(found)) == found


def test_a_holiday_moves_one_start_and_not_the_next() -> None:
    """Monday 8 February is Prešeren day: they start on the Tuesday, and the next round is on a Monday again, a fortnight on."""
    holiday = PersonalTime(days=LJUBLJANA.days, start=time(8, 30), end=time(17, 30), country="SI", quiet=())
    cadence = PeerCadence.model_validate({"every_weeks": 2, "day": "mon", "at": "11:00", "ask_after_days": 7})
    dates = Dates(cadence, holiday, "Europe/Ljubljana")
    moved = dates.start_from(datetime(2027, 2, 6, tzinfo=UTC))
    assert moved == datetime(2027, 2, 9, 10, tzinfo=UTC), "the working day after"
    assert dates.start_after(moved) == datetime(2027, 2, 22, 10, tzinfo=UTC)
