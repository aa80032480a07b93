"""How the requests to rate look, and the talk where two ratings lie far apart. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.curriculum.wording import Wording
from bot.slack import codec
from bot.slack.blocks import Block, actions, button, context, section

RATE_SELF = "baseline_at"  # the modal is the baseline's
IN_FULL = 2  # areas of a talk: more would be more than a screen, and than ten minutes


@dataclass(frozen=True)
class Apart:
    """An area in which two ratings lie far apart: each level with its behaviour."""

    area: str
    own: int
    own_behaviour: str
    seen: int
    seen_behaviour: str


def checkpoint(words: Wording, week: int, *, done: bool, mentor: str | None, until: str) -> list[Block]:
    """The manager is asked where they are now; who sees it stands below, before they answer."""
    if done:
        return [section(words.mrkdwn("rating.checkpoint_done", week=week))]
    audience = (
        words.mrkdwn("rating.checkpoint_audience", mentor=mentor, day=until)
        if mentor
        else words.mrkdwn("rating.checkpoint_alone")
    )
    door = button(words.plain("rating.rate_self"), RATE_SELF, codec.write(week), style="primary")
    return [section(words.mrkdwn("rating.checkpoint", week=week)), actions([door]), context(audience)]


def calibration(words: Wording, manager: str, mentor: str, apart: Sequence[Apart]) -> list[Block]:
    """Both levels side by side, in what they look like; the same words for both readers."""
    blocks = [section(words.mrkdwn("rating.apart", manager=manager, mentor=mentor))]
    for one in apart[:IN_FULL]:
        blocks.append(
            section(
                words.mrkdwn(
                    "rating.apart_area", area=one.area, manager=manager, own=one.own, own_behaviour=one.own_behaviour,
                    mentor=mentor, seen=one.seen, seen_behaviour=one.seen_behaviour,
                )
            )
        )  # fmt: skip
    if len(apart) > IN_FULL:
        others = ", ".join(one.area for one in apart[IN_FULL:])
        blocks.append(context(words.mrkdwn("rating.apart_more", areas=others)))
    return [*blocks, section(words.mrkdwn("rating.apart_talk"))]
