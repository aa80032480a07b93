"""Where a mentor's managers stand, of those who show it: in words wherever the mentor reads, as a picture below the digest."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda.clock import Clock
from bot.curriculum.library import Library, Taught
from bot.pictures import message as look
from bot.pictures import stands_plot
from bot.pictures.rules import Stand
from bot.pictures.stands_plot import Panel
from bot.pictures.ways import read_stands
from bot.records import reading
from bot.records.editions import Editions
from bot.records.reading import Way
from bot.records.tables import Message, Person
from bot.slack.blocks import Block
from bot.slack.pages import Page, Picture

FILE_NAME = "stands.png"


@dataclass(frozen=True)
class Stands:
    """The parts of it."""

    library: Library
    editions: Editions
    clock: Clock

    async def of(self, session: AsyncSession, way: Way, taught: Taught) -> list[Stand]:
        """Where a manager stands, by area; nothing unless they show it to their mentor."""
        if way.enrollment.areas_shared_at is None:
            return []
        return await read_stands(session, way, taught, self.editions, self.clock.now())

    async def seen(self, session: AsyncSession, way: Way, taught: Taught) -> list[Block]:
        """The same in words, for whoever reads what the mentor sees; nothing unless it is shown."""
        return look.stands(taught.wording, await self.of(session, way, taught), taught.language)

    async def page(self, session: AsyncSession, message: Message) -> Page | None:
        """What is to be drawn for a digest; None if nobody in it shows anything any more."""
        mentor = await session.get(Person, message.person_id)
        taught = reading.taught_for(self.library.current, mentor)
        ways = await reading.ways_where(session, list(message.payload.get("shares", ())))
        ways = [way for way in ways if way.enrollment.mentor_id == message.person_id]
        stands = [(way, await self.of(session, way, taught)) for way in ways]
        shown = [(way, one) for way, one in stands if one]
        if not shown:
            return None
        panels = [Panel(way.manager.name, one) for way, one in shown]
        alt = look.stands_alt(taught.wording, [(one.name, one.stands) for one in panels], taught.language)
        legend = taught.wording.plain("picture.stands_legend")

        def draw() -> list[Picture]:
            return [Picture(FILE_NAME, stands_plot.draw(panels, legend), alt)]

        return Page(
            draw, taught.wording.plain("picture.stands_heading"), of=[way.enrollment.id or 0 for way, _ in shown]
        )


def sharing(ways: Sequence[Way]) -> list[int]:
    """The enrollments of those who show where they stand."""
    return [way.enrollment.id or 0 for way in ways if way.enrollment.areas_shared_at is not None]
