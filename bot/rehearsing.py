"""`playercoach rehearse`: what one made-up manager would get, and when, over the next weeks, told in seconds.

The whole house runs on a database of its own that is thrown away, with the stand-in for Slack and a clock that jumps from
moment to moment. Nothing here touches what is real.
"""

import asyncio
import tempfile
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from bot.agenda import personal
from bot.agenda.calendar import local
from bot.agenda.clock import Clock
from bot.agenda.rehearsal import move_on
from bot.app import House, house
from bot.attention.rules import HABITS
from bot.curriculum.library import Library
from bot.curriculum.model import Program
from bot.living import in_a_thread
from bot.records.audit import Doer
from bot.records.embedded import Embedded
from bot.records.tables import Interruption, Message, PeerMember, Person
from bot.records.upgrade import upgrade
from bot.running import receiving
from bot.sandbox.server import Sandbox
from bot.sandbox.understudies import Understudies

PLAYED, COLLEAGUE, MENTOR = "U0NINA", "U0OMAR", "U0ANA"
CAST = {PLAYED: "Nina Park", COLLEAGUE: "Omar Haddad", MENTOR: "Ana Kovač"}
_LESSONS = ("check_confidence:think_so", "check_scale:3", "check_write", "review_confidence:think_so")
_ALL = ("welcome_begin", *_LESSONS, "action_promise", "follow_up", "pulse_", "peers_pick", "peers_met:all")
# What each kind of person presses, by how action ids begin.
PERSONAS = {
    "keen": _ALL,
    "busy": ("welcome_begin", "check_confidence:guess", "check_scale:3", "follow_up"),
    "silent": ("welcome_begin",),
}
MINUTES = {
    "lesson": 4.0,
    "review": 3.0,
    "welcome": 2.0,
    "ending": 2.0,
    "introduction": 1.0,
}  # of reading; else half of one


@dataclass(frozen=True)
class Wanted:
    """Whom to rehearse, and for how long."""

    weeks: int
    persona: str
    zone: str
    country: str | None
    starts_on: date


@dataclass(frozen=True)
class Heard:
    """A message that reached them, at their local time; `joined` rode along, `held` had to wait for another day."""

    at: datetime
    kind: str
    words: str
    joined: tuple[str, ...] = ()
    held: tuple[str, ...] = ()


async def rehearse(content_dir: Path, wanted: Wanted) -> str:
    """The transcript, week by week, with what it takes of their time, and clashes. ContentBroken if the content is."""
    async with _stage(content_dir, wanted) as (fitted, sandbox, clock):
        actors = Understudies(sandbox, {PLAYED: PERSONAS[wanted.persona], COLLEAGUE: _ALL}, lambda: _quiet(fitted))

        async def settle() -> None:
            await _quiet(fitted)
            await actors.act()
            await _quiet(fitted)

        until = clock.now() + timedelta(weeks=wanted.weeks)
        await move_on(clock, until, next_moment=fitted.due.next_moment, tick=fitted.tick, settle=settle)
        heard = await _heard(fitted, wanted.zone)
        program = fitted.library.current.curriculum.program
        async with fitted.database.transaction() as session:
            person = (await session.exec(select(Person).where(Person.slack_id == PLAYED))).one()
        return "\n".join(_told(program, person, wanted, heard))


@asynccontextmanager
async def _stage(content_dir: Path, wanted: Wanted) -> AsyncIterator[tuple[House, Sandbox, Clock]]:
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="playercoach-rehearsal-"))
        embedded = Embedded(Path(folder))
        stack.push_async_callback(asyncio.to_thread, embedded.stop)
        url = await in_a_thread(embedded.start)
        await in_a_thread(upgrade, url)
        start = datetime.combine(wanted.starts_on, time(0), ZoneInfo(wanted.zone)).astimezone(UTC)
        clock = Clock(start=start, speed=1e-6)  # it all but stands still, and is moved
        sandbox = Sandbox(now=clock.now)
        await sandbox.start()
        stack.push_async_callback(sandbox.stop)
        for slack_id, name in CAST.items():
            email = f"{name.split()[0].lower()}@example.com"
            sandbox.add_person(id=slack_id, name=name, email=email, tz=wanted.zone)
        library = Library(content_dir, today=lambda: local(clock.now(), "UTC").date())
        fitted = await stack.enter_async_context(
            house(clock=clock, database_url=url, library=library, token=sandbox.bot_token, api_url=sandbox.api_url,
                  messages_per_minute=100_000)
        )  # fmt: skip
        await stack.enter_async_context(receiving(fitted, sandbox.bot_token, sandbox.app_token))
        await sandbox.until(lambda: sandbox.sockets.connections)
        await _enrol(fitted, wanted)
        yield fitted, sandbox, clock


