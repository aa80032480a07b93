"""What is kept, who sees it, and erasing it; done."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.curriculum.library import Library, Taught
from bot.delivery.jobs import Queue
from bot.delivery.outbox import Outbox
from bot.privacy import mentoring, others
from bot.privacy import message as look
from bot.privacy.ending import whose_time_has_come
from bot.privacy.erasing import erase
from bot.privacy.exporting import kept_of
from bot.privacy.unsaying import Unsaying
from bot.records import reading, workspaces
from bot.records.database import Database
from bot.records.editions import Editions
from bot.records.tables import Enrollment, Person, Workspace
from bot.slack.access import Actor, person_of
from bot.slack.blocks import Block

AT_ONCE = 50  # people erased by one sweep
# Has the pictures of someone deleted from Slack.
ForgetPictures = Callable[[AsyncSession, int], Awaitable[None]]
# What a mentor sees of a manager right now, as blocks.
Seen = Callable[[AsyncSession, Person], Awaitable[list[Block]]]


@dataclass(frozen=True)
class Privacy:
    """The room's parts. `retention` is how long what is personal stays after someone's end."""

    library: Library
    database: Database
    outbox: Outbox
    queue: Queue
    editions: Editions
    unsaying: Unsaying
    seen_by_mentor: Seen
    retention: timedelta
    forget_pictures: ForgetPictures

    async def view(self, actor: Actor) -> Block:
        """The modal that shows what is kept and who sees it; for someone unknown, that nothing is."""
        async with self.database.transaction() as session:
            person, words = await self._known(session, actor)
            if person is None:
                return look.nothing_kept(words.wording)
            kept = await kept_of(session, person, self.editions)
            way = await reading.way_of_person(session, person.id or 0)
        who = {
            "sealed_days": words.curriculum.program.ratings.sealed_working_days,
            "buddy": way.buddy.name if way and way.buddy else "",
        }
        return look.kept(words.wording, _counts(kept), days=self.retention.days, **who)

    async def seen(self, actor: Actor, *, not_shared: bool = False) -> Block:
        """The modal that shows exactly what someone's mentor sees; where it was meant for another, that nothing was shared."""
        async with self.database.transaction() as session:
            person, words = await self._known(session, actor)
            way = None if person is None else await reading.way_of_person(session, person.id or 0)
            blocks = [] if way is None else await self.seen_by_mentor(session, way.manager)
        if way is None or way.mentor is None:
            return look.seen_nothing(words.wording)
        mentor = look.Mentor(
            way.mentor.id or 0, way.mentor.first_name, shown_areas=way.enrollment.areas_shared_at is not None
        )
        return look.seen(words.wording, blocks, mentor, not_shared=not_shared)

    async def show_areas(self, actor: Actor, mentor_id: int | None, shared_at: datetime | None) -> Block:
        """Someone shows that mentor where they stand, or (None) no longer for the future; the modal as it is then.

        Nothing is shown where it is another mentor by now: the modal says so.
        """
        async with self.database.transaction() as session:
            person, _ = await self._known(session, actor)
            person_id = 0 if person is None else person.id or 0
            may = shared_at is None or await reading.has_mentor(session, person_id, mentor_id)
            if may:
                mine = col(Enrollment.person_id) == person_id
                await session.execute(update(Enrollment).where(mine).values(areas_shared_at=shared_at))
        return await self.seen(actor, not_shared=not may)

    async def confirm(self, actor: Actor) -> Block:
        """The modal that names what goes, before it goes."""
        async with self.database.transaction() as session:
            person, words = await self._known(session, actor)
            kept = {} if person is None else await kept_of(session, person, self.editions)
        return look.confirm(words.wording, _counts(kept))

    async def erase(self, actor: Actor) -> Block:
        """Erase whoever asks for it; the modal that says so. A second time finds nothing, and says the same."""
        async with self.database.transaction() as session:
            person, words = await self._known(session, actor)
            if person is not None:
                await self.outbox.redraw(session, await self._erase(session, person))
                await self.queue.defer_home(session, actor.workspace_id, actor.slack_id)
        return look.erased(words.wording)

    async def sweep(self, now: datetime) -> int:
        """Erase those whose time has come by itself; how many they were."""
        program = self.library.current.curriculum.program
        async with self.database.transaction() as session:
            due = (await whose_time_has_come(session, program, self.retention, now))[:AT_ONCE]
            named = [one for person in due for one in await self._erase(session, person)]
            await self.outbox.redraw(session, named)
        await self._forget_empty(now)
        return len(due)

    async def _forget_empty(self, now: datetime) -> None:
        """Of a workspace that left, and whose people are all erased, nothing is kept either."""
        async with self.database.transaction() as session:
            kept = select(Person.workspace_id)
            empty = await session.exec(
                select(Workspace.id).where(
                    col(Workspace.left_at) <= now - self.retention, col(Workspace.id).not_in(kept)
                )
            )
            for workspace_id in empty.all():
                await workspaces.forget(session, workspace_id)

    async def _erase(self, session: AsyncSession, person: Person) -> Sequence[UUID]:
        """Erase them; the messages to others that named them, and are to be drawn anew."""
        workspace_id = person.workspace_id
        await self.forget_pictures(session, person.id or 0)  # before they are struck from what the pictures stand in
        files = await others.calendar_files(session, person)
        await self.queue.defer(
            session, "forget_picture", [{"workspace_id": workspace_id, "file_id": one} for one in files]
        )
        named = await others.strike(session, person)
        await mentoring.tell_managers(session, person, self.outbox.clock.now())
        said = [*await others.take_back(session, person), *await erase(session, person)]
        await self.unsaying.defer(session, workspace_id, said)
        return named

    async def _known(self, session: AsyncSession, actor: Actor) -> tuple[Person | None, Taught]:
        person = await person_of(session, actor)
        return person, reading.taught_for(self.library.current, person)


def _counts(kept: Mapping[str, Any]) -> dict[str, int]:
    names = ("lessons", "answers", "reviews", "actions", "ratings", "pulses", "messages")
    return {name: len(kept.get(name, ())) for name in names}
