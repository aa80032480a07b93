"""What an edit changes, against what people were served last: for whom, from when, and whether it needs a new revision."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.curriculum.library import language_of
from bot.curriculum.model import Check, Choice, Curriculum, Lesson, Reflection, Scale
from bot.records.tables import AgendaItem, Cohort, Edition, Enrollment, LessonGiven, Person, Response, Review

WORDS = ("title", "body", "example", "mentor", "peers", "objectives", "action")


@dataclass(frozen=True)
class Change:
    """What is different in a lesson. `meaning` are changes after which old answers no longer answer the same question."""

    words: tuple[str, ...]  # the parts that are worded differently
    meaning: tuple[str, ...]  # a sentence each
    needs_revision: bool  # the meaning changed, and the revision was not raised


@dataclass(frozen=True)
class Impact:
    """Whom a change concerns; counts of people."""

    answered: int  # they keep what they answered
    in_the_middle: int  # they keep the version that they got
    to_come: Counter[str]  # they may get the new one, by cohort …
    first_at: datetime | None  # … from then on (aware UTC)


@dataclass(frozen=True)
class Differing:
    """One lesson that is not as it was served last; `change` is None for one that nobody has got yet, or that is gone."""

    lesson_id: str
    title: str
    state: str  # new, changed or gone
    change: Change | None
    impact: Impact


def compare(old: Lesson, new: Lesson) -> Change | None:
    """What is different; None if nothing is. Pure."""
    words = [name for name in WORDS if getattr(old, name) != getattr(new, name)]
    words += [f"question {check.id}" for check in new.checks if _reworded(old, check)]
    before, after = ([check.id for check in one.checks] for one in (old, new))
    words += [f"a new question {one}" for one in after if one not in before]
    words += [f"no question {one} any more" for one in before if one not in after]
    meaning = tuple(_meanings(old, new))
    if not words and not meaning and old.level == new.level and old.area == new.area:
        return None
    return Change(tuple(words), meaning, needs_revision=bool(meaning) and new.revision <= old.revision)


def _reworded(old: Lesson, check: Check) -> bool:
    before = next((one for one in old.checks if one.id == check.id), None)
    return before is not None and before != check and not any(_check_meaning(before, check))


def _meanings(old: Lesson, new: Lesson) -> Iterator[str]:
    before = {check.id: check for check in old.checks}
    for check in new.checks:
        if check.id in before:
            yield from _check_meaning(before[check.id], check)


def _check_meaning(old: Check, new: Check) -> Iterator[str]:
    match old, new:
        case Choice(), Choice():
            if {option.id for option in old.options} != {option.id for option in new.options}:
                yield f"«{new.id}» has other answers to choose from"
            elif old.right_ids != new.right_ids or old.several != new.several:
                yield f"«{new.id}» has another right answer"
        case Scale(), Scale():
            if old.points != new.points:
                yield f"the points of «{new.id}» mean something else"
        case Reflection(), Reflection():
            if old.private != new.private:
                yield f"who sees «{new.id}» has changed"
        case _:
            yield f"«{new.id}» is another kind of question"


async def differences(session: AsyncSession, curriculum: Curriculum) -> list[Differing]:
    """Every lesson that is not as it was served last, in the program's order; those that are gone come last."""
    served = await _served(session, curriculum)
    given, answered = await _counts(session)
    on_their_way, first_at = await _on_their_way(session)
    had_it = await _had(session)
    found = []
    for lesson in curriculum.lessons:
        old, language = served.get(lesson.id, (None, ""))
        change = None if old is None else compare(old, _in(curriculum, language).lesson(lesson.id))
        if old is None or change is not None:
            had, done = given.get(lesson.id, 0), answered.get(lesson.id, 0)
            waiting = on_their_way.keys() - had_it.get(lesson.id, set())
            impact = Impact(done, had - done, Counter(on_their_way[one] for one in waiting), first_at)
            found.append(Differing(lesson.id, lesson.title, "new" if old is None else "changed", change, impact))
    known = {lesson.id for lesson in curriculum.lessons}
    for lesson_id, (old, _) in served.items():
        if lesson_id not in known:
            had, done = given.get(lesson_id, 0), answered.get(lesson_id, 0)
            found.append(Differing(lesson_id, old.title, "gone", None, Impact(done, had - done, Counter(), None)))
    return found


async def _served(session: AsyncSession, curriculum: Curriculum) -> dict[str, tuple[Lesson, str]]:
    """Each lesson as it was served last, and in which language: the program's, if anyone had it in that.

    An edition knows no language: it has that of its readers. Of one that nobody on record has had, it is the program's.
    """
    own = curriculum.program.language
    languages = (own, *curriculum.translations)
    editions = {row.hash: row for row in await session.exec(select(Edition).order_by(col(Edition.served_at)))}
    readers = await _readers(session)
    unread = editions.keys() - {edition for edition, *_ in readers}
    latest = {(row.lesson_id, own): row for row in editions.values() if row.hash in unread}
    for edition, chosen, locale, _ in sorted(readers, key=lambda row: row[-1]):
        latest[editions[edition].lesson_id, language_of(chosen, locale, languages)] = editions[edition]
    in_own_last = sorted(latest.items(), key=lambda one: one[0][1] == own)
    return {id_: (Lesson.model_validate(row.content), language) for (id_, language), row in in_own_last}


