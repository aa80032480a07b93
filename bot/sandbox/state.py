"""What there is in the stand-in's workspace: people, conversations, messages, views."""

import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.sandbox.store import Store

Json = dict[str, Any]


@dataclass
class Person:
    """Someone in the workspace."""

    id: str
    name: str
    email: str
    tz: str = "Europe/Ljubljana"
    title: str = ""
    locale: str = "en-US"
    deleted: bool = False
    is_bot: bool = False
    is_restricted: bool = False  # a guest, of one channel or of several
    is_ultra_restricted: bool = False  # a guest of one channel only
    status_emoji: str = ""  # as «:palm_tree:»
    status_expiration: int = 0  # in Unix seconds; 0: it stays

    @property
    def zone(self) -> ZoneInfo:
        """Their time zone; UTC for one that this machine doesn't know."""
        try:
            return ZoneInfo(self.tz)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return ZoneInfo("UTC")


@dataclass
class Message:
    """A message; `at` is the program's time when it was said, `ts` Slack's own."""

    ts: str
    channel: str
    user: str
    at: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    thread_ts: str | None = None
    edited: bool = False
    deleted: bool = False
    only_for: str | None = None  # an ephemeral message is seen by one person
    files: list[Json] = field(default_factory=list)
    reactions: list[Json] = field(default_factory=list)
    not_found: list[str] = field(default_factory=list)  # files that its blocks name, and nobody sees


@dataclass
class Channel:
    """A DM or a group DM of people, with the bot or without it."""

    id: str
    members: list[str]  # people; whether the bot is one of them is said below
    messages: dict[str, Message] = field(default_factory=dict)
    read: dict[str, str] = field(default_factory=dict)  # by person: the last ts they saw
    has_bot: bool = True

    @property
    def kind(self) -> str:
        """Slack's word for it."""
        return "im" if len(self.members) == 1 else "mpim"


