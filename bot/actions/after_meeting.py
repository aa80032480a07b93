"""What someone will try after their peer group has met: a promise without a lesson. Nobody else of the group sees it."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.actions import message as look
from bot.actions import promises, rules
from bot.agenda import calendar, personal
from bot.curriculum.library import Library
from bot.records import reading
from bot.records.database import Database
from bot.records.reading import Way
from bot.records.tables import Enrollment, PeerMember, PeerRound, Person, Promise
from bot.slack.access import Actor, NotTheirs, in_reach, note_refused
from bot.slack.blocks import Block
from bot.slack.modals import Unfit
from bot.slack.saying_when import day


@dataclass(frozen=True)
class PlannedTogether:
    """A plan as it came in: what was typed, and the local day; None for no day at all."""

    actor: Actor
    group_id: int
    text: str
    on: date | None


@dataclass(frozen=True)
class AfterMeetings:
    """The parts of it."""

    library: Library
    database: Database

    async def plan_view(self, actor: Actor, group_id: int, now: datetime) -> Block:
        """The modal for the plan; a sentence, if they have promised something already. Raises NotTheirs."""
        async with self.database.transaction() as session:
            way = await _way(session, actor, group_id)
            rows = await session.exec(
                select(Promise).where(
                    Promise.enrollment_id == way.enrollment.id, Promise.lesson_id == _place_of(group_id)
                )
            )
        promise, taught = rows.first(), reading.taught_for(self.library.current, way.manager)
        words, program = taught.wording, taught.curriculum.program
        if promise is not None:
            sentence = words.mrkdwn("action.already", due=day(promise.due_on, taught.language))
            return look.told(words, "action.plan_title", sentence)
        plan = look.Plan(
            text=words.plain("action.if_then"),
            on=rules.first_day(
                now, personal.personal_time(program, way.manager), personal.zone_of(program, way.manager)
            ),
            longest=rules.LONGEST_PLAN,
            has_mentor=way.mentor is not None,
        )
        return look.plan_after_meeting(words, plan, group_id)

    async def promise(self, planned: PlannedTogether, now: datetime) -> None:
        """Record that someone will try it. Promised before: nothing changes, and Unfit says so of another plan. Raises NotTheirs,
        Unfit."""
        async with self.database.transaction() as session:
            way = await _way(session, planned.actor, planned.group_id)
            taught = reading.taught_for(self.library.current, way.manager)
            words, program = taught.wording, taught.curriculum.program
            today = calendar.local(now, personal.zone_of(program, way.manager)).date()
            if planned.on is None or not rules.fits(planned.on, today):
                raise Unfit(look.WHEN, words.plain("action.not_such_day"))
            own = rules.own_words(planned.text, words.plain("action.if_then"))
            if own is None:
                raise Unfit(look.PLAN, words.plain("action.not_filled"))
            promise = Promise(
                enrollment_id=way.enrollment.id or 0,
                lesson_id=_place_of(planned.group_id),
                group_id=planned.group_id,
                text=words.mrkdwn("action.of_meeting"),
                plan=own,
                due_on=planned.on,
                promised_at=now,
            )
            await promises.make(session, promise, way, taught, asked_after=promises.MEETING_ASKED_AFTER)


async def _way(session: AsyncSession, actor: Actor, group_id: int) -> Way:
    """The way of someone who was brought together in that group; raises NotTheirs for anybody else."""
    rows = await session.exec(
        select(Enrollment.id)
        .join(Person, col(Person.id) == col(Enrollment.person_id))
        .join(PeerMember, col(PeerMember.person_id) == col(Person.id))
        .join(PeerRound, col(PeerRound.id) == col(PeerMember.round_id))
        .where(
            PeerMember.group_id == group_id,
            col(PeerRound.started_at).is_not(None),
            Person.workspace_id == actor.workspace_id,
            Person.slack_id == actor.slack_id,
        )
    )
    enrollment_id = rows.first()
    if enrollment_id is None:
        note_refused(actor, "a plan of another group")
        raise NotTheirs
    way = await reading.this_way(session, enrollment_id)
    in_reach(way.manager)
    return way


def _place_of(group_id: int) -> str:
    """What stands where a lesson's id does: one promise for each meeting."""
    return f"peers:{group_id}"