async def _readers(session: AsyncSession) -> list[tuple[str, str | None, str | None, datetime]]:
    """Every edition with the language and the locale of who had it, and when they had it last: given, or asked again."""
    found: list[tuple[str, str | None, str | None, datetime]] = []
    for had, at in ((LessonGiven, LessonGiven.given_at), (Review, Review.asked_at)):
        rows = await session.execute(
            select(had.edition_hash, Person.language, Person.locale, func.max(at))
            .join(Enrollment, col(Enrollment.id) == col(had.enrollment_id))
            .join(Person, col(Person.id) == col(Enrollment.person_id))
            .group_by(col(had.edition_hash), col(Person.language), col(Person.locale))
        )
        found += [(edition, chosen, locale, last) for edition, chosen, locale, last in rows]
    return found


def _in(curriculum: Curriculum, language: str) -> Curriculum:
    return curriculum.translations.get(language, curriculum)


async def _counts(session: AsyncSession) -> tuple[dict[str, int], dict[str, int]]:
    """By lesson, how many people got it, and how many of them answered all of it."""
    answers = select(Response.message_id, func.count().label("answers")).group_by(col(Response.message_id)).subquery()
    rows = await session.execute(
        select(LessonGiven.lesson_id, Edition.content, answers.c.answers)
        .join(Edition, col(Edition.hash) == col(LessonGiven.edition_hash))
        .outerjoin(answers, answers.c.message_id == col(LessonGiven.message_id))
        .where(col(LessonGiven.set_aside_at).is_(None))
    )
    given: dict[str, int] = {}
    done: dict[str, int] = {}
    for lesson_id, content, count in rows:
        given[lesson_id] = given.get(lesson_id, 0) + 1
        done[lesson_id] = done.get(lesson_id, 0) + ((count or 0) >= len(content["checks"]))
    return given, done


async def _had(session: AsyncSession) -> dict[str, set[int]]:
    """By lesson, the enrollments that got it, also of those who set it aside."""
    had: dict[str, set[int]] = {}
    for lesson_id, enrollment_id in await session.exec(select(LessonGiven.lesson_id, LessonGiven.enrollment_id)):
        had.setdefault(lesson_id, set()).add(enrollment_id)
    return had


async def _on_their_way(session: AsyncSession) -> tuple[dict[int | None, str], datetime | None]:
    """The enrollments that still get lessons with the names of their cohorts, and when the next lesson is due."""
    people = await session.exec(
        select(Enrollment.id, Cohort.name)
        .join(Cohort, col(Cohort.id) == col(Enrollment.cohort_id))
        .where(
            col(Enrollment.begun_at).is_not(None),
            col(Enrollment.stopped_at).is_(None),
            col(Enrollment.ended_at).is_(None),
        )
    )
    due = await session.exec(
        select(func.min(AgendaItem.due_at)).where(AgendaItem.kind == "lesson", col(AgendaItem.done_at).is_(None))
    )
    return dict(people.all()), due.one()


def as_text(found: Sequence[Differing], when: str | None) -> str:
    """A paragraph for each, a line for each that nobody has got; `when` is when new words go out first, as people read it."""
    if not found:
        return "Nothing is different from what people were served last."
    new = [one for one in found if one.state == "new"]
    paragraphs = ["\n".join(_lines(one, when)) for one in found if one.state != "new"]
    if new and not any(one.impact.to_come for one in new):
        said = f"{len(new)} lessons that nobody has got yet, and nobody is on their way in this database. {_ELSEWHERE}"
        return "\n\n".join([*paragraphs, said])
    return "\n\n".join([*paragraphs, *(["\n".join(_of_new(one, when) for one in new)] if new else [])])


_ELSEWHERE = "Ask where the program runs; or leave `playercoach try` running here, and ask in a second terminal."


def _of_new(one: Differing, when: str | None) -> str:
    """A lesson that nobody has got yet."""
    return f"{one.lesson_id} «{one.title}»: nobody has got it yet; {_to_get(one, when)}"


def _to_get(one: Differing, when: str | None) -> str:
    if not one.impact.to_come:
        return "nobody is left who could get it"
    cohorts = ", ".join(f"{name}: {count}" for name, count in sorted(one.impact.to_come.items()))
    whom = f"{one.impact.to_come.total()} may still get it ({cohorts})"
    return whom + (f", not before {when}" if when else "")


_OPENING: Mapping[str, str] = {"changed": "changed", "gone": "gone from the folder"}


def _lines(one: Differing, when: str | None) -> Iterator[str]:
    yield f"{one.lesson_id} «{one.title}»: {_OPENING[one.state]}"
    if one.change is not None:
        yield from (f"  other words: {', '.join(one.change.words)}" for _ in (1,) if one.change.words)
        yield from (f"  other meaning: {sentence}" for sentence in one.change.meaning)
        if one.change.needs_revision:
            yield "  TO MEND: raise «revision», or give the question a new id; else old answers count for the new question"
    impact = one.impact
    yield f"  {impact.in_the_middle} in the middle of it keep what they have; {impact.answered} have answered, and that stands"
    if one.state != "gone":
        yield f"  {_to_get(one, when)}"
