"""What a made-up manager does with a message: whatever it asks, from top to bottom, as one would with a thumb."""

import random
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.curriculum.model import Choice, Curriculum
from bot.sandbox.server import Sandbox
from bot.sandbox.state import Message
from tests.rehearsal.people import Manager

Settle = Callable[[], Awaitable[None]]
MOST_STEPS = 30
LAST_WEEK = 26


@dataclass(frozen=True)
class Known:
    """A question, found by the ids of its options."""

    name: str
    right: frozenset[str]


def questions_of(curriculum: Curriculum) -> dict[frozenset[str], Known]:
    """Every choice of the curriculum, by the ids of its options."""
    return {
        frozenset(option.id for option in check.options): Known(f"{lesson.id}:{check.id}", check.right_ids)
        for lesson in curriculum.lessons
        for check in lesson.checks
        if isinstance(check, Choice)
    }


@dataclass
class Hand:
    """Acts for one manager, and counts what it did: `marks` by kind (check, review), question and whether it is right."""

    sandbox: Sandbox
    manager: Manager
    questions: dict[frozenset[str], Known]
    settle: Settle
    asides: Settle  # waits for modals that open beside the answer
    review_answers: int = 0
    promised: int = 0
    met: int = 0  # groups whose «did you meet?» they answered with yes
    weeks: int = 0  # of the program that are over: people grow with them
    levels: dict[str, dict[int, int]] = field(default_factory=dict)  # how they rated themselves: by area, then by week
    marks: Counter[tuple[str, str, bool]] = field(default_factory=Counter)

    async def work_through(self, message: Message, now: datetime) -> int:
        """Do what a message asks; how many things it was."""
        done = 0
        while done < MOST_STEPS and await self.next_step(message, now):
            await self.settle()
            done += 1
        return done

    async def next_step(self, message: Message, now: datetime) -> bool:
        """Do the first thing that a message asks; whether there was one. What it leads to is drawn after the next `settle`."""
        for block, element in elements(message.blocks):
            act = self._act_for(element["action_id"])
            if act is not None:
                await act(message, block, element, now)
                return True
        return False

    def _act_for(self, action_id: str) -> Any:
        for start, act in (
            ("check_pick", self._choice),
            ("review_pick", self._choice),
            ("check_scale:3", self._press),
            ("check_write", self._write),
            ("welcome_begin", self._rate),
            ("action_promise", self._promise),
            ("follow_up", self._press),
            ("pulse_confidence", self._press),
            ("pulse_count", self._press),
            ("baseline_at", self._rate),
            ("baseline_again", self._rate),
            ("ending_go_on", self._press),
            ("peers_pick", self._press),
            ("peers_met:all", self._meet),
        ):
            if action_id.startswith(start):
                return act
        return None

    async def _choice(self, message: Message, block: dict[str, Any], element: dict[str, Any], now: datetime) -> None:
        kind = element["action_id"].removesuffix("_pick")
        known = self.questions[frozenset(option["value"] for option in element["options"])]
        knows = self.manager.chance.random() < self.manager.mind.recall(known.name, now)
        picked = self._pick(element, known, knows=knows)
        await self.sandbox.click(
            self.manager.slack_id,
            message.channel,
            message.ts,
            element["action_id"],
            block_id=block["block_id"],
            selected=picked,
        )
        confidence = self._confidence(self.manager.mind.recall(known.name, now))
        value = f"{block['block_id'].removeprefix('pick:')}:{confidence}"
        button = next(b["block_id"] for b, e in elements(message.blocks) if e.get("value") == value)
        await self.sandbox.click(
            self.manager.slack_id, message.channel, message.ts, f"{kind}_confidence:{confidence}", block_id=button
        )
        self.manager.mind.meets(known.name, now)
        self.review_answers += kind == "review"
        self.marks[kind, known.name, (set(picked) if isinstance(picked, list) else {picked}) == known.right] += 1

    def _pick(self, element: dict[str, Any], known: Known, *, knows: bool) -> Any:
        several = element["type"] == "checkboxes"
        right = sorted(known.right)
        wrong = sorted({option["value"] for option in element["options"]} - known.right)
        if knows or not wrong:
            return right if several else right[0]
        pick = self.manager.chance.choice(wrong)
        return [pick] if several else pick

    def _confidence(self, recall: float) -> str:
        """Those who know tend to be sure; some are sure of everything."""
        felt = recall + self.manager.chance.gauss(0, 0.2)
        return "sure" if felt > 0.7 else "think_so" if felt > 0.4 else "guess"

    async def _press(self, message: Message, block: dict[str, Any], element: dict[str, Any], _: datetime) -> None:
        await self.sandbox.click(
            self.manager.slack_id, message.channel, message.ts, element["action_id"], block_id=block["block_id"]
        )

    async def _write(self, message: Message, block: dict[str, Any], element: dict[str, Any], now: datetime) -> None:
        await self._press(message, block, element, now)
        await self._submit({"reflection": {"text": "What I would do differently."}})

    async def _rate(self, message: Message, block: dict[str, Any], element: dict[str, Any], now: datetime) -> None:
        """One modal after the other, each with the levels of an area."""
        week = LAST_WEEK if element["value"] == "again" else int(element["value"]) if element["value"].isdigit() else 0
        await self._press(message, block, element, now)
        await self.asides()
        while (view := self._modal()) is not None and (places := level_places(view)):
            level = grown(self.manager.chance, self.weeks)
            await self.sandbox.submit(self.manager.slack_id, view["id"], {places[0]: {"level": str(level)}})
            self.levels.setdefault(places[0].removeprefix("level:"), {})[week] = level
        await self._close()

    async def _meet(self, message: Message, block: dict[str, Any], element: dict[str, Any], now: datetime) -> None:
        await self._press(message, block, element, now)
        self.met += 1

    async def _promise(self, message: Message, block: dict[str, Any], element: dict[str, Any], now: datetime) -> None:
        await self._press(message, block, element, now)
        await self._submit({})
        self.promised += 1

    async def _submit(self, state: dict[str, Any]) -> None:
        await self.asides()
        view = self._modal()
        if view is not None:
            await self.sandbox.submit(self.manager.slack_id, view["id"], state)
        await self._close()

    async def _close(self) -> None:
        while (view := self._modal()) is not None:
            await self.sandbox.close(self.manager.slack_id, view["id"], all_of_them=True)

    def _modal(self) -> dict[str, Any] | None:
        views = self.sandbox.modals(self.manager.slack_id)
        return views[-1] if views else None


def level_places(view: dict[str, Any]) -> list[str]:
    """The blocks of a modal in which a level is picked."""
    return [one["block_id"] for one in view["blocks"] if one.get("block_id", "").startswith("level:")]


def grown(chance: random.Random, weeks: int) -> int:
    """A level after so many weeks: a first-timer's at the beginning, about one and a half higher at the end."""
    return min(5, chance.choice((1, 2, 2, 3)) + (weeks + chance.randrange(8)) // 16)


def elements(blocks: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Everything that can be pressed or picked, in the order in which it stands."""
    for block in blocks:
        for element in (*block.get("elements", ()), *([block["accessory"]] if "accessory" in block else ())):
            if "action_id" in element:
                yield block, element
