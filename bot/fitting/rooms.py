"""What there is: one of each capability, and what they are made of."""

from dataclasses import dataclass
from datetime import timedelta

from bot.actions.after_meeting import AfterMeetings
from bot.actions.flow import Actions
from bot.actions.follow_ups import FollowUps
from bot.agenda.clock import Clock
from bot.attention.again import Again
from bot.attention.planner import Attention
from bot.checks.flow import Checks
from bot.coach.flow import Coach
from bot.cohorts.catching_up import CatchingUp
from bot.cohorts.following import Following
from bot.cohorts.leading import Leading
from bot.cohorts.people import People
from bot.cohorts.roster import Rosters
from bot.cohorts.staff import Staff
from bot.curriculum.library import Library
from bot.delivery.jobs import Queue
from bot.delivery.outbox import Outbox
from bot.endings.flow import Endings
from bot.handover.departures import Departures
from bot.handover.giving import Giving
from bot.handover.relations import Relations
from bot.handover.telling import Tellings
from bot.home.flow import Homes
from bot.lessons.flow import Lessons
from bot.mentors.asks import Asks
from bot.mentors.brief import Briefs
from bot.mentors.flow import Mentors
from bot.mentors.more import More
from bot.mentors.words import Words
from bot.nudges.flow import Nudges
from bot.onboarding.baseline import Baselines
from bot.onboarding.welcome import Welcomes
from bot.peers.changes import Changes
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
from bot.preferences.flow import Preferences
from bot.preferences.silence import Silences
from bot.privacy.flow import Privacy
from bot.privacy.taking_along import TakingAlong
from bot.privacy.unsaying import Unsaying
from bot.pulses.flow import Pulses
from bot.pulses.letting_go import LettingGo
from bot.ratings.calibration import Calibrations
from bot.ratings.checkpoints import Checkpoints
from bot.ratings.flow import Ratings
from bot.records.database import Database
from bot.reports.monthly import Monthly
from bot.reviews.flow import Reviews
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
    privacy: Privacy
    taking_along: TakingAlong
    unsaying: Unsaying
    cohorts: "Cohorts"
    welcomes: Welcomes
    baselines: Baselines
    preferences: Preferences
    silences: Silences
    coach: Coach
    moved: Moved


@dataclass(frozen=True)
class Handover:
    """What happens when a mentor changes, is missing, or does not fit."""

    departures: Departures
    giving: Giving
    tellings: Tellings
    relations: Relations


@dataclass(frozen=True)
class Cohorts:
    """Who takes part, and who leads them."""

    rosters: Rosters
    leading: Leading
    following: Following
    people: People
    staff: Staff
    catching_up: CatchingUp


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
