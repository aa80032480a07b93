"""Every modal of the app, opened by who may and sent in, as it really is, by everyone who may not: nothing comes of it.

`test_every_door` knocks with made-up ids; here the id, the fields and what is picked in them are the genuine ones.
"""

import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from aiohttp import ClientSession
from sqlalchemy import text
from sqlmodel import select

from bot.records.audit import Doer
from bot.records.tables import Enrollment, PeerMember, Person, Workspace
from bot.sandbox import forms
from bot.sandbox.deliver import signature
from bot.sandbox.state import Message
from bot.slack import receivers
from tests.journeys.test_answers import answer_all
from tests.journeys.test_bad_input import everything_on_record
from tests.journeys.test_every_door import listened_to as listened_to
from tests.journeys.test_ratings import mentor_rates_all
from tests.world import World, action_ids

Json = dict[str, Any]
Sender = tuple[str, str]  # a first name, and the id of their workspace
Opens = Callable[["Play"], Awaitable[None]]

FIRST_DAY = datetime(2026, 11, 24, 18, tzinfo=UTC)
PROPOSED = datetime(2026, 12, 1, 10, 30, tzinfo=UTC)
INTRODUCED = datetime(2026, 12, 2, 18, tzinfo=UTC)
MET = datetime(2026, 12, 10, 20, tzinfo=UTC)
ELSEWHERE = "T0ELSEWHERE"
PLAN = "If a deal slips, then I ask why"
MANAGERS = frozenset({"Maya", "Tom", "Nia", "Omar"})
PEERS = frozenset({"who is in a group with Maya"})
KNOWN = MANAGERS | {"Ana", "Bob", "Ivo", "Lena"}
CAST = KNOWN | {"Zoe"}


@dataclass(frozen=True)
class Play:
    """Four managers, Omar without a mentor. Ana became Maya's after Ivo, Bob is her buddy; Lena is staff, Zoe has no part in it.

    Eva will be enrolled.
    """

    world: World
    http: ClientSession
    ids: dict[str, str]  # Slack's, by first name

    def modal(self, name: str) -> Json:
        """What someone has before them."""
        return self.world.sandbox.modals(self.ids[name])[-1]

    async def at_home(self, name: str, button: str) -> None:
        """Someone presses it at Home, with nothing else before them."""
        sandbox, slack_id = self.world.sandbox, self.ids[name]
        for view in sandbox.modals(slack_id):
            await sandbox.close(slack_id, view["id"], all_of_them=True)
        await sandbox.open_home(slack_id)
        await self.world.settle()
        await sandbox.click_in_view(slack_id, sandbox.state.homes[slack_id]["id"], button)
        await self.world.settle()

    async def in_message(self, name: str, button: str) -> None:
        """Someone presses it in the last message that has it, to them or to their group."""
        channels = [one for one in self.world.sandbox.state.channels.values() if self.ids[name] in one.members]
        seen = sorted((one for channel in channels for one in channel.messages.values()), key=lambda one: one.ts)
        message = next(one for one in reversed(seen) if button in pressable(one))
        await self.world.press(self.world.sandbox.state.people[self.ids[name]], message, button)

    async def groups(self) -> list[set[str]]:
        """The peers' groups by first names, Maya's first."""
        async with self.world.house.database.transaction() as session:
            rows = (await session.exec(select(PeerMember.group_id, Person.first_name).join(Person))).all()
        found = [{name for group, name in rows if group == one} for one in {group for group, _ in rows}]
        return sorted(found, key=lambda group: "Maya" not in group)

    async def those(self, names: frozenset[str]) -> frozenset[str]:
        """The names, with those of the peers instead of the word for them."""
        return frozenset((await self.groups())[0]) - {"Maya"} if names == PEERS else names


def pressable(message: Message) -> list[str]:
    """What can be pressed, also beside a paragraph."""
    return [*action_ids(message), *(one["accessory"]["action_id"] for one in message.blocks if "accessory" in one)]


def home(name: str, button: str) -> Opens:
    """Opened from someone's Home."""
    return lambda play: play.at_home(name, button)


def dm(name: str, button: str) -> Opens:
    """Opened from a message."""
    return lambda play: play.in_message(name, button)


async def it_stands_there(_: Play) -> None:
    """The modal before it was answered with this one."""


async def once_answered(play: Play) -> None:
    """Maya has answered her lesson, and wants to try its action."""
    await answer_all(play.world, play.world.dms(play.world.maya)[0])
    await play.in_message("Maya", "action_promise")


