"""Fits the rooms together: which of them speaks for which kind of agenda item and message, and who listens to what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from slack_bolt.async_app import AsyncApp
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.actions import listen as actions_listen
from bot.actions.after_meeting import AfterMeetings
from bot.actions.flow import Actions
from bot.actions.follow_ups import FollowUps
from bot.agenda.clock import Clock
from bot.agenda.due import Batch
from bot.attention import listen as attention_listen
from bot.attention.again import Again, drawn_from
from bot.attention.days import Days
from bot.attention.flow import come_back, one_at_a_time
from bot.attention.framing import Frames
from bot.attention.planner import Attention
from bot.checks import listen as checks_listen
from bot.checks import message as checks_look
from bot.checks.flow import Checks
from bot.coach import listen as coach_listen
from bot.coach.flow import Coach, KeepAsk
from bot.cohorts.enrolling import Enrolling, Entered
from bot.cohorts.following import Following
from bot.cohorts.leading import Leading
from bot.cohorts.people import People
from bot.cohorts.roster import Rosters
from bot.cohorts.staff import Staff
from bot.cohorts.staff_message import doors as staff_doors
from bot.curriculum.library import Library
from bot.delivery.jobs import Queue
from bot.delivery.outbox import Outbox
from bot.delivery.sender import Renderer, one_by_one
from bot.endings import flow as endings_flow
from bot.endings import listen as endings_listen
from bot.endings import message as ending_look
from bot.endings.flow import Endings
from bot.handover import listen as handover_listen
from bot.handover import relations as relations_flow
from bot.handover.changing import change as change_mentor
from bot.handover.giving import Giving, tell_buddy
from bot.handover.relations import Relations
from bot.handover.telling import Tellings
from bot.handover.watch import Watch
from bot.home import listen as home_listen
from bot.home import message as home_look
from bot.home.flow import Homes, Views
from bot.home.standing import Standings
from bot.lessons import flow as lessons_flow
from bot.lessons import listen as lessons_listen
from bot.lessons import offering as lesson_offering
from bot.lessons.drawing import Drawing
from bot.lessons.flow import Lessons
from bot.mentors import flow as mentors_flow
from bot.mentors import listen as mentors_listen
from bot.mentors import words_listen
from bot.mentors.asks import Asks
from bot.mentors.brief import Briefs
from bot.mentors.flow import Mentors
from bot.mentors.more import More
from bot.mentors.records import Records
from bot.mentors.words import Words
from bot.mentors.words_listen import opens_view
from bot.nudges.flow import Nudges
from bot.onboarding import listen as onboarding_listen
from bot.onboarding import welcome as welcome_flow
from bot.onboarding.baseline import Baselines
from bot.onboarding.welcome import Begun, Welcomes, not_begun
from bot.peers import listen as peers_listen
from bot.peers import own_listen, preview_listen
from bot.peers import rounds as rounds_flow
from bot.peers.changes import Changes
from bot.peers.checkup import Checkups
from bot.peers.clinic import Clinics
from bot.peers.introducing import Introductions
from bot.peers.inviting import Invitations
from bot.peers.meeting_times import MeetingTimes
from bot.peers.opening import Openers
from bot.peers.preview import Previews
from bot.peers.resting import Restings
from bot.peers.rounds import Rounds
from bot.peers.unwanted import Unwanted, opens_unwanted
from bot.pictures.flow import Pictures
from bot.pictures.stands import Stands, sharing
from bot.pictures.stands import within as stands_within
from bot.preferences import listen as preferences_listen
from bot.preferences import silence as silence_flow
from bot.preferences.flow import Preferences
from bot.preferences.listen import Opens, opens_pause, opens_settings
from bot.preferences.silence import Silences
from bot.preferences.until import read_until
from bot.privacy import listen as privacy_listen
from bot.privacy.flow import Privacy
from bot.privacy.listen import opens_privacy, opens_seen
from bot.pulses import flow as pulses_flow
from bot.pulses import listen as pulses_listen
from bot.pulses.flow import Pulses
from bot.pulses.letting_go import LettingGo, shared_trends
from bot.ratings import checkpoints as checkpoints_flow
from bot.ratings import listen as ratings_listen
from bot.ratings.calibration import Calibrations
from bot.ratings.cards import Cards
from bot.ratings.checkpoints import Checkpoints
from bot.ratings.flow import Ratings
from bot.records.database import Database
from bot.records.editions import Editions
from bot.records.reading import Way
from bot.records.tables import Person
from bot.reports import monthly as monthly_flow
from bot.reports.monthly import Monthly
from bot.reports.monthly_pictures import Illustrations
from bot.reports.monthly_pictures import Uploads as ReportUploads
from bot.reviews import flow as reviews_flow
from bot.reviews import listen as reviews_listen
from bot.reviews import offering as review_offering
from bot.reviews.flow import Reviews
from bot.reviews.memory import Memories
from bot.slack.access import Actor
from bot.slack.asides import Asides
from bot.slack.clients import Clients
from bot.slack.directory import Directory, Moved


@dataclass(frozen=True)
class Rooms:
    """One of each capability, and the attention that they share."""

    attention: Attention
    again: Again
    lessons: Lessons
    checks: Checks
    reviews: Reviews
    actions: Actions
    follow_ups: FollowUps
    pulses: Pulses
    letting_go: LettingGo
    nudges: Nudges
    endings: Endings
    rounds: Rounds
    previews: Previews
    changes: Changes
    restings: Restings
    unwanted: Unwanted
    introductions: Introductions
    openers: Openers
    meeting_times: MeetingTimes
    invitations: Invitations
    clinics: Clinics
    after_meetings: AfterMeetings
    checkpoints: Checkpoints
    calibrations: Calibrations
    ratings: Ratings
    mentors: Mentors
    more: More
    handover: "Handover"
    words: Words
    asks: Asks
    briefs: Briefs
    homes: Homes
    pictures: Pictures
    monthly: Monthly
    illustrations: Illustrations
    privacy: Privacy
    cohorts: "Cohorts"
    welcomes: Welcomes
    baselines: Baselines
    preferences: Preferences
    silences: Silences
    coach: Coach
    moved: Moved


@dataclass(frozen=True)
class Parts:
    """What the rooms are made of."""

    clock: Clock
    database: Database
    library: Library
    clients: Clients
    queue: Queue
    outbox: Outbox
    directory: Directory
    retention: timedelta


@dataclass(frozen=True)
class Handover:
    """What happens when a mentor changes, is missing, or does not fit."""

    watch: Watch
    giving: Giving
    tellings: Tellings
    relations: Relations


def _handover(parts: Parts) -> Handover:
    """People come from the directory, and a mentor's weekly digest from its own room."""
    library, database, outbox = parts.library, parts.database, parts.outbox
    watch = Watch(library, database, outbox)
    return Handover(
        watch,
        Giving(library, database, outbox, parts.directory.look_up, parts.directory.keep, mentors_flow.enter),
        Tellings(library, database, outbox, watch),
        Relations(library, database, outbox, watch),
    )


