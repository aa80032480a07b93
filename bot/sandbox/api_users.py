"""auth.*, users.*, usergroups.* and dnd.*: who is here."""

from datetime import datetime
from typing import TYPE_CHECKING

from bot.sandbox.calls import Call, Json, Refused
from bot.sandbox.state import Person

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox


def auth_test(call: Call) -> Json:
    """auth.test."""
    one = call.sandbox
    return {
        "ok": True, "url": f"{one.url}/", "team": one.workspace, "user": "playercoach", "team_id": one.team_id,
        "user_id": one.bot_user_id, "bot_id": one.bot_id, "is_enterprise_install": False,
    }  # fmt: skip


def api_test(call: Call) -> Json:
    """api.test: says back what it was told, or the error that it was asked for."""
    if error := call.args.get("error"):
        raise Refused(str(error), args=call.args)
    return {"ok": True, "args": call.args}


def info(call: Call) -> Json:
    """users.info."""
    person = _person(call)
    return {"ok": True, "user": as_user(call.sandbox, person, locale=call.flag("include_locale"))}


def list_(call: Call) -> Json:
    """users.list, page by page; Slack may give fewer than it is asked for."""
    page, more = call.page(list(call.sandbox.state.people.values()), 1000, most=call.sandbox.people_a_page)
    locale = call.flag("include_locale")
    return {
        "ok": True,
        "members": [as_user(call.sandbox, person, locale=locale) for person in page],
        "response_metadata": more,
    }


def lookup_by_email(call: Call) -> Json:
    """users.lookupByEmail."""
    person = call.sandbox.state.person_by_email(call.need("email", "users_not_found"))
    if person is None or person.deleted:
        raise Refused("users_not_found")
    return {"ok": True, "user": as_user(call.sandbox, person, locale=False)}


def groups_list(call: Call) -> Json:
    """usergroups.list."""
    bare = ({key: value for key, value in one.items() if key != "users"} for one in call.sandbox.state.groups.values())
    return {"ok": True, "usergroups": list(bare)}


def group_users(call: Call) -> Json:
    """usergroups.users.list."""
    group = call.sandbox.state.groups.get(call.need("usergroup"))
    if group is None:
        raise Refused("no_such_subteam")
    return {"ok": True, "users": group["users"]}


def dnd_info(call: Call) -> Json:
    """dnd.info."""
    return {"ok": True, **dnd_status(call.sandbox, _person(call).id)}


def dnd_team_info(call: Call) -> Json:
    """dnd.teamInfo, of at most fifty people."""
    users = call.names("users")
    if len(users) > 50:
        raise Refused("too_many_users")
    return {"ok": True, "users": {user: dnd_status(call.sandbox, user) for user in users}}


def as_user(sandbox: "Sandbox", person: Person, *, locale: bool) -> Json:
    """A person as Slack tells of them."""
    offset = datetime.now(person.zone).utcoffset()
    first, _, last = person.name.partition(" ")
    profile = {"real_name": person.name, "display_name": first.lower(), "first_name": first, "last_name": last,
               "title": person.title, "status_text": "", "status_emoji": person.status_emoji,
               "status_expiration": person.status_expiration}  # fmt: skip
    if "users:read.email" in sandbox.granted:
        profile["email"] = person.email
    user: Json = {
        "id": person.id, "team_id": sandbox.team_id, "name": first.lower(), "real_name": person.name,
        "deleted": person.deleted, "is_bot": person.is_bot,
        "is_restricted": person.is_restricted or person.is_ultra_restricted,
        "is_ultra_restricted": person.is_ultra_restricted,
        "tz": person.tz, "tz_label": person.tz, "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": profile, "updated": 0,
    }  # fmt: skip
    return {**user, "locale": person.locale} if locale else user


def dnd_status(sandbox: "Sandbox", user: str) -> Json:
    """Someone's do-not-disturb as Slack tells of it."""
    start, end = sandbox.dnd.get(user, (1, 1))  # Slack says 1 for never
    return {"dnd_enabled": user in sandbox.dnd, "next_dnd_start_ts": start, "next_dnd_end_ts": end}


def _person(call: Call) -> Person:
    person = call.sandbox.state.people.get(call.need("user", "user_not_found"))
    if person is None:
        raise Refused("user_not_found")
    return person
