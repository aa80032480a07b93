"""What someone wants, taken over where it fits. What is as it was is no choice: it goes on following the program, and Slack."""

from dataclasses import dataclass

from bot.attention import slots
from bot.curriculum.library import Taught
from bot.preferences import message as look
from bot.preferences.countries import is_country
from bot.preferences.rules import Slip, fitting_days, half_hours, most_days
from bot.records.reading import Way
from bot.records.tables import Person
from bot.slack.modals import Unfit


@dataclass(frozen=True)
class Wanted:
    """What someone set; None where the modal asked nothing. `country` is look.COMPANY for the program's."""

    days: tuple[str, ...] | None = None
    at: str | None = None
    language: str | None = None
    country: str | None = None


def set_lessons(way: Way, wanted: Wanted, taught: Taught) -> None:
    """Keep the days and the time of someone's lessons. Raises Unfit."""
    program, enrollment = taught.curriculum.program, way.enrollment
    if wanted.days is not None:
        days = fitting_days(wanted.days, program)
        if isinstance(days, Slip):
            raise Unfit(look.DAYS, taught.wording.plain(f"preferences.{days.value}", most=most_days(program)))
        if days != slots.lesson_days(program, way):
            enrollment.lesson_days = list(days)
            enrollment.slower = False  # the days themselves say how many
    times = {f"{at:%H:%M}": at for at in half_hours(program.working_time)}
    if wanted.at in times and times[wanted.at] != slots.lesson_time(program, way):
        enrollment.lesson_at = times[wanted.at]


def set_person(person: Person, wanted: Wanted, taught: Taught) -> None:
    """Keep someone's language and country."""
    if wanted.language in taught.languages and wanted.language != taught.language:
        person.language = wanted.language
    if wanted.country == look.COMPANY:
        person.country = None
    elif wanted.country is not None and is_country(wanted.country):
        person.country = wanted.country