@dataclass(frozen=True)
class Cohorts:
    """Who takes part, and who leads them."""

    rosters: Rosters
    leading: Leading
    following: Following
    people: People
    staff: Staff


def _cohorts(parts: Parts, moved: Moved) -> Cohorts:
    enrolling = Enrolling(_entered(parts.library), change_mentor, moved)
    leading = Leading(parts.database, enrolling)
    return Cohorts(
        Rosters(parts.database, parts.directory, enrolling),
        leading,
        Following(parts.database, parts.directory, parts.clients.calm, enrolling),
        People(parts.library, parts.database, parts.directory),
        Staff(parts.library, parts.database, parts.directory, enrolling, leading),
    )


def _pictures_and_mentors(parts: Parts, editions: Editions) -> tuple[Pictures, Mentors]:
    """Two rooms side by side: digests show a picture of those managers who show where they stand."""
    stands = Stands(parts.library, editions, parts.clock)
    pictures = Pictures(
        parts.library, parts.database, parts.outbox, parts.queue, editions, parts.clients.posting, stands
    )
    shown = mentors_flow.Stands(stands.seen, sharing, pictures.ask_for, stands_within)
    return pictures, Mentors(parts.library, parts.outbox, Records(editions, shared_trends), shown)


def fit(parts: Parts) -> Rooms:
    """All rooms, each with what it needs of the others as plain functions."""
    library, database, outbox, editions = parts.library, parts.database, parts.outbox, Editions()
    checks = Checks(library, database, outbox, editions)
    actions = Actions(library, database, outbox, editions)
    follow_ups = FollowUps(library, database, outbox, editions)
    pulses = Pulses(library, database, outbox, editions)
    letting_go = LettingGo(library, database, outbox)
    lessons = Lessons(library, database, outbox, Drawing(library, editions, draw_parts=(checks.draw, actions.draw)))
    reviews = Reviews(library, database, outbox, editions, ask=checks_look.choice, answered=checks_look.Answered)
    nudges, restings = Nudges(library, editions), Restings(library, database, outbox)
    pictures, mentors = _pictures_and_mentors(parts, editions)
    monthly = Monthly(library, outbox, parts.queue, editions)
    endings = Endings(library, database, outbox, editions, pictures.ask_for, pictures.within)
    words, asks = Words(library, database, outbox, editions), Asks(library, database, outbox)
    briefs = Briefs(library, outbox, mentors)
    welcomes = Welcomes(library, database, outbox, begun=(_begun(parts),))
    standings = Standings(library, editions, parts.clock)
    views = Views(library, standings)
    handover = _handover(parts)
    moved = _moved(parts, (lessons.move, reviews.move, mentors.move, welcomes.move, come_back))
    preferences, silences = Preferences(library, database, moved), Silences(library, database, outbox, moved)
    checkpoints, calibrations = Checkpoints(library, outbox), Calibrations(library, outbox)
    openers, after_meetings, days = Openers(library, parts.clock), AfterMeetings(library, database), Days(library)
    attention = Attention(
        library,
        outbox,
        offers={
            "welcome": one_at_a_time(welcomes.offer),
            "lesson": lesson_offering.Offering(library, editions).offers,
            "review": review_offering.Offering(library, Memories(library, editions), editions).offers,
            "opener": one_at_a_time(openers.offer),
            "nudge": nudges.offers,
            "follow_up": one_at_a_time(follow_ups.offer),
            "pulse": one_at_a_time(pulses.offer),
            "letting_go": one_at_a_time(letting_go.offer),
            "ending": one_at_a_time(endings.offer),
            "silence": one_at_a_time(silences.offer),
            "no_group": one_at_a_time(restings.offer_no_group),
            "resting": one_at_a_time(restings.offer_resting),
            "checkpoint": one_at_a_time(checkpoints.offer),
            "calibration": one_at_a_time(calibrations.offer),
            "new_mentor": one_at_a_time(handover.tellings.offer),
            "relation": one_at_a_time(handover.relations.offer),
        },
    )
    return Rooms(
        attention=attention,
        again=Again(library, database, outbox),
        lessons=lessons,
        checks=checks,
        reviews=reviews,
        actions=actions,
        follow_ups=follow_ups,
        pulses=pulses,
        letting_go=letting_go,
        nudges=nudges,
        endings=endings,
        rounds=Rounds(library, outbox),
        previews=Previews(library, outbox, parts.clock),
        changes=Changes(library, database, outbox),
        restings=restings,
        unwanted=Unwanted(library, database),
        introductions=Introductions(library, outbox, days.claim),
        openers=openers,
        meeting_times=MeetingTimes(library, database, outbox, parts.queue),
        invitations=Invitations(library, database, parts.clock, parts.clients.posting),
        clinics=Clinics(library, database, outbox, days.claim, after_meetings.plan_view),
        after_meetings=after_meetings,
        checkpoints=checkpoints,
        calibrations=calibrations,
        ratings=Ratings(library, database, Cards(library, editions), checkpoints.rated),
        mentors=mentors,
        handover=handover,
        more=More(library, database, mentors),
        words=words,
        asks=asks,
        briefs=briefs,
        homes=Homes(
            library,
            database,
            standings,
            parts.clients.calm,
            not_begun,
            Checkups(library, parts.clock).blocks,
            staff_doors,
        ),
        pictures=pictures,
        monthly=monthly,
        illustrations=Illustrations(
            monthly, database, outbox, parts.clients.posting, ReportUploads(drawing=pictures.uploads.drawing)
        ),
        privacy=Privacy(
            library,
            database,
            outbox,
            parts.queue,
            editions,
            parts.clients.calm,
            mentors.seen,
            parts.retention,
            pictures.forget_all,
        ),
        cohorts=_cohorts(parts, moved),
        welcomes=welcomes,
        baselines=Baselines(library, database, rated=(welcomes.rated, endings.rated_again, checkpoints.rated)),
        preferences=preferences,
        silences=silences,
        coach=Coach(
            library,
            database,
            outbox,
            views={"today": views.today, "progress": views.progress},
            read_until=read_until,
            pause=preferences.pause,
            resume=preferences.resume,
            show_picture=pictures.show,
            find=briefs.find,
            brief=briefs.draw_for,
            keep_ask=_keep_ask(asks),
        ),
        moved=moved,
    )


