"""The report as one HTML page: no outside resource, opens offline, prints well."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda.calendar import local
from bot.curriculum.model import Choice, Curriculum, Program
from bot.records.cohorts import cohort_named
from bot.records.editions import Editions
from bot.records.workspaces import one_of
from bot.reports import plots
from bot.reports.disclosure import FEWEST_PEOPLE
from bot.reports.figures import Facts, Report, figures
from bot.reports.items import Finding, Item, analyse
from bot.reports.reading import facts_of, options_of

# What there is to mend, and what to do about it.
SENTENCES = {
    Finding.MISLEADS: "Many were sure and wrong: read the wrong answers as a newcomer would, and say more about them.",
    Finding.TOO_HARD: "Hardly better than chance: the lesson may not lead to this answer, or two answers are right.",
    Finding.TELLS_LITTLE: "Those who know the rest get it wrong as often: look for a second meaning in the question.",
    Finding.TOO_EASY: "Nearly everyone gets it right: make the wrong answers as tempting as they are at work.",
    Finding.UNUSED_OPTION: "An answer that nobody picks: replace it by what a good seller would really do.",
}


@dataclass(frozen=True)
class Named:
    """A check with the words by which people know it."""

    item: Item
    lesson: str
    question: str
    never_picked: tuple[str, ...]
    mend: tuple[str, ...]


async def make_report(
    session: AsyncSession, curriculum: Curriculum, cohort: str | None, now: datetime, *, workspace: str | None = None
) -> str:
    """The page about a cohort of a workspace, or (None) about everyone there. Raises NoSuchCohort, WhichWorkspace."""
    await check_cohort(session, cohort, workspace)
    facts, items = await _found(session, curriculum.program, cohort, workspace)
    return render(curriculum, facts, items, cohort, now)


async def check_cohort(session: AsyncSession, cohort: str | None, workspace: str | None = None) -> None:
    """Raises NoSuchCohort for a name that no cohort of the workspace has, and WhichWorkspace."""
    workspace_id = await one_of(session, workspace)
    if cohort is not None:
        await cohort_named(session, workspace_id, cohort)


async def items_of(
    session: AsyncSession, program: Program, cohort: str | None, workspace: str | None = None
) -> list[Item]:
    """The item analysis of a cohort of a workspace, or (None) of everyone there. Raises WhichWorkspace."""
    return (await _found(session, program, cohort, workspace))[1]


async def _found(
    session: AsyncSession, program: Program, cohort: str | None, workspace: str | None
) -> tuple[Facts, list[Item]]:
    editions = Editions()
    facts = await facts_of(session, program, await one_of(session, workspace), cohort, editions)
    options = await options_of(session, facts.answers, editions)
    return facts, analyse([one.given for one in facts.answers], options, facts.cohorts)


def render(curriculum: Curriculum, facts: Facts, items: list[Item], cohort: str | None, now: datetime) -> str:
    """The page, from facts as of `now` (aware UTC). Pure but for the plots."""
    titles = {area.id: area.title for area in curriculum.areas}
    found = figures(facts, list(titles), items, curriculum.program.last_week)
    return _template().render(
        program=curriculum.program,
        cohort=cohort,
        on=local(now, curriculum.program.timezone).date(),
        fewest=FEWEST_PEOPLE,
        titles=titles,
        found=found,
        items=[_named(curriculum, one) for one in items],
        by=plots.NAMES,
        **_plots(found, titles),
    )


def _plots(found: Report, titles: Mapping[str, str]) -> dict[str, Markup]:
    if found.is_too_small:
        return dict.fromkeys(("active", "changes", "heat"), Markup())
    drawn = {
        "active": plots.active(found.active, found.enrolled),
        "changes": plots.changes(found.changes, titles),
        "heat": plots.heat(found.heat, titles),
    }
    # Drawn by matplotlib, which escapes its texts.
    return {name: Markup(plot.svg() if plot else "") for name, plot in drawn.items()}  # noqa: S704


def _named(curriculum: Curriculum, one: Item) -> Named:
    """By its words as they stand now; by its ids, where the lesson is not there any more."""
    lesson = next((lesson for lesson in curriculum.lessons if lesson.id == one.lesson_id), None)
    check = next((check for check in lesson.checks if check.id == one.check_id), None) if lesson else None
    texts = {option.id: option.text for option in check.options} if isinstance(check, Choice) else {}
    return Named(
        item=one,
        lesson=lesson.title if lesson else one.lesson_id,
        question=check.prompt if check else one.check_id,
        never_picked=tuple(texts.get(option, option) for option in one.never_picked),
        mend=tuple(SENTENCES[finding] for finding in one.findings),
    )


@cache
def _template() -> Template:
    source = resources.files("bot.reports").joinpath("report.html").read_text("utf-8")
    return Environment(undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
        source
    )
