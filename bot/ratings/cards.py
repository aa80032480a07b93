"""The observation card: three behaviours after a joint visit, each seen, partly seen or not yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import book
from bot.curriculum.library import Library, Taught
from bot.curriculum.model import Lesson
from bot.ratings import steps_message as look
from bot.ratings.rules import ON_CARD, Behaviour, from_rubric, on_card
from bot.records import reading
from bot.records.editions import Editions
from bot.records.reading import Way
from bot.records.tables import LessonGiven, Note, Observation, Person
from bot.slack import codec
from bot.slack.access import Actor
from bot.slack.blocks import Block


@dataclass(frozen=True)
class Card:
    """What came in with a card. `place` names its modal: sent twice, it is one note. `saw` is by the behaviours' sources."""

    actor: Actor
    place: str
    enrollment_id: int
    saw: Mapping[str, str]
    line: str


@dataclass(frozen=True)
class Cards:
    """The room's parts."""

    library: Library
    editions: Editions

    async def view(self, session: AsyncSession, way: Way, taught: Taught, *, none_open: bool = False) -> Block:
        """A card about what a manager has worked through lately."""
        behaviours = on_card(await self._done(session, way), taught.curriculum.areas)
        return look.card(
            taught.wording, way.enrollment.id or 0, way.manager.first_name, behaviours, none_open=none_open
        )

    async def keep(
        self, session: AsyncSession, way: Way, mentor: Person, card: Card, taught: Taught, now: datetime
    ) -> None:
        """Keep a card, and have it said to the manager. Forged for a behaviour that never stood on one of theirs."""
        known = {one.source: one for one in await self._done(session, way)}
        known |= {one.source: one for one in map(from_rubric, taught.curriculum.areas)}
        if not 0 < len(card.saw) <= ON_CARD or not card.saw.keys() <= known.keys():
            raise codec.Forged("no such behaviour")
        note_id = await _write(session, way, mentor, card, now)
        if note_id is None:  # the same modal, sent again
            return
        for place, (source, saw) in enumerate(card.saw.items()):
            behaviour = known[source].text
            session.add(
                Observation(note_id=note_id, place=place, lesson_id=source, behaviour=behaviour, saw=saw)
            )  # fmt: skip
        await book.put(
            session, key=f"from_mentor:{note_id}", kind="from_mentor", workspace_id=way.manager.workspace_id,
            person_id=way.manager.id, about={"note_id": note_id}, due_at=now,
        )  # fmt: skip

    async def _done(self, session: AsyncSession, way: Way) -> list[Behaviour]:
        """What lessons that are done were about, the latest first, in the words in which they were served."""
        given = await reading.lessons_given(session, [way.enrollment.id or 0])
        answered = await reading.answered_counts(session, [one.message_id for one in given])
        served: Sequence[tuple[LessonGiven, Lesson]] = [
            (one, await self.editions.get(session, one.edition_hash)) for one in given
        ]
        return [
            Behaviour(lesson.id, lesson.area, lesson.objectives[0])
            for one, lesson in reversed(served)
            if lesson.objectives and answered.get(one.message_id, 0) >= len(lesson.checks)
        ]


async def _write(session: AsyncSession, way: Way, mentor: Person, card: Card, now: datetime) -> int | None:
    row = await session.execute(
        insert(Note)
        .values(
            enrollment_id=way.enrollment.id, by_id=mentor.id, kind="card", place=card.place, text=card.line or None,
            written_at=now,
        )
        .on_conflict_do_nothing(index_elements=["place"])
        .returning(Note.__table__.c.id)  # type: ignore[attr-defined]
    )  # fmt: skip
    return row.scalar_one_or_none()
