"""The rules of lessons, checks and nudges, as tables and properties."""

import contextlib
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checks.rules import shuffled
from bot.curriculum.model import Choice, NudgeRule, Option, WorkingTime
from bot.nudges.rules import Drop, Waiting, decide
from bot.slack import codec
from bot.slack.clients import answer_in_place
from bot.slack.directory import slack_user
from bot.slack.payloads import mentioned, unescaped, with_names

WORKING = WorkingTime(days=("mon", "tue", "wed", "thu", "fri"), start=time(8, 30), end=time(17, 30))
TWO_DAYS = NudgeRule(after_working_days=2)
TUESDAY = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)  # 9:00 in Ljubljana


def a_choice(right: tuple[bool, ...], *, several: bool = False, keep_order: bool = False) -> Choice:
    """A check with so many options, right or wrong."""
    options = tuple(Option(id=f"o{n}", text=f"option {n}", right=one, feedback="why") for n, one in enumerate(right))
    return Choice(id="q1", prompt="?", options=options, several=several, keep_order=keep_order)


@pytest.mark.parametrize(
    ("said", "name", "first_name"),
    [
        ({"profile": {"real_name": "Maya Horvat", "first_name": "Maja"}}, "Maya Horvat", "Maja"),
        ({"profile": {"real_name": "Maya Horvat"}}, "Maya Horvat", "Maya"),
        ({"profile": {"real_name": "\u00a0", "display_name": "maya"}}, "maya", "maya"),
        ({"name": " "}, "there", "there"),
        ({"profile": {"real_name": " Maya Horvat\n", "first_name": "  "}}, "Maya Horvat", "Maya"),
        ({"profile": {"real_name": "Maya Horvat", "first_name": " Maja "}}, "Maya Horvat", "Maja"),
    ],
)
def test_everyone_has_some_name(said: dict[str, object], name: str, first_name: str) -> None:
    """Slack may say little of someone, or blanks."""
    someone = slack_user({"id": "U1", **said})
    assert (someone.name, someone.first_name) == (name, first_name)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("R&amp;D &lt; 10%", "R&D < 10%"),
        ("&amp;lt;", "&lt;"),  # typed as an entity
        ("see <https://acme.test/?a=1&amp;b=2>", "see https://acme.test/?a=1&b=2"),
        ("see <http://acme.test|acme.test>", "see acme.test"),
        ("to <mailto:jo@acme.test|jo@acme.test>", "to jo@acme.test"),
        ("in <#C1|sales> or <#C2>", "in #sales or #C2"),
        ("<!here> <!subteam^S1|@reps> <!date^1^{date}|May 1>", "@here @reps @May 1"),
        ("of <@U1|maya> and <@U2>, <@U3|>", "of @Maya Horvat and @U2, @U3"),
        ("a <b> c < d", "a b c < d"),  # as no Slack would write it
    ],
)
def test_what_slack_escapes_reads_as_it_was_typed(text: str, read: str) -> None:
    """Entities, links, channels and mentions of a message."""
    assert with_names(unescaped(text), {"U1": "Maya Horvat"}) == read
    assert mentioned(unescaped(text)) == {one for one in ("U1", "U2", "U3") if f"<@{one}" in text}


JUDGED = [
    ((True, False, False), ["o0"], True),
    ((True, False, False), ["o1"], False),
    ((True, True, False), ["o0", "o1"], True),
    ((True, True, False), ["o0"], False),
    ((True, True, False), ["o0", "o1", "o2"], False),
]


@pytest.mark.parametrize(("right", "picked", "correct"), JUDGED)
def test_right_is_all_the_right_ones_and_no_other(right: tuple[bool, ...], picked: list[str], correct: bool) -> None:
    """Half of the right ones is not right; nor are all of them with a wrong one."""
    assert a_choice(right, several=True).is_right(picked) is correct


@pytest.mark.parametrize("picked", [[], ["o9"], ["o0", "made up"]])
def test_an_answer_is_made_of_the_checks_own_options(picked: list[str]) -> None:
    """Nothing, or something that was never offered, is no answer."""
    assert not a_choice((True, False)).takes(picked)


