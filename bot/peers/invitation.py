"""The time of a meeting as a calendar file, for any calendar (RFC 5545)."""

from dataclasses import dataclass
from datetime import datetime

from bot.peers.times import MEETING

FILE_NAME = "meeting.ics"


@dataclass(frozen=True)
class Invitation:
    """When (aware UTC), and in what words. The same `uid` with a higher `number` is the same meeting at another time."""

    uid: str
    number: int
    starts_at: datetime
    made_at: datetime
    title: str
    text: str


def calendar_file(one: Invitation) -> bytes:
    """The file. It names no address: nothing is sent to anybody, and whoever wants it takes it into their calendar."""
    from icalendar import Calendar, Event

    event = Event()
    event.add("uid", one.uid)
    event.add("sequence", one.number)
    event.add("dtstamp", one.made_at)
    event.add("dtstart", one.starts_at)
    event.add("dtend", one.starts_at + MEETING)
    event.add("summary", one.title)
    event.add("description", one.text)
    event.add("status", "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//Playercoach//Case clinic//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
