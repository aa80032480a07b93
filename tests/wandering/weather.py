"""What happens without anybody's doing anything here: accounts, time zones, outages, Slack's bad days, edits of the content."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from tests.wandering.place import A_BAD_HOUR, Folk, Place

ZONES = (
    "Europe/Ljubljana",
    "America/New_York",
    "Asia/Singapore",
    "Pacific/Auckland",
    "America/Los_Angeles",
    "Nowhere/AtAll",
)
FAULTS = (
    ("chat.postMessage", "429"), ("chat.postMessage", "500"), ("chat.postMessage", "500_after"),
    ("chat.postMessage", "reset_after"), ("chat.postMessage", "reset_before"), ("chat.postMessage", "garbage_after"),
    ("chat.postMessage", "error:fatal_error"), ("chat.update", "500"), ("chat.update", "429"), ("*", "500"),
    ("*", "reset_before"), ("views.open", "error:expired_trigger_id"), ("users.list", "500"), ("conversations.open", "500"),
    ("conversations.history", "500"), ("files.getUploadURLExternal", "500"), ("chat.delete", "500"),
    ("views.publish", "error:hash_conflict"),
)  # fmt: skip
Event = Callable[[Place, Folk], Awaitable[str]]


async def act(place: Place) -> None:
    """Something happens."""
    who = place.chance.choice(place.folks)
    event: Event = place.chance.choices([one for one, _ in EVENTS], [weight for _, weight in EVENTS])[0]
    place.diary.done(f"event: {event.__name__}")
    told = await event(place, who)
    if told:
        place.diary.note(f"{event.__name__}: {told}")


async def moves(place: Place, who: Folk) -> str:
    """Someone is in another time zone."""
    zone = place.chance.choice(ZONES)
    await who.world.sandbox.change_person(who.person.id, tz=zone)
    return f"{who.name} to {zone}"


async def speaks(place: Place, who: Folk) -> str:
    """Someone has Slack in another language."""
    locale = place.chance.choice(("sl-SI", "en-US", "de-DE"))
    await who.world.sandbox.change_person(who.person.id, locale=locale)
    return f"{who.name} {locale}"


async def leaves(place: Place, who: Folk) -> str:
    """An account is closed; Lena's stays, who leads the program."""
    if who.part == "staff" or who.person.deleted:
        return await returns(place, who)
    await who.world.sandbox.become(who.person.id, "deactivated")
    return f"the account of {who.name} is closed"


async def returns(place: Place, _: Folk) -> str:
    """Whoever's account was closed, or who was away, is back."""
    back = [one for one in place.folks if one.person.deleted or one.person.status_emoji]
    if not back:
        return ""
    who = place.chance.choice(back)
    await who.world.sandbox.become(who.person.id, "here")
    return f"{who.name} is back"


async def rests(_: Place, who: Folk) -> str:
    """Someone is on holiday for a week."""
    await who.world.sandbox.become(who.person.id, "away")
    return f"{who.name} is away for a week"


async def undisturbed(place: Place, who: Folk) -> str:
    """Someone is not to be disturbed for some hours, or may be again."""
    if place.chance.random() < 0.4:
        await who.world.sandbox.change_dnd(who.person.id)
        return f"{who.name} may be disturbed"
    hours = place.chance.choice((1, 4, 20))
    await who.world.sandbox.change_dnd(who.person.id, place.now(), place.now() + timedelta(hours=hours))
    return f"{who.name} is not to be disturbed for {hours} hours"


async def clock_stops(place: Place, _: Folk) -> str:
    """Nobody ticks for a while."""
    place.clock_back = place.now() + timedelta(hours=place.chance.choice((2, 9, 30, 80, 200)))
    return f"the clock stops until {place.clock_back:%d %b %H:%M}"


async def workers_stop(place: Place, _: Folk) -> str:
    """Nobody sends for a while."""
    place.workers_back = place.now() + timedelta(hours=place.chance.choice((1, 3, 9, 30, 80)))
    return f"the workers stop until {place.workers_back:%d %b %H:%M}"


async def slack_fails(place: Place, who: Folk) -> str:
    """Slack has a bad hour."""
    method, kind = place.chance.choice(FAULTS)
    times = place.chance.randint(1, 3)
    who.world.sandbox.fail(method, kind, times)
    place.faults_until = place.now() + A_BAD_HOUR
    return f"{method} {kind} {times} times in {who.world.sandbox.workspace}"


async def uninstalled(place: Place, who: Folk) -> str:
    """A workspace lets the app go, or lets it in again."""
    team = who.world.sandbox.team_id
    if team not in place.gone:
        await place.town.here.sandbox.installs.uninstall(team)
        place.gone.add(team)
        return f"{team} lets the app go"
    await come_back(place, team)
    return f"{team} lets the app in again"


async def come_back(place: Place, team: str) -> None:
    """The app is installed once more."""
    page = await place.town.install(team)
    if page.status >= 400:
        place.diary.violation("could not be installed again", f"{team}: {page.status} {page.text[:200]}")
    place.gone.discard(team)
    await place.days_pass_for_jobs()


async def edited(place: Place, _: Folk) -> str:
    """A lesson is edited: its words, a new revision, a slip, or it is taken out of the program."""
    paths = sorted(
        one for one in place.content.glob("areas/*/*.md") if one.name[0].isdigit() and ".sl." not in one.name
    )
    path = place.chance.choice(paths)
    text = path.read_text("utf-8")
    what = place.chance.choice(("words", "revision", "slip", "out"))
    if what == "words":
        path.write_text(
            text.replace("## Do it", f"Once more, in other words: {len(place.diary.steps)}.\n\n## Do it", 1), "utf-8"
        )
    elif what == "revision":
        path.write_text(text.replace("revision: 1", "revision: 2", 1), "utf-8")
    elif what == "slip":
        path.write_text(text.replace("- [x]", "- [ ]", 1), "utf-8")
        place.town.house.library.refresh()
        path.write_text(text, "utf-8")
    elif place.chance.random() < 0.3:
        path.rename(path.with_suffix(".draft.md"))
    place.town.house.library.refresh()
    return f"{what} of {path.name}"


async def looked_after(place: Place, _: Folk) -> str:
    """What a clock does every hour, beside its ticks: it looks at the directory."""
    await place.town.house.sync_directory()
    return ""


EVENTS: tuple[tuple[Event, int], ...] = (
    (moves, 4), (speaks, 2), (leaves, 2), (returns, 4), (rests, 2), (undisturbed, 4), (clock_stops, 2), (workers_stop, 2),
    (slack_fails, 4), (uninstalled, 1), (edited, 2), (looked_after, 8),
)  # fmt: skip
