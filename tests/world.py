"""A whole program on the table: the stand-in, the house, a clock that the test drives, and a cast with names."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import text, update
from sqlmodel import col, select

from bot.agenda.clock import Clock
from bot.agenda.rehearsal import move_on
from bot.app import House, house
from bot.cohorts.roster import Enrolled
from bot.curriculum.library import Library
from bot.records import reading
from bot.records.audit import Doer
from bot.records.tables import Enrollment
from bot.records.tables import Person as PersonRow
from bot.running import receiving
from bot.sandbox.deliver import Delivered
from bot.sandbox.server import Sandbox
from bot.sandbox.state import Message, Person
from bot.sandbox.web_api import ALL_SCOPES
from bot.slack import receivers
from tests.holding import Held

CONTENT = Path(__file__).parents[1] / "content"
MORNING = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)  # a Tuesday, 7:00 in Ljubljana


@dataclass
class World:
    """What a story needs. Maya and Tom are new managers, Ana mentors both, Lena is L&D, Zoe has no part in it."""

    sandbox: Sandbox
    house: House
    clock: Clock
    maya: Person
    tom: Person
    ana: Person
    lena: Person
    zoe: Person

    async def enrol(
        self,
        *lines: str,
        head: str = "manager,mentor,cohort,starts_on",
        starts_on: str = "2026-11-24",
        dry_run: bool = False,
        begun: bool = True,
    ) -> Enrolled:
        """Import a roster; by default Maya and Tom with Ana as their mentor, and they begin their program at once."""
        rows = lines or (
            f"{self.maya.email},{self.ana.email},Autumn,{starts_on}",
            f"{self.tom.email},{self.ana.email},Autumn,{starts_on}",
        )
        enrolled = await self.house.rooms.cohorts.rosters.import_roster(
            "\n".join([head, *rows]),
            by=Doer(self.house.workspace_id),
            now=self.clock.now(),
            dry_run=dry_run,
        )
        if begun and not dry_run:
            await self.begin()
        return enrolled

    async def begin(self) -> None:
        """Everyone who was enrolled begins, as if they had clicked."""
        async with self.house.database.transaction() as session:
            ids = [one for one in await session.exec(select(Enrollment.id)) if one is not None]
            for way in await reading.ways_where(session, ids):
                await self.house.rooms.welcomes.begin_for(session, way, self.clock.now())

    async def until(self, when: datetime) -> None:
        """Let time pass, with everything that happens on the way."""
        await move_on(
            self.clock, when, next_moment=self.house.due.next_moment, tick=self.house.tick, settle=self.settle
        )

    async def pass_time(self, **span: float) -> None:
        """Let so much time pass."""
        await self.until(self.clock.now() + timedelta(**span))

    async def settle(self) -> None:
        """Work off all jobs that wait. A job that failed would be hidden by the next try: here it is loud."""
        waiting, failed = await self._jobs()
        for _ in range(2):  # a job may have ordered another as its last act
            if waiting:  # a worker takes a dozen questions to find out that there is nothing to do
                await self.house.queue.work(wait=False)
                waiting, failed = await self._jobs()
        await self.house.asides.finish()
        assert not failed, "a job failed; its traceback is in the log"

    async def _jobs(self) -> tuple[bool, bool]:
        """Whether a job waits or is under way, and whether one has failed."""
        async with self.house.database.transaction() as session:
            found = await session.execute(
                text(
                    "SELECT count(*) FILTER (WHERE status = 'doing'"
                    " OR (status = 'todo' AND coalesce(scheduled_at, now()) <= now())) > 0,"
                    " count(*) FILTER (WHERE status = 'failed') > 0 FROM procrastinate_jobs"
                )
            )
            waiting, failed = found.one()
            return waiting, failed

    def dms(self, person: Person) -> list[Message]:
        """What stands in someone's DM."""
        return self.sandbox.dms(person.id)

    def group_messages(self, *people: Person) -> list[Message]:
        """What stands in the group DM of these people."""
        channel = self.sandbox.state.open([person.id for person in people])
        return self.sandbox.seen(channel, people[0].id)

    async def press(self, person: Person, message: Message, action_id: str, **how: Any) -> Delivered:
        """Click in a message, and let what follows happen."""
        delivered = await self.sandbox.click(person.id, message.channel, message.ts, action_id, **how)
        await self.settle()
        return delivered

    async def answer(self, person: Person, message: Message, option: str, confidence: str = "sure") -> Delivered:
        """Pick the option with these words, and say how sure one is."""
        block, value = option_of(message, option)
        await self.press(person, message, "check_pick", block_id=block, selected=value)
        return await self.press(person, message, f"check_confidence:{confidence}")

    async def lose(self, person: Person) -> None:
        """From now on someone can't be reached, as Slack says."""
        values = {"unreachable_at": self.clock.now(), "unreachable_reason": "user_not_found"}
        async with self.house.database.transaction() as session:
            await session.execute(update(PersonRow).where(col(PersonRow.slack_id) == person.id).values(**values))

    async def is_lost(self, person: Person) -> bool:
        """Whether someone counts as out of reach."""
        return any(one.slack_id == person.id and one.unreachable_at for one in await self.rows(PersonRow))

    async def rows(self, table: Any) -> list[Any]:
        """All rows of a table."""
        async with self.house.database.transaction() as session:
            return list(await session.exec(select(table)))


