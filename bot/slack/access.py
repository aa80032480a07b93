"""Who someone in Slack is to us."""

import logging
from dataclasses import dataclass
from typing import Any

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.curriculum.library import Library
from bot.curriculum.wording import Wording
from bot.records import reading
from bot.records.database import Database
from bot.records.tables import Person

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Actor:
    """Who did something in Slack: a workspace's id and a person's id there, as Slack itself said."""

    workspace_id: str
    slack_id: str

    def is_(self, person: Person) -> bool:
        """Whether that person on record is who did it."""
        return (person.workspace_id, person.slack_id) == (self.workspace_id, self.slack_id)


class Refused(Exception):
    """Nothing was changed; `sentence` is the place of the words that say why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotTheirs(Refused):
    """It is somebody else's, or nobody's."""

    def __init__(self) -> None:
        super().__init__("check.not_yours")


class Gone(Refused):
    """It is not there (any more)."""

    def __init__(self) -> None:
        super().__init__("check.gone")


def actor_of(body: dict[str, Any]) -> Actor:
    """Who is behind an interaction, a command or an event; where they are was settled before (see `whereabouts`)."""
    user = body.get("user") or {}
    slack_id = user.get("id") if isinstance(user, dict) else user
    return Actor(
        workspace_id=str(body.get("team_id") or ""),
        slack_id=str(slack_id or body.get("user_id") or (body.get("event") or {}).get("user") or ""),
    )


async def person_of(session: AsyncSession, actor: Actor) -> Person | None:
    """The person on record who does something just now, or None for someone who has no part in the program."""
    person = await on_record(session, actor)
    if person is not None:
        in_reach(person)
    return person


def in_reach(person: Person) -> None:
    """Someone does something here: they can be reached, whatever Slack said when they were last written to."""
    if person.unreachable_at is not None:
        person.unreachable_at = person.unreachable_reason = None


async def on_record(session: AsyncSession, actor: Actor) -> Person | None:
    """The person on record, or None for someone who has no part in the program, whether they do something or not."""
    rows = await session.exec(
        select(Person).where(Person.workspace_id == actor.workspace_id, Person.slack_id == actor.slack_id)
    )
    return rows.first()


def note_refused(actor: Actor, what: str) -> None:
    """Note who reached for what is not theirs, or not there (any more). An old button does that, and so does a made-up one."""
    about = {"action": "access.refused", "workspace": actor.workspace_id, "who": actor.slack_id}
    logger.warning("refused: %s", what, extra=about)


async def wording_for(database: Database, library: Library, actor: Actor) -> Wording:
    """The words in which someone is answered who did something: in their language, if they are on record."""
    async with database.transaction() as session:
        return reading.taught_for(library.current, await on_record(session, actor)).wording


def is_named(slack_id: str, email: str | None, names: tuple[str, ...]) -> bool:
    """Whether someone is among these, by e-mail address or Slack id."""
    named = {one.casefold() for one in names}
    return slack_id.casefold() in named or (email or "").casefold() in named
