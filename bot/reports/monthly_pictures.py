"""The two pictures of a monthly report: a worker draws them, and they are said below its words."""

from dataclasses import dataclass
from functools import partial

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.records.tables import Message
from bot.reports import monthly_message as look
from bot.reports import plots
from bot.reports.figures import Change
from bot.reports.monthly import Monthly
from bot.reports.plots import Labels, Plot
from bot.slack.pages import Page, Picture


@dataclass(frozen=True)
class Illustrations:
    """The parts of it."""

    monthly: Monthly

    async def page(self, session: AsyncSession, message: Message) -> Page:
        """What is to be drawn below a report."""
        shown = await self.monthly.shown(session, message)
        return Page(partial(drawn, shown), shown.words.plain("report.heading", cohort=shown.cohort))


def drawn(shown: look.Shown) -> list[Picture]:
    """The pictures as files. It takes part of a second: not for the event loop."""
    return [Picture(f"{name}.png", png, look.alt_text(shown, name)) for name, png in pictures(shown).items()]


def pictures(shown: look.Shown) -> dict[str, bytes]:
    """The pictures as PNG, by name."""
    labels = look.labels(shown.words)
    drawn = {
        look.ACTIVE: plots.active(dict(shown.told.active), shown.told.people, labels),
        look.AREAS: _areas(shown, labels),
    }
    return {name: plot.png() for name, plot in drawn.items() if plot is not None}


def _areas(shown: look.Shown, labels: Labels) -> Plot | None:
    told = shown.told
    if told.moved:
        changes = [Change(one.area_id, one.by, one.people, one.start, one.end) for one in told.moved]
        return plots.changes(changes, shown.areas, labels)
    right = {one.area_id: {week: share / 100 for week, share in one.weeks} for one in told.right}
    return plots.heat(right, shown.areas, labels)
