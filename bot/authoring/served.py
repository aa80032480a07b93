"""Asks the database what people were served, for `playercoach content diff`."""

from collections.abc import Sequence
from contextlib import AsyncExitStack

from bot.authoring.diff import Differing, differences
from bot.curriculum.model import Curriculum
from bot.records.database import Database
from bot.running import with_database
from bot.settings import Settings
from bot.slack.saying_when import moment


async def compare_with_served(settings: Settings, curriculum: Curriculum) -> tuple[Sequence[Differing], str | None]:
    """What is different, and the moment of the next lesson as people of the program read it (None: none is due)."""
    async with with_database(settings) as url, AsyncExitStack() as stack:
        database = Database(url)
        stack.push_async_callback(database.close)
        async with database.transaction() as session:
            found = await differences(session, curriculum)
    first = next((one.impact.first_at for one in found if one.impact.first_at is not None), None)
    return found, None if first is None else moment(first, curriculum.program.timezone, curriculum.program.language)