@given(st.text(max_size=20))
def test_the_same_seed_shows_the_same_order(seed: str) -> None:
    """A redraw does not move the options under the reader's finger; all of them are there."""
    check = a_choice((True, False, False, False))
    assert shuffled(check, seed) == shuffled(check, seed)
    assert set(shuffled(check, seed)) == set(check.options)
    assert shuffled(a_choice((True, False), keep_order=True), seed) == list(a_choice((True, False)).options)


NUDGES: list[tuple[Waiting, datetime, object]] = [
    (Waiting(TUESDAY, 1), datetime(2026, 11, 26, 8, 0, tzinfo=UTC), None),
    (Waiting(TUESDAY + timedelta(minutes=16), 1), datetime(2026, 11, 26, 8, 0, tzinfo=UTC), None),
    (Waiting(TUESDAY, 0), datetime(2026, 11, 26, 8, 0, tzinfo=UTC), Drop.ANSWERED),
    (Waiting(None, 1), datetime(2026, 11, 26, 8, 0, tzinfo=UTC), Drop.NEVER_ARRIVED),
    (Waiting(None, 0, on_its_way=True), datetime(2026, 11, 26, 8, 0, tzinfo=UTC), Drop.ANSWERED),
    (
        Waiting(None, 1, on_its_way=True),
        datetime(2026, 11, 26, 8, 9, tzinfo=UTC),
        datetime(2026, 11, 30, 8, 0, tzinfo=UTC),
    ),
    (Waiting(TUESDAY, 1), datetime(2026, 11, 25, 8, 0, tzinfo=UTC), datetime(2026, 11, 26, 8, 0, tzinfo=UTC)),
    (Waiting(TUESDAY, 1), datetime(2026, 11, 26, 18, 0, tzinfo=UTC), datetime(2026, 11, 27, 7, 30, tzinfo=UTC)),
    (Waiting(TUESDAY, 1), datetime(2026, 11, 28, 9, 0, tzinfo=UTC), datetime(2026, 11, 30, 7, 30, tzinfo=UTC)),
    (
        Waiting(TUESDAY + timedelta(days=2), 1),
        datetime(2026, 11, 28, 9, 0, tzinfo=UTC),
        datetime(2026, 11, 30, 8, 0, tzinfo=UTC),
    ),
]


@pytest.mark.parametrize(("waiting", "now", "decision"), NUDGES)
def test_when_to_nudge(waiting: Waiting, now: datetime, decision: object) -> None:
    """Two working days after it arrived, in working time, and only if something waits."""
    assert decide(waiting, now, rule=TWO_DAYS, working=WORKING, zone="Europe/Ljubljana") == decision


@given(st.lists(st.from_regex(r"[A-Za-z0-9_-]{1,80}", fullmatch=True), min_size=1, max_size=4))
def test_what_buttons_carry_comes_back(ids: list[str]) -> None:
    """Ids are read as they were written, with the mentor whom they are shared with, or, as once, without."""
    assert codec.read(codec.write(*ids), len(ids)) == tuple(ids)
    assert codec.read_for(codec.write(*ids, 7), len(ids)) == (tuple(ids), 7)
    assert codec.read_for(codec.write(*ids), len(ids)) == (tuple(ids), None)


@given(st.lists(st.from_regex(r"[A-Za-z0-9_-]{1,80}", fullmatch=True), max_size=3))
def test_a_view_says_where_it_is_shown(ids: list[str]) -> None:
    """What it carries besides comes back as it was; a view of before says no place."""
    carried = codec.write(*ids)
    assert codec.without_place(codec.with_place(carried, "T0BETA")) == (carried, "T0BETA")
    assert codec.without_place(carried) == (carried, None)


def test_an_answer_says_where_it_is_shown() -> None:
    """Each block names the workspace, under an id of its own; those that have one keep it, and no other id says a place."""
    own = {"type": "actions", "block_id": "pick:1"}
    blocks = answer_in_place([{"type": "section"}, own, {"type": "divider"}], "T0BETA")
    assert [one["block_id"] for one in blocks] == ["place:T0BETA:0", "pick:1", "place:T0BETA:2"]
    assert [codec.place_of(one["block_id"]) for one in blocks] == ["T0BETA", None, "T0BETA"]


@given(st.text())
def test_what_was_never_written_is_refused(value: str) -> None:
    """A made-up value is either three ids or refused."""
    with contextlib.suppress(codec.Forged):
        assert len(codec.read(value, 3)) == 3
