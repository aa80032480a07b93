"""How a mentor's words are asked for, and how a manager reads them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.curriculum.wording import Wording
from bot.records.reading import Way
from bot.slack.blocks import (
    Block,
    Drawn,
    clip,
    context,
    drawn,
    menu,
    modal,
    picker,
    plain,
    reading,
    section,
    text_input,
    the_only,
)

KUDOS, TALKED = "mentor_kudos", "mentor_talked"
KUDOS_SENT, TALKED_SENT = "mentor_kudos_sent", "mentor_talked_sent"
WHO, KIND, WHAT_FOR, TEXT, ON, AT, SETTLES, PICK = "who", "kind", "what_for", "text", "on", "at", "settles", "pick"
KINDS = ("kudos", "note")
LONGEST = 500
MOST_ASKS = 10  # that are quoted


@dataclass(frozen=True)
class Shown:
    """A note in words."""

    kind: str
    by: str
    what_for: str | None
    text: str | None
    on: str
    next_at: str | None
    saw: Sequence[tuple[str, str]]


def people(ways: Sequence[Way]) -> list[tuple[str, str]]:
    """A mentor's managers as options: the id of the enrollment, and the name."""
    return [(str(way.enrollment.id), way.manager.name) for way in ways]


def kudos(words: Wording, managers: Sequence[tuple[str, str]], choices: Sequence[tuple[str, str]]) -> Block:
    """Whom, kudos or a note, what for (a lesson's id and title), and one's own words."""
    kinds = picker(PICK, [(kind, words.plain(f"mentor.kind_{kind}")) for kind in KINDS], several=False)
    kinds["initial_option"] = kinds["options"][0]
    blocks = [*_who(words, managers), field(words, KIND, "mentor.kind_label", kinds)]
    if choices:
        blocks.append({**field(words, WHAT_FOR, "mentor.what_for_label", menu(PICK, choices)), "optional": True})
    blocks.append(text_input(words.plain("mentor.words_label"), PICK, TEXT, longest=LONGEST))
    return _modal(
        words, KUDOS_SENT, managers, "mentor.kudos_title", [*blocks, context(words.mrkdwn("mentor.audience"))]
    )


def talked(words: Wording, managers: Sequence[tuple[str, str]], asks: Sequence[tuple[str, str]]) -> Block:
    """Whom, one line, and when they talk again; and what they had asked for (a name and a text), with a box that settles it:
    ticked where all of it can be read: nothing is settled that nobody saw."""
    blocks = [*_who(words, managers), text_input(words.plain("mentor.line_label"), PICK, TEXT, longest=LONGEST)]
    blocks += [
        {**field(words, ON, "mentor.next_label", {"type": "datepicker", "action_id": PICK}), "optional": True},
        {**field(words, AT, "mentor.next_at_label", {"type": "timepicker", "action_id": PICK}), "optional": True},
    ]
    if asks:
        settles = picker(PICK, [("yes", words.plain("mentor.settles"))], several=True)
        if len(asks) <= MOST_ASKS:
            settles["initial_options"] = settles["options"]
        quoted = [_asked(words, "" if len(managers) == 1 else name, text) for name, text in asks[:MOST_ASKS]]
        quoted += [words.mrkdwn("mentor.asked_more", count=len(asks) - MOST_ASKS)] if len(asks) > MOST_ASKS else []
        blocks += [
            section("\n".join(quoted)),
            {**field(words, SETTLES, "mentor.settles_label", settles), "optional": True},
        ]
    return _modal(
        words, TALKED_SENT, managers, "mentor.talked_title", [*blocks, context(words.mrkdwn("mentor.audience"))]
    )


def _asked(words: Wording, name: str, text: str) -> str:
    """What someone asked for; by whom, where there are several."""
    said = {"text": clip(text, 140)}
    return words.mrkdwn("mentor.asked_by", name=name, **said) if name else words.mrkdwn("mentor.asked", **said)


def told(words: Wording, sentence: str, **values: Any) -> Block:
    """A modal of one sentence."""
    return modal(
        callback_id="mentor_told", title=words.plain("mentor.told_title"), close=words.plain("mentor.close"),
        blocks=[section(words.mrkdwn(sentence, **values))],
    )  # fmt: skip


def note(words: Wording, one: Shown) -> Drawn:
    """What came from the mentor, with what it was for. What they typed is escaped by the wording."""
    blocks = [section(words.mrkdwn(f"mentor.from_{one.kind}", by=one.by, what_for=one.what_for or "", on=one.on))]
    blocks += [section(words.mrkdwn(f"mentor.saw_{saw}", behaviour=behaviour)) for behaviour, saw in one.saw]
    if one.text:
        blocks.append(section(words.mrkdwn("mentor.quote", text=clip(" ".join(one.text.split()), LONGEST))))
    if one.next_at:
        blocks.append(section(words.mrkdwn("mentor.next", when=one.next_at)))
    return drawn(blocks, reading(blocks))


def field(words: Wording, block_id: str, label: str, element: Block) -> Block:
    """A field of a modal."""
    return {"type": "input", "block_id": block_id, "label": plain(words.plain(label), "label"), "element": element}


def _who(words: Wording, managers: Sequence[tuple[str, str]]) -> list[Block]:
    """Whom it is about; where there is only one, that is said and not asked."""
    if len(managers) == 1:
        return [section(words.mrkdwn("mentor.to", name=managers[0][1]))]
    return [field(words, WHO, "mentor.who_label", menu(PICK, managers))]


def _modal(
    words: Wording, callback_id: str, managers: Sequence[tuple[str, str]], title: str, blocks: Sequence[Block]
) -> Block:
    return modal(
        callback_id=callback_id, title=words.plain(title), submit=words.plain("mentor.send"),
        close=words.plain("mentor.close"), blocks=blocks, ids=the_only(managers),
    )  # fmt: skip
