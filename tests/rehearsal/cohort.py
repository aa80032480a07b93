"""A whole program with made-up managers, moment by moment, through the real agenda, outbox and rooms."""

import asyncio
import heapq
import itertools
import random
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import select

from bot.agenda.clock import Clock
from bot.app import House, house
from bot.curriculum.library import Library
from bot.ratings.steps_message import RATE
from bot.records.audit import Doer
from bot.records.tables import Message as Said
from bot.records.tables import PeerMember, Person
from bot.running import receiving
from bot.sandbox.server import Sandbox
from bot.sandbox.state import Message
from tests.rehearsal.acting import MOST_STEPS, Hand, elements, questions_of
from tests.rehearsal.mentoring import MENTOR, Mentor
from tests.rehearsal.people import Manager
from tests.rehearsal.promises import UNPROMPTED, Heard, broken, heard_by

START = datetime(2026, 9, 1, 0, 0, tzinfo=UTC)  # a Tuesday; the 26 weeks hold holidays and quiet windows
DAYS_TO_BEGIN = 10


@dataclass
class Lived:
    """What one manager lived through."""

    manager: Manager
    heard: list[Heard]
    answered: int
    asked: int
    review_answers: int
    retained: float
    broken: list[str]


@dataclass
class Cohort:
    """The house, the stand-in, and a hand for each manager."""

    house: House
    sandbox: Sandbox
    clock: Clock
    hands: dict[str, Hand]
    mentor: Mentor
    order: "itertools.count[int]" = field(default_factory=itertools.count)
    turns: list[tuple[datetime, int, str, Message]] = field(default_factory=list)
    read: dict[str, int] = field(default_factory=dict)  # by conversation, how many of its messages were seen
    answered: dict[str, int] = field(default_factory=dict)

    async def live(self, until: datetime) -> None:
        """Let time pass: whatever falls due is said, and people turn to it when they do."""
        while True:
            due = await self.house.due.next_moment()
            turn = self.turns[0][0] if self.turns else None
            moments = [moment for moment in (due, turn) if moment is not None and moment <= until]
            if not moments:
                break
            self.clock.move_to(min(moments))
            await self.house.tick()
            await self.settle()
            await self._look_at_what_is_new()
            await self._take_turns()
        self.clock.move_to(until)

    async def settle(self) -> None:
        """Work off what waits for a worker: to start one that finds nothing takes a dozen questions."""
        await self.house.asides.finish()
        async with self.house.database.transaction() as session:
            idle = await self.house.queue.idle(session)
        if not idle:
            await self.house.queue.work(wait=False)
            await self.house.asides.finish()

    async def _look_at_what_is_new(self) -> None:
        now = self.clock.now()
        week = (now - START).days // 7
        for channel in list(self.sandbox.state.channels.values()):
            new = list(channel.messages.values())[self.read.get(channel.id, 0) :]
            self.read[channel.id] = len(channel.messages)
            for message in new:
                if message.user == self.sandbox.bot_user_id:
                    await self._turn_to(message, channel.members, now, week)

    async def _turn_to(self, message: Message, members: Sequence[str], now: datetime, week: int) -> None:
        """Someone turns to it, at some time: of a group, whoever is first."""
        if members == [MENTOR]:
            if any(element["action_id"] == RATE for _, element in elements(message.blocks)):
                self.mentor.weeks = week
                await self.mentor.read(message)
            return
        moments = [
            (moment, who)
            for who in members
            if who in self.hands and (moment := self.hands[who].manager.when_they_answer(now, week)) is not None
        ]
        if moments:
            moment, who = min(moments)
            heapq.heappush(self.turns, (moment, next(self.order), who, message))

    async def _take_turns(self) -> None:
        """Everyone whose turn it is acts at once, step by step: one worker's round after each step serves them all."""
        acting: list[tuple[str, Message]] = []
        while self.turns and self.turns[0][0] <= self.clock.now():
            _, _, slack_id, message = heapq.heappop(self.turns)
            acting.append((slack_id, message))
        for who, _ in acting:
            self.hands[who].weeks = (self.clock.now() - START).days // 7
        for step in range(MOST_STEPS):
            did = await asyncio.gather(
                *(self.hands[who].next_step(message, self.clock.now()) for who, message in acting)
            )
            acting = [one for one, done in zip(acting, did, strict=True) if done]
            if step == 0:
                self.answered.update(Counter(self.answered) + Counter(who for who, _ in acting))
            if not acting:
                return
            await self.settle()


