"""Reports and exports, run from the command line: they read what is on record, and ask Slack nothing."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda.calendar import local
from bot.curriculum.library import Library
from bot.curriculum.model import Curriculum
from bot.records.audit import Doer, note
from bot.records.database import Database
from bot.records.tables import StatementSent
from bot.records.workspaces import one_of
from bot.reports import lrs, report, sheets
from bot.reports.events import statements
from bot.reports.lrs import Posted, Store
from bot.reports.xapi import Statement
from bot.running import start_clock, with_database
from bot.settings import Settings, SettingsUnfit


@dataclass(frozen=True)
class _Open:
    """What each of them needs."""

    database: Database
    curriculum: Curriculum
    now: datetime

    async def leaves(self, session: AsyncSession, act: str, cohort: str | None, workspace: str | None) -> None:
        """Write down that figures or records leave, after a look at whether there is such a thing. Raises NoSuchCohort."""
        await report.check_cohort(session, cohort, workspace)
        workspace_id = await one_of(session, workspace)
        if workspace_id:
            note(session, Doer(workspace_id), act, self.now, cohort=cohort)


async def make_report(settings: Settings, cohort: str | None, workspace: str | None = None) -> str:
    """`playercoach report`. Raises NoSuchCohort."""
    async with _opened(settings) as it, it.database.transaction() as session:
        await it.leaves(session, "report.made", cohort, workspace)
        return await report.make_report(session, it.curriculum, cohort, it.now, workspace=workspace)


async def make_sheets(settings: Settings, cohort: str | None, workspace: str | None = None) -> Mapping[str, str]:
    """`playercoach export csv`. Raises NoSuchCohort."""
    async with _opened(settings) as it, it.database.transaction() as session:
        await it.leaves(session, "export.csv", cohort, workspace)
        items = await report.items_of(session, it.curriculum.program, cohort, workspace)
        return {**await sheets.sheets(session, items, cohort, workspace), "columns": sheets.columns()}


async def make_statements(settings: Settings, cohort: str | None, workspace: str | None = None) -> list[str]:
    """`playercoach export xapi -o`: a JSON object each. Raises NoSuchCohort."""
    async with _opened(settings) as it, it.database.transaction() as session:
        await it.leaves(session, "export.xapi", cohort, workspace)
        return [
            json.dumps(one, ensure_ascii=False) for one in await statements(session, it.curriculum, cohort, workspace)
        ]


async def post_statements(settings: Settings, cohort: str | None, workspace: str | None = None) -> Posted:
    """`playercoach export xapi --post`. Raises SettingsUnfit, Refused, NoSuchCohort."""
    store = _store(settings)
    async with _opened(settings) as it:
        async with it.database.transaction() as session:
            await it.leaves(session, "export.xapi", cohort, workspace)
            new = await not_sent(session, await statements(session, it.curriculum, cohort, workspace))

        async def took(ids: Sequence[UUID]) -> None:
            async with it.database.transaction() as session:
                await note_sent(session, ids, it.now)

        return await lrs.post(store, new, took)


async def not_sent(session: AsyncSession, found: Sequence[Statement]) -> list[Statement]:
    """Those that the store has not taken yet."""
    sent = {str(one) for one in await session.exec(select(StatementSent.id))}
    return [one for one in found if one["id"] not in sent]


async def note_sent(session: AsyncSession, ids: Sequence[UUID], now: datetime) -> None:
    """Write down that the store has these."""
    rows = [{"id": one, "sent_at": now} for one in ids]
    await session.execute(insert(StatementSent).values(rows).on_conflict_do_nothing(index_elements=["id"]))


def _store(settings: Settings) -> Store:
    if not settings.xapi_endpoint or settings.xapi_secret is None:
        raise SettingsUnfit("XAPI_ENDPOINT, XAPI_KEY and XAPI_SECRET say where statements go; .env.example has them.")
    return Store(settings.xapi_endpoint, settings.xapi_key, settings.xapi_secret.get_secret_value())


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[_Open]:
    clock = start_clock(settings)
    library = Library(settings.content_dir, today=lambda: local(clock.now(), "UTC").date())
    async with with_database(settings) as url:
        database = Database(url)
        try:
            yield _Open(database, library.current.curriculum, clock.now())
        finally:
            await database.close()
