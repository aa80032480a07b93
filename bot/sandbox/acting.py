"""Acting as someone: what a click, a pick or a submission looks like when Slack tells an app of it."""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.sandbox import forms
from bot.sandbox.calls import Json, Refused
from bot.sandbox.deliver import Delivered
from bot.sandbox.forms import PICKED, NotThere, State
from bot.sandbox.messages import as_slack, escaped
from bot.sandbox.state import Message

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox


@dataclass(frozen=True)
class _Press:
    """Where someone presses what, and with what picked."""

    user: str
    place: str  # the message's ts or the view's id
    blocks: list[Json]
    action_id: str
    block_id: str | None
    value: str | None
    selected: Any
    state: State | None
    force: bool


class Acting:
    """Turns what someone does into the payload that the app gets."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox
        self._picks: dict[str, dict[str, State]] = {}  # place → person → what they picked there so far

    async def click(
        self, user: str, channel: str, ts: str, action_id: str, *, block_id: str | None = None, value: str | None = None,
        selected: Any = None, state: State | None = None, force: bool = False,
    ) -> Delivered:  # fmt: skip
        """Press or pick something in a message; `selected` is an option's value, a list of them, or what was typed.

        Anyone may try it in any message: it is the app that must look who it was. `force`: also what is not there (any more),
        as an old or a forged client might; `value` is then the button's. NotThere otherwise.
        """
        message = self._message(user, channel, ts, force=force)
        press = _Press(user, ts, message.blocks, action_id, block_id, value, selected, state, force)
        where = self._sandbox.state.channels[channel]
        named = {"id": channel, "name": "directmessage" if where.kind == "im" else "privategroup"}
        hidden = message.only_for is not None
        container = {"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": hidden}
        payload = self._base(user) | {
            "type": "block_actions",
            "container": container,
            "channel": named,
            "response_url": self._sandbox.responses.give(user, channel, message),
        }
        if not hidden:  # Slack never shows an app an ephemeral message again
            payload["message"] = as_slack(self._sandbox, message, metadata=False)
        return await self._act(payload, press)

    async def click_in_view(
        self, user: str, view_id: str, action_id: str, *, block_id: str | None = None, value: str | None = None,
        selected: Any = None, state: State | None = None, force: bool = False,
    ) -> Delivered:  # fmt: skip
        """Press or pick something in a modal or in App Home."""
        view = self._sandbox.views.view(user, view_id)
        press = _Press(user, view_id, view["blocks"], action_id, block_id, value, selected, state, force)
        held = forms.values(view["blocks"], self._picks_after(press))
        payload = self._base(user) | {
            "type": "block_actions",
            "container": {"type": "view", "view_id": view_id},
            "view": {**view, "state": {"values": held}},
        }
        return await self._act(payload, press)

    async def submit(self, user: str, view_id: str, state: State | None = None) -> Delivered:
        """Send a modal in; then it closes, changes or shows errors, as the app answers."""
        one = self._sandbox
        view = one.views.view(user, view_id)
        self._keep(user, view_id, forms.merged(self.picks(user, view_id), state))
        sent = {**view, "state": {"values": forms.values(view["blocks"], self.picks(user, view_id))}}
        one.views.errors.pop(view_id, None)
        payload = self._base(user) | {"type": "view_submission", "view": sent, "response_urls": []}
        delivered = await one.deliverer.interactive(escaped(payload))
        if not delivered.acked:
            return delivered
        try:
            one.views.answered(user, view_id, delivered.body or {})
        except Refused as refused:  # Slack shows «trouble connecting» and leaves the modal open
            return Delivered(False, delivered.status, refused.answer)
        except KeyError:
            return delivered  # the app has put another in its place meanwhile
        return delivered

    async def close(self, user: str, view_id: str, *, all_of_them: bool = False) -> Delivered:
        """Close a modal; the app hears of it if the view asks for that."""
        view = self._sandbox.views.view(user, view_id)
        self._sandbox.views.close(user, view_id, all_of_them=all_of_them)
        if not view["notify_on_close"]:
            return Delivered(True)
        payload = self._base(user) | {"type": "view_closed", "view": view, "is_cleared": all_of_them}
        del payload["trigger_id"]
        return await self._sandbox.deliverer.interactive(payload)

    def picks(self, user: str, place: str) -> State:
        """What someone has picked or typed so far in a message or view."""
        return self._picks.get(place, {}).get(user, {})

    def forget(self, place: str) -> None:
        """A message was drawn anew, a view closed: what was picked in it is gone."""
        self._picks.pop(place, None)

    async def _act(self, payload: Json, press: _Press) -> Delivered:
        block, element = self._pressed(press)
        picks = self._picks_after(press)
        action: Json = {
            "type": element["type"], "action_id": element["action_id"], "block_id": block["block_id"],
            "action_ts": f"{time.time():.6f}",
        }  # fmt: skip
        if element["type"] in PICKED:
            action[PICKED[element["type"]]] = forms.picked(element, press.selected)
        else:
            value = press.value if press.value is not None else element.get("value")
            action |= {"text": element.get("text")} | ({} if value is None else {"value": value})
        told = forms.values(press.blocks, picks)
        self._keep(press.user, press.place, picks)
        if block.get("type") == "input" and not block.get("dispatch_action"):
            return Delivered(True)  # the app hears of it when the view is submitted
        acted = payload | {"actions": [action], "state": {"values": told}}
        return await self._sandbox.deliverer.interactive(escaped(acted))

    def _pressed(self, press: _Press) -> tuple[Json, Json]:
        found = forms.find(press.blocks, press.action_id, press.block_id)
        if found is not None:
            block, element = found
            return block, forms.stretched(element, press.selected) if press.force else element
        if not press.force:
            raise NotThere(f"there is no «{press.action_id}» to click")
        forged = {"type": "button", "action_id": press.action_id, "value": press.value}
        return {"block_id": press.block_id or "gone"}, forged

    def _picks_after(self, press: _Press) -> State:
        picks = forms.merged(self.picks(press.user, press.place), press.state)
        block, element = self._pressed(press)
        there = any(element is one for one in forms.elements(block))
        if there and element["type"] in forms.HOLDING:
            picks.setdefault(block["block_id"], {})[press.action_id] = press.selected
        return picks

    def _keep(self, user: str, place: str, picks: State) -> None:
        self._picks.setdefault(place, {})[user] = picks

    def _base(self, user: str) -> Json:
        """Where a whole organisation installed the app, no workspace is named: «team: Null if the app is org-installed».

        docs.slack.dev/reference/interaction-payloads/view_submission-payload; a click looks alike: slackapi/deno-slack-sdk#267.
        """
        one = self._sandbox
        person, of_org = one.state.people[user], one.installs.only_of_org(one)
        return {
            "user": {"id": user, "username": person.name.split()[0].lower(), "name": person.name,
                     "team_id": one.installs.team_of_people(one)},
            "team": None if of_org else {"id": one.team_id, "domain": one.workspace.lower()},
            "api_app_id": one.app_id, "token": "unused", "trigger_id": one.triggers.give(user),
            "enterprise": one.enterprise, "is_enterprise_install": of_org,
        }  # fmt: skip

    def _message(self, user: str, channel: str, ts: str, *, force: bool) -> Message:
        one = self._sandbox.state
        if user not in one.people:
            raise NotThere("there is no such person")
        message = one.channels[channel].messages.get(ts)
        if message is None or (message.deleted and not force):
            raise NotThere("there is no such message (any more)")
        return message
