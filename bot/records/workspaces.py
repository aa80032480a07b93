"""Workspaces: which of them let us in, leaving, and coming back."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, text, update
from sqlalchemy.sql import Select
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.records.tables import (
    AgendaItem,
    Cohort,
    Erased,
    Message,
    PeerGroup,
    PeerLeftOut,
    PeerMember,
    PeerRound,
    StaffAct,
    Workspace,
)

# Whoever was about to hear something from before the app left hears nothing else on the day of its return.
REST_ON_RETURN = timedelta(days=1)

_REST = text(
    "UPDATE agenda_item SET due_at = greatest(due_at, :later) WHERE workspace_id = :workspace AND done_at IS NULL"
    " AND person_id IN (SELECT person_id FROM message WHERE workspace_id = :workspace AND state = 'waiting')"
)
_SPREAD = text(
    "WITH line AS (SELECT id, :now + (row_number() OVER (ORDER BY send_at, id) - 1) * CAST(:gap AS interval) AS slot"
    "  FROM message WHERE workspace_id = :workspace AND state = 'waiting')"
    " UPDATE message SET send_at = line.slot, wake_at = line.slot FROM line WHERE message.id = line.id"
)
_NEXT_SLOT = text(
    "UPDATE workspace SET next_slot_at = greatest(next_slot_at, :now, (SELECT max(send_at) + CAST(:gap AS interval)"
    " FROM message WHERE workspace_id = :workspace AND state = 'waiting')) WHERE id = :workspace"
)
_RAN_AHEAD = text(
    "SELECT id FROM workspace WHERE next_slot_at > :now + CAST(:longest AS interval)"
    " AND (quiet_until IS NULL OR quiet_until NOT BETWEEN :now AND :now + CAST(:longest AS interval))"
    " AND next_slot_at > :now + CAST(:longest AS interval) + CAST(:gap AS interval)"
    "  * (SELECT count(*) FROM message WHERE workspace_id = workspace.id AND state = 'waiting')"
    " ORDER BY id FOR UPDATE"
)
_IS_ANOTHER = text(
    "SELECT 1 FROM workspace WHERE id = :workspace AND bot_user_id NOT IN ('', :bot) AND :bot <> '' FOR UPDATE"
)
_NO_DM_KNOWN = text("UPDATE person SET dm_channel = NULL WHERE workspace_id = :workspace AND dm_channel IS NOT NULL")
# Where a person's own messages stand is kept: the other bot may come back, and is then to delete them for someone who is erased.
_NO_CHANNEL_KNOWN = text(
    "UPDATE message SET channel = NULL WHERE workspace_id = :workspace AND channel IS NOT NULL"
    " AND (state = 'waiting' OR group_id IS NOT NULL)"
)
_NOT_CONFIRMED = text(
    "UPDATE message SET state = 'unconfirmed', error = 'not confirmed', wake_at = NULL, lease_until = NULL"
    " WHERE workspace_id = :workspace AND state = 'sending'"
)
_FROM_NOW = text("UPDATE workspace SET next_slot_at = :now, quiet_until = NULL WHERE id = :workspace")


class NotInstalled(Exception):
    """The app is not installed in that workspace (any more): there is no token to speak with."""

    def __init__(self, workspace_id: str) -> None:
        super().__init__(f"the app is not installed in the workspace {workspace_id}")
        self.workspace_id = workspace_id


class TokenUnfit(Exception):
    """The app is installed in that workspace, but its token opens nothing just now; the message says why."""


class KeyLost(TokenUnfit):
    """The token is there, kept under a key that is not."""


class WhichWorkspace(Exception):
    """It has to be said which workspace is meant; the message lists them."""


async def the_workspace(session: AsyncSession, named: str | None) -> Workspace:
    """The workspace of that id or name; without one, the only one there is. Raises WhichWorkspace."""
    found = await present(session)
    meant = [one for one in found if named is None or named in (one.id, one.name)]
    if len(meant) == 1:
        return meant[0]
    there = ", ".join(f"{one.name} ({one.id})" for one in found)
    if not found:
        raise WhichWorkspace("the app is not installed in any workspace yet.")
    if not meant:
        raise WhichWorkspace(f"there is no workspace «{named}»; there are {there}.")
    raise WhichWorkspace(f"say which workspace, with --workspace and its id: {there}.")


async def one_of(session: AsyncSession, named: str | None) -> str:
    """The id of that workspace for reading, the only one without a name; empty while there is none. Raises WhichWorkspace."""
    if named is None and not await present(session):
        return ""
    return (await the_workspace(session, named)).id


def gone() -> "Select[str]":
    """The ids of the workspaces that the app has left, as a subquery."""
    return select(Workspace.id).where(col(Workspace.left_at).is_not(None))


async def present(session: AsyncSession) -> Sequence[Workspace]:
    """The workspaces that the app is installed in, in the order of their names."""
    rows = await session.exec(
        select(Workspace).where(col(Workspace.left_at).is_(None)).order_by(Workspace.name, Workspace.id)
    )
    return rows.all()


async def speak_as(session: AsyncSession, workspace_id: str, bot_user_id: str) -> None:
    """Where another bot spoke until now, its conversations are none of this one's: they are opened anew.

    What that bot was just saying can't be looked for any more, and is not said again; staff see that it is not confirmed.
    """
    another = await session.execute(_IS_ANOTHER, {"workspace": workspace_id, "bot": bot_user_id})
    if another.first() is not None:
        for statement in (_NO_DM_KNOWN, _NO_CHANNEL_KNOWN, _NOT_CONFIRMED):
            await session.execute(statement, {"workspace": workspace_id})


async def leave(session: AsyncSession, workspace_id: str, now: datetime) -> bool:
    """The app was uninstalled: from this commit on nothing is planned or said there. What waits goes on waiting.

    False if it was not there (any more).
    """
    left = await session.execute(
        update(Workspace)
        .where(col(Workspace.id) == workspace_id, col(Workspace.left_at).is_(None))
        .values(left_at=now)
        .returning(col(Workspace.id))
    )
    return left.first() is not None


async def come_back(session: AsyncSession, workspace_id: str, *, now: datetime, gap: timedelta) -> None:
    """The app is installed again: what waited is said in the workspace's pace, and everyone hears one thing on the first day."""
    workspace = await session.get(Workspace, workspace_id, with_for_update=True, populate_existing=True)
    if workspace is None or workspace.left_at is None:
        return
    workspace.left_at = None
    await session.flush()
    await session.execute(_REST, {"workspace": workspace_id, "later": now + REST_ON_RETURN})
    await _spread(session, workspace_id, now=now, gap=gap)


