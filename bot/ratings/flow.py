"""What a mentor saw: area by area while a checkpoint is open, each saved as it is given; or a card after a visit."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import calendar, personal
from bot.curriculum.library import Library, Taught
from bot.curriculum.model import Area
from bot.ratings import cases
from bot.ratings import steps_message as look
from bot.ratings.cards import Card, Cards
from bot.ratings.checkpoints import last_day_of_seal
from bot.records import reading, roles
from bot.records.database import Database
from bot.records.ratings import ratings_of, record_rating
from bot.records.reading import Way
from bot.records.roles import Act
from bot.records.tables import Checkpoint, Person
from bot.slack import codec
from bot.slack.access import Actor, note_refused, person_of
from bot.slack.blocks import Block
from bot.slack.modals import Unfit
from bot.slack.saying_when import day

# What is revealed, and drawn anew, once someone has rated; within the same transaction, which holds the enrollment.
Rated = Callable[[AsyncSession, int, datetime], Awaitable[None]]


class _Refused(Exception):
    """Nothing is kept; the place of the sentence that says why."""


@dataclass(frozen=True)
class Spot:
    """Where a step belongs, as its modal says: whose, which week and area. Only the client's word."""

    actor: Actor
    enrollment_id: int
    week: int
    area_id: str


@dataclass(frozen=True)
class Seen:
    """A level as it came in (None: not seen yet), with what was seen and on which day."""

    spot: Spot
    level: int | None
    text: str
    on: date | None


@dataclass(frozen=True)
class _Open:
    """A step that is allowed: who rates whom, in which open checkpoint."""

    mentor: Person
    way: Way
    checkpoint: Checkpoint
    taught: Taught
    now: datetime


