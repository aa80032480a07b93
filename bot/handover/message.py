"""How a change of mentors looks: to staff, to the manager, to the new mentor and to the buddy. Pure."""

from collections.abc import Sequence
from uuid import UUID

from bot.curriculum.library import Taught
from bot.curriculum.wording import Wording
from bot.slack import codec
from bot.slack.blocks import (
    Block,
    Drawn,
    actions,
    button,
    context,
    drawn,
    header,
    modal,
    picker,
    plain,
    reading,
    section,
)

GIVE, GIVE_ONE, GIVEN = "mentor_give", "mentor_give_one", "mentor_given"
WHO, BUDDY, WHOM, PICK = "who", "buddy", "whom", "pick"
SHARE_AGAIN = "share_again"
TICK = "buddy_tick"
RELATION, CHANGE, STAY = "relation_answer", "relation_change", "relation_stay"
STEPS = ("pipeline", "one_to_one", "interview", "difficult", "yours")
ANSWERS = ("helps", "could_be_more", "stalls")
MOST_PICKED = 10  # options of one block of checkboxes
MOST_BLOCKS = 9


def mentor_gone(words: Wording, mentor_id: int, name: str, why: str, since: str, managers: Sequence[str]) -> Drawn:
    """To staff: who is gone, since when, whom they mentor, and the one step that mends it."""
    blocks = [
        section(words.mrkdwn(f"handover.gone_{why}", name=name, since=since)),
        section(words.mrkdwn("handover.whose", names=", ".join(managers), count=len(managers))),
        actions([button(words.plain("handover.give"), GIVE, codec.write(mentor_id), style="primary")]),
        context(words.mrkdwn("handover.nothing_lost")),
    ]
    return drawn(blocks, reading(blocks))


def nobody_left(words: Wording, name: str) -> Drawn:
    """To staff: it is done."""
    blocks = [section(words.mrkdwn("handover.nobody_left", name=name))]
    return drawn(blocks, reading(blocks))


def giving(words: Wording, mentor_id: int, managers: Sequence[tuple[int, str]]) -> Block:
    """The modal: who is the new mentor, for whom, and perhaps a buddy. All are picked at first."""
    shown = managers[: MOST_PICKED * MOST_BLOCKS]
    groups = [shown[place : place + MOST_PICKED] for place in range(0, len(shown), MOST_PICKED)]
    return modal(
        callback_id=GIVEN,
        title=words.plain("handover.give_title"),
        submit=words.plain("handover.give_now"),
        close=words.plain("handover.not_now"),
        ids=codec.write(mentor_id),
        blocks=[
            _person(words, WHO, "handover.who_label"),
            *(_managers(words, number, group) for number, group in enumerate(groups)),
            _person(words, BUDDY, "handover.buddy_label"),
            *_not_all(words, len(shown), len(managers)),
            context(words.mrkdwn("handover.what_happens")),
        ],
    )


def told(words: Wording, place: str) -> Block:
    """A modal with one sentence."""
    return modal(
        callback_id="handover", title=words.plain("handover.give_title"), close=words.plain("handover.close"),
        blocks=[section(words.mrkdwn(place))],
    )  # fmt: skip


def new_mentor(
    taught: Taught, name: str, first_name: str, message_id: UUID, *, shared: bool, shown: bool
) -> list[Block]:
    """To the manager: who it is, what they see, and that what was shown to the one before is private again."""
    words, sealed_days = taught.wording, taught.curriculum.program.ratings.sealed_working_days
    who = words.mrkdwn("handover.new_mentor", name=name, first_name=first_name, sealed_days=sealed_days)
    blocks = [section(who)]
    if shared and shown:
        blocks.append(section(words.mrkdwn("handover.shown_again", first_name=first_name)))
    elif shared:
        blocks.append(section(words.mrkdwn("handover.private_again", first_name=first_name)))
        blocks.append(actions([button(words.plain("handover.show_again"), SHARE_AGAIN, codec.write(message_id))]))
    return blocks


def no_mentor(words: Wording, *, shared: bool) -> list[Block]:
    """To the manager: that it is nobody for now, and that what was shown to the one before is private again."""
    blocks = [section(words.mrkdwn("handover.no_mentor"))]
    if shared:
        blocks.append(section(words.mrkdwn("handover.private_again", first_name="")))
    return blocks


