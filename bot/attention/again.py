"""«Later today» and «tomorrow»: a message is said once more, at the time that was named. Asked for, so no budget is spent."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import book, calendar, personal
from bot.agenda.calendar import PersonalTime
from bot.attention.framing import message_of
from bot.curriculum.library import Library
from bot.curriculum.model import Program
from bot.delivery.drawing import Drawings, Renderer
from bot.delivery.outbox import Outbox
from bot.records.database import Database, directly
from bot.records.tables import AgendaItem, Enrollment, Message, Person
from bot.slack.access import Actor

LATER = timedelta(hours=3)

# In one statement, since somebody waits for their answer.
_CALLED_OFF = (
    "WITH struck AS (UPDATE agenda_item SET done_at = %(now)s, outcome = %(outcome)s WHERE done_at IS NULL AND (key = %(nudge)s"
    " OR person_id = %(person)s AND kind = 'again' AND about @> %(message)s::jsonb)),"
    " cancelled AS (UPDATE message SET state = 'cancelled', wake_at = NULL WHERE key = %(nudge)s AND state = 'waiting')"
    " SELECT id FROM message WHERE person_id = %(person)s AND (payload @> %(joined)s::jsonb"
    " OR kind = 'nudge' AND payload @> %(alone)s::jsonb)"
)
_BROUGHT_BACK = (
    "WITH opened AS (UPDATE agenda_item SET done_at = NULL, outcome = NULL WHERE outcome = %(outcome)s AND due_at > %(now)s"
    " AND (key = %(nudge)s OR person_id = %(person)s AND kind = 'again' AND about @> %(message)s::jsonb))"
    " SELECT id FROM message WHERE person_id = %(person)s AND (payload @> %(joined)s::jsonb"
    " OR kind = 'nudge' AND payload @> %(alone)s::jsonb)"
)


@dataclass(frozen=True)
class Again:
    """The room's parts."""

    library: Library
    database: Database
    outbox: Outbox

    async def put_off(self, actor: Actor, message_id: UUID, until: str, now: datetime) -> tuple[datetime, Person]:
        """Say a message once more, «later» today or «tomorrow»; when that will be (aware UTC), and to whom. Raises NotTheirs.

        Asked again before that time, it comes once: at the time that was named last.
        """
        async with self.database.transaction() as session:
            message, person = await message_of(session, message_id, actor)
            program = self.library.current.curriculum.program
            moment = named_time(program, person, until, now)
            if not await _moved(session, message, moment, now):
                await book.put(
                    session,
                    key=f"again:{message.id}:{moment.isoformat(timespec='minutes')}",
                    kind="again",
                    workspace_id=message.workspace_id,
                    person_id=person.id,
                    about={"message_id": str(message.id), "asked_at": now.isoformat()},
                    due_at=moment,
                )
        return moment, person

    async def show(self, actor: Actor, message_id: UUID, place: str) -> None:
        """Say a message once more now; from one place (an id) once. Raises NotTheirs."""
        async with self.database.transaction() as session:
            message, person = await message_of(session, message_id, actor)
            await say_again(session, self.outbox, message.id, person, key=f"shown:{message.id}:{place}")

    async def plan(self, session: AsyncSession, item: AgendaItem, now: datetime) -> datetime | None:
        """The time has come; in working time, wherever they are by now, not while they are away, and not if they have stopped."""
        person = await session.get(Person, item.person_id)
        if person is None or person.deactivated_at is not None or person.unreachable_at is not None:
            return None
        asked_at = datetime.fromisoformat(item.about.get("asked_at", now.isoformat()))
        if await _has_stopped_since(session, person, asked_at):
            return None
        if person.away_until is not None and person.away_until > now:
            return person.away_until
        program = self.library.current.curriculum.program
        zone, working = personal.zone_of(program, person), _working(program, person, asked_at)
        try:
            moment = calendar.next_working_moment(now, working, zone)
        except calendar.NoSlot:
            return None  # they paused without an end since they asked for it
        if moment > now:
            return moment
        await say_again(session, self.outbox, UUID(item.about["message_id"]), person, key=f"{item.key}")
        return None


