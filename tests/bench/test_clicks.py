"""How long a click takes until Slack hears «ok», and how many one process takes: the house against Bolt with one insert."""

from collections.abc import Sequence

import psycopg

from bot.curriculum.library import Library
from bot.curriculum.model import Lesson
from bot.records.database import plain_url
from tests.bench.answers import all_recorded, bare_port, choice_of, clicks_of, house_port, posted
from tests.bench.apart import slack_apart
from tests.bench.clicking import click
from tests.bench.conftest import Open
from tests.bench.crowd import enrol, tidy
from tests.bench.measuring import Compared, Goal, percentile

ROUNDS, CLICKS = 5, 250
BARE, FIRST, LAST = range(3)  # whose turn it is, person by person
CROWD, AT_ONCE = 600, 16  # clicks of a round, on so many connections

_ALL_BUT_ONE = """
    INSERT INTO response (message_id, check_id, edition_hash, person_id, answer, answered_at)
        SELECT g.message_id, c, g.edition_hash, g.enrollment_id, '{}', g.given_at
        FROM lesson_given g, unnest(%(others)s::text[]) c WHERE g.enrollment_id %% 3 = %(turn)s
"""


async def test_click_to_ack(database_url: str, library: Library, open_house: Open, table: list[Compared]) -> None:
    """A choice is answered by a signed click; each click meets a fresh message, and they take turns, one at a time."""
    lesson = library.current.curriculum.lessons[0]
    people = 3 * CLICKS * (ROUNDS + 1)
    enrol(database_url, people, lesson)
    _answer_all_but(database_url, lesson)
    rounds = []
    async with (
        slack_apart(0) as slack,
        open_house(database_url, slack.api_url) as fitted,
        house_port(fitted) as ours,
        bare_port(fitted, lesson) as bare,
    ):
        clicks, ports = await clicks_of(fitted, lesson), {BARE: bare, FIRST: ours, LAST: ours}
        for start in range(0, people, 3 * CLICKS):
            turns = range(start, start + 3 * CLICKS)
            rounds.append((await click([posted(clicks(number), ports[number % 3]) for number in turns])).each)
        await all_recorded(fitted.database, lesson, people)
    _tell(table, rounds[1:])  # the first one warmed both up


async def test_clicks_a_second(database_url: str, library: Library, open_house: Open, table: list[Compared]) -> None:
    """Many answer at once, each their own lesson for the first time: how many a second one process records and acknowledges."""
    lesson = library.current.curriculum.lessons[0]
    people = 2 * CROWD * (ROUNDS + 1)
    enrol(database_url, people, lesson)
    rates: dict[int, list[float]] = {}
    async with (
        slack_apart(0) as slack,
        open_house(database_url, slack.api_url) as fitted,
        house_port(fitted) as ours,
        bare_port(fitted, lesson) as bare,
    ):
        clicks = await clicks_of(fitted, lesson)
        for start in range(0, people, 2 * CROWD):
            for port, first in ((ours, start), (bare, start + CROWD)):
                requests = [posted(clicks(number), port) for number in range(first, first + CROWD)]
                clicked = await click(requests, at_once=AT_ONCE)
                rates.setdefault(port, []).append(CROWD / clicked.seconds)
        await all_recorded(fitted.database, lesson, people)
    goal = Goal("at least", 300, of="ours")
    table.append(
        Compared(f"clicks/s of one web process, {AT_ONCE} at once", "/s", rates[ours][1:], rates[bare][1:], goal)
    )


def _tell(table: list[Compared], rounds: Sequence[list[float]]) -> None:
    for turn, what in ((FIRST, "first answer to a lesson"), (LAST, "last answer, calls off the nudge")):
        for share in (0.5, 0.99):
            ours, bare = ([percentile(took[whose::3], share) for took in rounds] for whose in (turn, BARE))
            table.append(Compared(f"click to ack p{share * 100:.0f}, {what}", "ms", ours, bare, Goal("at most", 1.5)))


def _answer_all_but(database_url: str, lesson: Lesson) -> None:
    """A third of the people have answered all the other questions: theirs is the last answer."""
    others = [one.id for one in lesson.checks if one.id != choice_of(lesson).id]
    assert others
    with psycopg.connect(plain_url(database_url)) as connection:
        connection.execute(_ALL_BUT_ONE, {"others": others, "turn": LAST})
    tidy(database_url)
