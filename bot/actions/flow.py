"""Promises, kept on record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.actions import message as look
from bot.actions import promises, rules
from bot.agenda import calendar, personal
from bot.curriculum.library import Library, Taught
from bot.curriculum.model import Lesson
from bot.curriculum.wording import Wording
from bot.delivery.outbox import Outbox
from bot.records import reading
from bot.records.database import Database
from bot.records.editions import Editions
from bot.records.many import among_given
from bot.records.reading import Served, Way
from bot.records.tables import LessonGiven, Promise
from bot.slack.access import Actor, NotTheirs, in_reach, note_refused
from bot.slack.blocks import Block
from bot.slack.modals import Unfit
from bot.slack.saying_when import day

_PROMISES = select(Promise).where(among_given(Promise.message_id))


@dataclass(frozen=True)
class Planned:
    """A plan as it came in: what was typed, and the local day; None for no day at all."""

    actor: Actor
    message_id: UUID
    text: str
    on: date | None


@dataclass(frozen=True)
class Offered:
    """An action that was offered to someone: their way, the lesson as it was served, and what they are taught in."""

    way: Way
    lesson: Lesson
    taught: Taught

    @property
    def text(self) -> str:
        """The action as they would type it."""
        names = reading.names(self.taught, self.way)
        return rules.as_typed(self.taught.wording.fill(self.lesson.action.text, **names))

    @property
    def zone(self) -> str:
        """The manager's time zone."""
        return personal.zone_of(self.taught.curriculum.program, self.way.manager)


@dataclass(frozen=True)
class Actions:
    """The room's parts."""

    library: Library
    database: Database
    outbox: Outbox
    editions: Editions

    async def plan_view(self, actor: Actor, message_id: UUID, now: datetime) -> Block:
        """The modal with the plan to begin with; a sentence, if it is promised already. Raises NotTheirs."""
        async with self.database.transaction() as session:
            offered = await self._offered(session, actor, message_id)
            promise = (await session.exec(select(Promise).where(Promise.message_id == message_id))).first()
        words = offered.taught.wording
        if promise is not None:
            sentence = words.mrkdwn("action.already", due=day(promise.due_on, offered.taught.language))
            return look.told(words, "action.plan_title", sentence)
        working = personal.personal_time(offered.taught.curriculum.program, offered.way.manager)
        plan = look.Plan(
            text=offered.text,
            on=rules.first_day(now, working, offered.zone),
            longest=rules.LONGEST_PLAN,
            has_mentor=offered.way.mentor is not None,
        )
        return look.plan(words, plan, str(message_id))

    async def promise(self, planned: Planned, now: datetime) -> None:
        """Record that someone will try the action of a lesson. Promised before: nothing changes, and Unfit says so of another
        plan. Raises NotTheirs, Unfit."""
        async with self.database.transaction() as session:
            offered = await self._offered(session, planned.actor, planned.message_id)
            today = calendar.local(now, offered.zone).date()
            if planned.on is None or not rules.fits(planned.on, today):
                raise Unfit(look.WHEN, offered.taught.wording.plain("action.not_such_day"))
            action = offered.lesson.action
            promise = Promise(
                enrollment_id=offered.way.enrollment.id or 0,
                lesson_id=offered.lesson.id,
                message_id=planned.message_id,
                text=action.text,
                plan=rules.own_words(planned.text, offered.text),
                due_on=planned.on,
                promised_at=now,
            )
            await promises.make(session, promise, offered.way, offered.taught, asked_after=action.due_working_days)
            await self.outbox.refresh(session, planned.message_id)

    async def draw(self, session: AsyncSession, served: Sequence[Served]) -> list[tuple[list[Block], bool]]:
        """The action of each, once the checks are behind its reader: one thing at a time. An open offer holds nothing up."""
        rows = await session.exec(_PROMISES, params={"given": [one.message_id for one in served]})
        promised = {one.message_id: one for one in rows}
        return [
            (self._drawn(one, promised.get(one.message_id)), True)
            if one.answered >= len(one.lesson.checks)
            else ([], True)
            for one in served
        ]

    def _drawn(self, served: Served, promise: Promise | None) -> list[Block]:
        taught, has_mentor = reading.taught_for(self.library.current, served.way.manager), served.way.mentor is not None
        words, action = taught.wording, served.lesson.action
        if promise is None:
            return look.offer(words, action, str(served.message_id), served.names, has_mentor=has_mentor)
        wanted = look.wanted(words, promise.text, promise.plan, served.names)
        return look.promised(words, wanted, _standing(words, promise, has_mentor, taught.language))

    async def _offered(self, session: AsyncSession, actor: Actor, message_id: UUID) -> Offered:
        given = (await session.exec(select(LessonGiven).where(col(LessonGiven.message_id) == message_id))).first()
        way = None if given is None else await reading.way_of(session, given.enrollment_id)
        if given is None or way is None or not actor.is_(way.manager):
            note_refused(actor, "an action that was not offered to them")
            raise NotTheirs
        in_reach(way.manager)
        lesson = await self.editions.get(session, given.edition_hash)
        return Offered(way, lesson, reading.taught_for(self.library.current, way.manager))


def _standing(words: Wording, promise: Promise, has_mentor: bool, language: str) -> str:
    """How a promise stands, in one line."""
    if promise.let_go_at is not None:
        return words.mrkdwn("action.was_let_go")
    if promise.status in (rules.Status.YES.value, rules.Status.PARTLY.value):
        return words.mrkdwn(f"action.answered_{promise.status}")
    return words.mrkdwn("action.promised" if has_mentor else "action.promised_alone", due=day(promise.due_on, language))
