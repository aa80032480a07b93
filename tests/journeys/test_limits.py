"""Limits: the longest lessons that the check allows, names of 80 characters, all that can ride along: Slack takes it."""

import calendar
import json
import re
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, update

from bot.curriculum.markdown import escape
from bot.records.tables import Message as MessageRow
from bot.records.tables import Promise, Response, Review
from bot.sandbox.blocks import text_size
from bot.sandbox.state import Message, Person
from tests.journeys.test_answers import promise_action
from tests.journeys.test_welcome import AREAS, modal, rate
from tests.world import CONTENT, World, action_ids, everything_in, open_world, texts

MOST_BLOCKS, MOST_TEXT = 50, 4000
# Of all blocks together. Slack looks at what is posted more closely than at what is drawn anew.
MOST_OF_ALL = {"chat.postMessage": 9000, "chat.update": 10_000}
NAME, COMPANY, COHORT = "Maximiliana-Théodora".ljust(80, "x"), "Söhne & Töchter <GmbH> ".ljust(80, "y"), "Z" * 80


def words(size: int) -> str:
    """So many characters that read like a text."""
    return ("A stage is a claim about what the buyer has done & proves. " * (size // 50))[: size - 1].rstrip() + "."


def a_choice(name: str, how: str, prompt: int = 230) -> str:
    """A question with four of the longest options, each with a long reason."""
    options = [
        f"- [{'x' if place == 1 else ' '}] {f'{place} {name} ' + 'o' * 75:.75} {{#o{place}}}\n  > {words(120)}"
        for place in range(4)
    ]
    return f"### {name} ({how})\n{words(prompt)} {{{{ company.name }}}}\n" + "\n".join(options) + "\n"


def longest(front: str, place: int) -> str:
    """A lesson as long as the check allows, with names in its text."""
    title = f"Lesson {place} {'t' * 150}"[:150]
    front = re.sub(r"title: .*", f"title: {title}", front)
    front = re.sub(r"objectives:.*\n(?:  .*\n)*", f"objectives:\n  - {words(100)}\n", front)
    third = a_choice("q3", "choose one") if place % 2 else f"### q3 (reflect, private)\n{words(300)}\n"
    return f"""{front}---
{{{{ manager.first_name }}}} of {{{{ cohort.name }}}}, {words(1070)}

## Example
{words(480)} Ask {{{{ mentor.first_name }}}}.

## Check
{a_choice("q1", "choose one")}
{a_choice("q2", "choose one")}
{third}
## Do it
If I meet {{{{ mentor.first_name }}}}, then {words(300)}
- due: 3 working days
- follow up: {words(150)}

## Mentor
Ask: {words(300)}

## Peers
{words(200)}
"""


def wordy(front: str, place: int) -> str:
    """A lesson that is all questions: little to read, and three prompts as long as a page."""
    front = re.sub(r"title: .*", f"title: Lesson {place}", front)
    checks = "\n".join(a_choice(f"q{number}", "choose one", prompt=1030) for number in (1, 2, 3))
    rest = "## Do it\nIf I can, then I do.\n- due: 3 working days\n- follow up: Did I?\n\n## Mentor\nAsk: how?\n\n## Peers\nTalk."
    return f"{front}---\n{words(300)}\n\n## Check\n{checks}\n{rest}\n"


def long_content(tmp_path: Path, shape: Callable[[str, int], str]) -> Path:
    """The content that ships, with every lesson of that shape, and every level and name as long as can be."""
    content = tmp_path / "content"
    shutil.copytree(CONTENT, content, ignore=shutil.ignore_patterns("*.sl.md"))
    for place, path in enumerate(sorted(content.glob("areas/*/[0-9]*.md"))):
        path.write_text(shape(path.read_text().partition("\n---\n")[0] + "\n", place))
    for path in content.glob("areas/*/area.md"):
        levels = "\n".join(f"{level}. {words(400)}" for level in range(1, 6))
        path.write_text(f"{path.read_text().partition('## Levels')[0]}## Levels\n\n{levels}\n")
    program = content / "program.yaml"
    program.write_text(program.read_text().replace("name: Acme", f'name: "{COMPANY}"'))
    return content


@asynccontextmanager
async def long_world(
    database_url: str, tmp_path: Path, shape: Callable[[str, int], str] = longest, *, managers: int = 1
) -> AsyncIterator[tuple[World, list[Person]]]:
    """Everyone has a name of 80 characters, and one to call them by that is as long; Ana mentors Maya and the others."""
    async with open_world(database_url, content=long_content(tmp_path, shape)) as world:
        world.maya.name, world.tom.name, world.ana.name = (f"{one}{NAME}"[:80] for one in "MTA")
        others = [
            world.sandbox.add_person(id=f"U0M{number}", name=f"{number}{NAME}"[:80], email=f"m{number}@example.com")
            for number in range(3)
        ]
        people = [world.maya, world.tom, *others][:managers]
        for person in people:
            person.tz = world.maya.tz
        result = await world.enrol(*(f"{one.id},{world.ana.id},{COHORT},2026-11-24" for one in people))
        assert not result.problems
        yield world, people


def said(world: World) -> Iterator[tuple[str, str, list[dict[str, Any]]]]:
    """Every message as it was sent to Slack, and as it was drawn anew."""
    for method, args in world.sandbox.calls_log:
        if method in ("chat.postMessage", "chat.update") and args.get("blocks"):
            blocks = args["blocks"]
            yield method, str(args["text"]), json.loads(blocks) if isinstance(blocks, str) else blocks


def shown(blocks: list[dict[str, Any]]) -> Iterator[str]:
    """What the blocks say, in their order."""
    for block in blocks:
        if block["type"] in ("header", "section"):
            yield block["text"]["text"]
        elif block["type"] == "context":
            yield from (element["text"] for element in block["elements"])


def assert_sound(method: str, text: str, blocks: list[dict[str, Any]]) -> None:
    """Within what Slack takes, and `text` says what the blocks say, until it is full."""
    about = (method, text[:60])
    assert 0 < len(text) <= MOST_TEXT, about
    assert len(blocks) <= MOST_BLOCKS, about
    assert text_size(blocks) <= MOST_OF_ALL[method], (about, text_size(blocks))
    at = 0
    for line in shown(blocks):
        found = text.find(line.removesuffix("…"), at)
        if found < 0:
            assert "…" in text, (about, f"«{line[:60]}» is not in the text")
            assert len(text) > 3500, (about, "cut short without need")
        at = max(at, found + len(line))


async def work_through(world: World, person: Person, message: Message, *, thought: str) -> None:
    """Answer all of a message at greatest length: every choice wrong and sure, a long thought, all of it shared, a long plan."""
    while True:
        ids = action_ids(message)
        kind = next((one.removesuffix("_pick") for one in ids if one.endswith("_pick")), None)
        if kind is not None:
            block = next(one for one in message.blocks if one["block_id"].startswith("pick:"))
            wrong = next(one["value"] for one in block["elements"][0]["options"] if one["value"] != "o1")
            state = {block["block_id"]: {f"{kind}_pick": wrong}}
            await world.press(person, message, f"{kind}_confidence:sure", state=state)
        elif "check_write" in ids:
            await world.press(person, message, "check_write")
            await world.sandbox.submit(person.id, modal(world, person)["id"], {"reflection": {"text": thought}})
            await world.settle()
        elif "action_promise" in ids:
            await promise_action(world, person, message, plan="p" * 1000)
        elif shares := [one for one in message.blocks if one.get("accessory", {}).get("action_id") == "check_share"]:
            await world.press(person, message, "check_share", block_id=shares[0]["block_id"])
        else:
            return


async def read_all(world: World, person: Person, *, but_on: int | None = None) -> None:
    """Someone works through what stands in their DM, but for what came on that day of the week (Monday is 0)."""
    for message in list(world.dms(person)):
        if datetime.fromisoformat(message.at).weekday() != but_on:
            await work_through(world, person, message, thought="&" * 3000)


@pytest.mark.long
async def test_the_first_weeks_at_greatest_length(database_url: str, tmp_path: Path) -> None:
    """Five managers write as much as they can, and share it: each message, each redraw and Ana's digest is taken."""
    async with long_world(database_url, tmp_path, managers=5) as (world, people):
        assert len(longest_lesson(world)) > 7200, "the check would allow more: make the lesson longer"
        for days in (1, 2):
            await world.pass_time(days=days)
            for person in people:
                await read_all(world, person)
        await world.pass_time(days=4)
        (digest,) = world.dms(world.ana)
        assert len([line for line in texts(digest).split("\n") if "2 lessons done" in line]) == 5
        await all_is_sound(world)


@pytest.mark.long
async def test_everything_that_can_ride_along(database_url: str, tmp_path: Path) -> None:
    """Maya leaves every Tuesday's lesson: lessons and reviews with what rides on them are taken; so is a full Home tab."""
    async with long_world(database_url, tmp_path) as (world, _):
        for _ in range(5):
            for days in (3, 1, 3):
                await world.pass_time(days=days)
                await read_all(world, world.maya, but_on=calendar.TUESDAY)
        rows = [one for one in await world.rows(MessageRow) if one.person_id == 1]
        rides = {(one.kind, part["kind"]) for one in rows for part in one.payload.get("joined", ())}
        for expected in (("lesson", "nudge"), ("lesson", "follow_up"), ("review", "letting_go"), ("review", "pulse")):
            assert expected in rides
        assert max(len(ids_of_questions(blocks)) for _, _, blocks in said(world)) == 5
        await all_is_sound(world)
        home = await home_of(world, world.maya)
        waits = Counter(re.findall("(Lesson|How did it go): ", everything_in(home)))
        assert waits == {"Lesson": 4, "How did it go": 1}
        assert len(home) <= 100
        assert world.maya.name in everything_in(await home_of(world, world.ana))


@pytest.mark.long
async def test_the_fullest_review(database_url: str, tmp_path: Path) -> None:
    """Five questions with everything that could ever ride along are as many blocks as Slack takes, and nothing is left out."""
    async with long_world(database_url, tmp_path) as (world, _):
        for days in (3, 1, 7):
            await world.pass_time(days=days)
            await read_all(world, world.maya)
        await load_the_last_review(world)
        _, text, blocks = list(said(world))[-1]
        assert len(ids_of_questions(blocks)) == 5
        ids = {one["action_id"] for block in blocks for one in block.get("elements", ()) if "action_id" in one}
        assert {"follow_up_yes", "pulse_count:5", "pulse_confidence:5", "attention_menu"} <= ids
        assert_sound("chat.update", text, blocks)
        assert list(shown(blocks))[-1] in text, "what rides along is heard, too"


async def load_the_last_review(world: World) -> None:
    """Maya's last review as if nothing were answered, with the largest things that ride along."""
    rows = [one for one in await world.rows(MessageRow) if one.person_id == 1]
    promise = next(one.id for one in await world.rows(Promise) if one.enrollment_id == 1)
    joined = [
        {"kind": "follow_up", "about": {"promise_id": promise, "round": 1}},
        {"kind": "letting_go", "about": {"enrollment_id": 1, "first": True}},
        {"kind": "pulse", "about": {"enrollment_id": 1, "areas": list(AREAS[:2])}},
    ]
    async with world.house.database.transaction() as session:
        review = await session.get_one(MessageRow, [one for one in rows if one.kind == "review"][-1].id)
        review.payload = {"joined": joined}
        session.add(review)
        await session.execute(update(Review).values(answer=None, answered_at=None, correct=None))
        await session.execute(update(Promise).values(status=None, answered_at=None))
        await session.execute(delete(Response))
        await world.house.outbox.refresh(session, review.id)
    await world.settle()


@pytest.mark.long
async def test_five_long_questions(database_url: str, tmp_path: Path) -> None:
    """Questions that fill a page each: the review asks as many as one message holds, and the others the week after."""
    async with long_world(database_url, tmp_path, wordy) as (world, _):
        asked = []
        for days in (3, 1, 6, 1):
            await world.pass_time(days=days)
            asked += [len(ids_of_questions(one.blocks)) for one in world.dms(world.maya) if review_is_open(one)]
            await read_all(world, world.maya)
        assert len(asked) == 2
        assert all(1 <= count < 5 for count in asked)
        await all_is_sound(world)


async def test_a_step_with_long_levels(database_url: str, tmp_path: Path) -> None:
    """Five behaviours of 400 characters in one modal: all of them are shown in full, and the next step follows."""
    async with long_world(database_url, tmp_path) as (world, _):
        await world.pass_time(hours=3)
        await world.press(world.maya, world.dms(world.maya)[0], "baseline_open", force=True, value="rate")
        assert everything_in(modal(world, world.maya)["blocks"]).count(escape(words(400))) == 5
        await rate(world, AREAS[0], 3)
        assert "2 of 5" in everything_in(modal(world, world.maya)["blocks"])


def ids_of_questions(blocks: list[dict[str, Any]]) -> list[str]:
    """The questions of a review that are still open."""
    picks = [element for block in blocks for element in block.get("elements", ())]
    return [str(one["action_id"]) for one in picks if one.get("action_id") == "review_pick"]


def review_is_open(message: Message) -> bool:
    """Whether it is a review with an open question."""
    return bool(ids_of_questions(message.blocks))


async def home_of(world: World, person: Person) -> list[dict[str, Any]]:
    """The blocks of someone's Home tab."""
    await world.sandbox.open_home(person.id)
    await world.settle()
    home = world.sandbox.home(person.id)
    assert home is not None
    return list(home["blocks"])


async def all_is_sound(world: World) -> None:
    """Nothing was refused, and all that was said is within the limits."""
    assert [one.error for one in await world.rows(MessageRow) if one.state != "sent"] == []
    for method, text, blocks in said(world):
        assert_sound(method, text, blocks)


def longest_lesson(world: World) -> str:
    """The longest lesson as it is measured."""
    return max((one.model_dump_json() for one in world.house.library.current.curriculum.lessons), key=len)
