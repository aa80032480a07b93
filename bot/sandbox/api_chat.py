"""chat.*, reactions.* and blocks.validate: posting, updating, deleting."""

from bot.sandbox.blocks import complaints
from bot.sandbox.calls import Call, Json, Refused
from bot.sandbox.messages import LONGEST_TEXT, LONGEST_TEXT_OF_UPDATE, as_slack, content, metadata_of, told
from bot.sandbox.shown_files import not_found
from bot.sandbox.state import Channel, Message


def post_message(call: Call) -> Json:
    """chat.postMessage. A person's id opens the DM by itself."""
    one = call.sandbox
    channel = channel_of(call)
    text, blocks = content(call, longest_text=LONGEST_TEXT)
    thread, metadata = call.args.get("thread_ts"), metadata_of(call)
    one.posts += 1
    message = one.state.say(
        channel, user=one.bot_user_id, text=text, blocks=blocks, metadata=metadata, thread_ts=thread
    )
    return {"ok": True, "channel": channel.id, "ts": message.ts, "message": as_slack(one, message, metadata=True)}


def post_ephemeral(call: Call) -> Json:
    """chat.postEphemeral: one person sees it."""
    channel = channel_of(call)
    user = call.need("user")
    if user not in channel.members:
        raise Refused("user_not_in_channel")
    text, blocks = content(call, longest_text=LONGEST_TEXT)
    message = call.sandbox.state.say(channel, user=call.sandbox.bot_user_id, text=text, blocks=blocks, only_for=user)
    return {"ok": True, "message_ts": message.ts}


def update(call: Call) -> Json:
    """chat.update. What is left out stays: text alone leaves the blocks, an empty list takes them away."""
    message = own_message(call, "cant_update_message")
    text, blocks = content(call, longest_text=LONGEST_TEXT_OF_UPDATE)
    if "text" in call.args:
        message.text = text
    if "blocks" in call.args or "markdown_text" in call.args:
        message.not_found = not_found(call.sandbox, call.sandbox.state.channels[message.channel], blocks)
        message.blocks = blocks
    if "metadata" in call.args:
        message.metadata = metadata_of(call)
    message.edited = True
    call.sandbox.acting.forget(message.ts)
    call.sandbox.state.keep(message)
    told_of = as_slack(call.sandbox, message, metadata=True)
    return {"ok": True, "channel": message.channel, "ts": message.ts, "text": message.text, "message": told_of}


def delete(call: Call) -> Json:
    """chat.delete."""
    message = own_message(call, "cant_delete_message")
    message.deleted = True
    call.sandbox.state.keep(message)
    return {"ok": True, "channel": message.channel, "ts": message.ts}


def reactions_add(call: Call) -> Json:
    """reactions.add."""
    message = a_message(channel_of(call), call.need("timestamp", "no_item_specified"))
    name, bot = call.need("name", "invalid_name"), call.sandbox.bot_user_id
    if any(one["name"] == name and bot in one["users"] for one in message.reactions):
        raise Refused("already_reacted")
    message.reactions.append({"name": name, "users": [bot], "count": 1})
    call.sandbox.state.keep(message)
    return {"ok": True}


def blocks_validate(call: Call) -> Json:
    """blocks.validate: of `blocks`, a `message` or a `view`."""
    view, message = call.parsed("view"), call.parsed("message")
    surface = str(view.get("type")) if isinstance(view, dict) else "message"
    within = view or message or {"blocks": call.parsed("blocks")}
    if not isinstance(within, dict) or surface not in ("message", "modal", "home"):
        raise Refused("invalid_arguments")
    if found := complaints(within.get("blocks"), surface):
        raise Refused("invalid_blocks", errors=found, response_metadata=told(found))
    return {"ok": True}


def channel_of(call: Call) -> Channel:
    """The conversation that a call names, by its id or by a person's."""
    name, state = call.need("channel", "channel_not_found"), call.sandbox.state
    if (known := state.with_bot(name)) is not None:
        channel = known
    elif name in state.people:
        channel = state.open([name])
    else:
        raise Refused("channel_not_found")
    if channel.kind == "im":
        person = state.people[channel.members[0]]
        if person.deleted:
            raise Refused("user_disabled")
        if person.is_bot:
            raise Refused("cannot_dm_bot")
    return channel


def a_message(channel: Channel, ts: str) -> Message:
    """A message that the Web API can reach: there, and no ephemeral one."""
    message = channel.messages.get(ts)
    if message is None or message.deleted or message.only_for is not None:
        raise Refused("message_not_found")
    return message


def own_message(call: Call, otherwise: str) -> Message:
    """The message that a call names, if the bot wrote it."""
    channel = call.sandbox.state.with_bot(call.need("channel", "channel_not_found"))
    if channel is None:
        raise Refused("channel_not_found")
    message = a_message(channel, call.need("ts", "message_not_found"))
    if message.user != call.sandbox.bot_user_id:
        raise Refused(otherwise)
    return message
