"""Everything that can be picked and filled in, in a real browser: what someone does, and what the app then hears."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.async_api import Locator, Route, expect

from tests.sandbox.stage import Json, Stage, action, options, plain, said

OPENER = [{"type": "actions", "elements": [action("button", "form", text=plain("Open"))]}]
TOMORROW = int(datetime(2026, 11, 25, 14, 30, tzinfo=UTC).timestamp())


def asked(name: str, element: Json, **more: Any) -> Json:
    """An input whose block and label are named alike."""
    return {"type": "input", "block_id": name, "label": plain(name), "element": element, **more}


def form(*blocks: Json, title: str = "A form") -> Json:
    """A modal."""
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain(title),
        "submit": plain("Save"),
        "blocks": list(blocks),
    }


async def opened(stage: Stage, view: Json, *then: Json) -> Locator:
    """Maya opens a modal; `then` is what the app answers to each submission."""
    stage.views = [view, *then]
    await stage.post(text="Open", blocks=OPENER)
    await stage.see()
    await stage.page.get_by_role("button", name="Open", exact=True).click()
    modal = stage.page.get_by_role("dialog")
    await expect(modal).to_be_visible()
    return modal


async def sent(stage: Stage, modal: Locator) -> dict[str, Json]:
    """The modal is sent in; what the app then hears of each field."""
    await modal.get_by_role("button", name="Save").click()
    await expect(modal).to_have_count(0)
    return {name: next(iter(held.values())) for name, held in stage.heard[-1].items()}


@pytest.mark.long
async def test_people_and_menus(stage: Stage) -> None:
    """One or several of the workspace's people; a long menu, one in groups, and no more choices than are allowed."""
    groups = [{"label": plain("Odd"), "options": options("1", "3")}, {"label": plain("Even"), "options": options("2")}]
    modal = await opened(
        stage,
        form(
            asked("who", action("users_select", "a", initial_user="UMAYA")),
            asked("whose", action("multi_users_select", "a", initial_users=["UMAYA"])),
            asked("long", action("static_select", "a", options=options(*map(str, range(100))))),
            asked("grouped", action("static_select", "a", option_groups=groups)),
            asked("some", action("multi_static_select", "a", options=options("x", "y", "z"), max_selected_items=2)),
            asked("boxes", action("checkboxes", "a", options=options("p", "q"), initial_options=options("q"))),
        ),
    )
    for name, meant in (("who", "Tom Berg"), ("long", "99"), ("grouped", "2")):
        await modal.get_by_label(name, exact=True).select_option(meant)
    for group, name in (("whose", "Tom Berg"), ("some", "x"), ("some", "y"), ("boxes", "p")):
        await modal.get_by_role("group", name=group).get_by_label(name).check()
    await expect(modal.get_by_role("group", name="some").get_by_label("z")).to_be_disabled()
    told = await sent(stage, modal)
    assert (told["who"]["selected_user"], told["whose"]["selected_users"]) == ("UTOM", ["UMAYA", "UTOM"])
    assert [told[name]["selected_option"]["value"] for name in ("long", "grouped")] == ["99", "2"]
    assert [one["value"] for one in told["some"]["selected_options"]] == ["x", "y"]
    assert [one["value"] for one in told["boxes"]["selected_options"]] == ["p", "q"]


async def test_days_times_and_words(stage: Stage) -> None:
    """A moment is picked on the reader's own wall, in winter as in summer; what may stay empty does."""
    modal = await opened(
        stage,
        form(
            asked("day", action("datepicker", "a", initial_date="2026-11-30")),
            asked("time", action("timepicker", "a")),
            asked("moment", action("datetimepicker", "a", initial_date_time=TOMORROW)),
            asked("rich", action("rich_text_input", "a")),
            asked("number", action("number_input", "a", is_decimal_allowed=False), optional=True),
        ),
    )
    await expect(modal.get_by_label("moment")).to_have_value("2026-11-25T15:30")  # in Ljubljana
    for name, written in (
        ("day", "2026-12-01"), ("time", "16:45"), ("moment", "2027-07-01T09:00"), ("rich", "In <b>words</b>"),
    ):  # fmt: skip
        await modal.get_by_label(name).fill(written)
    told = await sent(stage, modal)
    assert (told["day"]["selected_date"], told["time"]["selected_time"]) == ("2026-12-01", "16:45")
    assert told["moment"]["selected_date_time"] == datetime(2027, 7, 1, 7, 0, tzinfo=UTC).timestamp()
    assert told["rich"]["rich_text_value"]["elements"][0]["elements"][0]["text"] == "In <b>words</b>"
    assert told["number"]["value"] is None


