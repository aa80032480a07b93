"""Pictures of the stand-in's page, as on a phone and on a desk: messages, modals and Homes, found by their buttons."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from aiohttp import ClientSession
from playwright.async_api import Locator, Page, TimeoutError

from bot.sandbox.forms import elements
from tests.trying import asked

Json = dict[str, Any]

SCREENS = {"phone": (390, 844), "desk": (1280, 800)}
SOON_MS = 1500  # what does not show up in this time is not there
FRAME_MS = 60  # the page follows a change of the screen
DRAWN_MS = 400  # an answer is drawn in place of its question
MOST_PAGES = 8  # of one modal
ABOVE = 3  # blocks that are still seen above an answer
PLACE_OF_BLOCK = "node => [...node.closest('.message').querySelectorAll('.block')].indexOf(node.closest('.block'))"
WORDS = "She let the buyer speak first, on Tuesday."


class Album:
    """The pictures so far, and what could not be taken. An `action` is how an action id begins; several with | between them."""

    def __init__(self, page: Page, http: ClientSession, url: str, folder: Path) -> None:
        self.page, self._http, self._url, self._folder = page, http, url, folder
        self.taken = self._loads = 0
        self.missing: list[str] = []
        self._looks: set[str] = set()  # of messages that were taken

    async def message(self, name: str, who: str, action: str, *, days: int = 0) -> None:
        """The newest message with such an action, for which up to so many working days may pass."""
        for _ in range(days):
            if await self._holding(who, action):
                break
            await asked(self._http, f"{self._url}/page/time", by="working_day")
        if await self._found(name, who, action):
            await self._take(name, self._newest(action))

    async def modal(self, name: str, who: str, action: str, *, send: bool = True) -> None:
        """What opens when that is pressed; filled in and sent page by page, unless it is only looked at."""
        if not await self._found(name, who, action):
            return
        await self._element(action).click()
        dialog = self.page.get_by_role("dialog")
        if not await _shown(dialog):
            self.missing.append(name)
            return
        await self._take(name, None)
        for number in range(2, MOST_PAGES if send else 0):
            if not await self._sent(dialog):
                return
            await self._take(f"{name}-{number}", None)
        await self.page.keyboard.press("Escape")

    async def pressed(self, name: str, who: str, action: str) -> None:
        """A message after that was pressed in it, with the first choice before it made."""
        if not await self._found(name, who, action):
            return
        message = self._newest(action)
        for group in await message.locator(".choices").all():
            await group.locator("input").first.check()
        same = self.page.locator(f'.message[data-ts="{await message.get_attribute("data-ts")}"]')
        place = int(await self._element(action).evaluate(PLACE_OF_BLOCK))
        await self._element(action).click()
        await self.page.wait_for_timeout(DRAWN_MS)
        await self._take(name, same.locator(".block").nth(max(place - ABOVE, 0)))

    async def home(self, name: str, who: str) -> None:
        """Someone's Home."""
        await self._go(f"{who}/home/")
        if await self._is_there(name, self.page.locator(".sheet")):
            await self._take(name, None)

    async def door(self, name: str, who: str, action: str) -> None:
        """The modal behind a button of someone's Home; it is not sent."""
        await self._go(f"{who}/home/")
        pressed = self.page.locator(_css(action)).first
        if await self._is_there(name, pressed):
            await pressed.click()
            if await self._is_there(name, self.page.locator("dialog")):
                await self._take(name, None)
            await self.page.keyboard.press("Escape")

    async def said(self, name: str, who: str, words: str) -> None:
        """What is answered to a command."""
        await self._go(f"{who}/messages/")
        await _shown(self.page.locator(".message").last)
        await self.page.locator("#say").fill(words)
        await self.page.locator("#say").press("Enter")
        answer = self.page.locator(".message.ephemeral").last
        if await self._is_there(name, answer):
            await self._take(name, answer)

    async def others(self, who: str, most: int) -> None:
        """Of what they were told beside, the newest message of each look, up to so many."""
        for conversation, message in reversed(await self._messages(who)):
            look = who + _look(message)
            if look not in self._looks and most > 0:
                most -= 1
                self._looks.add(look)
                await self._go(f"{who}/messages/{conversation}")
                node = self.page.locator(f'.message[data-ts="{message["ts"]}"]')
                if await _shown(node):
                    await self._take(f"beside-{_slug(message['text'])}", node)

    async def _messages(self, who: str) -> list[tuple[str, Json]]:
        """All that they see, each with its conversation."""
        seen = await asked(self._http, f"{self._url}/page/as/{who}")
        ids = [one["id"] for one in seen["conversations"]]
        said = [await asked(self._http, f"{self._url}/page/as/{who}/messages/{one}") for one in ids]
        return [(one, message) for one, messages in zip(ids, said, strict=True) for message in messages]

    async def _holding(self, who: str, action: str) -> str | None:
        """The conversation with the newest message that has such an action."""
        wanted = tuple(action.split("|"))
        for conversation, message in reversed(await self._messages(who)):
            if any(one.startswith(wanted) for one in _actions(message)):
                self._looks.add(who + _look(message))
                return conversation
        return None

    async def _found(self, name: str, who: str, action: str) -> bool:
        """Go where such an action is; if there is none, that is noted."""
        conversation = await self._holding(who, action)
        await self._go(f"{who}/messages/{conversation or ''}")
        return await self._is_there(name, self._element(action)) if conversation else await self._is_there(name, None)

    async def _is_there(self, name: str, what: Locator | None) -> bool:
        there = what is not None and await _shown(what)
        if not there:
            self.missing.append(name)
        return there

    async def _go(self, place: str) -> None:
        """Load the page anew: nothing of where one was before is left on it."""
        self._loads += 1
        await self.page.goto(f"{self._url}/?{self._loads}#/{place}")

    def _element(self, action: str) -> Locator:
        return self._newest(action).locator(_css(action)).first

    def _newest(self, action: str) -> Locator:
        return self.page.locator(f".message:has({_css(action)})").last

    async def _sent(self, dialog: Locator) -> bool:
        """Fill in what is empty and send; whether another page followed."""
        empty = dialog.locator(".choices:not(:has(:checked))")
        while await empty.count():  # what is filled in is none of them any more
            await empty.first.locator("input").first.check()
        for field in await dialog.locator("textarea, input[type=text]").all():
            written = await field.input_value()
            await field.fill(WORDS if "…" in written or not written else written)
        for select in await dialog.locator("select").all():
            await select.select_option(index=1)
        send = dialog.locator("[type=submit]")
        if not await send.count():
            await self.page.keyboard.press("Escape")
            return False
        await send.click()
        await self.page.wait_for_timeout(DRAWN_MS)
        return await dialog.count() > 0

    async def _take(self, name: str, message: Locator | None) -> None:
        """A picture on each screen, with the top of the message at the top."""
        self.taken += 1
        day = await self.page.locator("#clock-now").text_content() or ""
        for screen, (width, height) in SCREENS.items():
            await self.page.set_viewport_size({"width": width, "height": height})
            await self.page.wait_for_timeout(FRAME_MS)
            if message is not None:
                await message.evaluate("node => node.scrollIntoView({block: 'start'})")
                await self.page.wait_for_timeout(FRAME_MS)
            file = f"{self.taken:02}-{name}-{_slug(day.split(',')[0])}-{screen}.png"
            await self.page.screenshot(path=self._folder / file)


async def _shown(what: Locator) -> bool:
    try:
        await what.wait_for(timeout=SOON_MS)
    except TimeoutError:
        return False
    return True


def _actions(message: Json) -> Sequence[str]:
    return [element["action_id"] for block in message["blocks"] for element in elements(block)]


def _look(message: Json) -> str:
    """The same for messages that look alike: by what can be pressed in them, else by their first words."""
    pressed = sorted({one.split(":")[0] for one in _actions(message)})
    return " ".join(pressed) or _slug(message["text"])


def _slug(text: str) -> str:
    """The first three words, fit for a file's name."""
    words = "".join(one if one.isalnum() else " " for one in text.lower()).split()
    return "-".join(words[:3])


def _css(action: str) -> str:
    return ":is(" + ", ".join(f'[data-action^="{one}"]' for one in action.split("|")) + ")"