@dataclass(frozen=True)
class Ratings:
    """The room's parts."""

    library: Library
    database: Database
    cards: Cards
    rated: Rated

    async def view(self, actor: Actor) -> Block:
        """The modal's first step; a sentence for someone who mentors nobody."""
        async with self.database.transaction() as session:
            _, ways, taught = await self._mentor(session, actor)
            if not ways:
                return look.told(taught.wording, "rating.nobody")
            people = [(str(way.enrollment.id), way.manager.name) for way in ways]
            if await _open_checkpoints(session, ways):
                return look.start(taught.wording, people)
            if len(ways) > 1:
                return look.whom(taught.wording, people)
            return await self.cards.view(session, ways[0], taught)

    async def start(self, actor: Actor, enrollment_id: int, what: str, now: datetime) -> Block:
        """The step after the first: an area, or a card, also where nothing is open for the one who was picked."""
        async with self.database.transaction() as session:
            mentor, ways, taught = await self._mentor(session, actor)
            way = reading.way_among(ways, enrollment_id)
            if mentor is None or way is None:
                note_refused(actor, "somebody else's manager")
                return look.told(taught.wording, "rating.not_yours")
            checkpoints = await _open_checkpoints(session, [way])
            if what == look.LEVELS and checkpoints:
                return await self._step(session, _Open(mentor, way, checkpoints[-1], taught, now))
            return await self.cards.view(session, way, taught, none_open=what == look.LEVELS)

    async def rate_cases(self, spot: Spot, levels: Sequence[int], now: datetime) -> Block:
        """Keep how the sample cases were rated; the next step shows the key."""
        async with self.database.transaction() as session:
            try:
                one = await self._allowed(session, spot, now)
            except _Refused as refused:
                return await self._told(session, spot.actor, str(refused))
            area = _area(one.taught, spot.area_id)
            if len(levels) != len(area.cases):
                raise codec.Forged("another number of cases")
            await cases.keep(session, one.mentor, area, levels, now)
            return await self._step(session, one, area)

    async def rate(self, seen: Seen, now: datetime) -> Block:
        """Keep a level; the next step. Raises Unfit. What is revealed, or someone else's now, is not touched."""
        async with self.database.transaction() as session:
            try:
                one = await self._allowed(session, seen.spot, now)
            except _Refused as refused:
                return await self._told(session, seen.spot.actor, str(refused))
            _area(one.taught, seen.spot.area_id)
            self._check(one, seen)
            enrollment_id, has_words = one.way.enrollment.id or 0, bool(seen.text)
            await record_rating(
                session, enrollment_id, seen.spot.area_id, seen.spot.week, "mentor", seen.level,
                seen.text or None, now, (seen.on or self._today(one)) if has_words else None, one.mentor.id,
            )  # fmt: skip
            await self.rated(session, enrollment_id, now)
            return await self._step(session, one)

    async def change(self, spot: Spot, now: datetime) -> Block:
        """An area once more, as long as nothing is revealed."""
        async with self.database.transaction() as session:
            try:
                one = await self._allowed(session, spot, now)
            except _Refused as refused:
                return await self._told(session, spot.actor, str(refused))
            return await self._step(session, one, _area(one.taught, spot.area_id))

    async def send_card(self, card: Card, now: datetime) -> Block:
        """Keep an observation card. Raises Unfit."""
        async with self.database.transaction() as session:
            mentor, ways, taught = await self._mentor(session, card.actor)
            way = reading.way_among(ways, card.enrollment_id)
            if mentor is None or way is None or not roles.may_do(reading.role_of(mentor.id, way), Act.OBSERVE):
                note_refused(card.actor, "a card about somebody else's manager")
                return look.told(taught.wording, "rating.not_yours")
            if len(card.line) > look.LONGEST:
                raise Unfit(look.SEEN, taught.wording.plain("rating.too_long", most=look.LONGEST))
            await self.cards.keep(session, way, mentor, card, taught, now)
            return look.told(taught.wording, "rating.card_kept", name=way.manager.first_name)

    async def _allowed(self, session: AsyncSession, spot: Spot, now: datetime) -> _Open:
        """Who rates, if they may, and that week is open; held until the commit. Raises _Refused."""
        await reading.hold(session, spot.enrollment_id)
        mentor, ways, taught = await self._mentor(session, spot.actor)
        way = reading.way_among(ways, spot.enrollment_id)
        if mentor is None or way is None or not roles.may_do(reading.role_of(mentor.id, way), Act.RATE):
            note_refused(spot.actor, "a rating of somebody else's manager")
            raise _Refused("rating.not_yours")
        checkpoint = await session.get(Checkpoint, (spot.enrollment_id, spot.week), populate_existing=True)
        if checkpoint is None or checkpoint.revealed_at is not None:
            raise _Refused("rating.not_open")
        by = (await _rated(session, checkpoint)).get(spot.area_id, mentor.id)
        if by != mentor.id:  # what a mentor before them saw stands: it was said to be read by the manager
            raise _Refused("rating.not_open")
        return _Open(mentor, way, checkpoint, taught, now)

    def _check(self, one: _Open, seen: Seen) -> None:
        """What was seen is said in a sentence, and was seen by now; Unfit if not."""
        words, area_id = one.taught.wording, seen.spot.area_id
        if len(seen.text) > look.LONGEST:
            raise Unfit(look.block(look.SEEN, area_id), words.plain("rating.too_long", most=look.LONGEST))
        if seen.level is not None and not seen.text:
            raise Unfit(look.block(look.SEEN, area_id), words.plain("rating.say_what"))
        if seen.on is not None and seen.on > self._today(one):
            raise Unfit(look.block(look.ON, area_id), words.plain("rating.not_such_day"))

    async def _step(self, session: AsyncSession, one: _Open, area: Area | None = None) -> Block:
        """The modal at that area, or at the first that has no level yet; what to read once all have one.

        Areas that a mentor before them has rated are not asked; where those are all, a card is.
        """
        words, areas, week = one.taught.wording, one.taught.curriculum.areas, one.checkpoint.week
        rated = await _rated(session, one.checkpoint)
        area = area or next((each for each in areas if each.id not in rated), None)
        name = one.way.manager.first_name
        program = one.taught.curriculum.program
        until = day(last_day_of_seal(program, one.mentor, one.checkpoint), one.taught.language)
        if area is None:
            if one.checkpoint.revealed_at is not None:
                return look.told(words, "rating.both_in", name=name)
            titles = [(each.id, each.title) for each in areas if rated[each.id] == one.mentor.id]
            if not titles:
                return await self.cards.view(session, one.way, one.taught, none_open=True)
            return look.kept(words, one.way.enrollment.id or 0, week, name, until, titles)
        step = look.Step(
            one.way.enrollment.id or 0, week, area, areas.index(area) + 1, len(areas), name, until, self._today(one),
            key=await cases.key_of(session, one.mentor, area),
        )  # fmt: skip
        return look.cases(words, step) if await cases.are_left(session, one.mentor, area) else look.rate(words, step)

    def _today(self, one: _Open) -> date:
        """The mentor's local day."""
        return calendar.local(one.now, personal.zone_of(one.taught.curriculum.program, one.mentor)).date()

    async def _told(self, session: AsyncSession, actor: Actor, sentence: str) -> Block:
        person = await person_of(session, actor)
        return look.told(reading.taught_for(self.library.current, person).wording, sentence)

    async def _mentor(self, session: AsyncSession, actor: Actor) -> tuple[Person | None, list[Way], Taught]:
        mentor = await person_of(session, actor)
        ways = [] if mentor is None else await reading.ways_of_mentor(session, mentor.id or 0)
        return mentor, ways, reading.taught_for(self.library.current, mentor)


async def _open_checkpoints(session: AsyncSession, ways: Sequence[Way]) -> list[Checkpoint]:
    """The checkpoints of these managers that are still sealed, oldest first."""
    rows = await session.exec(
        select(Checkpoint)
        .where(
            col(Checkpoint.enrollment_id).in_([way.enrollment.id for way in ways]),
            col(Checkpoint.revealed_at).is_(None),
        )
        .order_by(col(Checkpoint.week))
    )
    return list(rows)


async def _rated(session: AsyncSession, checkpoint: Checkpoint) -> dict[str, int | None]:
    """The areas that are rated in a checkpoint, by whichever mentor: that one's id."""
    ratings = await ratings_of(session, [checkpoint.enrollment_id])
    return {one.area_id: one.by_id for one in ratings if (one.week, one.rated_by) == (checkpoint.week, "mentor")}


def _area(taught: Taught, area_id: str) -> Area:
    try:
        return taught.curriculum.area(area_id)
    except KeyError:
        raise codec.Forged("no such area") from None
