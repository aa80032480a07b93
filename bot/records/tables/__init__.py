"""All tables. Plain foreign keys and explicit joins; UNIQUE constraints are the referees of who was first.

Every `datetime` is aware UTC. (No `from __future__ import annotations` here: SQLModel reads the annotations.)
"""

from bot.records.tables.agenda import AgendaItem, Interruption
from bot.records.tables.learning import (
    Card,
    Edition,
    LessonGiven,
    Promise,
    Pulse,
    Response,
    Review,
    StatementSent,
    Tally,
)
from bot.records.tables.mentoring import Ask, CaseRated, Checkpoint, Note, Observation, Rating, Relation
from bot.records.tables.messages import MESSAGE_BLOCK, STATES, Message
from bot.records.tables.peers import PeerBlock, PeerGroup, PeerLeftOut, PeerMember, PeerRound
from bot.records.tables.people import Cohort, Enrollment, Erased, Person, StaffAct, Workspace

__all__ = [
    "MESSAGE_BLOCK",
    "STATES",
    "AgendaItem",
    "Ask",
    "Card",
    "CaseRated",
    "Checkpoint",
    "Cohort",
    "Edition",
    "Enrollment",
    "Erased",
    "Interruption",
    "LessonGiven",
    "Message",
    "Note",
    "Observation",
    "PeerBlock",
    "PeerGroup",
    "PeerLeftOut",
    "PeerMember",
    "PeerRound",
    "Person",
    "Promise",
    "Pulse",
    "Rating",
    "Relation",
    "Response",
    "Review",
    "StaffAct",
    "StatementSent",
    "Tally",
    "Workspace",
]
