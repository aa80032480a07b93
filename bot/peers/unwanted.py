"""Whom someone would rather not meet: private, and it holds both ways."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.curriculum.library import Library
from bot.curriculum.wording import Wording
from bot.peers import unwanted_message as look
from bot.records import reading
from bot.records.database import Database
from bot.records.tables import PeerBlock, Person
from bot.slack.access import Actor, person_of
from bot.slack.blocks import Block


@dataclass(frozen=True)
class Unwanted:
    """The parts of it. Nobody's list is read for anybody else; the rules of rounds get it without a word about who said so."""

    library: Library
    database: Database

    async def view(self, actor: Actor) -> Block:
        """The modal with someone's own list; a sentence for someone who is never brought together with anyone."""
        async with self.database.transaction() as session:
            person, words = await self._someone(session, actor)
            if person is None:
                return look.told(words, "round.unwanted_nothing")
            rows = await session.exec(
                select(Person.slack_id)
                .join(PeerBlock, col(PeerBlock.blocked_id) == col(Person.id))
                .where(PeerBlock.person_id == person.id)
                .order_by(col(PeerBlock.blocked_at), col(Person.id))
            )
            return look.asking(words, list(rows))

    async def save(self, actor: Actor, slack_ids: Sequence[str], now: datetime) -> Block:
        """Keep the list as it was sent; the modal that says so. Who has no part in the program is not kept: they can't meet."""
        async with self.database.transaction() as session:
            person, words = await self._someone(session, actor)
            if person is None:
                return look.told(words, "round.unwanted_nothing")
            rows = await session.exec(
                select(Person).where(Person.workspace_id == actor.workspace_id, col(Person.slack_id).in_(slack_ids))
            )
            others = [one for one in rows if one.id != person.id]
            await session.execute(delete(PeerBlock).where(col(PeerBlock.person_id) == person.id))
            session.add_all(
                PeerBlock(person_id=person.id or 0, blocked_id=one.id or 0, blocked_at=now) for one in others
            )
        unknown = set(slack_ids) - {one.slack_id for one in others} - {actor.slack_id}
        saved = "round.unwanted_saved" if others else "round.unwanted_nobody"
        return look.told(words, saved, *(["round.unwanted_unknown"] if unknown else []))

    async def _someone(self, session: AsyncSession, actor: Actor) -> tuple[Person | None, Wording]:
        """The person, if they are on their way as a manager; and the words for them."""
        person = await person_of(session, actor)
        words = reading.taught_for(self.library.current, person).wording
        way = None if person is None else await reading.way_of_person(session, person.id or 0)
        return None if way is None else way.manager, words
