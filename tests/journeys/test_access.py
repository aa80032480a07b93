"""Everyone tries everything about Maya, with the ids of what is really hers: only those whom the table allows change anything."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from bot.cohorts.staff import Picked
from bot.cohorts.staff import Refused as NotStaff
from bot.cohorts.staff_message import LEAVES
from bot.handover.giving import Refused as NotGiven
from bot.handover.giving import Wanted
from bot.mentors.words import Told
from bot.onboarding.baseline import Given
from bot.peers.asked import Answer
from bot.peers.changes import Refused as NotChanged
from bot.ratings.cards import Card
from bot.ratings.flow import Seen, Spot
from bot.records.audit import Doer
from bot.records.roles import ACTS, Act, Role
from bot.records.tables import Ask, Cohort, Enrollment, LessonGiven, Message, PeerGroup, PeerRound, Person, Response
from bot.slack.access import Actor, NotTheirs
from tests.journeys.test_answers import answer_all
from tests.journeys.test_clinic import INTRODUCED
from tests.journeys.test_rounds import PROPOSED
from tests.world import World

SECRET = "Zanzibar"  # a word of Maya's that nobody else may ever read


@dataclass(frozen=True)
class Stage:
    """Maya's things, by their real ids, and who is on stage in which role."""

    world: World
    cast: dict[str, tuple[str, Role]]  # name → Slack id and what they are to Maya
    enrollment: int
    lesson: UUID
    check: str
    ask: int
    group: int
    round: int

    def actor(self, name: str) -> Actor:
        """Who presses."""
        return Actor(self.world.house.workspace_id, self.cast[name][0])

    @property
    def now(self) -> datetime:
        """The moment of the story."""
        return self.world.clock.now()


Try = Callable[[Stage, Actor, str], Awaitable[Any]]


async def stage_of(world: World, until: datetime = INTRODUCED) -> Stage:
    """Maya has a mentor, a buddy, a peer, an answer, an ask and a group; Ivo was her mentor until Ana came."""
    await world.house.sync_directory()
    add = world.sandbox.add_person
    buddy, ivo = (add(id=f"U0{n}", name=n, email=f"{n}@example.com", tz="Europe/Ljubljana") for n in ("BOB", "IVO"))
    other = add(id="U0KIM", name="Kim Lee", email="kim@example.com", tz="Europe/Ljubljana")
    head = "manager,mentor,buddy,cohort,starts_on"
    for mentor in (ivo, world.ana):
        rows = [
            f"{world.maya.email},{mentor.email},{buddy.email},Autumn,2026-11-24",
            f"{world.tom.email},{other.email},,Autumn,2026-11-24",
        ]
        await world.house.rooms.cohorts.rosters.import_roster(
            "\n".join([head, *rows]), by=Doer(world.house.workspace_id), now=world.clock.now(), dry_run=False
        )
    await world.begin()
    await world.until(datetime(2026, 11, 24, 18, 0, tzinfo=UTC))
    await answer_all(world, next(one for one in world.dms(world.maya) if "Read the chain" in one.text), thought=SECRET)
    maya = Actor(world.house.workspace_id, world.maya.id)
    await world.house.rooms.asks.save(maya, "A seller leaves", needs_help=False, place="p1", now=world.clock.now())
    await world.until(until)
    people = {one.slack_id: one.id for one in await world.rows(Person)}
    (enrollment,) = [one for one in await world.rows(Enrollment) if one.person_id == people[world.maya.id]]
    (given, *_) = [one for one in await world.rows(LessonGiven) if one.enrollment_id == enrollment.id]
    response = next(one for one in await world.rows(Response) if one.answer.get("text") == SECRET)
    (ask,), (group,), (round_, *_) = [await world.rows(table) for table in (Ask, PeerGroup, PeerRound)]
    cast = {
        "Maya": (world.maya.id, Role.SELF), "Ana": (world.ana.id, Role.MENTOR), "Bob": (buddy.id, Role.BUDDY),
        "Tom": (world.tom.id, Role.PEER), "Lena": (world.lena.id, Role.STAFF), "Zoe": (world.zoe.id, Role.NOBODY),
        "Ivo, who was her mentor": (ivo.id, Role.NOBODY), "Kim, another's mentor": (other.id, Role.NOBODY),
    }  # fmt: skip
    return Stage(world, cast, enrollment.id, given.message_id, response.check_id, ask.id, group.id, round_.id)


