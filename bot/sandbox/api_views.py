"""views.*: modals and App Home. A trigger lives three seconds and works once."""

from typing import Any

from bot.sandbox.blocks import complaints
from bot.sandbox.calls import Call, Json, Refused

LARGEST_VIEW = 250_000


def views_open(call: Call) -> Json:
    """views.open."""
    user = call.sandbox.triggers.redeem(call.need("trigger_id", "invalid_trigger_id"))
    view = _new(call, user, "modal")
    call.sandbox.state.modals[user] = [view]
    call.sandbox.state.changed()
    return {"ok": True, "view": view}


def views_push(call: Call) -> Json:
    """views.push: at most three on top of one another."""
    user = call.sandbox.triggers.redeem(call.need("trigger_id", "invalid_trigger_id"))
    stack = call.sandbox.state.modals.setdefault(user, [])
    if len(stack) >= 3:
        raise Refused("push_limit_reached")
    view = _new(call, user, "modal")
    stack.append(view)
    call.sandbox.state.changed()
    return {"ok": True, "view": view}


def views_update(call: Call) -> Json:
    """views.update, guarded by `hash` if it is given."""
    view_id, external_id = call.args.get("view_id"), call.args.get("external_id")
    for user, stack in call.sandbox.state.modals.items():
        for place, old in enumerate(stack):
            if old["id"] == view_id or (external_id and old.get("external_id") == external_id):
                if call.args.get("hash") not in (None, old["hash"]):
                    raise Refused("hash_conflict")
                stack[place] = {**_new(call, user, "modal"), "id": old["id"]}
                call.sandbox.state.changed()
                return {"ok": True, "view": stack[place]}
    raise Refused("not_found")


def views_publish(call: Call) -> Json:
    """views.publish: someone's App Home."""
    user = call.need("user_id", "user_not_found")
    if user not in call.sandbox.state.people:
        raise Refused("user_not_found")
    old = call.sandbox.state.homes.get(user)
    if old is not None and call.args.get("hash") not in (None, old["hash"]):
        raise Refused("hash_conflict")
    view = _new(call, user, "home")
    call.sandbox.state.put_home(user, view)
    return {"ok": True, "view": view}


def checked_view(view: Any, surface: str) -> Json:
    """A view within Slack's limits, or Slack's refusal."""
    if not isinstance(view, dict) or view.get("type") != surface:
        raise Refused("invalid_arguments", response_metadata={"messages": [f"[ERROR] view must be a {surface}"]})
    found = complaints(view.get("blocks"), surface) + (_modal_slips(view) if surface == "modal" else [])
    if found:
        raise Refused("invalid_arguments", response_metadata={"messages": [f"[ERROR] {one}" for one in found]})
    if len(str(view)) > LARGEST_VIEW:
        raise Refused("view_too_large")
    return view


def _modal_slips(view: Json) -> list[str]:
    found = []
    for name in ("title", "submit", "close"):
        text = (view.get(name) or {}).get("text", "") if name in view else None
        if (name == "title" and not text) or (text is not None and not 1 <= len(text) <= 24):
            found.append(f"must be between 1 and 24 characters [json-pointer:/view/{name}]")
    if len(view.get("private_metadata") or "") > 3000:
        found.append("must be no more than 3000 characters [json-pointer:/view/private_metadata]")
    if len(view.get("callback_id") or "") > 255:
        found.append("must be no more than 255 characters [json-pointer:/view/callback_id]")
    if any(block.get("type") == "input" for block in view.get("blocks") or ()) and "submit" not in view:
        found.append("submit is required when an input block is present [json-pointer:/view/submit]")
    return found


def _new(call: Call, user: str, surface: str) -> Json:
    view = checked_view(call.parsed("view"), surface)
    return call.sandbox.dressed(view, user)
