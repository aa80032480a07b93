"""What a hand does with a screen: presses what is there, fills in what is asked for, with whatever chance says."""

import re
from datetime import timedelta
from typing import Any

from bot.sandbox import forms
from bot.sandbox.deliver import Delivered
from bot.sandbox.elements import options_of
from bot.sandbox.forms import NotThere
from bot.sandbox.state import Message
from tests.wandering.place import Folk, Place

Json = dict[str, Any]
MOST_MODALS, MOST_BLOCKS = 6, 10
# What stands everywhere, and would else be most of what is pressed.
SELDOM = frozenset({
    "attention_menu", "home_pause", "home_settings", "home_privacy", "home_picture", "preferences_settings", "preferences_pause",
    "privacy_erase", "silence_stop",
})  # fmt: skip
WORDS = (
    "one more talk",
    "The buyer's words & <ours>",
    "Ne vem še",
    "*bold* _words_ `code`",
    "x" * 180,
    "1/2",
    "😀 fine",
)


def pressable(blocks: list[Json]) -> list[tuple[Json, Json]]:
    """What can be pressed, with its block; no links."""
    return [(block, one) for block in forms._flat(blocks) for one in forms.elements(block) if not one.get("url")]


def _choice(place: Place, there: list[tuple[Json, Json]]) -> tuple[Json, Json]:
    return place.chance.choices(there, [0.25 if one["action_id"] in SELDOM else 1.0 for _, one in there])[0]


async def read_through(place: Place, who: Folk, message: Message) -> None:
    """Press something in each block, from top to bottom, as one does with a lesson."""
    done: set[str | None] = set()
    while len(done) < MOST_BLOCKS:
        blocks = [block.get("block_id") for block, one in pressable(message.blocks) if one["action_id"] not in SELDOM]
        left = [one for one in blocks if one not in done]
        if message.deleted or not left:
            return
        done.add(left[0])
        await press(place, who, message, block_id=left[0])


async def press(place: Place, who: Folk, message: Message, *, old: bool = False, block_id: str | None = None) -> bool:
    """Press something in a message, or in that block of it; an `old` client shows what stood there before. Whether there was
    anything."""
    versions = place.versions.get((message.channel, message.ts), [])
    there = pressable(place.chance.choice(versions) if old and versions else message.blocks)
    there = [one for one in there if block_id in (None, one[0].get("block_id"))]
    if not there:
        return False
    block, element = _choice(place, there)
    if (
        old
        and element["type"] != "button"
        and forms.find(message.blocks, element["action_id"], block.get("block_id")) is None
    ):
        return True  # the stand-in would make a button of it
    picked = some(place, who, element) if element["type"] != "button" else None
    place.diary.note(
        f"{who.name} {'(old) ' if old else ''}presses {element['action_id']}={shown(element, picked)} in {title(message)}"
    )
    place.diary.done(element["action_id"].split(":")[0])
    for _ in range(2 if place.chance.random() < 0.08 else 1):
        try:
            delivered = await who.world.sandbox.click(
                who.person.id, message.channel, message.ts, element["action_id"], block_id=block.get("block_id"),
                value=element.get("value"), selected=picked, force=old,
            )  # fmt: skip
        except NotThere:
            break  # the first press took it away
        check(place, who, delivered, element["action_id"])
        await place.settle() if place.workers_back is None else await place.town.house.asides.finish()
    await answer_modals(place, who)
    return True


async def press_in_view(place: Place, who: Folk, view: Json) -> bool:
    """The same at Home, or in a modal."""
    there = pressable(view["blocks"])
    if not there:
        return False
    block, element = _choice(place, there)
    picked = some(place, who, element) if element["type"] != "button" else None
    place.diary.note(
        f"{who.name} presses {element['action_id']}={shown(element, picked)} in {view['type']} {view['callback_id']}"
    )
    place.diary.done(element["action_id"].split(":")[0])
    delivered = await who.world.sandbox.click_in_view(
        who.person.id, view["id"], element["action_id"], block_id=block.get("block_id"), selected=picked
    )
    check(place, who, delivered, element["action_id"])
    await place.town.house.asides.finish()
    return True


