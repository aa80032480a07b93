"""How staff's modals look: enrol, one manager, a cohort, failed messages, and why something has not come. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.curriculum.wording import Wording
from bot.slack import codec
from bot.slack.blocks import Block, actions, button, clip, context, menu, modal, picker, plain, section

ENROL, MANAGER, COHORT, WHY, FAILED = "staff_enrol", "staff_manager", "staff_cohort", "staff_why", "staff_failed"
DOORS = (ENROL, MANAGER, COHORT, WHY, FAILED)
WHOM, MENTOR, WHICH, NEW, DAY, WHAT, PICK = "whom", "mentor", "cohort", "new_cohort", "day", "what", "pick"
LEADS = ("start", "pause", "resume", "extend", "close")
STAYS, LEAVES = "stays", "leaves"
MOST_AT_ONCE = 10  # people in one modal: Slack is asked about each before it gets its answer


@dataclass(frozen=True)
class Failure:
    """A message that did not arrive, or may not have: to whom, what, when, and in which way."""

    name: str
    kind: str
    when: str
    state: str  # failed or unconfirmed
    reason: str


def doors(words: Wording, failed: bool) -> Block:
    """Staff's buttons at Home."""
    shown = [door for door in DOORS if door != FAILED or failed]
    return actions([button(words.plain(_place(door)), door, door) for door in shown])


def enrol(words: Wording, cohorts: Sequence[tuple[str, str]], first_day: date) -> Block:
    """Whom, into which cohort (or a new one), from when, with whom as mentor."""
    people = {"type": "multi_users_select", "action_id": PICK, "max_selected_items": MOST_AT_ONCE}
    day = {"type": "datepicker", "action_id": PICK, "initial_date": first_day.isoformat()}
    return _form(
        words, ENROL,
        [
            _field(words, WHOM, people),
            *_cohorts(words, cohorts),
            _field(words, NEW, {"type": "plain_text_input", "action_id": PICK, "max_length": 80}, optional=True),
            _field(words, DAY, day, label="first_day"),
            _field(words, MENTOR, {"type": "users_select", "action_id": PICK}, optional=True),
        ],
    )  # fmt: skip


def manager(words: Wording, cohorts: Sequence[tuple[str, str]]) -> Block:
    """One manager: another cohort, another mentor, out of the program or back."""
    stays = picker(PICK, [(one, words.plain(f"staff.manager_{one}")) for one in (STAYS, LEAVES)], several=False)
    return _form(
        words, MANAGER,
        [
            _field(words, WHOM, {"type": "users_select", "action_id": PICK}),
            *_cohorts(words, cohorts),
            _field(words, MENTOR, {"type": "users_select", "action_id": PICK}, optional=True),
            _field(words, WHAT, {**stays, "initial_option": stays["options"][0]}),
        ],
    )  # fmt: skip


def cohort(words: Wording, cohorts: Sequence[tuple[str, str]]) -> Block:
    """One cohort: start, pause, go on, extend, close."""
    what = picker(PICK, [(one, words.plain(f"staff.cohort_{one}")) for one in LEADS], several=False)
    return _form(
        words, COHORT,
        [
            *_cohorts(words, cohorts, optional=False),
            _field(words, WHAT, what),
            _field(words, DAY, {"type": "datepicker", "action_id": PICK}, optional=True),
        ],
    )  # fmt: skip


def why(words: Wording, lines: Sequence[str] = ()) -> Block:
    """Whom it is about; and then, above it, what there is to say."""
    told = [section(clip("\n".join(lines), 3000))] if lines else []
    return _form(words, WHY, [*told, _field(words, WHOM, {"type": "users_select", "action_id": PICK})])


def failures(words: Wording, found: Sequence[Failure]) -> Block:
    """What did not arrive, newest first; never what it said."""
    blocks = [section(_failure(words, one)) for one in found] or [section(words.mrkdwn("staff.nothing_failed"))]
    return modal(
        callback_id="staff", title=words.plain(_place(FAILED)), close=words.plain("staff.done"),
        blocks=[*blocks, context(words.mrkdwn("staff.what_to_do"))],
    )  # fmt: skip


def _failure(words: Wording, one: Failure) -> str:
    what = words.plain(f"staff.kind_{one.kind}")
    return words.mrkdwn(f"staff.is_{one.state}", name=one.name, what=what, when=one.when, reason=one.reason)


def told(words: Wording, door: str, sentence: str) -> Block:
    """A modal with one sentence (mrkdwn)."""
    return modal(
        callback_id="staff",
        title=words.plain(_place(door)),
        close=words.plain("staff.done"),
        blocks=[section(sentence)],
    )


def _form(words: Wording, door: str, blocks: Sequence[Block]) -> Block:
    return modal(
        callback_id=door, title=words.plain(_place(door)), submit=words.plain(f"staff.{door.removeprefix('staff_')}_now"),
        close=words.plain("staff.not_now"), blocks=blocks,
    )  # fmt: skip


def _place(door: str) -> str:
    return door.replace("_", ".", 1)


def _cohorts(words: Wording, cohorts: Sequence[tuple[str, str]], *, optional: bool = True) -> list[Block]:
    """The menu of cohorts, by their ids; none while there is none to pick."""
    options = [(codec.write(WHICH, cohort_id), name) for cohort_id, name in cohorts]
    return [_field(words, WHICH, menu(PICK, options), optional=optional)] if options else []


def _field(words: Wording, block_id: str, element: dict[str, Any], *, optional: bool = False, label: str = "") -> Block:
    said = plain(words.plain(f"staff.{label or block_id}_label"), "label")
    return {"type": "input", "block_id": block_id, "optional": optional, "label": said, "element": element}
