"""What staff and operators do from a command line, with whatever values."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta

from bot.records.audit import acts_since
from bot.reports.events import statements
from bot.reports.report import items_of, make_report
from bot.reports.sheets import sheets
from bot.sentences import OPERATORS_ERRORS, sentence_for
from tests.wandering.place import Folk, Place
from tests.world import World

COHORTS = ("Autumn", "Winter")
ZONES = ("", "", "Europe/Ljubljana", "America/New_York", "Asia/Singapore", "Pacific/Auckland")
Deed = Callable[[Place, World], Awaitable[str]]


async def act(place: Place) -> None:
    """Staff do something; what they can mend is a sentence, anything else is a fault of ours."""
    world = place.chance.choices([place.town.here, place.town.there], [8, 2])[0]
    if world.sandbox.team_id in place.gone:
        return
    deed: Deed = place.chance.choices([one for one, _ in DEEDS], [weight for _, weight in DEEDS])[0]
    place.diary.done(f"staff: {deed.__name__}")
    try:
        told = await deed(place, world)
    except OPERATORS_ERRORS as error:
        told = f"was told: {sentence_for(error)}"
    except Exception as error:
        place.diary.violation("a command failed", f"{deed.__name__}: {type(error).__name__}: {error}")
        return
    place.diary.note(f"staff of {world.sandbox.workspace}: {deed.__name__} {told}")


async def enrol_all(place: Place, world: World) -> None:
    """The rosters with which a walk begins."""
    managers = [one for one in place.folks if one.world is world and one.part == "manager"]
    for who in managers:
        line = _line(place, who, place.now().date() + timedelta(days=place.chance.choice((0, 0, 1, 5))), "active")
        await _import(place, world, [line])


async def roster(place: Place, world: World) -> str:
    """A file with some of the managers, and perhaps with others."""
    folks = [one for one in place.folks if one.world is world]
    weights = [8 if one.part == "manager" else 1 for one in folks]
    lines = []
    for who in dict.fromkeys(place.chance.choices(folks, weights, k=place.chance.choice((1, 1, 2, 3)))):
        day = place.now().date() + timedelta(days=place.chance.choice((-30, 0, 0, 0, 3, 10)))
        lines.append(_line(place, who, day, place.chance.choice(("active",) * 5 + ("left",))))
    return await _import(place, world, lines)


def _line(place: Place, who: Folk, day: date, status: str) -> str:
    others = [one for one in place.folks if one.world is who.world]
    mentors = [one.person.email for one in others if one.part == "mentor" and not one.person.deleted]
    buddies = [one.person.email for one in others if one.part == "buddy" and not one.person.deleted]
    chance = place.chance
    mentor = chance.choice([*mentors, *mentors, *mentors, ""])
    buddy = chance.choice([*buddies, "", ""])
    cohort = chance.choices([*COHORTS, f"Later {place.now():%m}"], [5, 5, 1])[0]
    zone = chance.choice(ZONES)
    return f"{who.person.email},{day},{cohort},{mentor},{buddy},{chance.choice(('South', 'North', ''))},{zone},{status}"


async def _import(place: Place, world: World, lines: list[str]) -> str:
    head = "email,role_start_date,cohort,mentor_email,buddy_mentor_email,team,timezone,status"
    told = await place.town.house.rooms.cohorts.rosters.import_roster(
        "\n".join([head, *lines]), by=place.doer(world), now=place.now(), dry_run=place.chance.random() < 0.1
    )
    await place.town.house.meet_staff(world.sandbox.team_id)
    done = [f"{one.name} {one.step.value} {one.changes}" for one in told.told]
    return f"{lines}: {done} {[one.what for one in told.problems]}"


async def _a_cohort(place: Place, world: World) -> str:
    found = await place.town.house.rooms.cohorts.leading.overview(world.sandbox.team_id, place.now())
    names = [one.name for one in found if not one.closed] or ["Autumn"]
    return place.chance.choice(names)


async def pause(place: Place, world: World) -> str:
    """A cohort rests."""
    name, days = await _a_cohort(place, world), place.chance.choice((None, 1, 3, 7, 10, 14))
    until = None if days is None else place.now().date() + timedelta(days=days)
    count = await place.town.house.rooms.cohorts.leading.pause(place.doer(world), name, until, place.now())
    return f"{name} until {until}: {count}"


async def resume(place: Place, world: World) -> str:
    """All cohorts go on: one that was paused without an end would rest for the whole walk."""
    for one in await place.town.house.rooms.cohorts.leading.overview(world.sandbox.team_id, place.now()):
        if not one.closed:
            await place.town.house.rooms.cohorts.leading.resume(place.doer(world), one.name, place.now())
    return "all"


async def extend(place: Place, world: World) -> str:
    """More weeks, or fewer."""
    name, weeks = await _a_cohort(place, world), place.chance.choice((-2, 1, 2, 4))
    leading = place.town.house.rooms.cohorts.leading
    return f"{name} by {weeks}: {await leading.extend(place.doer(world), name, weeks, place.now())}"


async def start(place: Place, world: World) -> str:
    """A cohort starts on a day."""
    name, day = await _a_cohort(place, world), place.now().date() + timedelta(days=place.chance.choice((0, 2, 7)))
    return f"{name} on {day}: {await place.town.house.rooms.cohorts.leading.start(place.doer(world), name, day, place.now())}"


async def close(place: Place, world: World) -> str:
    """The end of a cohort."""
    name = await _a_cohort(place, world)
    return f"{name}: {await place.town.house.rooms.cohorts.leading.close(place.doer(world), name, place.now())}"


async def follow(place: Place, world: World) -> str:
    """A cohort follows a group, or no longer."""
    cohorts, name = place.town.house.rooms.cohorts, await _a_cohort(place, world)
    if place.chance.random() < 0.6:
        await cohorts.following.let_go(place.doer(world), name, place.now())
        return f"{name} follows nobody"
    users = [
        one.person.id
        for one in place.folks
        if one.world is world and one.part == "manager" and place.chance.random() < 0.8
    ]
    world.sandbox.add_group(handle=f"g{len(world.sandbox.state.groups)}", name="Some", users=users)
    handle = f"@g{len(world.sandbox.state.groups) - 1}"
    return f"{name} {users}: {await cohorts.following.follow(place.doer(world), name, handle, place.now())}"


async def role(place: Place, world: World) -> str:
    """Someone becomes staff or analyst, or is it no longer."""
    who = place.chance.choice(
        [one for one in place.folks if one.world is world and one.part in ("staff", "buddy", "nobody")]
    )
    what = place.chance.choice(("staff", "analyst", "none"))
    await place.town.house.rooms.cohorts.people.give_role(place.doer(world), who.person.email, what, place.now())
    return f"{who.name} {what}"


async def read(place: Place, world: World) -> str:
    """Whatever staff may read: it changes nothing, and never fails."""
    house, team = place.town.house, world.sandbox.team_id
    await house.rooms.cohorts.people.everyone(team)
    curriculum = house.library.current.curriculum
    async with house.database.transaction() as session:
        await acts_since(session, team, place.now() - timedelta(days=30))
        await make_report(session, curriculum, None, place.now(), workspace=team)
        items = await items_of(session, curriculum.program, None, team)
        await sheets(session, items, None, team)
        await statements(session, curriculum, None, team)
    return "everything"


DEEDS: tuple[tuple[Deed, int], ...] = (
    (roster, 8), (pause, 3), (resume, 4), (extend, 1), (start, 2), (close, 1), (follow, 2), (role, 2), (read, 1),
)  # fmt: skip
