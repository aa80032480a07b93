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
            col(Message.payload)["fills"].has_key(person.name),
        )
    )
    struck = []
    for message in rows:
        lines = [line for line in message.payload["lines"] if line["name"] != person.name]
        fills = {name: fill for name, fill in message.payload["fills"].items() if name != person.name}
        message.payload = {**message.payload, "lines": lines, "fills": fills}
        session.add(message)
        struck.append(message.id)
    await session.flush()
    return struck