async def _has_stopped_since(session: AsyncSession, person: Person, asked_at: datetime) -> bool:
    """Whether someone stopped, or was taken out, after they had asked for it. Who asks after that means it."""
    later = or_(col(Enrollment.stopped_at) > asked_at, col(Enrollment.left_at) > asked_at)
    rows = await session.exec(select(Enrollment.id).where(Enrollment.person_id == person.id, later))
    return rows.first() is not None


async def _moved(session: AsyncSession, message: Message, moment: datetime, now: datetime) -> bool:
    """Whether that message was to come again anyway: now it does so then. Two devices wait for each other here."""
    await session.execute(select(Message.id).where(Message.id == message.id).with_for_update(key_share=True))
    rows = await session.exec(
        select(AgendaItem)
        .where(
            AgendaItem.kind == "again",
            AgendaItem.person_id == message.person_id,
            col(AgendaItem.about)["message_id"].astext == str(message.id),
            col(AgendaItem.done_at).is_(None),
        )
        .with_for_update()
    )
    item = rows.first()
    if item is None:
        return False
    item.due_at, item.about = moment, {**item.about, "asked_at": now.isoformat()}
    session.add(item)
    return True


async def say_again(session: AsyncSession, outbox: Outbox, message_id: UUID, person: Person, *, key: str) -> None:
    """Say a message once more. It is drawn from the first one, so that both take the same answers."""
    await outbox.say(
        session,
        key=key,
        kind="again",
        workspace_id=person.workspace_id,
        person_id=person.id,
        payload={"about": str(message_id)},
        at_once=True,
    )


async def call_off(
    session: AsyncSession, person_id: int, message_id: UUID, *, now: datetime, outcome: str
) -> list[UUID]:
    """What a message asked is settled: it is neither nudged nor said again. The nudges that stand there, to be drawn anew."""
    values = _of(person_id, message_id, now, outcome)
    return [one for (one,) in await directly(session, _CALLED_OFF, values)]


async def bring_back(
    session: AsyncSession, person_id: int, message_id: UUID, *, now: datetime, outcome: str
) -> list[UUID]:
    """What was called off with that outcome is on the agenda again, if its time is still to come. The nudges that stand there."""
    values = _of(person_id, message_id, now, outcome)
    return [one for (one,) in await directly(session, _BROUGHT_BACK, values)]


def _of(person_id: int, message_id: UUID, now: datetime, outcome: str) -> dict[str, object]:
    about = {"about": str(message_id)}
    return {
        "person": person_id, "nudge": f"nudge:{message_id}", "now": now, "outcome": outcome,
        "message": json.dumps({"message_id": str(message_id)}),
        "alone": json.dumps(about),
        "joined": json.dumps({"joined": [{"kind": "nudge", "about": about}]}),
    }  # fmt: skip


def named_time(program: Program, person: Person, until: str, now: datetime) -> datetime:
    """When «later» or «tomorrow» is for someone (aware UTC): later never runs into the evening, tomorrow is no holiday."""
    working, zone = _working(program, person, now), personal.zone_of(program, person)
    if until == "later" and calendar.in_working_time(now + LATER, working, zone):
        return now + LATER
    return calendar.after_working_days(now, 1, working, zone)


def _working(program: Program, person: Person, asked_at: datetime) -> PersonalTime:
    """Someone's own time. Who asks for something in a pause of theirs means it; a pause that comes later holds it."""
    working = personal.personal_time(program, person)
    if person.paused_at is None or person.paused_at > asked_at:
        return working
    return working.model_copy(update={"paused_from": None, "paused_until": None})


def drawn_from(renderers: Mapping[str, Renderer]) -> Renderer:
    """Draws what is said again as its first message would be drawn now."""

    async def drawn(session: AsyncSession, messages: Sequence[Message]) -> Drawings:
        drawings = {}
        for message in messages:
            rows = await session.exec(select(Message).where(col(Message.id) == UUID(message.payload["about"])))
            first = rows.one()
            drawings[message.id] = (await renderers[first.kind](session, [first]))[first.id]
        return drawings

    return drawn
