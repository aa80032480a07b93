"""Every button and every modal that anything listens to, tried by everyone with the ids of what is really Maya's.

`test_access` tries what people may do; this one tries the doors themselves, so that no listener is without one who may.
`test_every_modal` sends in modals as they really were opened.
"""

import random
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession
from slack_bolt.async_app import AsyncApp

from bot.records.roles import ACTS, Act, Role
from bot.slack import receivers
from tests.flows.test_fuzz import Bank
from tests.journeys.test_access import Stage, about_maya, stage_of
from tests.rehearsal.acting import elements
from tests.thorough import often
from tests.world import World

Json = dict[str, Any]

# Through which door something of Maya's can be changed by whom: those who may do this, and of whatever is OWN she alone.
# Who is in a group with her takes themself out of it with their own account: ALL may.
DOORS = """
OWN           attention_menu attention_later attention_tomorrow attention_show welcome_begin
OWN           lesson_set_aside lesson_take_back
OWN           baseline_open baseline_at baseline_again
RATE_SELF     baseline_rated
OWN           check_pick ^check_confidence: ^check_scale: check_write check_written review_pick ^review_confidence:
SHARE         check_share check_unshare trend_share trend_unshare action_note_share action_note_unshare share_again
SHARE         areas_show areas_hide
OWN           action_promise action_planned action_planned_together action_note action_noted
OWN           ^follow_up_(yes|partly|not_yet)$ ^follow_up_(next_day|next_week|let_go)$
OWN           ^pulse_confidence: ^pulse_count: ending_go_on ending_enough ending_picture buddy_tick
RATE          mentor_rate rating_started rating_cases rating_rated rating_change
OBSERVE       rating_card
BRIEF         mentor_more ^mentor_page: mentor_day mentor_hour
GIVE_MENTOR   mentor_give mentor_give_one mentor_given
OWN           ^relation_answer: relation_change relation_stay
KUDOS         mentor_kudos mentor_kudos_sent coach_door_kudos
TALKED        mentor_talked mentor_talked_sent coach_door_talked
ASK           mentor_ask mentor_asked coach_door_ask
SETTLE        mentor_take_back
PICK_TIME     ^peers_pick:\\d+$ peers_another peers_other_sent
SAY_MET       ^peers_met: peers_try
CHANGE_ROUND  round_go round_swap round_leave_out round_swapped round_left_out
OWN           peers_back peers_unwanted peers_unwanted_saved
OWN           privacy_export privacy_erase home_privacy home_seen home_picture coach_door_privacy
OWN           ^(home|preferences)_settings$ ^(home|preferences)_pause$ ^(home|preferences)_resume$ preferences_saved
OWN           preferences_paused silence_pause silence_slower silence_stop silence_go_on coach_open coach_door_settings
ENROL         staff_enrol staff_manager
LEAD          staff_cohort
EXPLAIN       staff_why staff_failed
ALL           privacy_erased
"""
# What stands behind the name of a door that is a pattern, one for each.
ENDS = ("sure", "yes", "3", "1", "0")


def roles_by_door() -> dict[str, set[Role]]:
    """Who may change something of Maya's through each."""
    found: dict[str, set[Role]] = {}
    for line in DOORS.strip().splitlines():
        act, *doors = line.split()
        may = {Role.SELF, *(role for role in Role if act == "ALL" or (act != "OWN" and Act[act] in ACTS[role]))}
        for door in doors:
            found[door] = found.get(door, set()) | may
    return found


@pytest.fixture
def listened_to(world: World, monkeypatch: pytest.MonkeyPatch) -> dict[str, set[str]]:
    """The names of all buttons and of all modals, as the app's listeners were registered."""
    found: dict[str, set[str]] = {"action": set(), "view": set()}
    for kind, names in found.items():
        register = getattr(AsyncApp, kind)

        def noted(app: AsyncApp, name: Any, *rest: Any, _to: Any = register, _names: set[str] = names) -> Any:
            _names.add(name.pattern if isinstance(name, re.Pattern) else name)
            return _to(app, name, *rest)

        monkeypatch.setattr(AsyncApp, kind, noted)
    world.house.bolt()
    monkeypatch.undo()
    return found


@pytest.fixture
async def bank(world: World) -> AsyncIterator[Bank]:
    """Where payloads are posted to."""
    site = receivers.web_app(world.house.bolt(signing_secret=world.sandbox.signing_secret), healthy=world.house.healthy)
    async with receivers.http(site, port=0, host="127.0.0.1") as port, ClientSession() as http:
        world.sandbox.events_url = f"http://127.0.0.1:{port}{receivers.EVENTS_PATH}"
        yield Bank(world, http, [], [])


