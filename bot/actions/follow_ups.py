"""Follow-ups, done: a promise is asked after on its day, moves once, and is then kept or let go."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.actions import asking as look
from bot.actions import promises, rules
from bot.actions.message import wanted
from bot.actions.promises import Promised
from bot.actions.rules import NewDay, Stage, Status
from bot.agenda import personal
from bot.attention.flow import Answer, Over, Turn, Wish
from bot.curriculum.library import Library
from bot.curriculum.wording import Wording
from bot.delivery.outbox import Outbox
from bot.records import reading
from bot.records.database import Database
from bot.records.editions import Editions
from bot.records.tables import AgendaItem, Message, Promise
from bot.slack import codec
from bot.slack.access import Actor
from bot.slack.blocks import Block
from bot.slack.saying_when import day


@dataclass(frozen=True)
class About:
    """What was pressed: by whom, in which message, and about which round of which promise."""

    actor: Actor
    message_id: UUID
    promise_id: int
    round_number: int


@dataclass(frozen=True)
class FollowUps:
    """The room's parts."""

    library: Library
    database: Database
    outbox: Outbox
    editions: Editions

    async def offer(self, session: AsyncSession, item: AgendaItem, turn: Turn) -> Answer:
        """«Did it happen?», once its day has come; not if that was long ago, and only once in a round."""
        one = await promises.promised(session, item.about["promise_id"], self.editions)
        if one is None:
            return Over("gone")
        if rules.stage(promises.kept(one.promise), item.about["round"]) is not Stage.ASKED:
            return Over("answered")
        asked_at = promises.asked_at(turn.program, turn.way, one.asked_after, one.promise.due_on)
        if turn.now < asked_at:
            return asked_at
        if rules.too_late(asked_at, turn.now):
            return Over("too late")
        return Wish(item.key, {"promise_id": one.promise.id, "round": item.about["round"]})

    async def part(self, session: AsyncSession, message: Message, about: Mapping[str, Any]) -> list[Block]:
        """The question, or what has become of it; nothing where the promise is gone."""
        one = await promises.promised(session, about["promise_id"], self.editions)
        if one is None:
            return []
        promise, taught = one.promise, reading.taught_for(self.library.current, one.way.manager)
        names = reading.names(taught, one.way)
        shown = look.FollowUp(
            message_id=message.id,
            promise_id=about["promise_id"],
            round_number=about["round"],
            stage=rules.stage(promises.kept(promise), about["round"]),
            status=promise.status,
            wanted=wanted(taught.wording, promise.text, promise.plan, names),
            due=day(promise.due_on, taught.language),
            question=_question(taught.wording, one, names),
            note=promise.note,
            shared=promise.note_shared_at is not None,
            mentor=one.way.mentor.first_name if one.way.mentor else None,
            mentor_id=one.way.enrollment.mentor_id or 0,
        )
        return look.follow_up(taught.wording, shown)

    async def answer(self, about: About, status: Status, now: datetime) -> None:
        """Record an answer; the first of its round counts. Raises Gone, NotTheirs."""
        async with self.database.transaction() as session:
            one = await promises.promise_of(session, about.actor, about.promise_id, self.editions)
            await session.execute(
                update(Promise)
                .where(*_of_round(about), col(Promise.status).is_(None))
                .values(**rules.changes(status, about.round_number, now))
            )
            await self._show(session, about, one)

    async def move(self, about: About, choice: NewDay, now: datetime) -> None:
        """Give a promise its one new day, or let it go; the first choice counts. Raises Gone, NotTheirs."""
        async with self.database.transaction() as session:
            one = await promises.promise_of(session, about.actor, about.promise_id, self.editions)
            needs_day = (*_of_round(about), col(Promise.status) == Status.NOT_YET.value)
            if choice is NewDay.LET_GO:
                await session.execute(update(Promise).where(*needs_day).values(let_go_at=now))
            elif about.round_number == 1:
                await self._move(session, one, needs_day, choice, now)
            await self._show(session, about, one)

    async def note_view(self, actor: Actor, message_id: UUID, promise_id: int) -> Block:
        """The modal for a line about how it went. Raises Gone, NotTheirs."""
        async with self.database.transaction() as session:
            one = await promises.promise_of(session, actor, promise_id, self.editions)
        taught = reading.taught_for(self.library.current, one.way.manager)
        names = reading.names(taught, one.way)
        question = _question(taught.wording, one, names)
        return look.note(taught.wording, question, codec.write(message_id, promise_id), rules.LONGEST_NOTE)

    async def note(self, actor: Actor, message_id: UUID, promise_id: int, text: str) -> bool:
        """Keep a line, if it is the first and there is something to say of it; whether it is the one on record now.

        Raises Gone, NotTheirs.
        """
        kept = text[: rules.LONGEST_NOTE]
        async with self.database.transaction() as session:
            await promises.promise_of(session, actor, promise_id, self.editions)
            await session.execute(
                update(Promise)
                .where(
                    col(Promise.id) == promise_id,
                    col(Promise.note).is_(None),
                    col(Promise.status).in_([Status.YES.value, Status.PARTLY.value]),
                )
                .values(note=kept)
            )
            await self.outbox.refresh(session, message_id)
            return (await session.exec(select(Promise.note).where(Promise.id == promise_id))).first() == kept

    async def share(
        self, actor: Actor, message_id: UUID, promise_id: int, mentor_id: int | None, shared_at: datetime | None
    ) -> bool:
        """Let that mentor see the line from now on, or (None) no longer. Raises Gone, NotTheirs.

        False, and nothing is shared, where it is another mentor by now: it is drawn anew.
        """
        async with self.database.transaction() as session:
            one = await promises.promise_of(session, actor, promise_id, self.editions)
            may = shared_at is None or await reading.has_mentor(session, one.way.manager.id or 0, mentor_id)
            if may:
                await session.execute(
                    update(Promise)
                    .where(col(Promise.id) == promise_id, col(Promise.note).is_not(None))
                    .values(note_shared_at=shared_at)
                )
            await self.outbox.refresh(session, message_id)
        return may

    async def _move(
        self, session: AsyncSession, one: Promised, needs_day: tuple[Any, ...], choice: NewDay, now: datetime
    ) -> None:
        program, manager = self.library.current.curriculum.program, one.way.manager
        working, zone = personal.personal_time(program, manager), personal.zone_of(program, manager)
        due_on = rules.new_day(choice, now, working, zone)
        moved = await session.execute(
            update(Promise).where(*needs_day).values(due_on=due_on, moved_at=now, status=None)
        )
        if moved.rowcount:  # type: ignore[attr-defined]
            asked_at = promises.asked_at(program, one.way, one.asked_after, due_on)
            await promises.follow_up(session, one.promise.id or 0, 2, one.way, asked_at)

    async def _show(self, session: AsyncSession, about: About, one: Promised) -> None:
        """Draw anew where it was pressed, and the lesson that the promise stands in."""
        for message_id in {about.message_id, one.promise.message_id}:
            if message_id is not None:
                await self.outbox.refresh(session, message_id)


def _question(words: Wording, one: Promised, names: dict[str, Any]) -> str:
    """What the lesson asks about its action; for what came of a meeting, our own words."""
    return words.mrkdwn("action.what_came") if one.action is None else words.fill(one.action.follow_up, **names)


def _of_round(about: About) -> tuple[Any, ...]:
    """The promise, as long as it is open in that round: an old message changes nothing of a later one."""
    moved = col(Promise.moved_at)
    in_round = moved.is_(None) if about.round_number == 1 else moved.is_not(None)
    return col(Promise.id) == about.promise_id, in_round, col(Promise.let_go_at).is_(None)
