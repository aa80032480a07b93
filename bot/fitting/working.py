"""What the jobs do, by their names: in line where Slack may say «too many», and over where the app is not installed any more."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

from bot.delivery.courier import Closed
from bot.delivery.jobs import PROMISED, Work
from bot.delivery.lines import Later, Lines
from bot.fitting.rooms import Rooms
from bot.records.workspaces import NotInstalled

logger = logging.getLogger(__name__)


# Real time: until a workspace that has let the app go is asked anew for what somebody was told is gone.
ASKED_ANEW_AFTER = timedelta(days=1)

# Whether a workspace (its id) is on record: it may let the app in again, or be erased with all that there is of it.
OnRecord = Callable[[str], Awaitable[bool]]


def works(rooms: Rooms, lines: Lines, others: Mapping[str, Work], on_record: OnRecord) -> dict[str, Work]:
    """The rooms' jobs, and `others`, which find their own way where Slack says «too many»."""
    in_line: dict[str, Work] = {
        "show_home": rooms.homes.show,
        "unsay": rooms.unsaying.unsay,
        "forget_picture": rooms.pictures.forget,
        "export": _wherever(rooms.taking_along.send),
        "picture": _wherever(rooms.pictures.make),
        "report_pictures": _wherever(rooms.pictures.make),
        "invite": _wherever(rooms.invitations.share),
    }
    all_works = {**{name: _in_line(lines, name, work) for name, work in in_line.items()}, **others}
    all_works["report"] = rooms.monthly.say
    all_works["unsay_if_said"] = _in_line(lines, "look_up", rooms.unsaying.unsay_if_said)
    return {
        name: _until_we_are_back(work, lines, on_record) if name in PROMISED else _where_we_are(work)
        for name, work in all_works.items()
    }


def _in_line(lines: Lines, name: str, work: Work) -> Work:
    """A job that asks Slack for one thing, of which there may be more than it allows: then it is done later."""

    async def done(**about: Any) -> None:
        with lines.turn(name, about.get("workspace_id", "")):
            await work(**about)

    return done


def _wherever(work: Work) -> Work:
    """A job that finds out by itself in which workspace it is: only its line has to be told."""

    async def done(workspace_id: str = "", **about: Any) -> None:  # noqa: ARG001 — as it was deferred
        await work(**about)

    return done


def _where_we_are(work: Work) -> Work:
    """A job that is over where the app is not installed (any more): there is nobody to show anything to."""

    async def done(**about: Any) -> None:
        try:
            await work(**about)
        except (NotInstalled, Closed) as why:
            logger.info("a job was left: %s", why, extra={"action": "job.left"})

    return done


def _until_we_are_back(work: Work, lines: Lines, on_record: OnRecord) -> Work:
    """A job that waits there instead: somebody was told that this goes, and would read it again once the app is back."""

    async def done(**about: Any) -> None:
        try:
            await work(**about)
        except (NotInstalled, Closed) as why:
            # Of a workspace that is erased nothing is left to draw anew; what stands there, nobody can delete any more.
            if "workspace_id" not in about or await on_record(about["workspace_id"]):
                raise Later(lines.now() + ASKED_ANEW_AFTER) from None
            logger.info("a job was left: %s", why, extra={"action": "job.left"})

    return done
