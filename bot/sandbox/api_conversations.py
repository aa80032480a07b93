"""conversations.*: DMs and group DMs."""

from bot.sandbox.calls import Call, Json, Refused
from bot.sandbox.messages import as_slack
from bot.sandbox.state import Channel

MOST_PEOPLE = 8


def scope_to_open(call: Call) -> str:
    """Which scope conversations.open needs: one for a DM, another for a group."""
    return "im:write" if len(_others(call)) == 1 else "mpim:write"


def scope_to_read(call: Call) -> str:
    """Which scope reading a conversation's messages needs."""
    return f"{_kind(call)}:history"


def scope_to_look(call: Call) -> str:
    """Which scope asking about a conversation needs."""
    return f"{_kind(call)}:read"


def open_(call: Call) -> Json:
    """conversations.open: the same people, the same conversation."""
    if call.args.get("channel"):
        return {"ok": True, "channel": {"id": _channel(call).id}}
    users = _others(call)
    if not users:
        raise Refused("users_list_not_supplied")
    if len(users) > MOST_PEOPLE:
        raise Refused("too_many_users")
    for user in users:
        _check_reachable(call, user, alone=len(users) == 1)
    state = call.sandbox.state
    before = len(state.channels)
    channel = state.open(users)
    known = len(state.channels) == before
    told = _about(channel) if call.flag("return_im") else {"id": channel.id}
    return {"ok": True, "channel": told, **({"no_op": True, "already_open": True} if known else {})}


def history(call: Call) -> Json:
    """conversations.history: newest first, threads' answers left out, metadata only if it is asked for."""
    messages = _channel(call).messages
    oldest, latest = call.moment("oldest", "0"), call.moment("latest", "9999999999")
    inclusive = call.flag("inclusive")
    shown = []
    for ts in reversed(messages):
        if ts < oldest or (ts == oldest and not inclusive):
            break
        one = messages[ts]
        visible = not one.deleted and one.only_for is None and one.thread_ts in (None, ts)
        if visible and (ts < latest or (ts == latest and inclusive)):
            shown.append(one)
    page, more = call.page(shown, 100)
    told = [as_slack(call.sandbox, one, metadata=call.flag("include_all_metadata")) for one in page]
    return {"ok": True, "messages": told, "has_more": bool(more["next_cursor"]), "response_metadata": more}


def info(call: Call) -> Json:
    """conversations.info."""
    return {"ok": True, "channel": _about(_channel(call))}


def members(call: Call) -> Json:
    """conversations.members: the bot is one of them."""
    page, more = call.page([*_channel(call).members, call.sandbox.bot_user_id], 100)
    return {"ok": True, "members": list(page), "response_metadata": more}


def _others(call: Call) -> list[str]:
    """Whom a call names, without the bot, who is in every conversation anyway."""
    return [one for one in dict.fromkeys(call.names("users")) if one != call.sandbox.bot_user_id]


def _check_reachable(call: Call, user: str, *, alone: bool) -> None:
    person = call.sandbox.state.people.get(user)
    if person is None:
        raise Refused("user_not_found")
    if person.deleted:
        raise Refused("user_disabled")
    if person.is_bot:
        raise Refused("cannot_dm_bot")
    if person.is_ultra_restricted and not alone:  # a guest of one channel may be written to, but meets nobody elsewhere
        raise Refused("invalid_user_combination")


def _about(channel: Channel) -> Json:
    told: Json = {"id": channel.id, "is_im": channel.kind == "im", "is_mpim": channel.kind == "mpim", "is_open": True}
    return {**told, "user": channel.members[0]} if channel.kind == "im" else told


def _kind(call: Call) -> str:
    channel = call.sandbox.state.channels.get(str(call.args.get("channel")))
    return channel.kind if channel is not None else "im"


def _channel(call: Call) -> Channel:
    channel = call.sandbox.state.with_bot(call.need("channel", "channel_not_found"))
    if channel is None:
        raise Refused("channel_not_found")
    return channel
