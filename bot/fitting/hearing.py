"""Which room listens to what people do."""

from slack_bolt.async_app import AsyncApp

from bot.actions import listen as actions_listen
from bot.agenda.clock import Clock
from bot.attention import listen as attention_listen
from bot.checks import listen as checks_listen
from bot.coach import listen as coach_listen
from bot.endings import listen as endings_listen
from bot.endings import message as ending_look
from bot.fitting.rooms import Handover, Rooms
from bot.handover import listen as handover_listen
from bot.home import listen as home_listen
from bot.home import message as home_look
from bot.lessons import listen as lessons_listen
from bot.mentors import listen as mentors_listen
from bot.mentors import words_listen
from bot.onboarding import listen as onboarding_listen
from bot.peers import listen as peers_listen
from bot.peers import own_listen, preview_listen
from bot.preferences import listen as preferences_listen
from bot.privacy import listen as privacy_listen
from bot.pulses import listen as pulses_listen
from bot.ratings import listen as ratings_listen
from bot.reviews import listen as reviews_listen
from bot.slack.asides import Asides
from bot.slack.doors import Opens, opens_view


def _listen_to_handover(app: AsyncApp, hands: Handover, asides: Asides, clock: Clock) -> None:
    handover_listen.register(app, hands.giving, hands.tellings, hands.relations, asides, clock.now)


def listen(app: AsyncApp, rooms: Rooms, asides: Asides, clock: Clock) -> None:
    """Every room's listeners."""
    now = clock.now

    doors: dict[str, Opens] = {
        "settings": opens_view(rooms.preferences.settings_view),
        "privacy": opens_view(rooms.privacy.view),
        "kudos": opens_view(rooms.words.kudos_view),
        "talked": opens_view(rooms.words.talked_view),
        "ask": opens_view(rooms.asks.view),
    }
    pause, settings = opens_view(lambda actor: rooms.preferences.pause_view(actor, now())), doors["settings"]
    # Bolt asks one after the other whether it is meant: what is pressed most comes first.
    checks_listen.register(app, rooms.checks, asides, now)
    reviews_listen.register(app, rooms.reviews, asides, now)
    attention_listen.register(app, rooms.again, asides, now, pause=pause, settings=settings)
    onboarding_listen.register(app, rooms.welcomes, rooms.baselines, asides, now)
    lessons_listen.register(app, rooms.lessons, asides, now)
    actions_listen.register(app, rooms.actions, asides, now)
    actions_listen.register_after_meetings(app, rooms.after_meetings, asides, now)
    actions_listen.register_follow_ups(app, rooms.follow_ups, asides, now)
    pulses_listen.register(app, rooms.pulses, rooms.letting_go, asides, now)
    endings_listen.register(app, rooms.endings, now)
    ratings_listen.register(app, rooms.ratings, asides, now)
    mentors_listen.register(app, rooms.more, asides, now)
    _listen_to_handover(app, rooms.handover, asides, clock)
    words_listen.register(app, rooms.words, rooms.asks, asides, now)
    peers_listen.register(app, rooms.clinics, rooms.meeting_times, asides, now)
    preview_listen.register(app, rooms.changes, asides, now)
    own_listen.register(app, rooms.restings, rooms.unwanted, now)
    privacy_listen.register(app, rooms.privacy, rooms.taking_along, asides)
    preferences_listen.register(app, rooms.preferences, rooms.silences, asides, now, settings=settings, pause=pause)
    coach_listen.register(app, rooms.coach, asides, now, doors=doors, open_lesson=rooms.lessons.open)
    home_listen.register_doors(
        app,
        asides,
        {
            home_look.PRIVACY: doors["privacy"],
            home_look.SEEN: opens_view(rooms.privacy.seen),
            home_look.UNWANTED: opens_view(rooms.unwanted.view),
        },
        does={home_look.PICTURE: rooms.pictures.show, ending_look.PICTURE: rooms.pictures.show},
    )
