"""How things stand with everybody, read after each step: what is judged is judged by how it was then."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from bot.agenda import personal
from bot.curriculum.model import Program
from bot.lessons.rules import Why
from bot.records.reading import Way
from bot.records.tables import AgendaItem, Cohort, Enrollment, LessonGiven, Message, PeerMember, Person, Workspace
from tests.wandering.place import Place

LATELY = timedelta(hours=12)  # and any step is shorter


@dataclass(frozen=True)
class Moment:
    """All that is on record of people and their ways at one moment."""

    at: datetime
    people: dict[int, Person]
    ways: dict[int, Way]  # by the manager's id
    gone: frozenset[str]
    members: dict[int, list[int]]
    messages: list[Message]  # that were said lately
    items: list[AgendaItem]
    asked_for: frozenset[object]  # the messages of lessons that were


async def moment_of(place: Place) -> Moment:
    """Now."""
    async with place.town.house.database.transaction() as session:
        people = {one.id or 0: one for one in await session.exec(select(Person))}
        cohorts = {one.id: one for one in await session.exec(select(Cohort))}
        gone = frozenset(one.id for one in await session.exec(select(Workspace)) if one.left_at is not None)
        ways = {
            one.person_id: Way(one, people[one.person_id], people.get(one.mentor_id or 0), cohorts[one.cohort_id])
            for one in await session.exec(select(Enrollment))
        }
        members: dict[int, list[int]] = {}
        for member in await session.exec(select(PeerMember)):
            members.setdefault(member.group_id, []).append(member.person_id)
        messages = list(await session.exec(select(Message).where(col(Message.sent_at) >= place.now() - LATELY)))
        items = list(await session.exec(select(AgendaItem).where(col(AgendaItem.done_at).is_(None))))
        given = select(LessonGiven.message_id).where(LessonGiven.why == Why.ASKED_FOR.value)
        asked_for = frozenset(await session.exec(given))
        session.expunge_all()
    return Moment(place.now(), people, ways, gone, members, messages, items, asked_for)


def shut(moment: Moment, program: Program, person_id: int, *, unprompted: bool) -> str | None:
    """Why nothing unasked may come to somebody; None if it may."""
    person, way = moment.people.get(person_id), moment.ways.get(person_id)
    if person is None:
        return "erased"
    if person.workspace_id in moment.gone:
        return "the app is gone"
    if person.deactivated_at is not None:
        return "the account is closed"
    if person.away_until is not None and person.away_until > moment.at:
        return "away"
    if personal.pauses(program, person, moment.at):
        return "paused"
    return _way_shut(way) if unprompted else None


def _way_shut(way: Way | None) -> str | None:
    if way is None:
        return "not enrolled"
    if way.enrollment.left_at is not None:
        return "left"
    if way.enrollment.stopped_at is not None:
        return "stopped"
    if way.cohort.closed_at is not None and not way.enrollment.ended_at:
        return "the cohort is closed"
    return None
