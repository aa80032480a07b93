"""conversations.*, users.*, auth.*: who and where."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.sandbox.api_chat import as_slack
from bot.sandbox.calls import Call, Json, Refused
from bot.sandbox.state import Channel, Person


def auth_test(call: Call) -> Json:
    """auth.test."""
    one = call.sandbox
    return {
        "ok": True, "url": f"{one.url}/", "team": one.workspace, "user": "playercoach", "team_id": one.team_id,
        "user_id": one.bot_user_id, "bot_id": one.bot_id, "is_enterprise_install": False,
    }  # fmt: skip


def api_test(_: Call) -> Json:
    """api.test."""
    return {"ok": True, "args": {}}


def conversations_open(call: Call) -> Json:
    """conversations.open: the same people, the same conversation."""
    asked = call.args.get("users") or ""
    users = [one for one in (asked.split(",") if isinstance(asked, str) else asked) if one]
    if not users:
        raise Refused("users_list_not_supplied")
    if len(users) > 8:
        raise Refused("too_many_users")
    for one in users:
        person = call.sandbox.state.people.get(one)
        if person is None:
            raise Refused("user_not_found")
        if person.deleted:
            raise Refused("user_disabled")
    return {"ok": True, "channel": {"id": call.sandbox.state.open(users).id}}


def conversations_history(call: Call) -> Json:
    """conversations.history: newest first, metadata only if it is asked for."""
    channel = _channel(call)
    oldest, latest = float(call.args.get("oldest") or 0), float(call.args.get("latest") or 1e12)
    shown = [
        one
        for one in reversed(channel.messages.values())
        if oldest < float(one.ts) < latest and not one.deleted and one.only_for is None
    ]
    start, limit = int(call.args.get("cursor") or 0), min(call.number("limit", 100), 999)
    page = shown[start : start + limit]
    more = start + limit < len(shown)
    return {
        "ok": True,
        "messages": [as_slack(call, one, metadata=call.flag("include_all_metadata")) for one in page],
        "has_more": more,
        "response_metadata": {"next_cursor": str(start + limit) if more else ""},
    }


def conversations_info(call: Call) -> Json:
    """conversations.info."""
    channel = _channel(call)
    return {"ok": True, "channel": {"id": channel.id, "is_im": channel.kind == "im", "is_mpim": channel.kind == "mpim"}}


def conversations_members(call: Call) -> Json:
    """conversations.members."""
    members = [*_channel(call).members, call.sandbox.bot_user_id]
    return {"ok": True, "members": members, "response_metadata": {"next_cursor": ""}}


def users_info(call: Call) -> Json:
    """users.info."""
    person = call.sandbox.state.people.get(call.need("user", "user_not_found"))
    if person is None:
        raise Refused("user_not_found")
    return {"ok": True, "user": as_user(call, person, locale=call.flag("include_locale"))}


def users_list(call: Call) -> Json:
    """users.list, page by page."""
    people = list(call.sandbox.state.people.values())
    start, limit = int(call.args.get("cursor") or 0), call.number("limit", 1000)
    more = start + limit < len(people)
    return {
        "ok": True,
        "members": [as_user(call, person, locale=False) for person in people[start : start + limit]],
        "response_metadata": {"next_cursor": str(start + limit) if more else ""},
    }


def users_lookup_by_email(call: Call) -> Json:
    """users.lookupByEmail."""
    person = call.sandbox.state.person_by_email(call.need("email", "users_not_found"))
    if person is None or person.deleted:
        raise Refused("users_not_found")
    return {"ok": True, "user": as_user(call, person, locale=False)}


def dnd_info(call: Call) -> Json:
    """dnd.info: nobody in the stand-in is in do-not-disturb."""
    call.need("user", "user_not_found")
    return {"ok": True, "dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}


def as_user(call: Call, person: Person, *, locale: bool) -> Json:
    """A person as Slack tells of them."""
    offset = datetime.now(ZoneInfo(person.tz)).utcoffset()
    first, _, last = person.name.partition(" ")
    profile = {"real_name": person.name, "display_name": first.lower(), "first_name": first, "last_name": last,
               "title": person.title}  # fmt: skip
    if "users:read.email" in call.sandbox.granted:
        profile["email"] = person.email
    user: Json = {
        "id": person.id, "team_id": call.sandbox.team_id, "name": first.lower(), "real_name": person.name,
        "deleted": person.deleted, "is_bot": person.is_bot, "is_restricted": person.is_restricted,
        "tz": person.tz, "tz_label": person.tz, "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": profile, "updated": 0,
    }  # fmt: skip
    return {**user, "locale": person.locale} if locale else user


def _channel(call: Call) -> Channel:
    channel = call.sandbox.state.channels.get(call.need("channel", "channel_not_found"))
    if channel is None:
        raise Refused("channel_not_found")
    return channel
