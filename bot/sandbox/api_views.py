"""views.*: a trigger lives three seconds and works once; a view that is refused does not use it up."""

from bot.sandbox.calls import Call, Json, Refused
from bot.sandbox.views import checked_view


def open_(call: Call) -> Json:
    """views.open."""
    return {"ok": True, "view": call.sandbox.views.open(_clicked(call), call.parsed("view"))}


def push(call: Call) -> Json:
    """views.push: at most three on top of one another."""
    return {"ok": True, "view": call.sandbox.views.push(_clicked(call), call.parsed("view"))}


def update(call: Call) -> Json:
    """views.update, by `view_id` or `external_id`, guarded by `hash` if it is given."""
    views = call.sandbox.views
    view_id = call.args.get("view_id") or views.named(call.need("external_id"))
    view = views.update(str(view_id), call.parsed("view"), call.args.get("hash"))
    return {"ok": True, "view": view}


def publish(call: Call) -> Json:
    """views.publish: someone's App Home."""
    user = call.need("user_id", "user_not_found")
    if user not in call.sandbox.state.people:
        raise Refused("user_not_found")
    return {"ok": True, "view": call.sandbox.views.publish(user, call.parsed("view"), call.args.get("hash"))}


def _clicked(call: Call) -> str:
    trigger = call.need("trigger_id", "invalid_trigger_id")
    checked_view(call.parsed("view"), "modal")
    return call.sandbox.triggers.redeem(trigger)
