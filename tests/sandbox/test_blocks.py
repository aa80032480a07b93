"""Slack's limits on blocks, one row each."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.blocks import complaints
from tests.sandbox.asking import actions, button, error, modal, options, plain, section

RADIO = {"type": "radio_buttons", "action_id": "r"}
WRITE = {"type": "plain_text_input", "action_id": "w"}
IMAGE = {"type": "image", "image_url": "https://example.test/a.png", "alt_text": "A chart"}
CARD = {
    "type": "card",
    "title": plain("Next"),
    "body": {"type": "mrkdwn", "text": "A lesson"},
    "actions": [button("a")],
}
CELL = {"type": "raw_text", "text": "x"}
PIE = {"type": "pie", "segments": [{"label": "Done", "value": 3}]}
RICH = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "hi"}]}]}
OPINION = {"text": plain("Good"), "value": "good"}


def asked(element: Any, **more: Any) -> dict[str, Any]:
    """An input block."""
    return {"type": "input", "label": plain("What?"), "element": element, **more}


def header(text: str, **more: Any) -> dict[str, Any]:
    """A header."""
    return {"type": "header", "text": plain(text), **more}


FINE = [
    ("message", section(fields=[plain("x")] * 10, accessory=IMAGE)),
    ("message", section("x" * 3000, accessory=button("b", "v" * 2000), expand=True)),
    ("message", header("x" * 150, level=2)),
    ("message", {"type": "context", "elements": [plain("x"), IMAGE]}),
    ("message", {"type": "divider"}),
    ("message", {"type": "image", "slack_file": {"id": "F012345678"}, "alt_text": "A chart"}),
    ("message", {"type": "markdown", "text": "# x"}),
    ("message", actions({**RADIO, "options": options("a", "b"), "initial_option": options("b")[0]})),
    ("message", actions({"type": "overflow", "action_id": "o", "options": options(*"abcde")})),
    ("message", {"type": "table", "rows": [[CELL, RICH]], "column_settings": [{"align": "right"}]}),
    ("message", {"type": "data_visualization", "title": "Week", "chart": PIE}),
    ("message", {"type": "carousel", "elements": [CARD]}),
    ("message", {"type": "plan", "title": "Path", "tasks": [{"type": "task_card", "task_id": "1", "title": "One"}]}),
    ("message", {"type": "context_actions", "elements": [
        {"type": "feedback_buttons", "action_id": "f", "positive_button": OPINION, "negative_button": OPINION}]}),
    ("home", {"type": "container", "title": plain("Why"), "child_blocks": [section()], "is_collapsible": True}),
    ("home", {"type": "data_table", "caption": "Progress", "rows": [[CELL], [CELL]]}),
    ("home", RICH),
    ("modal", {"type": "alert", "text": plain("Careful"), "level": "warning"}),
    ("modal", asked({**WRITE, "multiline": True, "max_length": 3000}, hint=plain("Briefly"), optional=True)),
    ("modal", asked({"type": "number_input", "action_id": "n", "is_decimal_allowed": False})),
    ("modal", asked({"type": "multi_static_select", "action_id": "m", "options": options("a")})),
]  # fmt: skip

WRONG = [
    ("message", {"type": "blink"}, "unsupported type: blink [json-pointer:/blocks/0/type]"),
    ("message", {"type": "alert", "text": plain("x")}, "unsupported type: alert"),
    ("home", {"type": "markdown", "text": "x"}, "unsupported type: markdown"),
    ("modal", {"type": "carousel", "elements": [CARD]}, "unsupported type: carousel"),
    ("message", {"type": "section"}, "must have at least one of: text, fields [json-pointer:/blocks/0]"),
    ("message", {"type": "section", "text": "bare"}, "unsupported type: None [json-pointer:/blocks/0/text/type]"),
    ("message", section("x" * 3001), "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
    ("message", section(""), "must be more than 0 characters"),
    ("message", section(fields=[plain("x")] * 11), "no more than 10 items allowed [json-pointer:/blocks/0/fields]"),
    ("message", section(fields=[plain("x" * 2001)]), "must be less than 2001 characters"),
    ("message", section(accessory=WRITE), "unsupported type: plain_text_input"),
    ("message", section(colour="red"), "invalid additional property: colour"),
    ("message", section(block_id="b" * 256), "must be less than 256 characters"),
    ("message", header("x" * 151), "must be less than 151 characters"),
    ("message", {"type": "header", "text": {"type": "mrkdwn", "text": "x"}}, "unsupported type: mrkdwn"),
    ("message", {"type": "context", "elements": [plain("x")] * 11}, "no more than 10 items allowed"),
    ("message", {"type": "image", "slack_file": {"id": "week.png"}, "alt_text": "A chart"},
     "input must match regex pattern: ^[F][A-Z0-9]{8,}$ [json-pointer:/blocks/0/slack_file/id]"),
    ("message", {"type": "image", "slack_file": {}, "alt_text": "A chart"}, "must have exactly one of: id, url"),
    ("message", {**IMAGE, "slack_file": {"id": "F012345678"}}, "must have exactly one of: image_url, slack_file"),
    ("message", {"type": "context", "elements": []}, "no fewer than 1 items allowed"),
    ("message", actions(*[button(str(n)) for n in range(26)]), "no more than 25 items allowed"),
    ("message", actions(button("same"), button("same")), "action_id already exists"),
    ("message", actions(button("b", "v" * 2001)), "must be less than 2001 characters"),
    ("message", actions(button("b" * 256)), "must be less than 256 characters"),
    ("message", actions(button("b", style="loud")), "must be a valid enum value: primary, danger"),
    ("message", actions(button("b", text=plain("x" * 76))), "must be less than 76 characters"),
    ("message", actions(button("b", confirm={"title": plain("x")})), "missing required field: text"),
    ("message", actions(WRITE), "unsupported type: plain_text_input"),
    ("message", actions({**RADIO, "options": options(*"abcdefghijk")}), "no more than 10 items allowed"),
    ("message", actions({**RADIO, "options": options("a", "a")}), "option values must be unique"),
    ("message", actions({**RADIO, "options": options("x" * 76)}), "must be less than 76 characters"),
    ("message", actions({**RADIO, "options": options("a"), "initial_option": options("b")[0]}), "initial options must"),
    ("message", actions({"type": "overflow", "action_id": "o", "options": options(*"abcdef")}), "no more than 5 items"),
    ("message", actions({"type": "static_select", "action_id": "s"}), "exactly one of: options, option_groups"),
    ("message", {"type": "image", "image_url": "https://x.test/a.png"}, "missing required field: alt_text"),
    ("message", {**IMAGE, "slack_file": {"id": "F1"}}, "must have exactly one of: image_url, slack_file"),
    ("message", {**IMAGE, "alt_text": "x" * 2001}, "must be less than 2001 characters"),
    ("message", {"type": "markdown", "text": "x" * 12_001}, "must be less than 12001 characters"),
    ("message", {"type": "card", "title": "bare"}, "unsupported type: None"),
    ("message", {**CARD, "body": plain("x" * 201)}, "must be less than 201 characters"),
    ("message", {"type": "carousel", "elements": [CARD] * 11}, "no more than 10 items allowed"),
    ("message", {"type": "plan", "title": plain("x")}, "must provide a string"),
    ("message", {"type": "table", "rows": [[CELL] * 21]}, "no more than 20 items allowed"),
    ("message", {"type": "table", "rows": [[CELL]] * 101}, "no more than 100 items allowed"),
    ("home", {"type": "data_table", "rows": [[CELL], [CELL]]}, "missing required field: caption"),
    ("home", {"type": "container", "title": plain("x"), "child_blocks": [CARD]}, "unsupported type: card"),
    ("modal", {"type": "alert", "text": plain("x" * 201)}, "must be less than 201 characters"),
    ("modal", asked(button("b")), "unsupported type: button"),
    ("modal", asked({**WRITE, "max_length": 3001}), "must be a number from 1 to 3000"),
    ("modal", asked({**WRITE, "placeholder": plain("x" * 151)}), "must be less than 151 characters"),
    ("modal", {**asked(WRITE), "label": plain("x" * 2001)}, "must be less than 2001 characters"),
]  # fmt: skip


@pytest.mark.parametrize(("surface", "block"), FINE)
def test_what_slack_takes(surface: str, block: dict[str, Any]) -> None:
    """Blocks up to their limits pass."""
    assert complaints([block], surface) == []


@pytest.mark.parametrize(("surface", "block", "said"), WRONG)
def test_what_slack_refuses(surface: str, block: dict[str, Any], said: str) -> None:
    """One step over a limit is refused, with its reason."""
    assert [one for one in complaints([block], surface) if said in one], complaints([block], surface)


@pytest.mark.parametrize(
    "blocks", ["text", None, 7, [None], ["x"], [7], [[]], [{}], [{"type": []}], [section(fields={})],
               [{"type": "actions", "elements": [None]}], [{"type": "actions", "elements": 7}],
               [asked([])],
               [section(accessory=[])], [actions({**RADIO, "options": [None, 7]})], [{"type": "table", "rows": [7]}]],
)  # fmt: skip
def test_nonsense_is_refused_and_not_stumbled_over(blocks: Any) -> None:
    """Whatever JSON arrives, there is a complaint."""
    assert complaints(blocks, "message")


def test_how_many_blocks_each_surface_takes() -> None:
    """Fifty in a message, a hundred in a view."""
    for surface, most in (("message", 50), ("modal", 100), ("home", 100)):
        assert complaints([section()] * most, surface) == []
        wanted = f"no more than {most} items allowed [json-pointer:/blocks]"
        assert wanted in complaints([section()] * (most + 1), surface)


def test_what_is_limited_over_all_blocks_together() -> None:
    """Ids may not repeat; Markdown, table cells and charts are counted over the message."""
    twice = [section(block_id="same"), section(block_id="same")]
    assert complaints(twice, "message") == ["block_id already exists: same [json-pointer:/blocks/1/block_id]"]
    assert complaints([{"type": "markdown", "text": "x" * 7000}] * 2, "message")
    assert complaints([{"type": "table", "rows": [[{"type": "raw_text", "text": "x" * 6000}]]}] * 2, "message")
    assert complaints([{"type": "data_visualization", "title": "W", "chart": PIE}] * 3, "message")


async def test_slack_says_whether_blocks_are_fine(client: AsyncWebClient) -> None:
    """blocks.validate, of a message's blocks or of a view."""
    assert (await client.api_call("blocks.validate", json={"blocks": [section()]}))["ok"]
    assert await error(client.api_call("blocks.validate", json={"blocks": [{"type": "blink"}]})) == "invalid_blocks"
    alert = modal({"type": "alert", "text": plain("x")})
    assert (await client.api_call("blocks.validate", json={"view": alert}))["ok"]
