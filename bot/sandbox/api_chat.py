"""chat.*: posting, updating, deleting."""

from typing import Any

from bot.sandbox.blocks import MOST_TEXT, complaints, text_size
from bot.sandbox.calls import Call, Json, Refused
from bot.sandbox.state import Channel, Message


def post_message(call: Call) -> Json:
    """chat.postMessage. A person's id opens the DM by itself."""
    channel = channel_of(call)
    text, blocks = _content(call, longest_text=40_000)
    metadata = call.parsed("metadata")
    if metadata is not None and len(str(metadata)) > 8000:
        raise Refused("metadata_too_large")
    message = call.sandbox.state.say(
        channel,
        user=call.sandbox.bot_user_id,
        text=text,
        blocks=blocks,
        metadata=metadata,
        thread_ts=call.args.get("thread_ts"),
    )
    call.sandbox.posts += 1
    return {"ok": True, "channel": channel.id, "ts": message.ts, "message": as_slack(call, message, metadata=True)}


def post_ephemeral(call: Call) -> Json:
    """chat.postEphemeral: one person sees it."""
    channel = channel_of(call)
    user = call.need("user")
    if user not in channel.members:
        raise Refused("user_not_in_channel")
    text, blocks = _content(call, longest_text=40_000)
    message = call.sandbox.state.say(channel, user=call.sandbox.bot_user_id, text=text, blocks=blocks, only_for=user)
    return {"ok": True, "message_ts": message.ts}


def update(call: Call) -> Json:
    """chat.update."""
    message = _own_message(call)
    text, blocks = _content(call, longest_text=4_000)
    message.text, message.blocks, message.edited = text, blocks, True
    call.sandbox.forget_picks(message)
    call.sandbox.state.keep(message)
    return {"ok": True, "channel": message.channel, "ts": message.ts, "text": text}


def delete(call: Call) -> Json:
    """chat.delete."""
    message = _own_message(call)
    message.deleted = True
    call.sandbox.state.keep(message)
    return {"ok": True, "channel": message.channel, "ts": message.ts}


def channel_of(call: Call) -> Channel:
    """The conversation that a call names, by its id or by a person's."""
    name = call.need("channel", "channel_not_found")
    state = call.sandbox.state
    if name in state.channels:
        channel = state.channels[name]
    elif name in state.people:
        channel = state.open([name])
    else:
        raise Refused("channel_not_found")
    people = [state.people[one] for one in channel.members]
    if len(people) == 1 and people[0].deleted:
        raise Refused("user_disabled")
    if len(people) == 1 and people[0].is_bot:
        raise Refused("cannot_dm_bot")
    return channel


def as_slack(call: Call, message: Message, *, metadata: bool) -> Json:
    """A message as Slack tells of it."""
    answer: Json = {"type": "message", "user": message.user, "ts": message.ts, "text": message.text}
    if message.user == call.sandbox.bot_user_id:
        answer |= {"bot_id": call.sandbox.bot_id, "team": call.sandbox.team_id}
    if message.blocks:
        answer["blocks"] = message.blocks
    if message.edited:
        answer["edited"] = {"user": message.user, "ts": message.ts}
    if metadata and message.metadata is not None:
        answer["metadata"] = message.metadata
    return answer


def _content(call: Call, *, longest_text: int) -> tuple[str, list[Any]]:
    text = str(call.args.get("text") or "")
    blocks = call.parsed("blocks") or []
    if not text and not blocks:
        raise Refused("no_text")
    if len(text) > longest_text:
        raise Refused("msg_too_long")
    if found := complaints(blocks, "message"):
        raise Refused(
            "invalid_blocks", errors=found, response_metadata={"messages": [f"[ERROR] {one}" for one in found]}
        )
    if text_size(blocks) > MOST_TEXT:
        raise Refused("msg_blocks_too_long")
    return text, [{**block, "block_id": block.get("block_id") or call.sandbox.state.new_id("b")} for block in blocks]


def _own_message(call: Call) -> Message:
    channel = call.sandbox.state.channels.get(call.need("channel", "channel_not_found"))
    if channel is None:
        raise Refused("channel_not_found")
    message = channel.messages.get(call.need("ts", "message_not_found"))
    if message is None or message.deleted:
        raise Refused("message_not_found")
    if message.user != call.sandbox.bot_user_id:
        raise Refused("cant_update_message")
    return message