def option_of(message: Message, text: str) -> tuple[str, str]:
    """Where an option stands: its block's id and its own."""
    for block in message.blocks:
        for element in block.get("elements", ()):
            for option in element.get("options", ()):
                if option["text"]["text"] == text:
                    return block["block_id"], option["value"]
    raise AssertionError(f"no option «{text}» in the message")


def texts(message: Message) -> str:
    """All words that a message shows."""
    return "\n".join(_texts(message.blocks))


def everything_in(blocks: Any) -> str:
    """All words in some blocks: of a modal, or of App Home."""
    return "\n".join(_texts(blocks))


def action_ids(message: Message) -> list[str]:
    """What can be pressed or picked in a message."""
    return [one["action_id"] for block in message.blocks for one in block.get("elements", ()) if "action_id" in one]


def _texts(thing: Any) -> list[str]:
    if isinstance(thing, dict):
        own = [thing["text"]] if isinstance(thing.get("text"), str) else []
        return own + [line for value in thing.values() for line in _texts(value)]
    return [line for one in thing for line in _texts(one)] if isinstance(thing, list) else []


@cache
def shipped() -> Library:
    """The program as it is in the project: read once for all stories, since none of them edits it."""
    return Library(CONTENT, today=MORNING.date)


@asynccontextmanager
async def open_world(
    database_url: str,
    *,
    content: Path,
    start: datetime = MORNING,
    granted: frozenset[str] | None = None,
    store: Path | None = None,
    over_http: bool = False,
) -> AsyncIterator[World]:
    """The house, connected to a stand-in over Socket Mode, or over HTTP."""
    clock = Clock(start=start, speed=1e-6)  # it stands all but still: the story moves it
    async with AsyncExitStack() as stack:
        sandbox = Sandbox(now=clock.now, store=store, granted=ALL_SCOPES if granted is None else granted)
        await sandbox.start()
        stack.push_async_callback(sandbox.stop)
        cast = cast_of(sandbox)
        library = shipped() if content == CONTENT else Library(content, today=lambda: clock.now().date())
        fitted = await stack.enter_async_context(
            house(
                clock=clock, database_url=database_url, library=library, token=sandbox.bot_token,
                api_url=sandbox.api_url, messages_per_minute=100_000,
            )
        )  # fmt: skip
        await stack.enter_async_context(_by_http(fitted, sandbox) if over_http else _by_socket(fitted, sandbox))
        held = Held(fitted)
        yield World(sandbox, fitted, clock, **cast)
        assert not held.wrong, "\n".join(held.wrong)


@asynccontextmanager
async def _by_socket(fitted: House, sandbox: Sandbox) -> AsyncIterator[None]:
    async with receiving(fitted, sandbox.bot_token, sandbox.app_token):
        await sandbox.until(lambda: sandbox.sockets.connections)
        yield


@asynccontextmanager
async def _by_http(fitted: House, sandbox: Sandbox) -> AsyncIterator[None]:
    site = receivers.web_app(fitted.bolt(signing_secret=sandbox.signing_secret), healthy=fitted.healthy)
    async with receivers.http(site, port=0, host="127.0.0.1") as port:
        sandbox.events_url = f"http://127.0.0.1:{port}{receivers.EVENTS_PATH}"
        yield


def cast_of(sandbox: Sandbox) -> dict[str, Person]:
    """The standing cast."""
    return {
        "maya": sandbox.add_person(id="U0MAYA", name="Maya Horvat", email="maya@example.com", tz="Europe/Ljubljana"),
        "tom": sandbox.add_person(id="U0TOM", name="Tom Baker", email="tom@example.com", tz="America/New_York"),
        "ana": sandbox.add_person(id="U0ANA", name="Ana Kovač", email="ana@example.com", tz="Europe/Ljubljana"),
        "lena": sandbox.add_person(id="U0LENA", name="Lena Fischer", email="lena@example.com", tz="Europe/Berlin"),
        "zoe": sandbox.add_person(id="U0ZOE", name="Zoe Adams", email="zoe@example.com", tz="Europe/London"),
    }
