"""How a round looks to staff: before it starts, while they change it, and on their App Home. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.curriculum.wording import Wording
from bot.peers.health import Health
from bot.slack import codec
from bot.slack.blocks import (
    MENU_LIMIT,
    Block,
    Drawn,
    actions,
    button,
    context,
    drawn,
    header,
    menu,
    modal,
    plain,
    reading,
    section,
)

GO, SWAP, LEAVE_OUT = "round_go", "round_swap", "round_leave_out"
SWAPPED, LEFT_OUT = "round_swapped", "round_left_out"
ONE, OTHER, PICK = "one", "other", "pick"
MOST_GROUPS = 10  # that are listed; of a crowd the others are counted
MOST_NAMES = 10

TRIO = "trio"  # a reason that is true of three only

People = Sequence[tuple[int, str]]  # id and name


@dataclass(frozen=True)
class Preview:
    """A round: the names of its groups, each with the name of its reason; who has no group, with why; who takes no part."""

    round_id: int
    pool: str
    when: str
    started: bool
    started_by: str | None
    groups: Sequence[tuple[Sequence[str], str]]
    more: int  # groups
    can_swap: bool
    left_out: Sequence[tuple[str, str]]
    absent: Sequence[str]
    health: Health | None
    has_new_pairs: bool


def preview(words: Wording, one: Preview) -> Drawn:
    """Who meets whom and why; with buttons, as long as it can be changed."""
    groups = [_group(words, names, why) for names, why in one.groups]
    groups += [words.mrkdwn("round.more_groups", count=one.more)] if one.more else []
    small = [*_without(words, one), *_health(words, one.health, has_new_pairs=one.has_new_pairs)]
    blocks = [
        header(words.plain("round.heading", pool=one.pool)),
        section(_what_happens(words, one)),
        *([section("\n".join(groups))] if groups else []),
        *([context("\n".join(small))] if small else []),
    ]
    if not (one.started or one.started_by):
        blocks += [context(words.mrkdwn("round.audience")), actions(_buttons(words, one))]
    return drawn(blocks, reading(blocks))


def _group(words: Wording, names: Sequence[str], why: str) -> str:
    """Who meets whom, and why; of a group that someone was erased from, what is still true of the others."""
    if why == TRIO and len(names) < 3:
        why = "two"
    if len(names) < 2:
        why = "alone"
    return words.mrkdwn("round.group", names=", ".join(names), reason=words.plain(f"round.because_{why}"))


def health_of_pool(words: Wording, pool: str, found: tuple[Health | None, bool]) -> list[Block]:
    """A pool on the App Home of staff; nothing before its first round is over."""
    health, has_new_pairs = found
    if health is None:
        return []
    lines = [words.mrkdwn("round.pool", pool=pool), *_health(words, health, has_new_pairs=has_new_pairs)]
    lines.append(words.mrkdwn("round.load", organisers=health.organiser_load, trios=health.trio_load))
    return [section("\n".join(lines))]


def more_pools(words: Wording, count: int) -> list[Block]:
    """How many pools there was no room for."""
    return [context(words.mrkdwn("round.more_pools", count=count))] if count > 0 else []


def swap_modal(words: Wording, round_id: int, people: People) -> Block:
    """Pick two who change groups."""
    fields = [_whom(words, block, f"round.swap_{block}", people) for block in (ONE, OTHER)]
    return _asking(words, SWAPPED, "round.swap", round_id, fields)


def leave_out_modal(words: Wording, round_id: int, people: People) -> Block:
    """Pick someone who has no group this time."""
    return _asking(words, LEFT_OUT, "round.leave_out", round_id, [_whom(words, ONE, "round.leave_out_whom", people)])


def told(words: Wording, sentence: str) -> Block:
    """A modal of one sentence, by its place in the words."""
    return modal(
        callback_id="round_told", title=words.plain("round.told_title"), close=words.plain("round.close"),
        blocks=[section(words.mrkdwn(sentence))],
    )  # fmt: skip


def _what_happens(words: Wording, one: Preview) -> str:
    if one.started:
        return words.mrkdwn("round.started", when=one.when)
    if one.started_by:
        return words.mrkdwn("round.goes", name=one.started_by)
    return words.mrkdwn("round.intro", when=one.when, count=len(one.groups) + one.more)


def _without(words: Wording, one: Preview) -> list[str]:
    """Who has no group, by the reason why; and who takes no part, for whatever reason."""
    lines = []
    for why in dict.fromkeys(why for _, why in one.left_out):
        names = _listed(words, [name for name, reason in one.left_out if reason == why])
        lines.append(words.mrkdwn(f"round.out_{why}", names=names))
    return [*lines, words.mrkdwn("round.absent", names=_listed(words, one.absent))] if one.absent else lines


def _listed(words: Wording, names: Sequence[str]) -> str:
    listed = ", ".join(names[:MOST_NAMES])
    more = len(names) - MOST_NAMES
    return words.plain("round.more_names", names=listed, count=more) if more > 0 else listed


def _health(words: Wording, one: Health | None, *, has_new_pairs: bool) -> list[str]:
    lines = []
    if one is not None:
        counts = {"met": one.met, "groups": one.groups, "repeats": one.repeats, "left_out": one.left_out}
        lines.append(words.mrkdwn("round.last_time", **counts))
    return lines if has_new_pairs else [*lines, words.mrkdwn("round.no_new_pairs")]


def _buttons(words: Wording, one: Preview) -> list[Block]:
    ids = codec.write(one.round_id)
    swap = [button(words.plain("round.swap"), SWAP, ids)] if one.can_swap else []
    leave_out = [button(words.plain("round.leave_out"), LEAVE_OUT, ids)] if one.groups else []
    return [button(words.plain("round.go"), GO, ids, style="primary"), *swap, *leave_out]


def _asking(words: Wording, callback_id: str, title: str, round_id: int, fields: Sequence[Block]) -> Block:
    return modal(
        callback_id=callback_id, title=words.plain(title), submit=words.plain("round.save"),
        close=words.plain("round.close"), ids=codec.write(round_id), blocks=fields,
    )  # fmt: skip


def _whom(words: Wording, block_id: str, label: str, people: People) -> Block:
    """A menu; of a crowd, which a search finds sooner, all of the workspace."""
    by_name: Block = {"type": "users_select", "action_id": PICK}
    is_crowd = len(people) > MENU_LIMIT
    element = by_name if is_crowd else menu(PICK, [(str(person), name) for person, name in people])
    return {"type": "input", "block_id": block_id, "label": plain(words.plain(label), "label"), "element": element}