def test_no_door_without_a_row(listened_to: dict[str, set[str]]) -> None:
    """A new button or modal without a row in the table fails."""
    assert listened_to["action"] | listened_to["view"] == set(roles_by_door())


@pytest.mark.long
async def test_only_those_who_may_through_every_door(
    world: World, bank: Bank, listened_to: dict[str, set[str]]
) -> None:
    """Whoever may not presses each button and sends each modal, with one of Maya's ids after the other: hers stays as it is."""
    stage, chance = await stage_of(world), random.Random(6)
    before, real, may = await about_maya(stage), _buttons(world), roles_by_door()
    for kind, doors in listened_to.items():
        for door in sorted(doors):
            for slack_id, team in [
                (one, world.sandbox.team_id) for one, role in stage.cast.values() if role not in may[door]
            ]:
                await _try_all(stage, bank, (kind, door), (slack_id, team), _values(stage, real, door, chance))
            await _try_all(stage, bank, (kind, door), ("U0MAYA", "T0ELSEWHERE"), _values(stage, real, door, chance))
            await world.house.asides.finish()
            assert await about_maya(stage) == before, f"someone who may not came through «{door}»"


async def _try_all(stage: Stage, bank: Bank, door: tuple[str, str], who: tuple[str, str], values: list[str]) -> None:
    for value in values:
        status = await bank.status("interactive", _payload(stage, door, who, value))
        assert status < 500, (door, who, value)


def _payload(stage: Stage, door: tuple[str, str], who: tuple[str, str], value: str) -> Json:
    """The button with this value, or the modal that carries it; something is picked and typed wherever it may be asked for."""
    (kind, name), (slack_id, team) = door, who
    one: Json = {
        "user": {"id": slack_id, "team_id": team}, "team": {"id": team}, "trigger_id": "1.2.3", "api_app_id": "A0",
        "token": "unused",
    }  # fmt: skip
    picked: Json = {f"pick:{stage.lesson}:{stage.check}": {"check_pick": {"selected_option": {"value": "a"}}}}
    if kind == "view":
        state = {"values": picked | {"level:talent": {"level": {"selected_option": {"value": "3"}}},
                                     "text": {"text": {"value": "x"}}, "reflection": {"text": {"value": "x"}}}}  # fmt: skip
        view = {
            "id": "V1",
            "type": "modal",
            "callback_id": name,
            "private_metadata": value,
            "blocks": [],
            "state": state,
        }
        return {"type": "view_submission", **one, "view": view}
    (first, *_) = stage.world.dms(stage.world.maya)
    action: Json = {
        "type": "button",
        "action_id": _as_pressed(name, value),
        "block_id": "b",
        "value": value,
        "action_ts": "1.1",
    }
    action |= {"selected_option": {"value": value}}
    return {
        "type": "block_actions", **one, "actions": [action], "state": {"values": picked},
        "container": {"type": "message", "message_ts": first.ts, "channel_id": first.channel},
        "channel": {"id": first.channel}, "message": {"ts": first.ts, "blocks": first.blocks},
    }  # fmt: skip


def _as_pressed(door: str, value: str) -> str:
    """A name that the pattern of a door knows."""
    if not door.startswith("^"):
        return door
    bare = door.strip("^$").replace("\\d+", "0")
    first_of = re.sub(r"\((\w+)[^)]*\)", r"\1", bare)
    return first_of + ENDS[len(value) % len(ENDS)] if bare.endswith(":") else first_of


def _buttons(world: World) -> dict[str, list[str]]:
    """What the buttons really carry that Maya, her mentor and her group see, by their names."""
    found: dict[str, list[str]] = {}
    seen = [*world.dms(world.maya), *world.dms(world.ana), *world.group_messages(world.maya, world.tom)]
    for message in seen:
        for _, element in elements(message.blocks):
            if element.get("value"):
                found.setdefault(element["action_id"], []).append(element["value"])
    return found


def _values(stage: Stage, real: dict[str, list[str]], door: str, chance: random.Random) -> list[str]:
    """What the button really carries, if anybody sees it; and some ids of Maya's, alone and with what may belong to them."""
    own = [value for name, values in real.items() if re.search(door, name) for value in values]
    ids = [
        stage.lesson,
        stage.enrollment,
        stage.ask,
        stage.group,
        stage.round,
        "U0MAYA",
        f"{stage.lesson}:{stage.check}",
    ]
    made_up = [f"{one}{end}" for one in ids for end in ("", ":0", ":3", ":sure", ":talent", ":0:talent", ":U0ZOE")]
    return own[:3] + chance.sample(made_up, often(6))