def _keep_ask(asks: Asks) -> KeepAsk:
    async def keep_ask(actor: Actor, text: str, place: str, now: datetime) -> bool:
        """What was typed after «ask»."""
        return await asks.save(
            actor, text, needs_help=False, place=f"said:{actor.workspace_id}:{actor.slack_id}:{place}", now=now
        )

    return keep_ask


def _moved(parts: Parts, moves: Sequence[Moved]) -> Moved:
    async def moved(session: AsyncSession, person: Person, now: datetime) -> None:
        """Someone's time, language or wishes changed, or they are back: what is planned and shown for them moves along."""
        for move in moves:
            await move(session, person, now)
        await parts.queue.defer_home(session, person.workspace_id, person.slack_id)

    return moved


def _entered(library: Library) -> Entered:
    async def entered(session: AsyncSession, way: Way, now: datetime) -> None:
        """What an enrolment puts on the agenda: the welcome, and what concerns others."""
        program = library.current.curriculum.program
        await welcome_flow.enter(session, program, way, now)
        await rounds_flow.enter(session, program, way.cohort, way, now)
        if way.mentor is not None:
            await mentors_flow.enter(session, program, way.mentor, now)
        if way.buddy is not None:
            await tell_buddy(session, way, way.buddy, now)
        await monthly_flow.enter(session, program, way.manager.workspace_id, now)

    return entered


