"""People who answer: they click until Slack is told «ok», and it is noted what it was told of."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.server import Sandbox
from bot.sandbox.state import Message
from tests.chaos.fleet import Fleet

HANDS = 4  # people who answer at the same time
LOOKED_AT = 200  # people whose turn may have come
A_MOMENT = 0.05  # seconds


@dataclass(frozen=True)
class Question:
    """The first choice of a lesson: where its «sure» is, and which option someone picks."""

    message: Message
    block_id: str
    value: str
    picked: str

    @property
    def state(self) -> dict[str, dict[str, Any]]:
        """What is picked, as Slack's client holds it."""
        return {f"pick:{self.value.rpartition(':')[0]}": {"check_pick": self.picked}}

    @property
    def place(self) -> tuple[str, str]:
        """The ids of the message and of the check: what an answer on record is known by."""
        message_id, check_id, _ = self.value.split(":")
        return message_id, check_id


@dataclass
class Answering:
    """Each of `people` answers one question of the first lesson that they get.

    `again` says, after each click, whether Slack now delivers it once more.
    """

    sandbox: Sandbox
    fleet: Fleet
    people: Sequence[str]
    again: Callable[[], bool] = lambda: False
    told_ok: dict[tuple[str, str], str] = field(default_factory=dict)  # (message, check): the option that was picked
    _waiting: deque[str] = field(default_factory=deque)
    _turn: int = 0

    async def run(self) -> None:
        """Until everyone has been told «ok»."""
        self._waiting.extend(self.people)
        await asyncio.gather(*(self._hand() for _ in range(HANDS)))

    async def _hand(self) -> None:
        while self._waiting:
            if (question := self._next()) is not None:
                await self._answer(question)
            else:
                await asyncio.sleep(A_MOMENT)

    async def _answer(self, question: Question) -> None:
        while not await self._click(question):  # noqa: ASYNC110 — another process
            await asyncio.sleep(A_MOMENT)
        self.told_ok[question.place] = question.picked

    def _next(self) -> Question | None:
        """A question of someone who has got one."""
        for _ in range(min(LOOKED_AT, len(self._waiting))):
            person = self._waiting.popleft()
            if (messages := self.sandbox.dms(person)) and (question := question_in(messages[0])) is not None:
                return question
            self._waiting.append(person)
        self._waiting.rotate(min(LOOKED_AT, len(self._waiting)))
        return None

    async def _click(self, question: Question) -> bool:
        if webs := self.fleet.webs:
            self._turn += 1
            self.sandbox.events_url = f"http://127.0.0.1:{webs[self._turn % len(webs)].port}/slack/events"
        person = self.sandbox.state.channels[question.message.channel].members[0]
        # Forced: it may be on record already though Slack was never told so, and be drawn without its buttons.
        delivered = await self.sandbox.click(
            person, question.message.channel, question.message.ts, "check_confidence:sure",
            block_id=question.block_id, value=question.value, state=question.state, force=True,
        )  # fmt: skip
        if self.again():
            await self.sandbox.redeliver_last()
        return delivered.acked


def question_in(message: Message) -> Question | None:
    """The first choice that a lesson asks; None for another message, or one that is answered."""
    picked = ""
    for block in message.blocks:
        for element in block.get("elements", ()):
            if element.get("action_id") == "check_pick":
                picked = element["options"][0]["value"]
            if element.get("action_id") == "check_confidence:sure" and picked:
                return Question(message, block["block_id"], element["value"], picked)
    return None