async def rate_self(stage: Stage, actor: Actor, place: str) -> None:  # noqa: ARG001 — as every one of these
    """A level of one's own, in the baseline."""
    await stage.world.house.rooms.baselines.rate(Given(actor, 0, "talent", 4), stage.now)


async def rate(stage: Stage, actor: Actor, place: str) -> None:  # noqa: ARG001
    """A level of what was seen of Maya."""
    spot = Spot(actor, stage.enrollment, 0, "talent")
    await stage.world.house.rooms.ratings.rate(
        Seen(spot, 3, "She let a seller speak first", date(2026, 12, 1)), stage.now
    )


async def observe(stage: Stage, actor: Actor, place: str) -> None:
    """An observation card about Maya."""
    card = Card(actor, place, stage.enrollment, {"area:talent": "yes"}, "Good")
    await stage.world.house.rooms.ratings.send_card(card, stage.now)


async def kudos(stage: Stage, actor: Actor, place: str) -> None:
    """Kudos for Maya."""
    await stage.world.house.rooms.words.save(Told(actor, place, stage.enrollment, "Well done", "kudos"), stage.now)


async def talked(stage: Stage, actor: Actor, place: str) -> None:
    """«We talked», with Maya."""
    await stage.world.house.rooms.words.save(Told(actor, place, stage.enrollment, "We talked"), stage.now)


async def ask(stage: Stage, actor: Actor, place: str) -> None:
    """Something to talk about, with one's own mentor."""
    await stage.world.house.rooms.asks.save(actor, "Another thing", needs_help=False, place=place, now=stage.now)


async def settle(stage: Stage, actor: Actor, place: str) -> None:
    """Maya's ask is settled: taken back by her, or talked about with her mentor."""
    if stage.cast["Maya"][0] == actor.slack_id:
        await stage.world.house.rooms.asks.take_back(actor, stage.ask, stage.now)
    else:
        told = Told(actor, place, stage.enrollment, "We talked", settles=True)
        await stage.world.house.rooms.asks.take_back(actor, stage.ask, stage.now)
        await stage.world.house.rooms.words.save(told, stage.now)


async def share(stage: Stage, actor: Actor, place: str) -> None:  # noqa: ARG001
    """Show Maya's thought to her mentor."""
    ana = next(one.mentor_id for one in await stage.world.rows(Enrollment) if one.id == stage.enrollment)
    await stage.world.house.rooms.checks.share(actor, stage.lesson, stage.check, ana, stage.now)


async def pick_time(stage: Stage, actor: Actor, place: str) -> None:  # noqa: ARG001
    """The first of the times of Maya's group."""
    await stage.world.house.rooms.meeting_times.pick(actor, stage.group, 0, stage.now)


async def say_met(stage: Stage, actor: Actor, place: str) -> None:  # noqa: ARG001
    """That Maya's group met."""
    await stage.world.house.rooms.clinics.met(actor, stage.group, Answer.ALL, stage.now)


async def give_mentor(stage: Stage, actor: Actor, place: str) -> None:  # noqa: ARG001
    """Zoe as Maya's mentor."""
    ana = next(one.mentor_id for one in await stage.world.rows(Enrollment) if one.id == stage.enrollment)
    wanted = Wanted(stage.world.zoe.id, "", [stage.enrollment], before=ana)
    await stage.world.house.rooms.handover.giving.give(actor, wanted, stage.now)


async def change_round(stage: Stage, actor: Actor, place: str) -> None:  # noqa: ARG001
    """Leave Maya out of her round."""
    await stage.world.house.rooms.changes.leave_out(actor, stage.round, stage.world.maya.id, stage.now)


async def enrol(stage: Stage, actor: Actor, place: str) -> None:  # noqa: ARG001
    """Take Maya out of the program."""
    picked = Picked([stage.world.maya.id], what=LEAVES)
    await stage.world.house.rooms.cohorts.staff.change(actor, picked, stage.now)


async def lead(stage: Stage, actor: Actor, place: str) -> None:  # noqa: ARG001
    """Close Maya's cohort."""
    (autumn,) = await stage.world.rows(Cohort)
    await stage.world.house.rooms.cohorts.staff.lead(
        actor, Picked(cohort=f"cohort:{autumn.id}", what="close"), stage.now
    )