async def set_right(session: AsyncSession, *, now: datetime, gap: timedelta, longest: timedelta) -> list[str]:
    """Where a clock ran ahead, what waits is said from now on, and what comes after it; the ids of those workspaces.

    It did where the next slot comes later than all that waits needs, and than the `longest` silence that Slack may ask for.
    """
    found = await session.execute(_RAN_AHEAD, {"now": now, "gap": gap, "longest": longest})
    ids = [str(one) for one in found.scalars()]
    for workspace_id in ids:
        await session.execute(_FROM_NOW, {"workspace": workspace_id, "now": now})
        await _spread(session, workspace_id, now=now, gap=gap)
    return ids


async def _spread(session: AsyncSession, workspace_id: str, *, now: datetime, gap: timedelta) -> None:
    for statement in (_SPREAD, _NEXT_SLOT):
        await session.execute(statement, {"workspace": workspace_id, "now": now, "gap": gap})


async def forget(session: AsyncSession, workspace_id: str) -> None:
    """Delete what is left of a workspace in which nobody is on record any more."""
    rounds = select(col(PeerRound.id)).where(col(PeerRound.workspace_id) == workspace_id)
    for statement in (
        delete(Message).where(col(Message.workspace_id) == workspace_id),
        delete(AgendaItem).where(col(AgendaItem.workspace_id) == workspace_id),
        delete(PeerMember).where(col(PeerMember.round_id).in_(rounds)),
        delete(PeerLeftOut).where(col(PeerLeftOut.round_id).in_(rounds)),
        delete(PeerGroup).where(col(PeerGroup.round_id).in_(rounds)),
        delete(PeerRound).where(col(PeerRound.workspace_id) == workspace_id),
        delete(Cohort).where(col(Cohort.workspace_id) == workspace_id),
        delete(StaffAct).where(col(StaffAct.workspace_id) == workspace_id),
        delete(Erased).where(col(Erased.workspace_id) == workspace_id),
        delete(Workspace).where(col(Workspace.id) == workspace_id),
    ):
        await session.execute(statement, execution_options={"synchronize_session": False})