def changed_again(words: Wording) -> list[Block]:
    """There is another mentor than the one whom this was about."""
    return [section(words.mrkdwn("handover.changed_again"))]


def given(words: Wording, name: str, first_name: str) -> Drawn:
    """To the new mentor: whom, and the first three things."""
    blocks = [
        header(words.plain("handover.given_title", name=name)),
        section(words.mrkdwn("handover.given", name=name, first_name=first_name)),
        context(words.mrkdwn("digest.audience")),
    ]
    return drawn(blocks, reading(blocks))


def farewell(words: Wording, name: str, first_name: str, *, replaced: bool = True) -> Drawn:
    """To the mentor before: that there is another one, or none for now, and thanks."""
    place = "handover.farewell" if replaced else "handover.farewell_alone"
    blocks = [section(words.mrkdwn(place, name=name, first_name=first_name))]
    return drawn(blocks, reading(blocks))


def buddy(words: Wording, name: str, first_name: str, ticked: Sequence[str]) -> Drawn:
    """To the buddy: whom they accompany, and a list to tick off. Of the manager's lessons and answers they see nothing."""
    options = [(step, words.plain(f"handover.step_{step}", first_name=first_name)) for step in STEPS]
    list_ = picker(TICK, options, several=True)
    picked = [option for option in list_["options"] if option["value"] in ticked]
    blocks = [
        header(words.plain("handover.buddy_title", name=name)),
        section(words.mrkdwn("handover.buddy", name=name, first_name=first_name)),
        actions([{**list_, "initial_options": picked} if picked else list_]),
        context(words.mrkdwn("handover.buddy_sees", first_name=first_name)),
    ]
    return drawn(blocks, reading(blocks))


def relation(words: Wording, mentor: str, message_id: UUID) -> list[Block]:
    """To the manager: one question, and beforehand who learns of the answer."""
    value = codec.write(message_id)
    return [
        section(words.mrkdwn("handover.relation", mentor=mentor)),
        actions([button(words.plain(f"handover.{one}"), f"{RELATION}:{one}", value) for one in ANSWERS]),
        context(words.mrkdwn("handover.relation_who", mentor=mentor)),
    ]


def relation_answered(words: Wording, answer: str) -> list[Block]:
    """A word of thanks; after an offer of another mentor, what became of it."""
    return [section(words.mrkdwn(f"handover.answered_{answer}"))]


def another(words: Wording, message_id: UUID) -> list[Block]:
    """Where talks have stalled twice, the offer of another mentor."""
    value = codec.write(message_id)
    return [
        section(words.mrkdwn("handover.another")),
        actions([
            button(words.plain("handover.another_yes"), CHANGE, value),
            button(words.plain("handover.another_no"), STAY, value),
        ]),
    ]  # fmt: skip


def relation_stalls(words: Wording, ids: tuple[int, int], manager: str, mentor: str) -> Drawn:
    """To staff: about the two of them (`ids`: the mentor's, and the enrollment's), and no judgement."""
    blocks = [
        section(words.mrkdwn("handover.wants_another", manager=manager, mentor=mentor)),
        actions([button(words.plain("handover.give"), GIVE_ONE, codec.write(*ids), style="primary")]),
    ]
    return drawn(blocks, reading(blocks))


def _person(words: Wording, block_id: str, label: str) -> Block:
    return {
        "type": "input",
        "block_id": block_id,
        "optional": True,
        "label": plain(words.plain(label), "label"),
        "element": {"type": "users_select", "action_id": PICK},
    }


def _not_all(words: Wording, shown: int, count: int) -> list[Block]:
    """What to do for those for whom there was no room."""
    return [context(words.mrkdwn("handover.not_all", shown=shown, count=count))] if shown < count else []


def _managers(words: Wording, number: int, group: Sequence[tuple[int, str]]) -> Block:
    boxes = picker(PICK, [(str(enrollment_id), name) for enrollment_id, name in group], several=True)
    return {
        "type": "input",
        "block_id": WHOM if number == 0 else f"{WHOM}_{number}",
        "optional": True,
        "label": plain(words.plain("handover.whom_label"), "label"),
        "element": {**boxes, "initial_options": boxes["options"]},
    }
