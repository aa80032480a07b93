"""A pool: everyone who could meet in a round, and what the rules want to know of each."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import personal
from bot.agenda.calendar import PersonalTime
from bot.curriculum.model import Program
from bot.peers.dates import Dates
from bot.peers.health import Sitting, stalled_with
from bot.peers.hours import half_hours, region_of
from bot.peers.model import Candidate
from bot.peers.strengths import Strengths, strengths_of
from bot.records import reading
from bot.records.reading import Way
from bot.records.tables import AgendaItem, Cohort, Enrollment, PeerBlock, PeerLeftOut, PeerMember, PeerRound, Person


@dataclass(frozen=True)
class Pool:
    """Cohorts whose managers meet one another, with everyone who was ever enrolled in them."""

    workspace_id: str
    name: str
    cohort_ids: tuple[int, ...]
    ways: tuple[Way, ...]

    @property
    def people(self) -> Any:
        """A query of the ids of its people."""
        return select(Enrollment.person_id).where(col(Enrollment.cohort_id).in_(self.cohort_ids))

    def taking_part(self, program: Program, moment: datetime) -> list[Way]:
        """Who takes part in a round that starts then."""
        return [way for way in self.ways if _takes_part(program, way, moment)]

    def on_their_way(self) -> list[Way]:
        """Who has begun, and is neither gone nor at the end."""
        return [way for way in self.ways if _is_on_their_way(way)]


async def pool_named(session: AsyncSession, program: Program, workspace_id: str, name: str) -> Pool:
    """The pool as program.yaml has it now; one without people, if no cohort belongs to it any more."""
    cohorts = await session.exec(select(Cohort).where(Cohort.workspace_id == workspace_id).order_by(col(Cohort.id)))
    return await _pool(
        session, workspace_id, name, [one.id or 0 for one in cohorts if program.peers.pool_of(one.name) == name]
    )


async def pool_of_round(session: AsyncSession, program: Program, one: PeerRound) -> Pool:
    """The pool of a round; where program.yaml has another name for it by now, the cohorts of everyone whom it was announced for.

    Else those alone tell nothing: someone may have moved to a cohort of another pool, whose people have a round of their own.
    """
    pool = await pool_named(session, program, one.workspace_id, one.pool)
    if pool.cohort_ids:
        return pool
    grouped = select(PeerMember.person_id).where(PeerMember.round_id == one.id)
    left_out = select(PeerLeftOut.person_id).where(PeerLeftOut.round_id == one.id)
    theirs = await session.exec(
        select(Enrollment.cohort_id)
        .where(or_(col(Enrollment.person_id).in_(grouped), col(Enrollment.person_id).in_(left_out)))
        .distinct()
    )
    return await _pool(session, one.workspace_id, one.pool, sorted(theirs))


async def _pool(session: AsyncSession, workspace_id: str, name: str, ids: Sequence[int]) -> Pool:
    enrolled = await session.exec(select(Enrollment.id).where(col(Enrollment.cohort_id).in_(ids)))
    ways = await reading.ways_where(session, [one for one in enrolled if one is not None])
    return Pool(workspace_id, name, tuple(ids), tuple(ways))


async def item_of(session: AsyncSession, pool: Pool) -> AgendaItem | None:
    """The agenda item that looks after a pool: of all that its cohorts have, the first."""
    rows = await session.exec(
        select(AgendaItem)
        .where(col(AgendaItem.key).in_([key_of(one) for one in pool.cohort_ids]), col(AgendaItem.done_at).is_(None))
        .order_by(col(AgendaItem.id))
        .limit(1)
    )
    return rows.first()


async def next_start(session: AsyncSession, program: Program, pool: Pool) -> datetime:
    """When the next round of a pool starts in which someone could still get a group (aware UTC)."""
    proposed = await session.exec(
        select(PeerRound.starts_at).where(
            PeerRound.workspace_id == pool.workspace_id,
            PeerRound.pool == pool.name,
            col(PeerRound.started_at).is_(None),
        )
    )
    starts_at = proposed.first()
    return starts_at or await next_proposed(session, program, pool)


async def next_proposed(session: AsyncSession, program: Program, pool: Pool) -> datetime:
    """When the round starts that staff will see next (aware UTC). LookupError, if no cohort of the pool has rounds planned."""
    item = await item_of(session, pool)
    if item is None:
        raise LookupError(f"no rounds are planned for the pool {pool.name}")
    return dates_of(program, pool).start_announced_at(item.due_at)


def key_of(cohort_id: int) -> str:
    """The key of a cohort's agenda item for rounds."""
    return f"round:{cohort_id}"


