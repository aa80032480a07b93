"""Mentors' digests hold a few words about each manager: an erased one is struck from those that were said."""

from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.records.tables import Message, Person


async def strike_from_digests(session: AsyncSession, person: Person) -> list[UUID]:
    """Take a manager out of every digest; the messages that now have to be drawn anew."""
    rows = await session.exec(
        select(Message).where(
            Message.workspace_id == person.workspace_id,
            Message.kind == "digest",
            col(Message.payload).contains({"people": [{"manager_id": person.id}]}),
        )
    )
    struck = []
    for message in rows:
        people = [one for one in message.payload["people"] if one["manager_id"] != person.id]
        # A picture that they stand in goes with them; for the others there is another one next week.
        kept = {key: value for key, value in message.payload.items() if key not in ("file_id", "stands", "shares")}
        message.payload = {**kept, "people": people}
        session.add(message)
        struck.append(message.id)
    await session.flush()
    return struck
