"""What a manager remembers of each question: rebuilt from what they answered, and kept as a cache."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.attention.flow import Turn
from bot.curriculum.library import Library
from bot.curriculum.model import Choice, Lesson
from bot.records import evidence
from bot.records.editions import Editions
from bot.records.evidence import AnswerOnRecord
from bot.records.many import among, replace_many
from bot.records.mastery import gap
from bot.records.tables import Card
from bot.reviews.rules import SOON, Answer, Candidate, Memory, replay


@dataclass(frozen=True)
class Memories:
    """Where the candidates for a review come from."""

    library: Library
    editions: Editions

    async def candidates(self, session: AsyncSession, turns: Sequence[Turn]) -> dict[int, list[Candidate]]:
        """By enrollment, every choice that was answered and is still taught as it was, with what is remembered of it."""
        ids = [turn.enrollment_id for turn in turns]
        answers = await evidence.answers_of_many(session, ids, self.editions)
        standings = await evidence.standings_of_many(session, ids, self.editions)
        cards = await _cards(session, ids)
        found: dict[int, list[Candidate]] = {one: [] for one in ids}
        fresh: list[Card] = []
        for turn in turns:
            for lesson, check_id, history in self._as_taught(answers[turn.enrollment_id]):
                card = cards.get((turn.enrollment_id, lesson.id, check_id))
                if card is None or not _is_current(card, lesson, history, turn.program.reviews.scheduler):
                    card = _card(turn, lesson, check_id, history)
                    fresh.append(card)
                standing = standings[turn.enrollment_id].get(lesson.area)
                far = gap(standing, turn.program.target(lesson.area))
                found[turn.enrollment_id].append(Candidate(lesson.id, check_id, lesson.area, _memory(card), far))
        rows = [card.model_dump() for card in fresh]
        await replace_many(session, Card, rows, key=("enrollment_id", "lesson_id", "check_id"))
        return found

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


async def _cards(session: AsyncSession, ids: Sequence[int]) -> dict[tuple[int, str, str], Card]:
    rows = await session.exec(select(Card).where(among(Card.enrollment_id, ids)))
    return {(card.enrollment_id, card.lesson_id, card.check_id): card for card in rows}


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
