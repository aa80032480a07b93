"""Modals and App Home as people have them before them: at most three modals, one on top of another."""

import secrets
from typing import TYPE_CHECKING, Any

from bot.sandbox.blocks import complaints
from bot.sandbox.calls import Json, Refused
from bot.sandbox.messages import told, with_ids

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox

MOST_MODALS = 3
LARGEST_VIEW = 250_000  # bytes
LONGEST = {"private_metadata": 3000, "callback_id": 255, "external_id": 255}


class Views:
    """All views that are open. What a person's client would show as an error of a modal is in `errors`."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox
        self.errors: dict[str, dict[str, str]] = {}
        self._owners = {view["id"]: user for user, views in sandbox.state.modals.items() for view in views}

    def view(self, user: str, view_id: str) -> Json:
        """A modal or App Home that someone has before them. KeyError if it is gone."""
        view: Json | None
        for view in (*self.stack(user), self._sandbox.state.homes.get(user)):
            if view is not None and view["id"] == view_id:
                return view
        raise KeyError("there is no such view (any more)")

    def stack(self, user: str) -> list[Json]:
        """Someone's open modals, the top one last."""
        return self._sandbox.state.modals.get(user, [])

    def open(self, user: str, asked: Any) -> Json:
        """A modal in place of whatever was open."""
        view = self._new(asked, "modal")
        self._put(user, [view])
        return view

    def push(self, user: str, asked: Any) -> Json:
        """A modal on top of the others. Refused if there are three already."""
        stack = self.stack(user)
        if len(stack) >= MOST_MODALS:
            raise Refused("push_limit_reached")
        view = self._new(asked, "modal")
        if stack:
            view |= {"root_view_id": stack[0]["id"], "previous_view_id": stack[-1]["id"]}
        self._put(user, [*stack, view])
        return view

    def update(self, view_id: str, asked: Any, expected: str | None) -> Json:
        """A view anew, under its old id. Refused if it is gone, or not the one that was expected (by its hash)."""
        user = self._owners.get(view_id) or self._owner_of_home(view_id)
        if user is None:
            raise Refused("not_found")
        old = self.view(user, view_id)
        if expected not in (None, "", old["hash"]):
            raise Refused("hash_conflict")
        kept = {name: old[name] for name in ("id", "root_view_id", "previous_view_id")}
        view = self._new(asked, old["type"], replaces=view_id) | kept
        if old["type"] == "home":
            self._sandbox.state.put_home(user, view)
        else:
            self._put(user, [view if one["id"] == view_id else one for one in self.stack(user)])
        return view

    def publish(self, user: str, asked: Any, expected: str | None) -> Json:
        """Someone's App Home."""
        old = self._sandbox.state.homes.get(user)
        if old is not None and expected not in (None, "", old["hash"]):
            raise Refused("hash_conflict")
        view = self._new(asked, "home", replaces=old["id"] if old else "")
        if old is not None:
            view |= {"id": old["id"], "root_view_id": old["id"]}
        self._sandbox.state.put_home(user, view)
        return view

    def named(self, external_id: str) -> str | None:
        """The id of the open modal that has this external id."""
        modals = self._sandbox.state.modals.values()
        return next((one["id"] for stack in modals for one in stack if one["external_id"] == external_id), None)

    def answered(self, user: str, view_id: str, answer: Json) -> None:
        """What becomes of a modal once the app has answered its submission. Refused: the answer is not one."""
        stack = self.stack(user)
        match answer.get("response_action"):
            case "errors":
                self._show(self.view(user, view_id), answer.get("errors"))
            case "update":
                self.update(view_id, answer.get("view"), None)
            case "push":
                self.push(user, answer.get("view"))
            case "clear":
                self._put(user, [])
            case None:
                self._put(user, [view for view in stack if view["id"] != view_id])
            case other:
                raise Refused("invalid_response_action", response_action=other)

    def close(self, user: str, view_id: str, *, all_of_them: bool) -> None:
        """Someone closes a modal, and with it those on top of it; or the whole stack."""
        ids = [view["id"] for view in self.stack(user)]
        if view_id not in ids:
            raise KeyError("there is no such view (any more)")
        self._put(user, [] if all_of_them else self.stack(user)[: ids.index(view_id)])

    def _show(self, view: Json, errors: Any) -> None:
        inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
        if not isinstance(errors, dict) or not errors or not errors.keys() <= inputs:
            raise Refused("invalid_errors", response_metadata=told(["errors must name input blocks of the view"]))
        self.errors[view["id"]] = errors
        self._sandbox.state.changed()

    def _put(self, user: str, views: list[Json]) -> None:
        staying = {view["id"] for view in views}
        for gone in [view["id"] for view in self.stack(user) if view["id"] not in staying]:
            self._owners.pop(gone, None)
            self.errors.pop(gone, None)
            self._sandbox.acting.forget(gone)
        self._owners |= dict.fromkeys(staying, user)
        self._sandbox.state.put_modals(user, views)

    def _owner_of_home(self, view_id: str) -> str | None:
        homes = self._sandbox.state.homes
        return next((user for user, view in homes.items() if view["id"] == view_id), None)

    def _new(self, asked: Any, surface: str, replaces: str = "") -> Json:
        one, view = self._sandbox, checked_view(asked, surface)
        number, external = one.state.new_id("V"), view.get("external_id") or ""
        if external and self.named(external) not in (None, replaces):
            raise Refused("duplicate_external_id")
        return {
            "private_metadata": "", "callback_id": "", "external_id": external, "title": None, "submit": None,
            "close": None, "clear_on_close": False, "notify_on_close": False, **view,
            "id": number, "hash": f"{number}.{secrets.token_hex(4)}", "root_view_id": number, "previous_view_id": None,
            "team_id": one.team_id, "app_id": one.app_id, "bot_id": one.bot_id,
            "app_installed_team_id": one.installs.team_of_views(one),
            "blocks": with_ids(one, view["blocks"]), "state": {"values": {}},
        }  # fmt: skip


def checked_view(view: Any, surface: str) -> Json:
    """A view within Slack's limits, or Slack's refusal."""
    if not isinstance(view, dict) or view.get("type") != surface:
        raise Refused(
            "invalid_arguments", response_metadata=told([f"must be a view of type {surface} [json-pointer:/view]"])
        )
    found = complaints(view.get("blocks"), surface, "/view/blocks") + _slips(view)
    if found:
        raise Refused("invalid_arguments", response_metadata=told(found))
    if len(str(view)) > LARGEST_VIEW:
        raise Refused("view_too_large")
    return view


def _slips(view: Json) -> list[str]:
    found = [
        f"must be less than {most + 1} characters [json-pointer:/view/{name}]"
        for name, most in LONGEST.items()
        if len(view.get(name) or "") > most
    ]
    return found + _slips_of_modal(view) if view["type"] == "modal" else found


def _slips_of_modal(view: Json) -> list[str]:
    found = []
    for name in ("title", "submit", "close"):
        text = view.get(name)
        if text is None and name != "title":
            continue
        if not isinstance(text, dict) or text.get("type") != "plain_text" or not isinstance(text.get("text"), str):
            found.append(f"must provide a plain_text object [json-pointer:/view/{name}]")
        elif not 1 <= len(text["text"]) <= 24:
            found.append(f"must be between 1 and 24 characters [json-pointer:/view/{name}/text]")
    if view.get("submit") is None and any(block["type"] == "input" for block in view["blocks"]):
        found.append("submit is required when an input block is present [json-pointer:/view/submit]")
    return found
