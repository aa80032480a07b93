"""A talk where two ratings lie far apart: the same words to both, once for each area and checkpoint, and no verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import book, personal
from bot.attention.flow import Answer, Over, Turn, Wish
from bot.curriculum.library import Library, Taught
from bot.delivery.outbox import Outbox
from bot.ratings import message as look
from bot.ratings.rules import far_apart
from bot.records import reading
from bot.records.ratings import known_to_mentor, open_ratings, ratings_of
from bot.records.reading import Way
from bot.records.tables import AgendaItem, Message, Person
from bot.slack.blocks import Block, Drawn, drawn
from bot.slack.blocks import reading as read_aloud

TO_MANAGER, TO_MENTOR = "calibration", "calibration_mentor"


@dataclass(frozen=True)
class Calibrations:
    """The room's parts."""

    library: Library
    outbox: Outbox

    async def offer(self, session: AsyncSession, item: AgendaItem, turn: Turn) -> Answer:  # noqa: ARG002 — as every offer
        """To the manager: it rides along, or speaks for itself. Without the mentor who rated there is nobody to talk with."""
        mentor = turn.way.mentor
        if mentor is None or mentor.id != item.about.get("mentor_id", mentor.id):
            return Over("no such mentor any more")
        return Wish(item.key, item.about)

    async def part(self, session: AsyncSession, message: Message, about: Mapping[str, Any]) -> list[Block]:  # noqa: ARG002
        """What the manager reads."""
        way = await reading.this_way(session, about["enrollment_id"])
        mentor = await session.get(Person, about["mentor_id"]) if "mentor_id" in about else way.mentor
        return await self._blocks(session, way, way.manager, mentor, about)

    async def plan(self, session: AsyncSession, item: AgendaItem, now: datetime) -> datetime | None:
        """To the mentor, in their working time; a mentor who was replaced meanwhile, or whose manager has gone, hears nothing."""
        ways = await reading.ways_of_mentor(session, item.person_id or 0)
        way = reading.way_among(ways, int(item.about["enrollment_id"]))
        if way is None or way.mentor is None:
            return None
        mentor = way.mentor
        free = personal.free_sometime(self.library.current.curriculum.program, mentor, now)
        if free != now:
            return free
        await self.outbox.say(
            session, key=item.key, kind=TO_MENTOR, workspace_id=item.workspace_id, person_id=mentor.id,
            payload=item.about,
        )  # fmt: skip
        return None

    async def draw(self, session: AsyncSession, message: Message) -> Drawn:
        """What the mentor reads."""
        way = await reading.this_way(session, message.payload["enrollment_id"])
        mentor = await session.get_one(Person, message.person_id)
        blocks = await self._blocks(session, way, mentor, mentor, message.payload)
        return drawn(blocks, read_aloud(blocks))

    async def _blocks(
        self, session: AsyncSession, way: Way, reader: Person, mentor: Person | None, about: Mapping[str, Any]
    ) -> list[Block]:
        taught = reading.taught_for(self.library.current, reader)
        opened = await open_ratings(session, [about["enrollment_id"]])
        ratings = known_to_mentor(opened, None if mentor is None else mentor.id)
        levels = {(one.rated_by, one.area_id): one.level for one in ratings if one.week == about["week"]}
        apart = [
            _apart(taught, area_id, levels.get(("self", area_id)), levels.get(("mentor", area_id)))
            for area_id in about["areas"]
        ]
        name = "" if mentor is None else mentor.first_name
        return look.calibration(taught.wording, way.manager.first_name, name, [one for one in apart if one is not None])


async def put(session: AsyncSession, way: Way, week: int, areas: Sequence[str], now: datetime) -> None:
    """Put the talk on both agendas, if a revealed week has areas that lie far apart and were not named before.

    It is a talk with the mentor who rated: what a former one saw is none for their successor. The caller holds the enrollment.
    """
    enrollment_id, mentor = way.enrollment.id or 0, way.mentor
    rated = known_to_mentor(await ratings_of(session, [enrollment_id]), way.enrollment.mentor_id)
    ratings = [one for one in rated if one.week == week]
    own = {one.area_id: one.level for one in ratings if one.rated_by == "self"}
    seen = {one.area_id: one.level for one in ratings if one.rated_by == "mentor"}
    named = await _named(session, way, week)
    apart = [area for area in far_apart(areas, own, seen) if area not in named]
    if mentor is None or not apart:
        return
    for kind, person in ((TO_MANAGER, way.manager), (TO_MENTOR, mentor)):
        await book.put(
            session, key=f"{kind}:{enrollment_id}:{week}:{apart[0]}", kind=kind,
            workspace_id=way.manager.workspace_id, person_id=person.id,
            about={"enrollment_id": enrollment_id, "week": week, "areas": apart, "mentor_id": mentor.id}, due_at=now,
        )  # fmt: skip


async def _named(session: AsyncSession, way: Way, week: int) -> set[str]:
    """The areas of that week that a talk was offered for already."""
    items = await session.exec(
        select(AgendaItem).where(
            AgendaItem.person_id == way.manager.id,
            AgendaItem.kind == TO_MANAGER,
            col(AgendaItem.about).contains({"enrollment_id": way.enrollment.id, "week": week}),
        )
    )
    return {area for item in items for area in item.about["areas"]}


def _apart(taught: Taught, area_id: str, own: int | None, seen: int | None) -> look.Apart | None:
    try:
        area = taught.curriculum.area(area_id)
    except KeyError:  # taken out of the program since
        return None
    behaviours = {level.value: level.behaviour for level in area.levels}
    if own is None or seen is None:
        return None
    return look.Apart(area.title, own, behaviours[own], seen, behaviours[seen])
