"""What people got, counted where they read it: in the stand-in's conversations. Our own tables have no say in what was said."""

from collections import Counter
from collections.abc import Mapping, Sequence

import psycopg

from bot.delivery.courier import EVENT_TYPE
from bot.records.database import plain_url
from bot.sandbox.server import Sandbox
from bot.sandbox.state import Message

_ANSWERS = "SELECT message_id, check_id, answer #>> '{options,0}' FROM response"


def messages_of(sandbox: Sandbox, person: str) -> list[Message]:
    """What the app said to someone."""
    return [one for one in sandbox.dms(person) if one.user == sandbox.bot_user_id and one.only_for is None]


def said_id(message: Message) -> str:
    """The id that a message of ours carries; empty for any other."""
    metadata = message.metadata or {}
    return str(metadata["event_payload"]["message_id"]) if metadata.get("event_type") == EVENT_TYPE else ""


def lost(sandbox: Sandbox, people: Sequence[str], promised: Mapping[str, int]) -> int:
    """How many messages are missing of those that people were promised: one each, unless `promised` says how many."""
    return sum(max(0, promised.get(one, 1) - len(messages_of(sandbox, one))) for one in people)


def doubled(sandbox: Sandbox, people: Sequence[str], promised: Mapping[str, int]) -> int:
    """How many messages stand there once too often: more than were promised, or of an id that stands there already."""
    more = sum(max(0, len(messages_of(sandbox, one)) - promised.get(one, 1)) for one in people)
    return max(more, same_twice([messages_of(sandbox, one) for one in people]))


def same_twice(conversations: Sequence[Sequence[Message]]) -> int:
    """How many messages carry the id of another one."""
    ids = Counter(said_id(one) for messages in conversations for one in messages)
    return sum(count - 1 for count in ids.values())


def answers_lost(database_url: str, told_ok: Mapping[tuple[str, str], str]) -> int:
    """How many answers that Slack was told «ok» for are not on record exactly once, and as they were given."""
    with psycopg.connect(plain_url(database_url)) as connection:
        rows = [(str(message), check, picked) for message, check, picked in connection.execute(_ANSWERS)]
    kept, in_place = Counter(rows), Counter((message, check) for message, check, _ in rows)
    return sum(kept[(*place, picked)] != 1 or in_place[place] != 1 for place, picked in told_ok.items())