def _begun(parts: Parts) -> Begun:
    async def begun(session: AsyncSession, way: Way, now: datetime) -> None:
        """What someone's first click puts on the agenda: everything that comes to them by itself from now on."""
        program = parts.library.current.curriculum.program
        await parts.queue.defer_home(session, way.manager.workspace_id, way.manager.slack_id)
        for enter in (
            lessons_flow.enter,
            reviews_flow.enter,
            endings_flow.enter,
            checkpoints_flow.enter,
            silence_flow.enter,
            pulses_flow.enter,
            relations_flow.enter,
        ):
            await enter(session, program, way, now)

    return begun


def planners(rooms: Rooms) -> dict[str, Any]:
    """Who decides about each kind of agenda item."""
    return {
        "again": rooms.again.plan,
        "round": rooms.rounds.plan_round,
        "round_start": rooms.rounds.plan_start,
        "preview": rooms.previews.plan,
        "introduction": rooms.introductions.plan,
        "meeting": rooms.clinics.plan,
        "checkpoint_reveal": rooms.checkpoints.plan_reveal,
        "calibration_mentor": rooms.calibrations.plan,
        "from_mentor": rooms.words.plan,
        "help": rooms.asks.plan_help,
        "brief": rooms.briefs.plan,
        "mentor_gone": rooms.handover.watch.plan,
        "given": rooms.handover.tellings.plan,
        "buddy": rooms.handover.tellings.plan,
        "relation_stalls": rooms.handover.relations.plan,
        "reports": rooms.monthly.plan_month,
        "report": rooms.monthly.plan,
        "report_pictures": rooms.monthly.plan_pictures,
    }


def batches(rooms: Rooms) -> dict[str, Batch]:
    """Who decides about many agenda items at once; all that is unprompted is decided together."""
    return {"digest": rooms.mentors.plan_many, **dict.fromkeys(rooms.attention.offers, rooms.attention.plan)}


