"""A round starts: each group gets an organiser, something to talk about and its introduction; who is left out is told."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import book
from bot.curriculum.model import Program
from bot.peers.groups import shared_moment
from bot.peers.health import Sitting
from bot.peers.rules import organiser_of, pick_topic
from bot.records.reading import Way
from bot.records.tables import LessonGiven, PeerGroup, PeerMember, PeerRound


async def bring_together(
    session: AsyncSession,
    program: Program,
    one: PeerRound,
    ways: Sequence[Way],
    history: Sequence[Sitting],
    now: datetime,
) -> None:
    """Name who organises and what there is to talk about, and plan each introduction for when all of a group work."""
    by_person = {way.manager.id: way for way in ways}
    had = await _lessons_had(session, ways)
    past = _Past(history)
    for group, people in await _groups(session, one):
        group.organiser_id = organiser_of(people, past.organisers(people), one.seed)
        group.lesson_id = pick_topic([had[person] for person in people], past.topics(people))
        session.add(group)
        await book.put(
            session,
            key=f"introduction:{group.id}",
            kind="introduction",
            workspace_id=one.workspace_id,
            about={"group_id": group.id},
            due_at=shared_moment(program, [by_person[person].manager for person in people], now),
        )


async def tell_left_out(
    session: AsyncSession, one: PeerRound, ways: Sequence[Way], next_at: datetime, now: datetime
) -> None:
    """Plan the sentence for those who have no group, with the start of the next round."""
    for way in ways:
        await book.put(
            session,
            key=f"no_group:{one.id}:{way.manager.id}",
            kind="no_group",
            workspace_id=one.workspace_id,
            person_id=way.manager.id,
            about={"round_id": one.id, "enrollment_id": way.enrollment.id, "next_at": next_at.isoformat()},
            due_at=now,
        )


class _Past:
    """What some people have organised and talked about together, quickly found among many."""

    def __init__(self, history: Sequence[Sitting]) -> None:
        self._organised: dict[int, list[int]] = defaultdict(list)
        self._sat: dict[int, list[Sitting]] = defaultdict(list)
        for place, one in enumerate(sorted(history, key=lambda one: one.round)):
            if one.organiser is not None:
                self._organised[one.organiser].append(place)
            for person in one.people:
                self._sat[person].append(one)

    def organisers(self, people: Sequence[int]) -> list[int]:
        """Who of these organised earlier groups, oldest first."""
        return [person for _, person in sorted((place, one) for one in people for place in self._organised[one])]

    def topics(self, people: Sequence[int]) -> set[str]:
        """The lessons that all of these have talked about together."""
        together = (one for one in self._sat[people[0]] if set(people) <= set(one.people))
        return {one.lesson_id for one in together if one.lesson_id is not None}


async def _groups(session: AsyncSession, one: PeerRound) -> list[tuple[PeerGroup, list[int]]]:
    rows = await session.execute(
        select(PeerGroup, PeerMember.person_id)
        .join(PeerMember, col(PeerMember.group_id) == col(PeerGroup.id))
        .where(PeerGroup.round_id == one.id)
        .order_by(col(PeerGroup.id), col(PeerMember.person_id))
    )
    found: dict[int, tuple[PeerGroup, list[int]]] = {}
    for group, person in rows:
        found.setdefault(group.id or 0, (group, []))[1].append(person)
    return list(found.values())


async def _lessons_had(session: AsyncSession, ways: Sequence[Way]) -> Mapping[int, list[str]]:
    """By person, the lessons that they got, oldest first."""
    rows = await session.execute(
        select(LessonGiven.enrollment_id, LessonGiven.lesson_id)
        .where(col(LessonGiven.enrollment_id).in_([way.enrollment.id for way in ways]))
        .order_by(col(LessonGiven.given_at), col(LessonGiven.id))
    )
    person_of = {way.enrollment.id: way.manager.id or 0 for way in ways}
    had: dict[int, list[str]] = defaultdict(list)
    for enrollment_id, lesson_id in rows:
        had[person_of[enrollment_id]].append(lesson_id)
    return had