async def test_what_is_picked_in_a_message_is_told_at_once(stage: Stage) -> None:
    """Boxes, and a colleague: the app hears of each in its turn, however slow the way of the first, and of all picked so far."""
    done = asyncio.Event()

    async def slow(route: Route) -> None:
        await done.wait()
        await route.continue_()

    row = [
        action("checkboxes", "pick", options=options("p", "q")),
        action("users_select", "pick_who", placeholder=plain("Whom?")),
    ]
    await stage.post(text="Row", blocks=[{"type": "actions", "block_id": "row", "elements": row}])
    await stage.see()
    await stage.page.route("**/act", slow, times=1)
    for name in ("p", "q"):
        await stage.page.get_by_role("checkbox", name=name).check()
    await stage.page.get_by_role("combobox", name="Whom?").select_option("Tom Berg")
    done.set()
    await expect(stage.page.locator("[aria-busy]")).to_have_count(0)
    _, ticked, who = stage.picks
    assert [one["value"] for one in ticked["actions"][0]["selected_options"]] == ["p", "q"]
    assert who["actions"][0]["selected_user"] == "UTOM"
    assert len(who["state"]["values"]["row"]["pick"]["selected_options"]) == 2


async def test_what_is_required_and_empty_is_asked_for_at_its_field(stage: Stage) -> None:
    """Nobody picked, no box ticked, no moment: each field says so, and nothing is sent."""
    modal = await opened(
        stage,
        form(
            asked("whose", action("multi_users_select", "a")),
            asked("boxes", action("checkboxes", "a", options=options("p", "q"))),
            asked("moment", action("datetimepicker", "a")),
        ),
    )
    await modal.get_by_role("button", name="Save").click()
    await expect(modal.get_by_text("Please fill this in.").filter(visible=True)).to_have_count(3)
    await expect(modal.get_by_label("Maya Novak")).to_be_focused()
    assert stage.heard == []


async def test_a_modal_goes_on_to_its_next_page_and_to_one_on_top(stage: Stage) -> None:
    """Each page begins at its top, with the focus in its first field; what is on top goes, and then all of them."""
    second = form(asked("more", action("plain_text_input", "a")), title="Page two")
    on_top = form(asked("last", action("plain_text_input", "a")), title="On top")
    modal = await opened(
        stage,
        form(asked("first", action("plain_text_input", "a"))),
        {"response_action": "update", "view": second},
        {"response_action": "errors", "errors": {"more": "A little more, please."}},
        {"response_action": "push", "view": on_top},
        {"response_action": "clear"},
    )
    await modal.get_by_label("first").fill("1")
    await modal.get_by_role("button", name="Save").click()
    await expect(modal).to_have_accessible_name("Page two")
    field = modal.get_by_label("more")
    await expect(field).to_be_focused()
    await field.fill("2")
    await field.press("Enter")
    await expect(field).to_have_accessible_description("⚠ A little more, please.")
    await expect(field).to_be_focused()
    await field.press("Enter")
    top = stage.page.get_by_role("dialog", name="On top")
    await expect(top.get_by_label("last")).to_be_focused()
    await top.get_by_label("last").fill("3")
    await top.get_by_label("last").press("Enter")
    await expect(stage.page.get_by_role("dialog")).to_have_count(0)
    await expect(stage.page.get_by_role("button", name="Open", exact=True)).to_be_focused()


async def test_what_someone_is_writing_survives_a_change_from_outside(stage: Stage) -> None:
    """The app fills the modal up meanwhile: the words, the caret and the place that they scrolled to stay."""
    long = [said(f"Line {number}") for number in range(40)]
    view = form(*long, asked("words", action("plain_text_input", "a", multiline=True)))
    modal = await opened(stage, view)
    await modal.get_by_label("words").press_sequentially("Half a sen")
    await stage.page.keyboard.press("ArrowLeft")
    (shown,) = stage.box.modals("UMAYA")
    await stage.client.views_update(
        view_id=shown["id"], view={**view, "blocks": [*view["blocks"], said("It is there.")]}
    )
    await expect(modal.get_by_text("It is there.")).to_be_attached()
    await expect(modal.get_by_label("words")).to_be_focused()
    await expect(modal.get_by_label("words")).to_be_in_viewport()
    await stage.page.keyboard.type("t")
    await expect(modal.get_by_label("words")).to_have_value("Half a setn")