async def _enrol(fitted: House, wanted: Wanted) -> None:
    rows = [f"{one},{MENTOR},Rehearsal,{wanted.starts_on}" for one in (PLAYED, COLLEAGUE)]
    await fitted.rooms.cohorts.rosters.import_roster(
        "\n".join(["manager,mentor,cohort,starts_on", *rows]),
        by=Doer(fitted.workspace_id), now=fitted.clock.now(), dry_run=False,
    )  # fmt: skip
    async with fitted.database.transaction() as session:
        for person in await session.exec(select(Person)):
            person.country = wanted.country
            session.add(person)


async def _quiet(fitted: House) -> None:
    """Until nothing waits for a worker, or for a modal. One that is started and finds nothing asks a dozen questions."""
    while True:
        await fitted.asides.finish()
        async with fitted.database.transaction() as session:
            if await fitted.queue.idle(session):
                return
        await fitted.queue.work(wait=False)


async def _heard(fitted: House, zone: str) -> list[Heard]:
    async with fitted.database.transaction() as session:
        person = (await session.exec(select(Person).where(Person.slack_id == PLAYED))).one()
        groups = await session.exec(select(PeerMember.group_id).where(PeerMember.person_id == person.id))
        rows = await session.exec(
            select(Message)
            .where((col(Message.person_id) == person.id) | col(Message.group_id).in_(list(groups)))
            .where(col(Message.sent_at).is_not(None))
            .order_by(col(Message.sent_at))
        )
        messages = list(rows)
        spent = {one.message_id: one for one in await session.exec(select(Interruption)) if one.person_id == person.id}
        titles = {lesson.id: lesson.title for lesson in fitted.library.current.curriculum.lessons}
    found = []
    for one in messages:
        day = spent.get(one.id)
        found.append(
            Heard(
                at=local(one.sent_at or one.created_at, zone),
                kind=one.kind,
                words=titles.get(str(one.payload.get("lesson_id")), ""),
                joined=tuple(str(part["kind"]) for part in one.payload.get("joined", ())),
                held=tuple(day.held_back) if day is not None else (),
            )
        )
    return found


def _told(program: Program, person: Person, wanted: Wanted, heard: Sequence[Heard]) -> Iterator[str]:
    yield f"A {wanted.persona} manager in {wanted.zone}, from {wanted.starts_on} on, for {wanted.weeks} weeks."
    weeks: dict[int, list[Heard]] = defaultdict(list)
    for one in heard:
        weeks[(one.at.date() - wanted.starts_on).days // 7].append(one)
    for week in range(wanted.weeks):
        monday = wanted.starts_on + timedelta(weeks=week)
        yield ""
        minutes = sum(MINUTES.get(one.kind, 0.5) for one in weeks[week])
        yield f"Week {week + 1}, from {monday:%a %d %b}: {len(weeks[week])} messages, about {minutes:.0f} minutes"
        yield from (f"  {_line(one)}" for one in weeks[week])
        yield from (f"  – {line}" for line in _days_off(program, person, monday))
    yield ""
    unasked = [one for one in heard if _is_unasked(one)]
    yield f"{len(unasked)} unasked messages, {len(unasked) / max(wanted.weeks, 1):.1f} a week."
    clashes = list(_clashes(program, unasked))
    yield from clashes or ["No clashes: at most one a working day, and never more a week than the program allows."]


def _line(one: Heard) -> str:
    parts = [f"{one.at:%a %d %b %H:%M}  {one.kind:13}", one.words]
    parts += [f"(with {', '.join(one.joined)})"] if one.joined else []
    parts += [f"[waiting: {', '.join(one.held)}]"] if one.held else []
    return " ".join(part for part in parts if part).rstrip()


def _days_off(program: Program, person: Person, monday: date) -> Iterator[str]:
    working = personal.personal_time(program, person)
    for day in (monday + timedelta(days=number) for number in range(7)):
        why = working.why_off(day)
        if why is not None and day.strftime("%a").lower() in working.days:
            yield f"{day:%a %d %b} is free ({why})"


def _is_unasked(one: Heard) -> bool:
    return one.kind in HABITS or one.kind in ("introduction", "meeting")


def _clashes(program: Program, unasked: Sequence[Heard]) -> Iterator[str]:
    days = Counter(one.at.date() for one in unasked)
    yield from (f"CLASH: {count} messages on {day:%a %d %b}" for day, count in days.items() if count > 1)
    weeks: Counter[date] = Counter(day - timedelta(days=day.weekday()) for day in days.elements())
    for monday, count in weeks.items():
        if count > program.attention.a_week:
            yield f"CLASH: {count} messages in the week of {monday:%d %b}, {program.attention.a_week} are allowed"
