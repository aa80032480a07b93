"""Acting as someone: what a click, a pick or a submission looks like when Slack tells an app of it."""

import time
from typing import TYPE_CHECKING, Any

from bot.sandbox.api_chat import as_slack
from bot.sandbox.calls import Call
from bot.sandbox.deliver import Delivered
from bot.sandbox.state import Message

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox

Json = dict[str, Any]
State = dict[str, dict[str, Any]]  # block id → action id → what is picked or typed there

PICKED = {
    "radio_buttons": "selected_option", "static_select": "selected_option", "overflow": "selected_option",
    "checkboxes": "selected_options", "users_select": "selected_user", "datepicker": "selected_date",
    "timepicker": "selected_time", "plain_text_input": "value",
}  # fmt: skip


class NotThere(Exception):
    """There is nothing like that to click."""


class Acting:
    """Turns what someone does into the payload that the app gets."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox
        self._picks: dict[tuple[str, str], State] = {}  # by person and message or view

    async def click(
        self, user: str, channel: str, ts: str, action_id: str, *, block_id: str | None = None, value: str | None = None,
        selected: Any = None, state: State | None = None, force: bool = False,
    ) -> Delivered:  # fmt: skip
        """Press or pick something in a message. `force`: also if it is not there (any more), with `value` as the button's."""
        message = self._message(user, channel, ts)
        block, element = self._find(message.blocks, action_id, block_id, value=value, force=force)
        payload = self._base(user) | {
            "type": "block_actions",
            "container": {"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": False},
            "channel": {"id": channel, "name": "directmessage"},
            "message": as_slack(Call(self._sandbox, {}), message, metadata=False),
        }
        return await self._act(payload, user, ts, block, element, value, selected, state)

    async def click_in_view(
        self, user: str, view_id: str, action_id: str, *, block_id: str | None = None, value: str | None = None,
        selected: Any = None, state: State | None = None,
    ) -> Delivered:  # fmt: skip
        """Press or pick something in a modal or in App Home."""
        view = self._sandbox.view(user, view_id)
        block, element = self._find(view["blocks"], action_id, block_id, value=value, force=False)
        payload = self._base(user) | {
            "type": "block_actions",
            "container": {"type": "view", "view_id": view_id},
            "view": view,
        }
        return await self._act(payload, user, view_id, block, element, value, selected, state)

    async def submit(self, user: str, view_id: str, state: State | None = None) -> Delivered:
        """Send a modal in; then it closes, changes or shows errors, as the app answers."""
        view = self._sandbox.view(user, view_id)
        values = self._values(view["blocks"], (user, view_id), state)
        sent = {**view, "state": {"values": values}}
        payload = self._base(user) | {"type": "view_submission", "view": sent, "response_urls": []}
        delivered = await self._sandbox.deliverer.interactive(payload)
        if delivered.acked:
            self._sandbox.after_submission(user, view_id, delivered.body or {})
        return delivered

    def forget(self, place: str) -> None:
        """A message was drawn anew: what was picked in it is gone."""
        for key in [key for key in self._picks if key[1] == place]:
            del self._picks[key]

    async def _act(
        self, payload: Json, user: str, place: str, block: Json, element: Json, value: str | None, selected: Any,
        state: State | None,
    ) -> Delivered:  # fmt: skip
        source = payload.get("message") or payload["view"]
        if element["type"] in PICKED:
            self._picks.setdefault((user, place), {}).setdefault(block["block_id"], {})[element["action_id"]] = selected
        values = self._values(source.get("blocks", ()), (user, place), state)
        action: Json = {
            "type": element["type"], "action_id": element["action_id"], "block_id": block["block_id"],
            "action_ts": f"{time.time():.6f}",
        }  # fmt: skip
        if element["type"] == "button":
            action |= {"value": value if value is not None else element.get("value"), "text": element.get("text")}
        else:
            action[PICKED[element["type"]]] = _picked(element, selected)
        payload |= {"actions": [action], "state": {"values": values}}
        return await self._sandbox.deliverer.interactive(payload)

    def _base(self, user: str) -> Json:
        one = self._sandbox
        person = one.state.people[user]
        return {
            "user": {"id": user, "username": person.name.split()[0].lower(), "name": person.name, "team_id": one.team_id},
            "team": {"id": one.team_id, "domain": one.workspace.lower()},
            "api_app_id": one.app_id, "token": "unused", "trigger_id": one.triggers.give(user),
            "enterprise": None, "is_enterprise_install": False,
            "response_url": f"{one.url}/respond/{one.state.new_id('R')}",
        }  # fmt: skip

    def _message(self, user: str, channel: str, ts: str) -> Message:
        message = self._sandbox.state.channels[channel].messages.get(ts)
        if message is None or message.deleted:
            raise NotThere("there is no such message (any more)")
        if user not in self._sandbox.state.people:
            raise NotThere("there is no such person")
        return message

    def _find(
        self, blocks: list[Json], action_id: str, block_id: str | None, *, value: str | None, force: bool
    ) -> tuple[Json, Json]:
        for block in blocks:
            for element in elements(block):
                if element.get("action_id") == action_id and block_id in (None, block.get("block_id")):
                    return block, element
        if force:
            return {"block_id": block_id or "gone"}, {"type": "button", "action_id": action_id, "value": value}
        raise NotThere(f"there is no «{action_id}» to click")

    def _values(self, blocks: Any, key: tuple[str, str], state: State | None) -> State:
        picks = {**self._picks.get(key, {}), **(state or {})}
        values: State = {}
        for block in blocks:
            for element in elements(block):
                if element["type"] in PICKED:
                    selected = picks.get(block["block_id"], {}).get(element["action_id"])
                    shown = {"type": element["type"], PICKED[element["type"]]: _picked(element, selected)}
                    values.setdefault(block["block_id"], {})[element["action_id"]] = shown
        return values


def elements(block: Json) -> list[Json]:
    """What can be pressed, picked or filled in a block."""
    found = [*block.get("elements", ()), block.get("accessory"), block.get("element")]
    return [one for one in found if isinstance(one, dict) and one.get("action_id")]


def _picked(element: Json, selected: Any) -> Any:
    """What is picked, as Slack tells of it: whole options rather than their values."""
    options = {option["value"]: option for option in element.get("options", ())}
    if element["type"] == "checkboxes":
        chosen = [selected] if isinstance(selected, str) else selected or []
        return [options[one] for one in chosen]
    if options:
        if isinstance(selected, list):
            selected = selected[0] if selected else None
        return options.get(selected)
    return selected
