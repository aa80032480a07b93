"""What the made-up mentor does with a digest: whenever areas are asked for, they rate everyone whom they mentor."""

import random
from dataclasses import dataclass, field
from typing import Any

from bot.ratings import steps_message as look
from bot.sandbox.server import Sandbox
from bot.sandbox.state import Message
from tests.rehearsal.acting import Settle, grown, level_places

MENTOR = "UMENTOR"
SAW = "Asked what the buyer did, and moved two deals back."


@dataclass
class Mentor:
    """Rates through the modals; `levels` were given: by manager (as the modal names them) and area, then by week."""

    sandbox: Sandbox
    asides: Settle
    chance: random.Random
    weeks: int = 0
    levels: dict[tuple[str, str], dict[int, int]] = field(default_factory=dict)

    async def read(self, digest: Message) -> None:
        """Press «rate» for each manager in turn, as long as areas are asked for."""
        whom = await self._open(digest)
        for person in whom:
            if level_places(await self._step(digest, person) or {"blocks": []}) or self._asks_cases():
                await self._rate(person)
            await self._close()

    async def _open(self, digest: Message) -> list[str]:
        """The managers whom the first step offers, while it asks for areas; none if it asks for a visit only."""
        view = await self._press(digest)
        fields = {one.get("block_id"): one for one in (view or {"blocks": []})["blocks"]}
        await self._close()
        if look.WHAT not in fields or look.WHO not in fields:
            return []
        return [str(one["value"]) for one in fields[look.WHO]["element"]["options"]]

    async def _step(self, digest: Message, person: str) -> dict[str, Any] | None:
        view = await self._press(digest)
        if view is not None:
            picked = {look.WHO: {look.PICK: person}, look.WHAT: {look.PICK: look.LEVELS}}
            await self.sandbox.submit(MENTOR, view["id"], picked)
        return self._modal()

    async def _rate(self, person: str) -> None:
        while (view := self._modal()) is not None and view["callback_id"] in (look.CASES_RATED, look.RATED):
            _, week, area = view["private_metadata"].split(":")
            if view["callback_id"] == look.CASES_RATED:
                cases = {look.case_block(area, place): {look.PICK: "3"} for place in (0, 1)}
                await self.sandbox.submit(MENTOR, view["id"], cases)
                continue
            level = grown(self.chance, self.weeks)
            seen = {look.level_block(area): {look.PICK: str(level)}, look.block(look.SEEN, area): {look.PICK: SAW}}
            await self.sandbox.submit(MENTOR, view["id"], seen)
            self.levels.setdefault((person, area), {})[int(week)] = level

    async def _press(self, digest: Message) -> dict[str, Any] | None:
        await self.sandbox.click(MENTOR, digest.channel, digest.ts, look.RATE)
        await self.asides()
        return self._modal()

    def _asks_cases(self) -> bool:
        view = self._modal()
        return view is not None and view["callback_id"] == look.CASES_RATED

    def _modal(self) -> dict[str, Any] | None:
        views = self.sandbox.modals(MENTOR)
        return views[-1] if views else None

    async def _close(self) -> None:
        while (view := self._modal()) is not None:
            await self.sandbox.close(MENTOR, view["id"], all_of_them=True)