async def a_visit(play: Play) -> None:
    """Ana says that she was with Maya."""
    await play.at_home("Ana", "mentor_rate")
    enrollment = await enrollment_of(play, "Maya")
    picked = {"who": {"pick": str(enrollment)}, "what": {"pick": "visit"}}
    await play.world.sandbox.submit(play.ids["Ana"], play.modal("Ana")["id"], picked)


async def all_areas_of_maya(play: Play) -> None:
    """Ana has rated Maya in all areas: she may change one."""
    await mentor_rates_all(play.world, 3)


async def how_it_went(play: Play) -> None:
    """Maya did what she had promised, and has a line to add."""
    await play.in_message("Maya", "follow_up_yes")
    await play.in_message("Maya", "action_note")


async def after_the_meeting(play: Play) -> None:
    """Maya's group has met, and she takes something home."""
    await play.in_message("Maya", "peers_met:all")
    await play.in_message("Maya", "peers_try")


async def last_word(play: Play) -> None:
    """Maya is asked whether all that is hers shall be gone."""
    await play.at_home("Maya", "home_privacy")
    await play.world.sandbox.click_in_view(play.ids["Maya"], play.modal("Maya")["id"], "privacy_erase")
    await play.world.settle()


@dataclass(frozen=True)
class Modal:
    """How one comes before whom, and what they pick in it where anything would not do.

    `may` send it in, too. To those of `own` it is about themselves: they may, but it changes nothing of Maya's; `anywhere`, to
    her double elsewhere as well. `tells`: nothing is written even by who may, but the answer says this, to them alone.
    """

    name: str
    by: str
    opens: Opens
    at: datetime = FIRST_DAY
    picks: Callable[[Play], Awaitable[Json]] | Json | None = None
    may: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    anywhere: bool = False
    tells: str = ""


async def about_maya(play: Play) -> Json:
    """Of her managers, Ana picks Maya."""
    return {"who": str(await enrollment_of(play, "Maya"))}


async def two_groups(play: Play) -> Json:
    """Maya and someone of the other group."""
    _, others = await play.groups()
    return {"one": await person_id(play, "Maya"), "other": await person_id(play, min(others))}


async def one_of_the_others(play: Play) -> Json:
    """Someone who is not in Maya's group."""
    _, others = await play.groups()
    return {"one": await person_id(play, min(others))}


# In the order in which they come up in one story.
MODALS = (
    Modal("check_written", "Maya", dm("Maya", "check_write")),
    Modal("baseline_rated", "Maya", home("Maya", "baseline_open"), own=MANAGERS),
    Modal("action_planned", "Maya", once_answered),
    Modal("mentor_asked", "Maya", home("Maya", "mentor_ask"), own=MANAGERS),
    Modal("mentor_kudos_sent", "Ana", home("Ana", "mentor_kudos"), picks=about_maya),
    Modal("mentor_talked_sent", "Ana", home("Ana", "mentor_talked"), picks=about_maya),
    Modal("rating_card", "Ana", a_visit),
    Modal("rating_started", "Ana", home("Ana", "mentor_rate"), picks=about_maya, tells="rating_cases"),
    Modal("rating_cases", "Ana", it_stands_there),
    Modal("rating_rated", "Ana", it_stands_there),
    Modal("rating_change", "Ana", all_areas_of_maya, tells="Maya"),
    Modal("preferences_saved", "Maya", home("Maya", "home_settings"), picks={"at": "10:00"}, own=MANAGERS),
    Modal("staff_why", "Lena", home("Lena", "staff_why"), picks={"whom": "U0MAYA"}, tells="Maya Horvat"),
    Modal("staff_enrol", "Lena", home("Lena", "staff_enrol"), picks={"whom": ["U0EVA"], "new_cohort": None}),
    Modal("mentor_given", "Lena", home("Lena", "mentor_give"), picks={"who": "U0IVO", "buddy": None}),
    Modal("round_swapped", "Lena", dm("Lena", "round_swap"), PROPOSED, two_groups),
    Modal("round_left_out", "Lena", dm("Lena", "round_leave_out"), PROPOSED, one_of_the_others),
    Modal("action_noted", "Maya", how_it_went, INTRODUCED),
    Modal("peers_other_sent", "Maya", dm("Maya", "peers_another"), INTRODUCED, {"on": "2026-12-07"}, may=PEERS),
    Modal("action_planned_together", "Maya", after_the_meeting, MET, {"plan": PLAN}, own=PEERS),
    Modal("peers_unwanted_saved", "Maya", home("Maya", "peers_unwanted"), MET, {"pick": ["U0EVA"]}, own=MANAGERS),
    Modal("preferences_paused", "Maya", home("Maya", "home_pause"), MET, {"until": "2026-12-20"}, own=KNOWN, anywhere=True),
    Modal("staff_manager", "Lena", home("Lena", "staff_manager"), MET, {"whom": "U0TOM", "what": "leaves"}),
    Modal("staff_cohort", "Lena", home("Lena", "staff_cohort"), MET, {"what": "pause", "day": "2026-12-21"}),
    # What Ana, Bob and Lena did about Maya goes with them.
    Modal("privacy_erased", "Maya", last_word, MET, may=KNOWN - MANAGERS, own=MANAGERS, anywhere=True),
)  # fmt: skip