async def answer_modals(place: Place, who: Folk) -> None:
    """Fill in what opened, or close it, or leave it be."""
    await place.town.house.asides.finish()
    for _ in range(MOST_MODALS):
        stack = who.world.sandbox.modals(who.person.id)
        lot = place.chance.random()
        if not stack or lot < 0.05:
            return
        view = stack[-1]
        if lot < 0.15:
            place.diary.note(f"{who.name} closes {view['callback_id']}")
            check(place, who, await who.world.sandbox.close(who.person.id, view["id"], all_of_them=lot < 0.1), "close")
        elif view["submit"] is None:
            if lot < 0.5 or not await press_in_view(place, who, view):
                await who.world.sandbox.close(who.person.id, view["id"], all_of_them=True)
        elif lot < 0.25 and any(one["type"] == "button" for _, one in pressable(view["blocks"])):
            await press_in_view(place, who, view)
        else:
            await submit(place, who, view)


async def submit(place: Place, who: Folk, view: Json) -> None:
    """Send a modal in, with something in its fields."""
    state: forms.State = {}
    for block in view["blocks"]:
        for element in forms.elements(block):
            kept = forms.initial(element) not in (None, []) and place.chance.random() < 0.5
            left = block.get("optional") and place.chance.random() < 0.4
            if element["type"] in forms.HOLDING and not kept and not left:
                state.setdefault(block["block_id"], {})[element["action_id"]] = some(
                    place, who, element, view["callback_id"]
                )
    place.diary.note(f"{who.name} sends {view['callback_id']} with {state}")
    place.diary.done(view["callback_id"])
    delivered = await who.world.sandbox.submit(who.person.id, view["id"], state)
    check(place, who, delivered, view["callback_id"])
    if errors := who.world.sandbox.views.errors.get(view["id"]):
        place.diary.note(f"   ... which says {errors}")
    await place.town.house.asides.finish()


def some(place: Place, who: Folk, element: Json, where: str = "a message") -> Any:
    """Something that the element permits."""
    chance, kind = place.chance, element["type"]
    if kind in forms.BY_OPTION:
        values = [one["value"] for one in options_of(element)]
        if kind in forms.MANY:
            return chance.sample(values, chance.randint(0, min(len(values), element.get("max_selected_items", 9))))
        return chance.choice(values) if values else None
    if kind == "datepicker":
        return (place.now().date() + timedelta(days=chance.choice((-3, 0, 1, 2, 3, 7, 10, 14, 30, 200)))).isoformat()
    if kind == "timepicker":
        return f"{chance.randrange(24):02}:{chance.choice((0, 15, 30)):02}"
    if kind.endswith("users_select"):
        ids = sorted(who.world.sandbox.state.people)
        return chance.choice(ids) if kind == "users_select" else chance.sample(ids, chance.randint(0, 3))
    if kind == "number_input":
        return str(chance.randint(-1, 40))
    return f"{place.word(who, where)} {chance.choice(WORDS)}"[: element.get("max_length", 3000)]


def check(place: Place, who: Folk, delivered: Delivered, what: str) -> None:
    """Whatever anybody does is heard."""
    if not delivered.acked or delivered.status not in (None, 200):
        place.diary.violation("not heard", f"{what} of {who.name}: {delivered.status} {delivered.body}")


def shown(element: Json, picked: Any) -> str:
    """What was pressed, for the diary."""
    return re.sub(r"\d+trigger", "trigger", str(picked if picked is not None else element.get("value")))[
        :60
    ]  # it tells the real time


def title(message: Message) -> str:
    """A message in a few words."""
    return f"«{' '.join(message.text.split())[:50]}»"
