"""What staff change in a round before it starts: two change groups, someone is left out, or it goes now."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.curriculum.library import Library
from bot.curriculum.model import Program
from bot.delivery.outbox import Outbox
from bot.peers import preview_message as look
from bot.peers.health import Sitting
from bot.peers.history import history_of
from bot.peers.model import Candidate, Group, Refusal, Round
from bot.peers.pool import candidates_of
from bot.peers.preview import redraw_previews
from bot.peers.rules import repair, swap
from bot.peers.seats import BY_STAFF, groups_of_round, hold_round, left_out_of, seat, start_key
from bot.records import reading
from bot.records.audit import Doer, note
from bot.records.database import Database
from bot.records.roles import Act, Role, may_do
from bot.records.tables import AgendaItem, Enrollment, PeerRound, Person
from bot.slack import access, codec
from bot.slack.access import Actor, note_refused, wording_for
from bot.slack.blocks import Block
from bot.slack.staff import staff_member

MOST_REGROUPED = 60  # groups that are looked at for someone who has lost theirs: a click has to be answered at once


class Refused(access.Refused):
    """`can_pick_anew`: with other people it could be done."""

    def __init__(self, sentence: str, *, can_pick_anew: bool = False) -> None:
        super().__init__(sentence)
        self.can_pick_anew = can_pick_anew


@dataclass(frozen=True)
class Changes:
    """The parts of it. Each raises Refused for who may not, or comes too late; the round is held, so one of two is first."""

    library: Library
    database: Database
    outbox: Outbox

    async def swap_view(self, actor: Actor, round_id: int) -> Block:
        """The modal in which two people are picked."""
        words = await wording_for(self.database, self.library, actor)
        return look.swap_modal(words, round_id, await self._grouped(actor, round_id))

    async def leave_out_view(self, actor: Actor, round_id: int) -> Block:
        """The modal in which one is picked."""
        words = await wording_for(self.database, self.library, actor)
        return look.leave_out_modal(words, round_id, await self._grouped(actor, round_id))

    async def go(self, actor: Actor, round_id: int, now: datetime) -> None:
        """Have a round start with the next tick: what that takes is more than a click can wait for."""
        async with self.database.transaction() as session:
            # In the order of the tick, which holds the item before the round: else each could wait for the other.
            items = await session.exec(
                select(AgendaItem).where(AgendaItem.key == start_key(round_id)).with_for_update()
            )
            item = items.first()
            one, by = await self._hold(session, actor, round_id)
            one.starts_at, one.started_by = now, by.id
            session.add(one)
            if item is not None:
                item.due_at = now
                session.add(item)
            note(session, Doer(one.workspace_id, by), "round.go", now, round=round_id)
            await redraw_previews(session, self.outbox, self._program, one)

    async def swap(self, actor: Actor, round_id: int, one_of: str, other: str, now: datetime) -> None:
        """Let two people (ids, or Slack ids) change groups."""
        async with self.database.transaction() as session:
            one, by = await self._hold(session, actor, round_id)
            first, second = [await _person(session, one, who) for who in (one_of, other)]
            groups = await groups_of_round(session, round_id)
            theirs = [group for group in groups if {first, second} & set(group.people)]
            history, candidates = await self._known(session, theirs, now)
            swapped = swap(
                theirs, first, second, candidates, [past.past for past in history],
                shared_hours=self._program.peers.shared_hours,
            )  # fmt: skip
            if isinstance(swapped, Refusal):
                raise _no(swapped)
            note(
                session, Doer(one.workspace_id, by), "round.swap", now, person_id=first, other_id=second, round=round_id
            )
            await self._seat(session, one, [*_without(groups, theirs), *swapped])

    async def leave_out(self, actor: Actor, round_id: int, whom: str, now: datetime) -> None:
        """Take someone (an id, or a Slack id) out of a round; whoever is alone then gets another group, if there is one."""
        async with self.database.transaction() as session:
            one, by = await self._hold(session, actor, round_id)
            gone = await _person(session, one, whom)
            groups = await groups_of_round(session, round_id)
            own = [group for group in groups if gone in group.people]
            if not own:
                raise _no(Refusal.NOT_HERE)
            nearby = [*own, *_without(groups, own)[:MOST_REGROUPED]]
            history, candidates = await self._known(session, nearby, now)
            mended = repair(
                nearby, {gone}, (), candidates, [past.past for past in history], seed=one.seed,
                round_number=1 + max((past.round for past in history), default=0),
                shared_hours=self._program.peers.shared_hours,
            )  # fmt: skip
            note(session, Doer(one.workspace_id, by), "round.leave_out", now, person_id=gone, round=round_id)
            left_out = {**dict(mended.left_out), gone: BY_STAFF}
            await self._seat(session, one, [*_without(groups, nearby), *mended.groups], left_out)

    @property
    def _program(self) -> Program:
        return self.library.current.curriculum.program

    async def _hold(self, session: AsyncSession, actor: Actor, round_id: int) -> tuple[PeerRound, Person]:
        by = await self._staff(session, actor)
        one = await hold_round(session, round_id)
        if one is None or one.workspace_id != actor.workspace_id:
            note_refused(actor, "a round that is not there")
            raise Refused("round.not_yours")
        if one.started_at is not None or one.started_by is not None:
            raise Refused("round.has_started")
        return one, by

    async def _staff(self, session: AsyncSession, actor: Actor) -> Person:
        by = await staff_member(session, actor, self._program)
        if by is None or not may_do(Role.STAFF, Act.CHANGE_ROUND):
            note_refused(actor, "a round, which staff change")
            raise Refused("round.not_yours")
        return by

    async def _grouped(self, actor: Actor, round_id: int) -> look.People:
        async with self.database.transaction() as session:
            await self._hold(session, actor, round_id)
            groups = await groups_of_round(session, round_id)
            people = [person for group in groups for person in group.people]
            rows = await session.exec(select(Person).where(col(Person.id).in_(people)).order_by(Person.name))
            return [(one.id or 0, one.name) for one in rows]

    async def _known(
        self, session: AsyncSession, groups: Sequence[Group], now: datetime
    ) -> tuple[list[Sitting], list[Candidate]]:
        """The past of the people of some groups, and what the rules want to know of them."""
        people = [person for group in groups for person in group.people]
        enrolled = await session.exec(select(Enrollment.id).where(col(Enrollment.person_id).in_(people)))
        ways = await reading.ways_where(session, [one for one in enrolled if one is not None])
        history = await history_of(session, people, self._program.peers, now)
        return history, await candidates_of(session, self._program, ways, history, now)

    async def _seat(
        self, session: AsyncSession, one: PeerRound, groups: Sequence[Group], left_out: dict[int, str] | None = None
    ) -> None:
        out = await left_out_of(session, one.id or 0) | (left_out or {})
        await seat(session, one.id or 0, Round(tuple(groups), tuple(out.items())))
        await redraw_previews(session, self.outbox, self._program, one)


def _no(why: Refusal) -> Refused:
    return Refused(f"round.refused_{why.value}", can_pick_anew=True)


def _without(groups: Sequence[Group], some: Collection[Group]) -> list[Group]:
    return [group for group in groups if group not in some]


async def _person(session: AsyncSession, one: PeerRound, who: str) -> int:
    """The id of someone who was picked: by our own id in a short menu, by Slack's in a long one; 0 for nobody. Raises Forged."""
    if who.isdigit():
        return codec.read_number(who)
    rows = await session.exec(select(Person.id).where(Person.workspace_id == one.workspace_id, Person.slack_id == who))
    return rows.first() or 0
