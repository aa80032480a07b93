"""Builds the rooms, each with what it needs of the others as plain functions."""

from functools import partial

from bot.actions.after_meeting import AfterMeetings
from bot.actions.flow import Actions
from bot.actions.follow_ups import FollowUps
from bot.attention.again import Again
from bot.attention.days import Days
from bot.attention.flow import come_back, one_at_a_time
from bot.attention.planner import Attention
from bot.checks import message as checks_look
from bot.checks.flow import Checks
from bot.coach.flow import Coach
from bot.cohorts.catching_up import CatchingUp
from bot.cohorts.enrolling import Enrolling
from bot.cohorts.following import Following
from bot.cohorts.leading import Leading
from bot.cohorts.people import People
from bot.cohorts.roster import Rosters
from bot.cohorts.staff import Staff
from bot.cohorts.staff_message import doors as staff_doors
from bot.delivery.courier import Courier
from bot.endings.flow import Endings
from bot.fitting.following import begun_with, entered_with, keep_ask_with, moved_with
from bot.fitting.rooms import Cohorts, Handover, Parts, Rooms
from bot.handover.changing import change as change_mentor
from bot.handover.departures import Departures
from bot.handover.giving import Giving
from bot.handover.relations import Relations
from bot.handover.telling import Tellings
from bot.home.flow import Homes, Views
from bot.home.standing import Standings
from bot.lessons import offering as lesson_offering
from bot.lessons.drawing import Drawing
from bot.lessons.flow import Lessons
from bot.mentors import flow as mentors_flow
from bot.mentors.asks import Asks
from bot.mentors.brief import Briefs
from bot.mentors.flow import Mentors
from bot.mentors.more import More
from bot.mentors.records import Records
from bot.mentors.words import Words
from bot.nudges.flow import Nudges
from bot.onboarding.baseline import Baselines
from bot.onboarding.welcome import Welcomes, not_begun
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
from bot.peers.unwanted import Unwanted
from bot.pictures.flow import Pictures
from bot.pictures.showing import ReadPage, Showing
from bot.pictures.stands import Stands, sharing
from bot.preferences.flow import Preferences
from bot.preferences.silence import Silences
from bot.preferences.until import read_until
from bot.privacy.flow import Privacy
from bot.privacy.taking_along import TakingAlong
from bot.privacy.unsaying import Find, Unsaying
from bot.pulses.flow import Pulses
from bot.pulses.letting_go import LettingGo, shared_trends
from bot.ratings.calibration import Calibrations
from bot.ratings.cards import Cards
from bot.ratings.checkpoints import Checkpoints
from bot.ratings.flow import Ratings
from bot.records.editions import Editions
from bot.reports.monthly import Monthly
from bot.reports.monthly_pictures import Illustrations
from bot.reviews import offering as review_offering
from bot.reviews.flow import Reviews
from bot.reviews.memory import Memories
from bot.slack.directory import Moved
from bot.slack.files import Uploads


def _handover(parts: Parts, asks: Asks) -> Handover:
    """People come from the directory; a mentor's weekly digest, and a call for help, from their own room."""
    library, database, outbox = parts.library, parts.database, parts.outbox
    departures = Departures(library, database, outbox)
    return Handover(
        departures,
        Giving(library, database, outbox, parts.directory.look_up, parts.directory.keep, mentors_flow.enter),
        Tellings(library, database, outbox, departures, asks.call),
        Relations(library, database, outbox, departures),
    )


def _cohorts(parts: Parts, moved: Moved, endings: Endings) -> Cohorts:
    enrolling = Enrolling(entered_with(parts.library), change_mentor, moved)
    leading = Leading(parts.database, enrolling, endings.end_reviews)
    return Cohorts(
        Rosters(parts.database, parts.directory, enrolling),
        leading,
        Following(parts.database, parts.directory, parts.clients.calm, enrolling),
        People(parts.library, parts.database, parts.directory),
        Staff(parts.library, parts.database, parts.directory, enrolling, leading),
        CatchingUp(parts.database, (enrolling.entered, begun_with(parts))),
    )


def _pictures_and_mentors(parts: Parts, editions: Editions, monthly: Monthly) -> tuple[Pictures, Mentors]:
    """Two rooms side by side: below digests stands a picture of those managers who show where they stand."""
    stands = Stands(parts.library, editions, parts.clock)
    uploads = Uploads(parts.clients.posting)
    showing = Showing(parts.database, parts.outbox, uploads)
    pages: dict[str, ReadPage] = {"digest": stands.page, "report": Illustrations(monthly).page}
    pictures = Pictures(parts.library, parts.database, parts.outbox, parts.queue, editions, uploads, showing, pages)
    shown = mentors_flow.Stands(stands.seen, sharing, pictures.ask_for)
    return pictures, Mentors(parts.library, parts.outbox, Records(editions, shared_trends), shown)


def _looking(parts: Parts) -> Find:
    """A courier that only looks for what may have been said."""
    return Courier(parts.clients.posting, parts.clients.calm, parts.clients.forget).find


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
    monthly = Monthly(library, database, outbox, parts.queue, editions)
    pictures, mentors = _pictures_and_mentors(parts, editions, monthly)
    endings = Endings(library, database, outbox, editions, pictures.ask_for)
    words, asks = Words(library, database, outbox, editions), Asks(library, database, outbox)
    briefs = Briefs(library, outbox, mentors)
    welcomes = Welcomes(library, database, outbox, begun=(begun_with(parts),))
    standings = Standings(library, editions, parts.clock)
    views = Views(library, standings)
    handover = _handover(parts, asks)
    moved = moved_with(parts, (lessons.move, reviews.move, mentors.move, welcomes.move, come_back))
    preferences, silences = Preferences(library, database, moved), Silences(library, database, outbox, moved)
    checkpoints, calibrations = Checkpoints(library, outbox), Calibrations(library, outbox)
    openers, after_meetings, days = Openers(library, parts.clock), AfterMeetings(library, database), Days(library)
    unsaying = Unsaying(parts.queue, parts.clients.calm, _looking(parts))
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
        invitations=Invitations(library, database, parts.clock, parts.clients.posting, pictures.uploads.scope),
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
            partial(not_begun, parts.clock),
            Checkups(library, parts.clock).blocks,
            staff_doors,
        ),
        pictures=pictures,
        monthly=monthly,
        privacy=Privacy(
            library,
            database,
            outbox,
            parts.queue,
            editions,
            unsaying,
            mentors.seen,
            parts.retention,
            pictures.forget_all,
        ),
        taking_along=TakingAlong(library, database, outbox, parts.queue, editions, parts.clients.posting),
        unsaying=unsaying,
        cohorts=_cohorts(parts, moved, endings),
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
            keep_ask=keep_ask_with(asks),
        ),
        moved=moved,
    )