async def test_files_are_there_with_name_and_size_and_can_be_kept(stage: Stage) -> None:
    """An invitation is downloaded under its own name."""
    dm = stage.box.state.open(["UMAYA"]).id
    invitation = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
    await stage.client.files_upload_v2(channel=dm, filename="clinic.ics", content=invitation, title="Your clinic")
    await stage.see()
    card = stage.page.get_by_role("link", name="Your clinic")
    await expect(card).to_contain_text("clinic.ics · 32 bytes")
    async with stage.page.expect_download() as waiting:
        await card.click()
    download = await waiting.value
    assert download.suggested_filename == "clinic.ics"
    assert (await download.path()).read_bytes() == invitation


async def test_a_group_is_listed_by_its_people_and_moments_are_on_each_ones_wall(stage: Stage) -> None:
    """Maya and Tom read the same message, each in their own time."""
    group = (await stage.client.conversations_open(users=["UMAYA", "UTOM"]))["channel"]["id"]
    await stage.post(group, text=f"Wednesday: <!date^{TOMORROW}^{{date_short}} at {{time}}|14:30 UTC>")
    await stage.see()
    await stage.page.get_by_role("link", name="Tom Berg, Playercoach").click()
    await expect(stage.page.locator(".message")).to_contain_text("25 Nov 2026 at 15:30")
    await stage.page.goto(f"{stage.box.url}/#/UTOM/messages/{group}")
    await expect(stage.page.locator(".message")).to_contain_text("25 Nov 2026 at 08:30")


async def test_someone_leaves_and_comes_back(stage: Stage) -> None:
    """From the people's list by keyboard; the app hears of it as it would from Slack."""
    await stage.see()
    await stage.page.get_by_role("button", name="Change Tom Berg").press("Enter")
    await expect(stage.page.get_by_role("menuitem", name="Away for a week")).to_be_focused()
    await stage.page.keyboard.press("ArrowDown")
    await stage.page.keyboard.press("Enter")
    row = stage.page.get_by_role("link", name="Tom Berg")
    await expect(row).to_contain_text("Deactivated")
    assert (await stage.change())["deleted"] is True
    await stage.page.get_by_role("button", name="Change Tom Berg").click()
    await stage.page.get_by_role("menuitem", name="Back again").click()
    await expect(row).not_to_contain_text("Deactivated")
    assert (await stage.change())["deleted"] is False


async def test_a_name_in_a_command_is_the_person(stage: Stage) -> None:
    """As Slack writes it for an app that asked for it: by whole name or by first name, in capitals or not."""
    await stage.post(text="hi")
    await stage.see()
    await expect(stage.page.locator(".message")).to_have_count(1)
    await stage.page.get_by_label("Message", exact=True).fill("/coach brief @tom berg, @Maya and maya@acme.test")
    await stage.page.get_by_label("Message", exact=True).press("Enter")
    await expect(stage.page.locator(".message").last).to_contain_text("Here it is.")
    assert stage.heard[-1]["text"] == "brief <@UTOM|tom>, <@UMAYA|maya> and <mailto:maya@acme.test|maya@acme.test>"


async def test_a_phone_holds_all_of_it(stage: Stage) -> None:
    """Menus, fields and names: nothing is wider than the screen, nor hidden behind its edge."""
    await stage.page.set_viewport_size({"width": 390, "height": 844})
    menu = action("overflow", "more", options=options("Show me what we agreed", "Not now", "Later", "Never", "Why?"))
    row = [action("button", f"b{n}", text=plain(f"Button {n}")) for n in range(3)]
    await stage.post(text="Row", blocks=[said("Row\n" * 40), {"type": "actions", "elements": [menu, *row]}])
    modal = await opened(
        stage,
        form(
            asked("moment", action("datetimepicker", "a")),
            asked(
                "long", action("static_select", "a", options=options("A long answer that goes on and on " * 2, "no"))
            ),
            asked("whose", action("multi_users_select", "a")),
        ),
    )
    assert await modal.evaluate("node => node.querySelector('.dialog-body').scrollWidth - node.clientWidth") <= 0
    await stage.page.keyboard.press("Escape")
    await expect(modal).to_have_count(0)
    await stage.page.get_by_role("button", name="More actions").click()
    box = await stage.page.get_by_role("menu").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    writing = await stage.page.locator("#say").bounding_box()
    assert writing is not None
    assert box["y"] + box["height"] <= writing["y"], "all of it is above the field to write in"
    assert await stage.page.evaluate("document.documentElement.scrollWidth") == 390
