"""What the page is shown: people, conversations, messages and modals, as one person sees them."""

from hashlib import sha256
from typing import TYPE_CHECKING

from bot.sandbox.calls import Json
from bot.sandbox.shown_files import as_seen
from bot.sandbox.state import Channel, Message, Person

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox


def workspace(sandbox: "Sandbox") -> Json:
    """All that does not depend on who looks."""
    state = sandbox.state
    return {
        "now": state.now().isoformat(),
        "workspace": sandbox.workspace,
        "app": {"name": "Playercoach", "id": sandbox.bot_user_id},
        "guide": sandbox.guide,
        "can_move_time": sandbox.move_time is not None,
        "people": [_person(sandbox, person) for person in state.people.values() if not person.is_bot],
    }


def seen_by(sandbox: "Sandbox", user: str) -> Json:
    """Someone's conversations, Home and open modals."""
    sandbox.state.open([user])
    return {
        "conversations": [_conversation(sandbox, one, user) for one in sandbox.state.conversations(user)],
        "home": sandbox.home(user),
        "modals": [_modal(sandbox, view, user) for view in sandbox.modals(user)],
    }


def message(sandbox: "Sandbox", one: Message) -> Json:
    """A message, without what only the app is told."""
    return {
        "ts": one.ts, "user": one.user, "at": one.at, "text": one.text, "blocks": as_seen(sandbox, one, one.blocks),
        "edited": one.edited, "ephemeral": one.only_for is not None,
        "deleted": one.deleted, "files": [_file(file) for file in one.files],
    }  # fmt: skip


def _person(sandbox: "Sandbox", person: Person) -> Json:
    state = sandbox.state
    here = state.local_time(person)
    return {
        "id": person.id, "name": person.name, "title": person.title, "tz": person.tz,
        "local_time": f"{here:%a} {here.day} {here:%b %H:%M}",
        "unread": sum(state.unread(channel, person.id) for channel in state.conversations(person.id)),
        "deleted": person.deleted, "guest": person.is_restricted or person.is_ultra_restricted,
        "away": _is_away(person, state.now().timestamp()),
        "avatar_hue": int(sha256(person.id.encode()).hexdigest(), 16) % 360,
    }  # fmt: skip


def _is_away(person: Person, now: float) -> bool:
    return bool(person.status_emoji) and (person.status_expiration == 0 or person.status_expiration > now)


def _conversation(sandbox: "Sandbox", channel: Channel, user: str) -> Json:
    people = sandbox.state.people
    others = [people[one].name for one in channel.members if one != user]
    return {
        "id": channel.id, "kind": channel.kind, "title": ", ".join([*others, "Playercoach"]),
        "unread": sandbox.state.unread(channel, user), "members": channel.members,
    }  # fmt: skip


def _file(file: Json) -> Json:
    return {
        "name": file["name"], "title": file["title"], "alt": file["alt_txt"], "size": file["size"],
        "url": f"/files/{file['id']}",
    }  # fmt: skip


def _modal(sandbox: "Sandbox", view: Json, user: str) -> Json:
    errors = sandbox.views.errors.get(view["id"])
    return {**view, "errors": errors, "values": sandbox.acting.picks(user, view["id"])}