@pytest.fixture
async def play(world: World) -> AsyncIterator[Play]:
    """The morning of the first day; all of the cast have doubles with the same ids in another workspace."""
    add = world.sandbox.add_person
    more = [add(id=f"U0{name.upper()}", name=f"{name} X", email=f"{name}@example.com", tz="Europe/Ljubljana")
            for name in ("Nia", "Omar", "Bob", "Ivo", "Eva")]  # fmt: skip
    cast = [world.maya, world.tom, world.ana, world.lena, world.zoe, *more]
    await world.house.sync_directory()
    for mentor in ("U0IVO", "U0ANA"):
        rows = [f"{one},{mentor},U0BOB,Autumn,2026-11-24" for one in ("U0MAYA", "U0TOM", "U0NIA")]
        await world.house.rooms.cohorts.rosters.import_roster(
            "\n".join(["manager,mentor,buddy,cohort,starts_on", *rows, "U0OMAR,,,Autumn,2026-11-24"]),
            by=Doer(world.house.workspace_id), now=world.clock.now(), dry_run=False,
        )  # fmt: skip
    await world.begin()
    await give_doubles(world)
    async with served(world), ClientSession() as http:
        yield Play(world, http, {one.name.split()[0]: one.id for one in cast})


@asynccontextmanager
async def served(world: World) -> AsyncIterator[None]:
    """What Slack sends comes over HTTP, where each answer is seen."""
    site = receivers.web_app(world.house.bolt(signing_secret=world.sandbox.signing_secret), healthy=world.house.healthy)
    async with receivers.http(site, port=0, host="127.0.0.1") as port:
        world.sandbox.events_url = f"http://127.0.0.1:{port}{receivers.EVENTS_PATH}"
        yield


async def give_doubles(world: World) -> None:
    """Another workspace, in which everyone who is on record here is on record as well, under the same Slack id."""
    async with world.house.database.transaction() as session:
        session.add(Workspace(id=ELSEWHERE, name="Elsewhere", bot_user_id="U0BOT", next_slot_at=world.clock.now()))
        await session.flush()
        for one in await world.rows(Person):
            session.add(Person(**one.model_dump(exclude={"id"}) | {"workspace_id": ELSEWHERE, "name": one.first_name}))


def test_no_modal_without_a_row(listened_to: dict[str, set[str]]) -> None:
    """A new modal without a row in the table fails."""
    assert listened_to["view"] == {one.name for one in MODALS}


@pytest.mark.long
async def test_a_genuine_modal_is_worth_nothing_to_others(play: Play) -> None:
    """Each is opened by who may, sent in by all who may not, here and elsewhere, and then by who may: only that counts."""
    for modal in MODALS:
        await play.world.until(max(modal.at, play.world.clock.now()))
        await modal.opens(play)
        view = await filled(play, modal)
        may, own = [await play.those(one) for one in (modal.may, modal.own)]
        double, here = {(modal.by, ELSEWHERE)}, play.world.house.workspace_id
        theirs = {(name, here) for name in own - {modal.by}} | (double if modal.anywhere else set())
        others = {(name, here) for name in CAST - {modal.by} - may} | double
        await comes_to_nothing(play, modal, view, others - theirs)
        await changes_only_what_is_theirs(play, modal, view, theirs)
        await counts(play, modal, view)