class State:
    """All of it, indexed. `changed` is called after every change."""

    def __init__(self, *, now: Callable[[], datetime], store: Store, bot_user_id: str) -> None:
        self._now, self._store, self.bot_user_id = now, store, bot_user_id
        self.changed: Callable[[], None] = lambda: None
        self.people: dict[str, Person] = {}
        self.channels: dict[str, Channel] = {}
        self.homes: dict[str, Json] = {}
        self.modals: dict[str, list[Json]] = {}
        self.files: dict[str, Json] = {}
        self.groups: dict[str, Json] = {}
        self._by_members: dict[tuple[str, ...], str] = {}
        self._by_person: dict[str, list[Channel]] = {}
        self._by_email: dict[str, str] = {}
        self._last_ts = self._last_id = self._last_block = 0
        self._run = secrets.token_urlsafe(4)
        self._load()

    def add_person(self, person: Person) -> None:
        """Add someone, or change who they are."""
        self._know(person)
        self._store.put("person", person.id, person)
        self.changed()

    def person_by_email(self, email: str) -> Person | None:
        """Someone by their address."""
        person = self.people.get(self._by_email.get(email.casefold(), ""))
        return person if person is not None and person.email.casefold() == email.casefold() else None

    def open(self, members: Iterable[str]) -> Channel:
        """The conversation of these people with the bot: the same people, the same conversation."""
        key = tuple(sorted(set(members)))
        if key not in self._by_members:
            prefix = "D" if len(key) == 1 else "G"
            channel = Channel(self.new_id(prefix), list(key))
            self._remember(channel)
            self._keep_channel(channel)
        return self.channels[self._by_members[key]]

    def without_bot(self, members: Iterable[str]) -> Channel:
        """A conversation of people among themselves: commands work there, and the app's token opens nothing of it."""
        channel = Channel(self.new_id("D"), list(members), has_bot=False)
        self._remember(channel)
        self._keep_channel(channel)
        return channel

    def with_bot(self, channel: str) -> Channel | None:
        """A conversation that the bot is in; Slack says of any other that there is none (slackapi/python-slack-sdk#734)."""
        found = self.channels.get(channel)
        return found if found is not None and found.has_bot else None

    def whose(self, channel: str) -> str:
        """A DM by its person's id, however it is named; any other conversation by its own."""
        found = self.channels.get(channel)
        return found.members[0] if found is not None and found.kind == "im" else channel

    def say(self, channel: Channel, *, user: str, text: str, **more: Any) -> Message:
        """A new message."""
        message = Message(self._new_ts(), channel.id, user, self._now().isoformat(), text, **more)
        channel.messages[message.ts] = message
        self.keep(message)
        return message

    def keep(self, message: Message) -> None:
        """Write down that a message is new or was changed."""
        self._store.put("message", f"{message.channel}:{message.ts}", message)
        self.changed()

    def mark_read(self, channel: Channel, user: str) -> None:
        """Someone looked at a conversation."""
        last = next(reversed(channel.messages), "")
        if channel.read.get(user) != last:
            channel.read[user] = last
            self._keep_channel(channel)
            self.changed()

    def unread(self, channel: Channel, user: str) -> int:
        """How many messages someone has not looked at."""
        seen = channel.read.get(user, "")
        count = 0
        for ts in reversed(channel.messages):
            if ts <= seen:
                break
            message = channel.messages[ts]
            count += message.user != user and not message.deleted and message.only_for in (None, user)
        return count

    def put_home(self, user: str, view: Json) -> None:
        """Someone's App Home."""
        self.homes[user] = view
        self._store.put("home", user, {"view": view})
        self.changed()

    def put_modals(self, user: str, views: list[Json]) -> None:
        """Someone's open modals, the top one last."""
        self.modals[user] = views
        self._store.put("modals", user, views)
        self.changed()

    def put_file(self, file: Json) -> None:
        """A file that was uploaded."""
        self.files[file["id"]] = file
        self._store.put("file", file["id"], file)

    def drop_file(self, file_id: str) -> None:
        """A file that was deleted."""
        del self.files[file_id]
        self._store.drop("file", file_id)
        self.changed()

    def put_group(self, group: Json) -> None:
        """A user group."""
        self.groups[group["id"]] = group
        self._store.put("group", group["id"], group)
        self.changed()

    def conversations(self, user: str) -> list[Channel]:
        """Someone's conversations with the bot, DM first."""
        return sorted(self._by_person.get(user, ()), key=lambda channel: (channel.kind != "im", channel.id))

    def new_id(self, prefix: str) -> str:
        """An id that was never given before."""
        self._last_id += 1
        self._store.put("counter", "id", self._last_id)
        return f"{prefix}{self._last_id:08d}"

    def new_name(self) -> str:
        """A block's or an action's id, for one that came without: unlike any other, and written down nowhere else."""
        self._last_block += 1
        return f"{self._run}{self._last_block:x}"

    def local_time(self, person: Person) -> datetime:
        """The program's time on someone's wall."""
        return self._now().astimezone(person.zone)

    def now(self) -> datetime:
        """The program's time."""
        return self._now()

    def _new_ts(self) -> str:
        self._last_ts = max(self._last_ts + 1, time.time_ns() // 1000)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def _know(self, person: Person) -> None:
        self.people[person.id] = person
        self._by_email[person.email.casefold()] = person.id

    def _remember(self, channel: Channel) -> None:
        self.channels[channel.id] = channel
        if not channel.has_bot:
            return
        self._by_members[tuple(channel.members)] = channel.id
        for person in channel.members:
            self._by_person.setdefault(person, []).append(channel)

    def _keep_channel(self, channel: Channel) -> None:
        kept = {"id": channel.id, "members": channel.members, "read": channel.read, "has_bot": channel.has_bot}
        self._store.put("channel", channel.id, kept)

    def _load(self) -> None:
        load = self._store.load
        load("person", lambda _, body: self._know(Person(**body)))
        load("channel", lambda _, body: self._remember(Channel(**body)))
        load("message", lambda _, body: self._load_message(Message(**body)))
        load("home", lambda user, body: self.homes.__setitem__(user, body["view"]))
        load("modals", self.modals.__setitem__)
        load("file", self.files.__setitem__)
        load("group", self.groups.__setitem__)
        load("counter", lambda _, number: setattr(self, "_last_id", number))

    def _load_message(self, message: Message) -> None:
        self.channels[message.channel].messages[message.ts] = message
        self._last_ts = max(self._last_ts, int(message.ts.replace(".", "")))
