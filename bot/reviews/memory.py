"""What a manager remembers of each question: rebuilt from what they answered, and kept as a cache."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.attention.flow import Turn
from bot.curriculum.library import Library
from bot.curriculum.model import Choice, Lesson
from bot.records import evidence
from bot.records.editions import Editions
from bot.records.evidence import AnswerOnRecord
from bot.records.mastery import gap
from bot.records.tables import Card
from bot.reviews.rules import SOON, Answer, Candidate, Memory, replay


@dataclass(frozen=True)
class Memories:
    """Where the candidates for a review come from."""

    library: Library
    editions: Editions

    async def candidates(self, session: AsyncSession, turn: Turn) -> list[Candidate]:
        """Every choice that was answered and is still taught as it was, with what is remembered of it."""
        answers = await evidence.answers_of(session, turn.enrollment_id, self.editions)
        standings = await evidence.standings(session, turn.enrollment_id, self.editions)
        cards = await _cards(session, turn.enrollment_id)
        candidates: list[Candidate] = []
        fresh: list[Card] = []
        for lesson, check_id, history in self._as_taught(answers):
            card = cards.get((lesson.id, check_id))
            if card is None or not _is_current(card, lesson, history, turn.program.reviews.scheduler):
                card = _card(turn, lesson, check_id, history)
                fresh.append(card)
            far = gap(standings.get(lesson.area), turn.program.target(lesson.area))
            candidates.append(Candidate(lesson.id, check_id, lesson.area, _memory(card), far))
        await _keep(session, fresh)
        return candidates

    def _as_taught(self, answers: Sequence[AnswerOnRecord]) -> list[tuple[Lesson, str, list[Answer]]]:
        """The histories of the questions that still mean what they meant: another revision starts anew."""
        curriculum = self.library.current.curriculum
        lessons = {lesson.id: lesson for lesson in curriculum.lessons}
        histories: dict[tuple[str, str], list[Answer]] = defaultdict(list)
        for one in answers:
            lesson = lessons.get(one.lesson_id)
            if lesson is not None and lesson.revision == one.revision:
                histories[one.lesson_id, one.check_id].append(Answer(one.at, one.correct, one.confidence))
        return [
            (lessons[lesson_id], check_id, history)
            for (lesson_id, check_id), history in histories.items()
            if any(check.id == check_id and isinstance(check, Choice) for check in lessons[lesson_id].checks)
        ]


async def _cards(session: AsyncSession, enrollment_id: int) -> dict[tuple[str, str], Card]:
    rows = await session.exec(select(Card).where(Card.enrollment_id == enrollment_id))
    return {(card.lesson_id, card.check_id): card for card in rows}


def _is_current(card: Card, lesson: Lesson, history: Sequence[Answer], scheduler: str) -> bool:
    return (card.last_at, card.revision, card.scheduler) == (history[-1].at, lesson.revision, scheduler)


def _card(turn: Turn, lesson: Lesson, check_id: str, history: Sequence[Answer]) -> Card:
    scheduler = turn.program.reviews.scheduler
    memory = replay(history, scheduler=scheduler)
    return Card(
        enrollment_id=turn.enrollment_id,
        lesson_id=lesson.id,
        check_id=check_id,
        revision=lesson.revision,
        scheduler=scheduler,
        stability=memory.stability,
        difficulty=memory.difficulty,
        step=memory.step,
        due_at=memory.due_at,
        last_at=memory.last_at,
    )


def _memory(card: Card) -> Memory:
    missed_surely = card.due_at - card.last_at == SOON
    return Memory(card.stability, card.difficulty, card.due_at, card.last_at, card.step, missed_surely)


async def _keep(session: AsyncSession, cards: Sequence[Card]) -> None:
    if not cards:
        return
    rows: list[dict[str, Any]] = [card.model_dump() for card in cards]
    statement = insert(Card).values(rows)
    changed = {
        name: statement.excluded[name] for name in rows[0] if name not in ("enrollment_id", "lesson_id", "check_id")
    }
    await session.execute(
        statement.on_conflict_do_update(index_elements=["enrollment_id", "lesson_id", "check_id"], set_=changed)
    )
