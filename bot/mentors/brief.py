"""The brief for a one-to-one: a minute's reading, on demand and an hour before a date that the mentor set."""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import calendar, personal
from bot.curriculum.library import Library
from bot.delivery.outbox import Outbox
from bot.mentors import brief_message as look
from bot.mentors.flow import Mentors
from bot.records import reading, roles
from bot.records.mastery import FAR_APART
from bot.records.ratings import known_to_mentor, open_ratings
from bot.records.reading import Way
from bot.records.roles import Act
from bot.records.tables import AgendaItem, Message, Note, Person
from bot.slack.blocks import Drawn
from bot.slack.saying_when import day, moment

_MENTION = re.compile(r"<@(?P<id>[A-Z0-9]+)(?:\|[^>]*)?>")
SINCE = timedelta(days=14)


@dataclass(frozen=True)
class Briefs:
    """The room's parts."""

    library: Library
    outbox: Outbox
    mentors: Mentors

    async def find(self, session: AsyncSession, mentor: Person, words: str) -> list[Way]:
        """Whom of their own managers a mentor means: a mention, a name, a first name; all of them where nobody is named."""
        ways = await reading.ways_of_mentor(session, mentor.id or 0)
        mention = _MENTION.search(words.upper())
        if mention is not None:
            return [way for way in ways if way.manager.slack_id.upper() == mention["id"]]
        name = words.strip().lstrip("@").casefold()
        exact = [way for way in ways if name in (way.manager.name.casefold(), way.manager.first_name.casefold())]
        return exact or [way for way in ways if name in way.manager.name.casefold()]

    async def draw_for(self, session: AsyncSession, mentor: Person, enrollment_id: int) -> Drawn:
        """The brief; a sentence for whoever is not their mentor (any more), or if they have stopped or left."""
        way = reading.way_among(await reading.ways_of_mentor(session, mentor.id or 0), enrollment_id)
        taught = reading.taught_for(self.library.current, mentor)
        if way is None or not roles.may_do(reading.role_of(mentor.id, way), Act.BRIEF):
            return look.not_yours(taught.wording)
        now, program = self.outbox.clock.now(), taught.curriculum.program
        zone = personal.zone_of(program, mentor)
        talk = await session.exec(
            select(Note)
            .where(Note.enrollment_id == enrollment_id, Note.kind == "talk", Note.by_id == mentor.id)
            .order_by(col(Note.written_at).desc())
        )
        last = talk.first()

        def said_on(note: Note) -> str:
            return day(calendar.local(note.written_at, zone).date(), taught.language)

        next_at = way.enrollment.next_talk_at
        return look.brief(
            taught.wording,
            look.Brief(
                name=way.manager.name,
                seen=await self.mentors.seen_by(session, way, taught, now - SINCE),
                last_talk=None if last is None else (said_on(last), last.text or ""),
                ratings=await self._ratings(session, way, {area.id: area.title for area in taught.curriculum.areas}),
                next_at=None if next_at is None or next_at < now else moment(next_at, zone, taught.language),
            ),
        )  # fmt: skip

    async def plan(self, session: AsyncSession, item: AgendaItem, now: datetime) -> datetime | None:
        """An hour before a talk: not if its date was changed, the mentor is another by now, or the manager has stopped or left.

        The mentor chose the hour, so it need not be working time; but in a pause, or while they are away, they hear nothing.
        """
        ways = await reading.ways_of_mentor(session, item.person_id or 0)
        way = reading.way_among(ways, int(item.about["enrollment_id"]))
        talk_at = datetime.fromisoformat(str(item.about["talk_at"]))
        if way is None or way.mentor is None or way.enrollment.next_talk_at != talk_at:
            return None
        if now > talk_at:
            return None  # it was down: a brief after the talk helps nobody
        program = self.library.current.curriculum.program
        if personal.pauses(program, way.mentor, now) or not personal.reachable(way.mentor, now):
            return None
        await self.outbox.say(
            session,
            key=item.key,
            kind="brief",
            workspace_id=item.workspace_id,
            person_id=item.person_id,
            payload={"enrollment_id": way.enrollment.id},
        )
        return None

    async def draw(self, session: AsyncSession, message: Message) -> Drawn:
        """The brief as a message."""
        mentor = await session.get_one(Person, message.person_id)
        return await self.draw_for(session, mentor, int(message.payload["enrollment_id"]))

    async def _ratings(self, session: AsyncSession, way: Way, titles: dict[str, str]) -> list[look.Rated]:
        """The levels of the latest week in which both rated an area, if both may see them; what is far apart first."""
        levels: dict[tuple[str, int], dict[str, int]] = defaultdict(dict)
        opened = await open_ratings(session, [way.enrollment.id or 0])
        for one in known_to_mentor(opened, way.enrollment.mentor_id):
            if one.level is not None and one.area_id in titles:
                levels[one.area_id, one.week][one.rated_by] = one.level
        pairs = {area: pair for (area, _), pair in sorted(levels.items()) if {"self", "mentor"} <= pair.keys()}
        both = [
            look.Rated(titles[area], pair["self"], pair["mentor"], abs(pair["self"] - pair["mentor"]) >= FAR_APART)
            for area, pair in pairs.items()
        ]
        return sorted(both, key=lambda one: (not one.far_apart, one.area))