@asynccontextmanager
async def a_rehearsal(database_url: str, managers: list[Manager], content: Path) -> AsyncIterator[Cohort]:
    """The house with this cohort enrolled, at the start of the program."""
    clock = Clock(start=START, speed=1e-6)
    sandbox = Sandbox(now=clock.now)
    await sandbox.start()
    try:
        for one in managers:
            sandbox.add_person(id=one.slack_id, name=f"Manager {one.slack_id}", email=one.email, tz=one.zone)
        sandbox.add_person(id=MENTOR, name="Ana Kovač", email="ana@example.com", tz="Europe/Ljubljana")
        library = Library(content, today=lambda: clock.now().date())
        async with house(
            clock=clock, database_url=database_url, library=library, token=sandbox.bot_token,
            api_url=sandbox.api_url, messages_per_minute=100_000,
        ) as fitted, receiving(fitted, sandbox.bot_token, sandbox.app_token):  # fmt: skip
            await sandbox.until(lambda: sandbox.sockets.connections)
            questions = questions_of(library.current.curriculum)
            mentor = Mentor(sandbox, fitted.asides.finish, random.Random(len(managers)))
            cohort = Cohort(fitted, sandbox, clock, {}, mentor)
            for one in managers:
                cohort.hands[one.slack_id] = Hand(sandbox, one, questions, cohort.settle, fitted.asides.finish)
            await _enrol(fitted, managers, clock)
            yield cohort
    finally:
        await sandbox.stop()


async def _enrol(fitted: House, managers: list[Manager], clock: Clock) -> None:
    rows = [f"{one.email},ana@example.com,Cohort {place % 4},{START.date()}" for place, one in enumerate(managers)]
    await fitted.rooms.cohorts.rosters.import_roster(
        "\n".join(["manager,mentor,cohort,starts_on", *rows]),
        by=Doer(fitted.workspace_id), now=clock.now(), dry_run=False,
    )  # fmt: skip
    async with fitted.database.transaction() as session:
        country = {one.slack_id: one.country for one in managers}
        for person in await session.exec(select(Person)):
            person.country = country.get(person.slack_id)
            session.add(person)


async def lived(cohort: Cohort) -> list[Lived]:
    """What each of them lived through, with every broken promise."""
    program = cohort.house.library.current.curriculum.program
    areas = {lesson.id: lesson.area for lesson in cohort.house.library.current.curriculum.lessons}
    async with cohort.house.database.transaction() as session:
        people = {person.slack_id: person for person in await session.exec(select(Person))}
        heard = heard_by(await session.exec(select(Said)), await session.exec(select(PeerMember)))
    now = cohort.clock.now()
    found = []
    for slack_id, hand in cohort.hands.items():
        person = people[slack_id]
        theirs = heard.get(person.id or 0, [])
        recalls = [hand.manager.mind.recall(question, now) for question in hand.manager.mind.met]
        found.append(
            Lived(
                manager=hand.manager,
                heard=theirs,
                answered=cohort.answered.get(slack_id, 0),
                asked=sum(one.kind in UNPROMPTED for one in theirs),
                review_answers=hand.review_answers,
                retained=sum(recalls) / len(recalls) if recalls else 0.0,
                broken=broken(program, person, theirs, areas),
            )
        )
    return found
