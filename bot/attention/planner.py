"""The planner of all that is unprompted: whatever is due for someone is looked at together, and at most one message comes of it.

It plans for many people at once: each question is put to the records once for all of them.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda.calendar import NoSlot
from bot.agenda.due import Decided
from bot.attention import saying
from bot.attention.agendas import Agenda, agendas_of
from bot.attention.days import SOON, hold
from bot.attention.flow import Answer, Asked, Offers, Over, Wish
from bot.attention.rules import HABITS, decide
from bot.attention.saying import Saying
from bot.boundary import failures_stay
from bot.curriculum.library import Library
from bot.delivery.outbox import Outbox
from bot.records.database import AWAY
from bot.records.tables import AgendaItem

SET_ASIDE = timedelta(hours=1)  # how long an item waits whose room failed

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Attention:
    """The room's parts. `offers` has one for each kind of unprompted message."""

    library: Library
    outbox: Outbox
    offers: Mapping[str, Offers]

    async def plan(self, session: AsyncSession, items: Sequence[AgendaItem], now: datetime) -> Decided:
        """Look at everything that is due for the people of these items. What is given back writes down what was decided, and says
        when each item is due again (aware UTC), by its id.

        To whom someone else speaks this very moment, their items stay due: the next turn decides.
        """
        people = dict.fromkeys(item.person_id for item in items if item.person_id is not None)
        held = await hold(session, people)
        program = self.library.current.curriculum.program
        agendas = {one.turn.way.manager.id or 0: one for one in await agendas_of(session, program, held, now)}
        said = await self._take_turns(session, [agendas[one] for one in people if one in agendas])
        nobodys = held - agendas.keys()  # on no way (any more)

        async def write_down() -> dict[int, datetime | None]:
            await saying.say(session, self.outbox, said)
            return {
                item.id or 0: None if item.done_at is not None or item.person_id in nobodys else item.due_at
                for item in items
            }

        return write_down

    async def _take_turns(self, session: AsyncSession, agendas: Sequence[Agenda]) -> list[Saying]:
        """What is said in these turns; all else moves to its time."""
        there = [one for one in agendas if one.listens()]
        for agenda in agendas:
            if not agenda.listens():
                _rest(agenda)
        answers = await self._ask(session, [(item, one.turn) for one in there for item in one.due])
        return [one for one in (_decide_or_rest(agenda, answers) for agenda in there) if one is not None]

    async def _ask(self, session: AsyncSession, asked: Sequence[Asked]) -> dict[int | None, Answer]:
        """What the rooms answer, by the item's id."""
        answers: dict[int | None, Answer] = {}
        by_kind: dict[str, list[Asked]] = {kind: [] for kind in HABITS}
        for one in asked:
            by_kind[one[0].kind].append(one)
        for kind, same in by_kind.items():
            if same:
                given = await self._answers(session, kind, same)
                answers.update((item.id, answer) for (item, _), answer in zip(same, given, strict=True))
        return answers

    async def _answers(self, session: AsyncSession, kind: str, asked: Sequence[Asked]) -> Sequence[Answer]:
        with failures_stay(
            logger, "a room failed for some; each is asked about alone", action="attention.batch_failed",
            level=logging.WARNING, unless=AWAY, kind=kind,
        ):  # fmt: skip
            async with session.begin_nested():
                return await self.offers[kind](session, asked)
        return [await self._answer_alone(session, one) for one in asked]

    async def _answer_alone(self, session: AsyncSession, asked: Asked) -> Answer:
        item, turn = asked
        # One bad item must not silence everything else that this person has to hear.
        with failures_stay(logger, "an agenda item failed", action="attention.item_failed", unless=AWAY, item=item.id):
            async with session.begin_nested():
                (answer,) = await self.offers[item.kind](session, [asked])
                return answer
        item.failures += 1
        return turn.now + SET_ASIDE


def _rest(agenda: Agenda) -> None:
    for item in agenda.due:
        item.due_at = agenda.back()


def _decide_or_rest(agenda: Agenda, answers: Mapping[int | None, Answer]) -> Saying | None:
    """Who has no working day that is near enough is looked at again later, and keeps nobody else waiting."""
    try:
        return _decide(agenda, answers)
    except NoSlot:
        _rest(agenda)
        return None


def _decide(agenda: Agenda, answers: Mapping[int | None, Answer]) -> Saying | None:
    """What is said in this turn; whatever is not moves to its time."""
    wishes = _wishes(agenda, answers)
    if not wishes:
        return None
    verdict = decide([one.kind for one, _ in wishes], agenda.turn.now, agenda.budget, agenda.coming())
    for place, moment in verdict.waits.items():
        item, wish = wishes[place]
        item.due_at = wish.otherwise or moment
    if verdict.speaks is None:
        return None
    riders = [wishes[place] for place in verdict.rides]
    held = [wishes[place][0].kind for place in verdict.waits]
    return Saying(agenda.turn, *wishes[verdict.speaks], riders, held)


def _wishes(agenda: Agenda, answers: Mapping[int | None, Answer]) -> list[tuple[AgendaItem, Wish]]:
    """What rooms want to say; what is over is done, and what they want to be asked about later moves."""
    now = agenda.turn.now
    wishes = []
    for item in agenda.due:
        match answers[item.id]:
            case Wish() as wish:
                wishes.append((item, wish))
            case Over(outcome=outcome):
                item.done_at, item.outcome = now, outcome
            case datetime() as moment:
                item.due_at = max(moment, now + SOON)  # a moment that is over already would be asked for ever
    return wishes
