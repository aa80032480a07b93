"""Those whom nobody plays act a little by themselves, by the same clicks as a person, so that a workspace is alive."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from bot.sandbox import forms
from bot.sandbox.calls import Json
from bot.sandbox.elements import options_of
from bot.sandbox.state import Channel, Message

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox

Settle = Callable[[], Awaitable[None]]
Done = set[tuple[str, str]]  # action ids and values that were pressed in a message

WORDS = "I tried it once, and it went better than I had feared."
MOST_STEPS = 12  # in one message: nobody presses for ever


class Understudies:
    """`wishes` says of each person which buttons they press when they see them, by how their action ids begin.

    They read what is unread, and leave alone whoever is played on the page. `settle` waits until the app has drawn its answer.
    """

    def __init__(self, sandbox: "Sandbox", wishes: Mapping[str, Sequence[str]], settle: Settle) -> None:
        self._sandbox, self._wishes, self._settle = sandbox, wishes, settle

    async def act(self) -> None:
        """Let each of them work through what is new to them."""
        for user in sorted(self._wishes.keys() - self._sandbox.played):
            if not self._sandbox.state.people[user].deleted:
                for channel in self._sandbox.conversations(user):
                    if not self._is_shared(channel):
                        await self._read(user, channel)

    def _is_shared(self, channel: Channel) -> bool:
        """Whether somebody who is played is in it: in a group the first click counts, and that is theirs."""
        return channel.kind == "mpim" and not self._sandbox.played.isdisjoint(channel.members)

    async def _read(self, user: str, channel: Channel) -> None:
        last_read = channel.read.get(user, "")
        self._sandbox.state.mark_read(channel, user)
        for message in self._sandbox.seen(channel, user):
            if message.ts > last_read:
                await self._work_through(user, message)

    async def _work_through(self, user: str, message: Message) -> None:
        done: Done = set()
        while len(done) < MOST_STEPS and (found := _wished(message.blocks, self._wishes[user], done)) is not None:
            block_id, action_id, picks = found
            await self._sandbox.click(user, message.channel, message.ts, action_id, block_id=block_id, state=picks)
            await self._settle()
            await self._send_in(user)

    async def _send_in(self, user: str) -> None:
        """A modal that opened is filled in and sent; one that is not content with that is closed."""
        for view in self._sandbox.modals(user)[-1:]:
            await self._sandbox.submit(user, view["id"], _filled(view["blocks"]))
        for view in self._sandbox.modals(user)[-1:]:
            await self._sandbox.close(user, view["id"], all_of_them=True)
        await self._settle()


def _wished(blocks: list[Json], wishes: Sequence[str], done: Done) -> tuple[str, str, forms.State] | None:
    """The first button that is wished for and not done yet, with the first option of each choice before it."""
    picks: forms.State = {}
    for block in blocks:
        for element in forms.elements(block):
            step = (element["action_id"], str(element.get("value")))
            if element["type"] in ("radio_buttons", "checkboxes"):
                picks.setdefault(block["block_id"], {})[step[0]] = element["options"][0]["value"]
            elif step[0].startswith(tuple(wishes)) and step not in done:
                done.add(step)
                return block["block_id"], step[0], picks
    return None


def _filled(blocks: list[Json]) -> forms.State:
    """Something in each field that is empty: the first option, or a few words."""
    inputs = [(block, element) for block in blocks if block["type"] == "input" for element in forms.elements(block)]
    empty = [(block, element) for block, element in inputs if not forms.initial(element)]
    first = {element["action_id"]: next((one["value"] for one in options_of(element)), WORDS) for _, element in empty}
    return {block["block_id"]: {element["action_id"]: first[element["action_id"]]} for block, element in empty}