def dates_of(program: Program, pool: Pool) -> Dates:
    """A pool's working time: in the zone, and with the holidays, of most of its people."""
    return dates_for(program, pool.on_their_way())


def dates_for(program: Program, ways: Sequence[Way]) -> Dates:
    """The same for some people."""
    countries = Counter(way.manager.country or program.country for way in ways)
    working = PersonalTime(
        days=program.working_time.days,
        start=program.working_time.start,
        end=program.working_time.end,
        country=min(countries, key=lambda one: (-countries[one], one != program.country, one or ""), default=None),
        quiet=program.attention.quiet,
    )
    return Dates(program.peers, working, pool_zone(program, ways))


def pool_zone(program: Program, ways: Sequence[Way]) -> str:
    """The time zone of most people of a pool; of equals, the program's own, else the first by name."""
    zones = Counter(personal.zone_of(program, way.manager) for way in ways)
    return min(zones, key=lambda one: (-zones[one], one != program.timezone, one), default=program.timezone)


def is_back_in_time(program: Program, person: Person, start: datetime) -> bool:
    """Whether someone is back from a holiday, or a pause, before a round that starts then is half over."""
    half = start + timedelta(weeks=program.peers.every_weeks) / 2
    return (person.away_until is None or person.away_until <= half) and not personal.pauses(program, person, half)


async def candidates_of(
    session: AsyncSession, program: Program, ways: Sequence[Way], history: Sequence[Sitting], moment: datetime
) -> list[Candidate]:
    """What the rules want to know of these, as their clocks stand in the week of that moment."""
    strengths = await strengths_of(session, [way.enrollment.id or 0 for way in ways])
    blocked = await _blocked(session, [way.manager.id or 0 for way in ways])
    stalled = stalled_with(history)
    found = []
    for way in ways:
        person, own = way.manager.id or 0, strengths.get(way.enrollment.id or 0, Strengths())
        found.append(
            Candidate(
                person=person,
                mentors=frozenset({way.enrollment.mentor_id, way.enrollment.buddy_id} - {None}),  # type: ignore[arg-type]
                team=way.enrollment.team,
                region=region_of(way.manager),
                hours=half_hours(program, way.manager, moment),
                strong=own.strong,
                asks=own.asks,
                blocked=frozenset(blocked.get(person, ())),
                stalled=stalled.get(person, frozenset()),
            )
        )
    return found


async def _blocked(session: AsyncSession, people: Sequence[int]) -> Mapping[int, set[int]]:
    """By person, those whom they would rather not meet, and those who would rather not meet them."""
    rows = await session.exec(
        select(PeerBlock).where(or_(col(PeerBlock.person_id).in_(people), col(PeerBlock.blocked_id).in_(people)))
    )
    blocked: dict[int, set[int]] = defaultdict(set)
    for one in rows:
        blocked[one.person_id].add(one.blocked_id)
        blocked[one.blocked_id].add(one.person_id)
    return blocked


def _is_on_their_way(way: Way) -> bool:
    one, person = way.enrollment, way.manager
    begun = one.begun_at is not None and one.stopped_at is None and one.ended_at is None
    return begun and person.deactivated_at is None and person.unreachable_at is None


def _takes_part(program: Program, way: Way, moment: datetime) -> bool:
    """Whether someone is on their way, does not rest or pause, and is back in time."""
    there = _is_on_their_way(way) and is_back_in_time(program, way.manager, moment)
    rests = way.enrollment.rests_since is not None
    return there and not rests and not personal.pauses(program, way.manager, moment)
