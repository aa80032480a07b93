"""Reading what Slack sends, and answering quietly."""

import asyncio
import re
from collections.abc import Mapping
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.slack.codec import Forged

# What Slack makes of what someone types: <https://…|label>, <mailto:…|…>, <#C1|name>, <!here>; mentions stay for themselves.
_MARKED = re.compile(r"<(?!@)(?P<sign>[#!]?)(?P<target>[^<>|]*)(?:\|(?P<label>[^<>]*))?>")
_MENTION = re.compile(r"<@(?P<id>[A-Z0-9]+)(?:\|(?P<name>[^<>]*))?>")
_ENTITY = re.compile("&(amp|lt|gt);")
_SIGNS = {"amp": "&", "lt": "<", "gt": ">"}


class _Element(dict[str, Any]):
    """What was pressed. What it should hold and doesn't was never in Slack."""

    def __missing__(self, key: str) -> Any:
        raise Forged(f"a click without its {key}")


def pressed(body: dict[str, Any]) -> dict[str, Any]:
    """The element that was pressed or picked; one without a value has an empty one. Forged for what else it lacks, on access."""
    return _Element({"value": ""} | {name: it for name, it in body["actions"][0].items() if it is not None})


def view_id_of(body: dict[str, Any]) -> str:
    """The id of the modal in which something was pressed; Forged if it was pressed elsewhere."""
    if not body.get("view"):
        raise Forged("a modal's button, and no modal around it")
    return str(body["view"]["id"])


def state_of(body: dict[str, Any], block_id: str, action_id: str) -> tuple[str, ...]:
    """What is picked in a block's radio buttons or checkboxes: the options' ids."""
    values = (body.get("state") or {}).get("values") or {}
    element = (values.get(block_id) or {}).get(action_id) or {}
    if element.get("selected_option"):
        return (str(element["selected_option"]["value"]),)
    return tuple(str(option["value"]) for option in element.get("selected_options") or ())


def asked_block_text(body: dict[str, Any], block_id: str) -> str:
    """The question above a block, as it stands in the message that was clicked: no look-up, since a trigger lives 3 s."""
    text = "…"
    for block in (body.get("message") or {}).get("blocks") or ():
        if block.get("block_id") == block_id:
            break
        if block.get("type") == "section":
            text = (block.get("text") or {}).get("text", text)
    return text


def typed(text: object) -> str:
    """What someone typed, trimmed, and without what PostgreSQL can't keep: NUL, and halves of characters."""
    return str(text or "").replace("\x00", "").encode("utf-8", "ignore").decode().strip()


def unescaped(text: object) -> str:
    """What someone typed in a message or behind a command, where Slack escapes and marks it; mentions stay as Slack marks them.

    Fields of a modal come as they were typed. See https://docs.slack.dev/messaging/formatting-message-text/.
    """
    return _ENTITY.sub(lambda found: _SIGNS[found[1]], _MARKED.sub(_as_read, typed(text)))


def _as_read(found: re.Match[str]) -> str:
    sign = {"!": "@"}.get(found["sign"], found["sign"])
    label = found["label"] or found["target"].partition("^")[0]
    return label if label.startswith(sign) else sign + label


def mentioned(text: str) -> set[str]:
    """The Slack ids of those whom a text mentions."""
    return {found["id"] for found in _MENTION.finditer(text)}


def with_names(text: str, names: Mapping[str, str]) -> str:
    """A text with names, by Slack ids, in place of mentions; of who has none here, with what Slack says, or the id."""
    return _MENTION.sub(lambda found: f"@{names.get(found['id']) or found['name'] or found['id']}", text)


async def whisper(client: AsyncWebClient, body: dict[str, Any], text: str) -> None:
    """Say something that only the person who clicked sees: below the message, or from a view in their own DM.

    Below an answer to a command, which may stand where the app is not, Slack takes it at the address that came with the click.
    """
    container, person = body.get("container") or {}, body["user"]["id"]
    channel = (body.get("channel") or {}).get("id") or container.get("channel_id")
    if container.get("is_ephemeral") and await _answered(client, body.get("response_url"), text):
        return
    if channel is None or container.get("is_ephemeral"):
        await client.chat_postMessage(channel=person, text=text)
    else:
        await client.chat_postEphemeral(channel=channel, user=person, text=text)


async def _answered(client: AsyncWebClient, url: str | None, text: str) -> bool:
    """Say it at a click's address; False if Slack did not take it. Without the SDK's retries, which would say it twice."""
    if not url:
        return False
    hook = AsyncWebhookClient(url, session=client.session, retry_handlers=[])
    async with asyncio.timeout(client.timeout):
        answer = await hook.send(text=text, response_type="ephemeral", replace_original=False)
    return answer.status_code == 200
