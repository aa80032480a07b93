"""How someone says whom they would rather not meet. Pure."""

from collections.abc import Sequence

from bot.curriculum.wording import Wording
from bot.slack.blocks import Block, context, modal, plain, section

SAVED, WHOM, PICK = "peers_unwanted_saved", "whom", "pick"
MOST = 100  # names that Slack shows in a menu from the start


def asking(words: Wording, slack_ids: Sequence[str]) -> Block:
    """The list as it is, to be changed. Who sees it is said first."""
    menu: Block = {"type": "multi_users_select", "action_id": PICK, "max_selected_items": MOST}
    menu |= {"initial_users": list(slack_ids)} if slack_ids else {}
    return modal(
        callback_id=SAVED, title=words.plain("round.unwanted_title"), submit=words.plain("round.save"),
        close=words.plain("round.close"),
        blocks=[
            context(words.mrkdwn("round.unwanted_audience")),
            {
                "type": "input", "block_id": WHOM, "optional": True, "element": menu,
                "label": plain(words.plain("round.unwanted_whom"), "label"),
            },
        ],
    )  # fmt: skip


def told(words: Wording, *sentences: str) -> Block:
    """A modal of some sentences, by their places in the words."""
    return modal(
        callback_id="peers_unwanted_told", title=words.plain("round.unwanted_title"), close=words.plain("round.close"),
        blocks=[section("\n".join(words.mrkdwn(one) for one in sentences))],
    )  # fmt: skip
