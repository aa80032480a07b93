"""A lesson in one's own Slack, to see it where people will. It is no delivery: nothing of it is on record."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from bot.authoring import desk
from bot.curriculum.library import Words
from bot.slack.blocks import reading
from bot.slack.clients import Pair
from bot.slack.directory import look_up


class CannotSend(Exception):
    """Why it was not sent, and what to do."""


async def send(
    directory: Path, lesson_id: str, who: str, *, clients: Pair, today: Callable[[], date], language: str
) -> str:
    """Say a lesson (or a draft) to someone by e-mail address or Slack id; their name. Raises CannotSend, SlackApiError."""
    try:
        blocks = desk.message(
            desk.look(directory, today=today(), cache={}, words=Words()), lesson_id, language, is_a_look=True
        )
    except KeyError:
        raise CannotSend(
            f"there is no sound lesson «{lesson_id}»: name it by the id in its head; `content check` says what to mend"
        ) from None
    user = await look_up(clients.calm, who)
    if user is None or user.deleted or user.is_bot:
        raise CannotSend(f"Slack knows nobody called {who} who could read it")
    await clients.posting.chat_postMessage(
        channel=user.slack_id, text=reading(blocks)[:3900], blocks=blocks,
        unfurl_links=False, unfurl_media=False, link_names=False,
    )  # fmt: skip
    return user.name
