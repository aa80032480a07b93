"""The interactive elements of Block Kit, their limits, and which blocks they may stand in."""

import re
from typing import Any

from bot.sandbox.shapes import (
    Check,
    Found,
    all_of,
    any_field,
    anything,
    by_type,
    flag,
    items,
    one_of,
    plain,
    shape,
    string,
    text,
    whole,
)  # fmt: skip

ID = string(255)

_CONFIRM = shape(
    "title text confirm deny", title=plain(100), text=text(300), confirm=plain(30), deny=plain(30),
    style=one_of("primary", "danger"),
)  # fmt: skip
_OPTION = shape("text value", text=text(75), value=string(150), description=text(75), url=string(3000))
_GROUP = shape("label options", label=plain(75), options=items(1, 100, _OPTION))
_HEAD = {"action_id": ID, "focus_on_load": flag}
_ASKED = {**_HEAD, "confirm": _CONFIRM}
_CHOSEN = {**_ASKED, "placeholder": plain(150)}
_TYPED = {**_HEAD, "placeholder": plain(150), "dispatch_action_config": anything}
_DAY = string(10)
_FILE_ID = re.compile("[F][A-Z0-9]{8,}")


def file_id(where: str, value: Any, found: Found) -> None:
    """The id of a file, as Slack writes it."""
    if not isinstance(value, str) or not _FILE_ID.fullmatch(value):
        found.append((where, f"input must match regex pattern: ^{_FILE_ID.pattern}$"))


def _initials_are_options(where: str, element: Any, found: Found) -> None:
    """What is picked at first must be one of the options, letter by letter; and no two options share a value."""
    if not isinstance(element, dict):
        return
    options = options_of(element)
    values = [option.get("value") for option in options]
    if len(set(map(str, values))) != len(values):
        found.append((f"{where}/options", "option values must be unique"))
    one = element.get("initial_option")
    for initial in ([one] if one is not None else []) + _list(element, "initial_options"):
        if initial not in options:
            found.append((where, "initial options must be among the options"))


def options_of(element: dict[str, Any]) -> list[dict[str, Any]]:
    """All options of an element, also those in groups."""
    grouped = [option for group in _list(element, "option_groups") for option in _list(group, "options")]
    return [one for one in [*_list(element, "options"), *grouped] if isinstance(one, dict)]


def _list(thing: Any, name: str) -> list[Any]:
    found = thing.get(name) if isinstance(thing, dict) else None
    return found if isinstance(found, list) else []


def _choice(most: int, **more: Check) -> Check:
    return all_of(shape("options", **_ASKED, options=items(1, most, _OPTION), **more), _initials_are_options)


def _select(**more: Check) -> Check:
    options = {"options": items(1, 100, _OPTION), "option_groups": items(1, 100, _GROUP)}
    return all_of(
        shape("", **_CHOSEN, **options, **more), any_field("options", "option_groups", only=True), _initials_are_options
    )


def _typed(**more: Check) -> Check:
    return shape("", **_TYPED, **more)


SLACK_FILE = all_of(shape("", id=file_id, url=string(3000)), any_field("id", "url", only=True))
_IMAGE = all_of(
    shape("alt_text", image_url=string(3000), slack_file=SLACK_FILE, alt_text=string(2000)),
    any_field("image_url", "slack_file", only=True),
)
_BUTTON = shape(
    "text", action_id=ID, text=plain(75), value=string(2000), url=string(3000), style=one_of("primary", "danger"),
    confirm=_CONFIRM, accessibility_label=string(75),
)  # fmt: skip
_OPINION = shape("text value", text=plain(75), value=string(2000), accessibility_label=string(75))

_SELECTS: dict[str, Check] = {
    "static_select": _select(initial_option=anything),
    "external_select": shape("", **_CHOSEN, initial_option=anything, min_query_length=whole(0, 255)),
    "users_select": shape("", **_CHOSEN, initial_user=string(20)),
    "conversations_select": shape(
        "", **_CHOSEN, initial_conversation=string(20), default_to_current_conversation=flag,
        response_url_enabled=flag, filter=anything,
    ),
    "channels_select": shape("", **_CHOSEN, initial_channel=string(20), response_url_enabled=flag),
}  # fmt: skip
_MANY = {"max_selected_items": whole(1, 100)}
_MULTI_SELECTS: dict[str, Check] = {
    "multi_static_select": _select(initial_options=items(1, 100, _OPTION), **_MANY),
    "multi_external_select": shape("", **_CHOSEN, **_MANY, initial_options=anything, min_query_length=whole(0, 255)),
    "multi_users_select": shape("", **_CHOSEN, **_MANY, initial_users=items(1, 100, string(20))),
    "multi_conversations_select": shape(
        "", **_CHOSEN, **_MANY, initial_conversations=anything, default_to_current_conversation=flag, filter=anything
    ),
    "multi_channels_select": shape("", **_CHOSEN, **_MANY, initial_channels=items(1, 100, string(20))),
}
_CHOICES: dict[str, Check] = {
    "radio_buttons": _choice(10, initial_option=anything),
    "checkboxes": _choice(10, initial_options=items(1, 10, _OPTION)),
    "datepicker": shape("", **_CHOSEN, initial_date=_DAY),
    "timepicker": shape("", **_CHOSEN, initial_time=string(5), timezone=string(100)),
}
_MOMENT: dict[str, Check] = {"datetimepicker": shape("", **_ASKED, initial_date_time=whole(0, 9_999_999_999))}
_PRESSED: dict[str, Check] = {
    "button": _BUTTON,
    "overflow": shape("options", action_id=ID, options=items(1, 5, _OPTION), confirm=_CONFIRM),
    "workflow_button": shape(
        "text workflow", action_id=ID, text=plain(75), workflow=anything, style=one_of("primary", "danger"),
        accessibility_label=string(75),
    ),
}  # fmt: skip
_WRITTEN: dict[str, Check] = {
    "plain_text_input": _typed(
        multiline=flag, min_length=whole(0, 3000), max_length=whole(1, 3000), initial_value=string(3000)
    ),
    "rich_text_input": _typed(initial_value=anything, min_lines=whole(1, 100), max_lines=whole(1, 100)),
    "email_text_input": _typed(initial_value=string(3000)),
    "url_text_input": _typed(initial_value=string(3000)),
    "number_input": all_of(
        _typed(is_decimal_allowed=flag, initial_value=string(50), min_value=string(50), max_value=string(50)),
        any_field("is_decimal_allowed"),
    ),
    "file_input": shape("", action_id=ID, filetypes=items(1, 100, string(20)), max_files=whole(1, 10)),
}

IMAGE = by_type(image=_IMAGE)
BUTTON = by_type(button=_BUTTON)
IN_ACTIONS = by_type(**_PRESSED, **_CHOICES, **_SELECTS, **_MOMENT)
AS_ACCESSORY = by_type(image=_IMAGE, **_PRESSED, **_CHOICES, **_SELECTS, **_MULTI_SELECTS)
IN_INPUT = by_type(**_WRITTEN, **_CHOICES, **_SELECTS, **_MULTI_SELECTS, **_MOMENT)
IN_CONTEXT_ACTIONS = by_type(
    feedback_buttons=shape(
        "positive_button negative_button", action_id=ID, positive_button=_OPINION, negative_button=_OPINION
    ),
    icon_button=shape(
        "icon text", action_id=ID, icon=one_of("trash"), text=plain(75), value=string(2000), confirm=_CONFIRM,
        accessibility_label=string(75), visible_to_user_ids=items(1, 100, string(20)),
    ),
)  # fmt: skip
