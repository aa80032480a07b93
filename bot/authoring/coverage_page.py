"""Coverage as a page: a picture of areas and ways of learning with its holes, and the table with the same numbers. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from jinja2 import Environment, StrictUndefined, Template

from bot.authoring.coverage import FEWEST_CASES, FEWEST_LESSONS, Row


@dataclass(frozen=True)
class Cell:
    """How much there is of something in an area, and how much is wanted."""

    count: int
    wanted: int

    @property
    def is_hole(self) -> bool:
        """Whether there is too little of it."""
        return self.count < self.wanted

    @property
    def share(self) -> float:
        """How full it is, from 0 to 1."""
        return min(1.0, self.count / self.wanted) if self.wanted else 1.0


WAYS = {
    "independent learning": ("lessons", "reviewed", "actions"),
    "mentoring": ("to ask", "sample cases"),
    "peer learning": ("topics",),
}


def page(title: str, rows: Sequence[Row]) -> str:
    """One HTML page that needs nothing from outside."""
    return _template().render(
        title=title,
        ways=WAYS,
        columns=[name for names in WAYS.values() for name in names],
        rows=[(row, cells(row)) for row in rows],
    )


def cells(row: Row) -> list[Cell]:
    """An area's cells, a column each: every lesson is to have a question, an action, something to ask and a topic."""
    return [
        Cell(row.lessons, FEWEST_LESSONS),
        Cell(row.questions, row.lessons),
        Cell(row.actions, row.lessons),
        Cell(row.to_ask, row.lessons),
        Cell(row.cases, FEWEST_CASES),
        Cell(row.topics, row.lessons),
    ]


@cache
def _template() -> Template:
    source = resources.files("bot.authoring").joinpath("page", "coverage.html").read_text("utf-8")
    return Environment(undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
        source
    )
