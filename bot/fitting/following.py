"""What one thing has others do, within its transaction: an enrolment, a first click, a change of wishes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.coach.flow import KeepAsk
from bot.cohorts.enrolling import Entered
from bot.curriculum.library import Library
from bot.endings import flow as endings_flow
from bot.fitting.rooms import Parts
from bot.handover import relations as relations_flow
from bot.handover.giving import tell_buddy
from bot.lessons import flow as lessons_flow
from bot.mentors import flow as mentors_flow
from bot.mentors.asks import LONGEST, Asks
from bot.onboarding import welcome as welcome_flow
from bot.onboarding.welcome import Begun
from bot.peers import rounds as rounds_flow
from bot.preferences import silence as silence_flow
from bot.pulses import flow as pulses_flow
from bot.ratings import checkpoints as checkpoints_flow
from bot.records.reading import Way
from bot.records.tables import Person
from bot.reports import monthly as monthly_flow
from bot.reviews import flow as reviews_flow
from bot.slack.access import Actor
from bot.slack.directory import Moved


def keep_ask_with(asks: Asks) -> KeepAsk:
    async def keep_ask(actor: Actor, text: str, place: str, now: datetime) -> dict[str, Any]:
        """What was typed after «ask», which has no end as the field of the modal has."""
        place = f"said:{actor.workspace_id}:{actor.slack_id}:{place}"
        mentor = await asks.save(actor, text, needs_help=False, place=place, now=now)
        if mentor is None:
            return {"place": "mentor.no_mentor"}
        return {"place": "mentor.ask_kept" if len(text) <= LONGEST else "mentor.ask_cut", "reader_id": mentor.id}

    return keep_ask


def moved_with(parts: Parts, moves: Sequence[Moved]) -> Moved:
    async def moved(session: AsyncSession, person: Person, now: datetime) -> None:
        """Someone's time, language or wishes changed, or they are back: what is planned and shown for them moves along."""
        for move in moves:
            await move(session, person, now)
        await parts.queue.defer_home(session, person.workspace_id, person.slack_id)

    return moved


def entered_with(library: Library) -> Entered:
    async def entered(session: AsyncSession, way: Way, now: datetime) -> None:
        """What an enrolment puts on the agenda: the welcome, and what concerns others."""
        program = library.current.curriculum.program
        await welcome_flow.enter(session, program, way, now)
        await rounds_flow.enter(session, program, way.cohort, way, now)
        if way.mentor is not None:
            await mentors_flow.enter(session, program, way.mentor, now)
        if way.buddy is not None:
            await tell_buddy(session, way, way.buddy, now)
        await monthly_flow.enter(session, program, way.manager.workspace_id, now)

    return entered


def begun_with(parts: Parts) -> Begun:
    async def begun(session: AsyncSession, way: Way, now: datetime) -> None:
        """What someone's first click puts on the agenda: everything that comes to them by itself from now on."""
        program = parts.library.current.curriculum.program
        await parts.queue.defer_home(session, way.manager.workspace_id, way.manager.slack_id)
        for enter in (
            lessons_flow.enter,
            reviews_flow.enter,
            endings_flow.enter,
            checkpoints_flow.enter,
            silence_flow.enter,
            pulses_flow.enter,
            relations_flow.enter,
        ):
            await enter(session, program, way, now)

    return begun
