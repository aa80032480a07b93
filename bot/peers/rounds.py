"""Peer rounds, done: proposed to staff a day before, started when they say so or say nothing."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import func, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import book, calendar
from bot.curriculum.library import Library
from bot.curriculum.model import Program
from bot.delivery.outbox import Outbox
from bot.peers.bringing import bring_together, tell_left_out
from bot.peers.history import history_of
from bot.peers.pool import (
    Pool,
    candidates_of,
    dates_for,
    dates_of,
    item_of,
    key_of,
    next_proposed,
    pool_named,
    pool_of_round,
)
from bot.peers.preview import redraw_previews
from bot.peers.resting import let_rest
from bot.peers.rules import form_groups, repair
from bot.peers.seats import BY_STAFF, groups_of_round, hold_round, left_out_of, preview_key, seat, start_key
from bot.records.reading import Way
from bot.records.tables import AgendaItem, Cohort, PeerRound
from bot.slack.staff import staff_of


@dataclass(frozen=True)
class Rounds:
    """The parts of it."""

    library: Library
    outbox: Outbox

    async def plan_round(self, session: AsyncSession, item: AgendaItem, now: datetime) -> datetime | None:
        """Propose the next round of a cohort's pool; when the one after it is to be proposed (aware UTC)."""
        cohort = await session.get(Cohort, int(item.about["cohort_id"]))
        if cohort is None:
            return None
        name = self._program.peers.pool_of(cohort.name)
        pool = await pool_named(session, self._program, item.workspace_id, name)
        dates = dates_of(self._program, pool)
        start = dates.start_announced_at(item.due_at)
        if dates.is_missed(start, now):
            start = dates.start_from(now)
        if dates.announced_at(start) > now:
            return dates.announced_at(start)
        first = await item_of(session, pool)
        if first is not None and first.id == item.id:  # of several cohorts in a pool, one looks after it
            await self._propose(session, pool, seed=cohort.id or 0, starts_at=max(start, now), now=now)
        return dates.announced_at(dates.start_after(start))

    async def plan_start(self, session: AsyncSession, item: AgendaItem, now: datetime) -> datetime | None:
        """Silence means go: start a round with those who take part now, in the pool's working time or when staff say so."""
        one = await hold_round(session, int(item.about["round_id"]))
        if one is None or one.started_at is not None:
            return None
        pool = await pool_of_round(session, self._program, one)
        dates = dates_of(self._program, pool)
        if one.started_by is None and not calendar.in_working_time(now, dates.working, dates.zone):
            return calendar.next_working_moment(now, dates.working, dates.zone)
        await self._start(session, one, pool, now)
        return None

    @property
    def _program(self) -> Program:
        return self.library.current.curriculum.program

    async def _propose(
        self, session: AsyncSession, pool: Pool, *, seed: int, starts_at: datetime, now: datetime
    ) -> None:
        history = await history_of(session, pool.people, self._program.peers, now)
        await let_rest(session, self._program, pool, history, now)
        ways = pool.taking_part(self._program, starts_at)
        if not ways:
            return
        candidates = await candidates_of(session, self._program, ways, history, starts_at)
        formed = form_groups(
            candidates,
            [one.past for one in history],
            seed=seed,
            round_number=1 + max((one.round for one in history), default=0),
            shared_hours=self._program.peers.shared_hours,
        )
        last = await session.exec(
            select(func.max(PeerRound.number)).where(
                PeerRound.workspace_id == pool.workspace_id, PeerRound.pool == pool.name
            )
        )
        one = PeerRound(
            workspace_id=pool.workspace_id,
            pool=pool.name,
            number=1 + (last.one() or 0),
            seed=seed,
            formed_at=now,
            starts_at=starts_at,
        )
        session.add(one)
        await session.flush()
        await seat(session, one.id or 0, formed)
        await self._plan(session, one, shown=bool(formed.groups))

    async def _plan(self, session: AsyncSession, one: PeerRound, *, shown: bool) -> None:
        """What follows a proposal: it is shown to staff, if there is anything to change in it, and it starts."""
        about = {"round_id": one.id}
        await book.put(
            session, key=start_key(one.id), kind="round_start", workspace_id=one.workspace_id, about=about,
            due_at=one.starts_at,
        )  # fmt: skip
        for person in await staff_of(session, one.workspace_id, self._program) if shown else ():
            await book.put(
                session, key=preview_key(one.id, person.id), kind="preview", workspace_id=one.workspace_id,
                person_id=person.id, about=about, due_at=one.formed_at,
            )  # fmt: skip

    async def _start(self, session: AsyncSession, one: PeerRound, pool: Pool, now: datetime) -> None:
        ways = pool.taking_part(self._program, now)
        history = await history_of(session, pool.people, self._program.peers, now)
        candidates = await candidates_of(session, self._program, ways, history, now)
        groups, left_out = await groups_of_round(session, one.id or 0), await left_out_of(session, one.id or 0)
        here = {way.manager.id or 0 for way in ways}
        placed = {person for group in groups for person in group.people}
        by_staff = {person for person, why in left_out.items() if why == BY_STAFF}
        formed = repair(
            groups,
            placed - here,
            here - placed - by_staff,
            candidates,
            [past.past for past in history],
            seed=one.seed,
            round_number=1 + max((past.round for past in history), default=0),
            shared_hours=self._program.peers.shared_hours,
        )
        out = dict(formed.left_out) | dict.fromkeys(by_staff & here, BY_STAFF)
        await seat(session, one.id or 0, replace(formed, left_out=tuple(out.items())))
        one.started_at = now
        session.add(one)
        await bring_together(session, self._program, one, ways, history, now)
        if out:
            next_at = await next_proposed(session, self._program, pool)
            await tell_left_out(session, one, [way for way in ways if way.manager.id in out], next_at, now)
        await redraw_previews(session, self.outbox, self._program, one)


async def enter(session: AsyncSession, program: Program, cohort: Cohort, way: Way, now: datetime) -> None:
    """Put a cohort's rounds on the agenda: the first comes when its first managers have had a week of lessons.

    Until there was one it moves up, for who starts earlier than those who were enrolled before them.
    """
    dates = dates_for(program, [way])
    week_on = calendar.at_local(way.enrollment.starts_on, program.peers.at, dates.zone) + timedelta(days=7)
    due_at = dates.announced_at(dates.start_from(max(now, week_on)))
    await book.put(
        session, key=key_of(cohort.id or 0), kind="round", workspace_id=cohort.workspace_id,
        about={"cohort_id": cohort.id}, due_at=due_at,
    )  # fmt: skip
    rounds = select(PeerRound.id).where(
        PeerRound.workspace_id == cohort.workspace_id, PeerRound.pool == program.peers.pool_of(cohort.name)
    )
    await session.execute(
        update(AgendaItem)
        .where(
            col(AgendaItem.key) == key_of(cohort.id or 0), col(AgendaItem.done_at).is_(None),
            col(AgendaItem.due_at) > due_at, ~rounds.exists(),
        )
        .values(due_at=due_at)
    )  # fmt: skip