TRIES: dict[Act, Try] = {
    Act.RATE_SELF: rate_self, Act.RATE: rate, Act.OBSERVE: observe, Act.KUDOS: kudos, Act.TALKED: talked, Act.ASK: ask,
    Act.SETTLE: settle, Act.SHARE: share, Act.PICK_TIME: pick_time, Act.SAY_MET: say_met, Act.GIVE_MENTOR: give_mentor,
    Act.CHANGE_ROUND: change_round, Act.ENROL: enrol, Act.LEAD: lead,
}  # fmt: skip
NAMES_NOTHING = {Act.ASK, Act.RATE_SELF}  # who may not do that has nothing of Maya's in hand
REFUSALS = (NotTheirs, NotGiven, NotChanged, NotStaff)


async def about_maya(stage: Stage) -> str:
    """A digest of all rows that are about her."""
    enrollment, group = stage.enrollment, stage.group
    wheres = {
        "ask": f"enrollment_id = {enrollment}", "checkpoint": f"enrollment_id = {enrollment}",
        "enrollment": f"id = {enrollment}", "note": f"enrollment_id = {enrollment}",
        "rating": f"enrollment_id = {enrollment}", "peer_group": f"id = {group}", "peer_member": f"group_id = {group}",
        "response": f"message_id = '{stage.lesson}'",
    }  # fmt: skip
    found = []
    async with stage.world.house.database.transaction() as session:
        for table, where in wheres.items():
            rows = await session.execute(text(f"SELECT t::text FROM {table} t WHERE {where} ORDER BY 1"))
            found += [str(row[0]) for row in rows]
    return hashlib.sha256("\n".join(found).encode()).hexdigest()


def refused(caplog: pytest.LogCaptureFixture) -> set[str]:
    """The Slack ids of those of whom the log says that they were refused something."""
    return {str(one.__dict__["who"]) for one in caplog.records if one.__dict__.get("action") == "access.refused"}


def test_every_act_is_tried() -> None:
    """A new act without a try here fails; what changes nothing is tried elsewhere: the brief below, «why» in test_staff."""
    assert set(TRIES) | {Act.BRIEF, Act.EXPLAIN} == set(Act)


@pytest.mark.long
@pytest.mark.parametrize("act", list(TRIES))
async def test_only_those_who_may(world: World, act: Act, caplog: pytest.LogCaptureFixture) -> None:
    """First all who may not: nothing about Maya changes, and the log says who tried. Then each who may: it does."""
    # A round can be changed until it starts; everything else about a group comes after that.
    stage = await stage_of(world, PROPOSED if act is Act.CHANGE_ROUND else INTRODUCED)
    for name, (_, role) in sorted(stage.cast.items(), key=lambda one: act in ACTS[one[1][1]]):
        before = await about_maya(stage)
        caplog.clear()
        try:
            await TRIES[act](stage, stage.actor(name), f"place-{act.name}-{name[:3]}")
        except REFUSALS:
            assert act not in ACTS[role], f"{name} was refused"
        if act not in ACTS[role]:
            assert await about_maya(stage) == before, f"{name} changed something of Maya's"
            assert act in NAMES_NOTHING or stage.cast[name][0] in refused(caplog), f"nobody reads of what {name} tried"
        elif act is not Act.PICK_TIME or role is Role.SELF:  # the first pick counts
            assert await about_maya(stage) != before, f"{name} could not"
            return


@pytest.mark.long
async def test_a_brief_is_the_mentors(world: World) -> None:
    """Of all who ask for a brief about Maya, only Ana reads one."""
    stage = await stage_of(world)
    for name, (slack_id, role) in stage.cast.items():
        delivered = await world.sandbox.command(slack_id, "/coach brief <@U0MAYA>")
        await world.settle()
        said = [one for one in world.sandbox.dms(slack_id) if "Maya Horvat, in a minute" in one.text]
        assert bool(said) == (Act.BRIEF in ACTS[role]), (name, delivered)


@pytest.mark.long
async def test_a_private_thought_is_read_by_nobody(world: World) -> None:
    """After a fortnight with digests, a round, briefs and everyone's Home, Maya's thought was shown to Maya only."""
    stage = await stage_of(world)
    for slack_id, _ in stage.cast.values():
        await world.sandbox.open_home(slack_id)
        for words in ("brief Maya", "today", "progress", "find Zanzibar", "help"):
            await world.sandbox.command(slack_id, f"/coach {words}")
        await world.settle()
    await world.until(datetime(2026, 12, 8, 20, 0, tzinfo=UTC))
    assert await world.rows(Message)
    for name, (slack_id, role) in stage.cast.items():
        seen = str([one.blocks for one in world.sandbox.dms(slack_id)]) + str(world.sandbox.home(slack_id))
        assert (SECRET in seen.replace("find Zanzibar", "")) == (role is Role.SELF), name