async def filled(play: Play, modal: Modal) -> Json:
    """The modal as it is sent in: with something picked or typed in each of its fields."""
    view, wanted = play.modal(modal.by), modal.picks or {}
    assert view["callback_id"] == modal.name
    values = await wanted(play) if callable(wanted) else wanted
    picks: forms.State = {}
    for block in view["blocks"]:
        for one in forms.elements(block):
            name = one["action_id"] if one["action_id"] in values else block["block_id"]
            if one["type"] in forms.HOLDING and (name in values or forms.initial(one) in (None, [])):
                picks.setdefault(block["block_id"], {})[one["action_id"]] = values.get(name, something_for(one))
    return {**view, "state": {"values": forms.values(view["blocks"], picks)}}


def something_for(element: Json) -> Any:
    """What one might pick or type there."""
    kind = element["type"]
    if kind in forms.BY_OPTION:
        last = element["options"][-1]["value"]
        return [] if kind in forms.MANY else last
    return {"datepicker": "2026-12-07", "timepicker": "15:00", "users_select": "U0TOM"}.get(kind, "Some words")


async def comes_to_nothing(play: Play, modal: Modal, view: Json, senders: set[Sender]) -> None:
    """They send it in, one after the other: nothing is written, and nothing told."""
    before = await everything_on_record(play.world)
    for who in sorted(senders):
        told = await send(play, view, who)
        await play.world.house.asides.finish()
        assert await everything_on_record(play.world) == before, f"{who} came through «{modal.name}»"
        assert not modal.tells or modal.tells not in told, f"«{modal.name}» told {who}: {told}"


async def changes_only_what_is_theirs(play: Play, modal: Modal, view: Json, senders: set[Sender]) -> None:
    """To them it is about themselves, and would stand in a modal of their own: nothing of Maya's is touched."""
    before = await all_of_maya(play)
    for name, team in sorted(senders):
        await send(play, {**view, "id": f"{view['id']}{name}"}, (name, team))
        await play.world.house.asides.finish()
        assert await all_of_maya(play) == before, f"{name} of {team} came through «{modal.name}»"


async def counts(play: Play, modal: Modal, view: Json) -> None:
    """The very same counts, sent in by who opened it; and its answer comes before them, as in Slack."""
    before = await everything_on_record(play.world)
    sandbox, opener = play.world.sandbox, play.ids[modal.by]
    told = await send(play, view, (modal.by, play.world.house.workspace_id))
    sandbox.views.answered(opener, view["id"], json.loads(told or "{}"))
    await play.world.settle()
    assert (await everything_on_record(play.world) == before) == bool(modal.tells), f"«{modal.name}»: {told}"
    assert modal.tells in told, f"«{modal.name}»: {told}"


async def send(play: Play, view: Json, who: Sender) -> str:
    """Send it in as someone of a workspace; what is answered."""
    name, team = who
    payload = {
        "type": "view_submission", "user": {"id": play.ids[name], "team_id": team}, "team": {"id": team},
        "trigger_id": "1.2.3", "api_app_id": "A0", "token": "unused", "view": view,
    }  # fmt: skip
    body, sandbox = urlencode({"payload": json.dumps(payload)}), play.world.sandbox
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    headers |= signature(sandbox.signing_secret, body, int(time.time()))
    async with play.http.post(sandbox.events_url, data=body, headers=headers) as answer:
        assert answer.status < 500, (view["callback_id"], who)
        return await answer.text()


async def all_of_maya(play: Play) -> list[str]:
    """All rows that are hers; what staff did with her and another goes when that one does."""
    own = {"person": int(await person_id(play, "Maya")), "enrollment": await enrollment_of(play, "Maya")}
    found = []
    async with play.world.house.database.transaction() as session:
        names = await session.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        for table in sorted({name for (name,) in names} - {"staff_act"}):
            rows = await session.execute(text(f'SELECT to_jsonb(t) FROM "{table}" t'))
            for (row,) in rows:
                names_her = any(row.get(f"{one}_id") == own[one] for one in own)
                if names_her or (table in own and row["id"] == own[table]):
                    found.append(f"{table}: {row}")
    return sorted(found)


async def person_id(play: Play, name: str) -> str:
    """What stands for someone in a short menu."""
    here = play.world.house.workspace_id
    return next(
        str(one.id) for one in await play.world.rows(Person)
        if one.slack_id == play.ids[name] and one.workspace_id == here
    )  # fmt: skip


async def enrollment_of(play: Play, name: str) -> int:
    """Someone's way on record."""
    person = int(await person_id(play, name))
    return next(int(one.id) for one in await play.world.rows(Enrollment) if one.person_id == person)
