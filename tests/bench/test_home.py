"""How many statements App Home takes, and how long until it is drawn."""

from time import perf_counter

from bot.curriculum.library import Library
from bot.slack.access import Actor
from tests.bench.apart import slack_apart
from tests.bench.conftest import Open
from tests.bench.crowd import enrol, slack_id
from tests.bench.measuring import Compared, Goal
from tests.journeys.test_home import statements_of

PEOPLE = 1_000


async def test_app_home(database_url: str, library: Library, open_house: Open, table: list[Compared]) -> None:
    """Manager by manager, each in a transaction of its own; the editions are read once in a process's life, by the first."""
    enrol(database_url, PEOPLE, library.current.curriculum.lessons[0])
    statements, took = [], []
    async with slack_apart(0) as slack, open_house(database_url, slack.api_url) as fitted:
        for number in range(PEOPLE // 5):
            actor = Actor(fitted.workspace_id, slack_id(number))
            async with fitted.database.transaction() as session:
                with statements_of(session) as said:
                    began = perf_counter()
                    await fitted.rooms.homes.draw(session, actor)
                    took.append((perf_counter() - began) * 1000)
            statements.append(float(len(said)))
    assert max(statements[1:]) <= 3
    table.append(Compared("App Home, statements", "", statements[1:], goal=Goal("at most", 3, of="ours")))
    table.append(Compared("App Home, until it is drawn", "ms", took[1:]))
