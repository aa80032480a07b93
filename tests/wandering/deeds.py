"""What anybody may do at any moment with what they have before them."""

from bot.sandbox.state import Message
from tests.wandering import hands
from tests.wandering.place import Folk, Place

COMMANDS = (
    "", "help", "today", "progress", "picture", "find discount", "find pipeline", "pause", "pause until Friday", "pause 2 weeks",
    "resume", "resume", "resume", "go on", "go on", "settings", "privacy", "ask", "brief", "brief maya", "brief Kai",
    "kudos", "talked", "premor", "nadaljuj", "pavza 1 teden", "nastavitve", "zasebnost", "pauze", "what is this?",
)  # fmt: skip
WITH_WORDS = ("ask {}", "vprašaj {}", "find {}", "{}", "brief {}", "pause {}")
LATEST = 3  # messages that people mostly look at


async def act(place: Place) -> None:
    """Somebody who is there does something."""
    there = [one for one in place.folks if is_there(place, one)]
    if not there:
        return
    who = place.chance.choices(there, [WEIGHTS[one.part] for one in there])[0]
    lot = place.chance.random()
    if lot < 0.62:
        await in_messages(place, who)
    elif lot < 0.8:
        await at_home(place, who)
    elif lot < 0.93:
        await command(place, who)
    else:
        await say(place, who)


WEIGHTS = {"manager": 4, "mentor": 3, "buddy": 1, "staff": 2, "nobody": 1}


def is_there(place: Place, who: Folk) -> bool:
    """Whether someone can do anything in Slack, and the app hears of it."""
    return not who.person.deleted and who.world.sandbox.team_id not in place.gone


def messages_of(who: Folk) -> list[Message]:
    """What the app has told someone, alone or in a group, oldest first."""
    sandbox = who.world.sandbox
    seen = [one for channel in sandbox.conversations(who.person.id) for one in sandbox.seen(channel, who.person.id)]
    said = [one for one in seen if one.user == sandbox.bot_user_id]
    return sorted(said, key=lambda one: (one.at[:16], len(one.blocks), one.text))


async def in_messages(place: Place, who: Folk) -> None:
    """Press some things in a message; mostly in one of the latest."""
    messages = messages_of(who)
    if not messages:
        return
    lot = place.chance.random()
    message = place.chance.choice(messages[-LATEST:] if lot < 0.75 else messages)
    if place.chance.random() < 0.5:
        await hands.read_through(place, who, message)
        return
    for _ in range(place.chance.randint(1, 7)):
        if message.deleted or not await hands.press(place, who, message, old=lot > 0.93):
            return


async def at_home(place: Place, who: Folk) -> None:
    """Open Home, and press something there."""
    sandbox = who.world.sandbox
    place.diary.note(f"{who.name} opens Home")
    place.diary.done("home")
    hands.check(place, who, await sandbox.open_home(who.person.id), "home")
    await place.settle()
    for _ in range(place.chance.randint(1, 2)):
        view = sandbox.home(who.person.id)
        if view is None or not await hands.press_in_view(place, who, view):
            return
        await hands.answer_modals(place, who)
        await place.settle()


async def command(place: Place, who: Folk) -> None:
    """Type a command."""
    text = f"/coach {_words(place, who, 'a command')}"
    place.diary.note(f"{who.name} types «{text[:80]}»")
    place.diary.done("/coach")
    hands.check(place, who, await who.world.sandbox.command(who.person.id, text), text)
    await hands.answer_modals(place, who)


async def say(place: Place, who: Folk) -> None:
    """Write to the bot, or in a group."""
    sandbox = who.world.sandbox
    sandbox.state.open([who.person.id])
    channel = place.chance.choice(sandbox.conversations(who.person.id))
    text = _words(place, who, f"a {channel.kind}")
    place.diary.note(f"{who.name} writes «{text[:80]}» in {channel.kind}")
    place.diary.done(f"says in {channel.kind}")
    hands.check(place, who, await sandbox.say(who.person.id, channel.id, text), "a message")


def _words(place: Place, who: Folk, where: str) -> str:
    if place.chance.random() < 0.3:
        return place.chance.choice(WITH_WORDS).format(f"{place.word(who, where)} and more")
    return place.chance.choice(COMMANDS)
