"""How settings, pauses and the question after a silence look. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from bot.curriculum.wording import Wording
from bot.preferences.countries import Group
from bot.preferences.rules import Choice
from bot.slack import codec
from bot.slack.blocks import Block, actions, button, context, modal, picker, plain, section, sure

SAVED, PAUSED = "preferences_saved", "preferences_paused"
DAYS, AT, LANGUAGE, COUNTRY, UNTIL, OPEN_END = "days", "at", "language", "country", "until", "open_end"
COMPANY = "company"  # the country of whoever has not chosen one
SILENCE = "silence"
PICK = "pick"  # the action in each block of the modals


@dataclass(frozen=True)
class Lessons:
    """When lessons come, and when they could. Days are (id, name)."""

    days: Sequence[tuple[str, str]]
    chosen: Sequence[str]
    most: int
    times: Sequence[time]
    at: time
    zone: str


@dataclass(frozen=True)
class Settings:
    """What someone can set. `lessons` is None for someone who gets none, as a mentor; languages are (id, name)."""

    lessons: Lessons | None
    languages: Sequence[tuple[str, str]]
    language: str
    countries: Sequence[Group]
    country: str | None


def settings(words: Wording, one: Settings) -> Block:
    """Days, time, language and holidays; what there is no choice of is left out."""
    blocks = [] if one.lessons is None else _lessons(words, one.lessons)
    if len(one.languages) > 1:
        blocks.append(_input(words, LANGUAGE, _select([("", one.languages)], one.language)))
    company = (COMPANY, words.plain("preferences.company_country"))
    groups = [(words.plain("preferences.company_country_group"), (company,)), *one.countries]
    blocks.append(_input(words, COUNTRY, _select(groups, one.country or COMPANY)))
    return modal(
        callback_id=SAVED, title=words.plain("preferences.settings_title"), submit=words.plain("preferences.save"),
        close=words.plain("preferences.close"), blocks=blocks,
    )  # fmt: skip


def pause(words: Wording, until: date, message_id: UUID | None) -> Block:
    """Until a day, or without an end. `message_id` is the question that it answers, if it answers one."""
    open_end = picker(PICK, [(OPEN_END, words.plain("preferences.open_end_option"))], several=True)
    until_then = {"type": "datepicker", "action_id": PICK, "initial_date": until.isoformat()}
    return modal(
        callback_id=PAUSED, title=words.plain("preferences.pause_title"), submit=words.plain("preferences.pause"),
        close=words.plain("preferences.close"), ids="" if message_id is None else codec.write(message_id),
        blocks=[
            section(words.mrkdwn("preferences.pause_intro")),
            _named(words.plain("preferences.back_on"), UNTIL, until_then),
            {**_named(words.plain("preferences.open_end"), OPEN_END, open_end), "optional": True},
        ],
    )  # fmt: skip


def told(words: Wording, title: str, sentence: str) -> Block:
    """A modal of one sentence (mrkdwn)."""
    return modal(
        callback_id="preferences_told", title=words.plain(title), close=words.plain("preferences.done"),
        blocks=[section(sentence)],
    )  # fmt: skip


def silence(words: Wording, first_name: str, weeks: int, message_id: UUID, chosen: str | None) -> list[Block]:
    """Pause, slower, stop, or as it is: four buttons, or what was chosen in their place."""
    asked = section(words.mrkdwn("preferences.silence", first_name=first_name, weeks=weeks))
    if chosen is not None:
        return [asked, section(words.mrkdwn(f"preferences.chose_{chosen}"))]
    ways = [
        button(words.plain(f"preferences.silence_{one.value}"), silence_id(one), codec.write(message_id))
        for one in Choice
    ]
    ways[list(Choice).index(Choice.STOP)]["confirm"] = sure(
        words.plain("preferences.stop_title"), words.mrkdwn("preferences.stop_text"),
        words.plain("preferences.stop_yes"), words.plain("preferences.stop_no"),
    )  # fmt: skip
    return [asked, context(words.mrkdwn("preferences.silence_audience")), actions(ways)]


def silence_id(one: Choice) -> str:
    """The action of a button after a silence."""
    return f"{SILENCE}_{one.value}"


def _lessons(words: Wording, one: Lessons) -> list[Block]:
    days = picker(PICK, one.days, several=True)
    chosen = [option for option in days["options"] if option["value"] in one.chosen]
    days |= {"initial_options": chosen} if chosen else {}
    times = [(f"{at:%H:%M}", f"{at:%H:%M}") for at in one.times]
    return [
        _input(words, DAYS, days, hint=words.plain("preferences.days_hint", most=one.most)),
        _input(words, AT, _select([("", times)], f"{one.at:%H:%M}"), words.plain("preferences.at_hint", zone=one.zone)),
    ]


def _input(words: Wording, block_id: str, element: Block, hint: str | None = None) -> Block:
    return _named(words.plain(f"preferences.{block_id}"), block_id, element, hint)


def _named(label: str, block_id: str, element: Block, hint: str | None = None) -> Block:
    more = {} if hint is None else {"hint": plain(hint, "label")}
    return {"type": "input", "block_id": block_id, "label": plain(label, "label"), "element": element, **more}


def _select(groups: Sequence[Group | tuple[str, Sequence[tuple[str, str]]]], initial: str) -> Block:
    """A menu; one group alone has no name."""
    found = [
        (name, [{"text": plain(text, "option"), "value": value} for value, text in group]) for name, group in groups
    ]
    one = next((option for _, options in found for option in options if option["value"] == initial), None)
    menu = {"type": "static_select", "action_id": PICK} | ({} if one is None else {"initial_option": one})
    if len(found) == 1:
        return {**menu, "options": found[0][1]}
    return {
        **menu,
        "option_groups": [{"label": plain(name, "option"), "options": options} for name, options in found],
    }