def renderers(rooms: Rooms, library: Library) -> Mapping[str, Renderer]:
    """Who draws each kind of message."""
    frames = Frames(
        library,
        parts={
            "opener": rooms.openers.part,
            "follow_up": rooms.follow_ups.part,
            "pulse": rooms.pulses.part,
            "letting_go": rooms.letting_go.part,
            "silence": rooms.silences.part,
            "no_group": rooms.restings.no_group,
            "resting": rooms.restings.resting,
            "checkpoint": rooms.checkpoints.part,
            "calibration": rooms.calibrations.part,
            "new_mentor": rooms.handover.tellings.part,
            "relation": rooms.handover.relations.part,
        },
        rows={"welcome": rooms.welcomes.row},
        many={"nudge": rooms.nudges.parts},
        many_rows={"lesson": rooms.lessons.drawing.rows},
    )
    unprompted: dict[str, Renderer] = {
        "welcome": one_by_one(rooms.welcomes.draw),
        "lesson": rooms.lessons.drawing.draw,
        "review": one_by_one(rooms.reviews.draw),
        "ending": one_by_one(rooms.endings.draw),
        **frames.alone(),
    }
    drawn = {kind: frames.around(renderer) for kind, renderer in unprompted.items()}
    return {
        **drawn,
        "again": drawn_from(drawn),
        "preview": one_by_one(rooms.previews.draw),
        "introduction": one_by_one(rooms.introductions.draw),
        "meeting": one_by_one(rooms.clinics.draw),
        "calibration_mentor": one_by_one(rooms.calibrations.draw),
        "digest": rooms.mentors.draw,
        "from_mentor": one_by_one(rooms.words.draw),
        "help": one_by_one(rooms.asks.draw_help),
        "brief": one_by_one(rooms.briefs.draw),
        "mentor_gone": one_by_one(rooms.handover.watch.draw),
        "given": one_by_one(rooms.handover.tellings.draw_given),
        "buddy": one_by_one(rooms.handover.tellings.draw_buddy),
        "relation_stalls": one_by_one(rooms.handover.relations.draw),
        "picture": one_by_one(rooms.pictures.draw),
        "report": one_by_one(rooms.monthly.draw),
        "no_files": one_by_one(rooms.privacy.draw),
        "reply": one_by_one(rooms.coach.draw),
    }


def _listen_to_handover(app: AsyncApp, hands: Handover, asides: Asides, clock: Clock) -> None:
    handover_listen.register(app, hands.giving, hands.tellings, hands.relations, asides, clock.now)


def listen(app: AsyncApp, rooms: Rooms, asides: Asides, clock: Clock) -> None:
    """Every room's listeners."""
    now = clock.now

    doors: dict[str, Opens] = {
        "settings": opens_settings(rooms.preferences),
        "privacy": opens_privacy(rooms.privacy),
        "kudos": opens_view(rooms.words.kudos_view),
        "talked": opens_view(rooms.words.talked_view),
        "ask": opens_view(rooms.asks.view),
    }
    pause = opens_pause(rooms.preferences, now)
    attention_listen.register(app, rooms.again, asides, now, pause=pause, settings=doors["settings"])
    onboarding_listen.register(app, rooms.welcomes, rooms.baselines, asides, now)
    lessons_listen.register(app, rooms.lessons, asides, now)
    checks_listen.register(app, rooms.checks, asides, now)
    reviews_listen.register(app, rooms.reviews, asides, now)
    actions_listen.register(app, rooms.actions, asides, now)
    actions_listen.register_after_meetings(app, rooms.after_meetings, now)
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
    privacy_listen.register(app, rooms.privacy, asides)
    preferences_listen.register(app, rooms.preferences, rooms.silences, asides, now)
    coach_listen.register(app, rooms.coach, asides, now, doors=doors, open_lesson=rooms.lessons.open)
    home_listen.register_doors(
        app,
        asides,
        {
            home_look.PRIVACY: doors["privacy"],
            home_look.SEEN: opens_seen(rooms.privacy),
            home_look.UNWANTED: opens_unwanted(rooms.unwanted),
        },
        does={home_look.PICTURE: rooms.pictures.show, ending_look.PICTURE: rooms.pictures.show},
    )
