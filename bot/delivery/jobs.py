"""Procrastinate: carries jobs to any number of workers, on the same PostgreSQL. It decides nothing.

Jobs hold ids only, and are given for what is due now: its queue slows down with a backlog of future jobs, our tables don't.
The one exception is what Slack said «too many» to, which comes again at a moment of its own.
"""

import asyncio
import itertools
import logging
from collections.abc import Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from psycopg.errors import OperationalError, RaiseException
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.delivery import connections
from bot.delivery.lines import Later
from bot.records.database import LINK, driver_connection, plain_url

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from procrastinate import JobContext
    from procrastinate.jobs import Job


logger = logging.getLogger(__name__)

SOON = 10  # before other jobs: someone is looking at the screen
# Of so many jobs that a worker takes one is a message, if there is one: people who press faster than a worker draws, or what they
# pressed while there was none, would else keep everyone's lessons waiting.
ONE_IN = 4
FINISHED_JOBS_KEPT_HOURS = 24
STALLED_AFTER_SECONDS = 30.0
# Somebody was told that this goes from Slack, and nothing else remembers it: it is tried until it is gone, ever more seldom.
PROMISED, LATER_EACH_TIME_SECONDS = frozenset({"unsay", "unsay_if_said", "forget_picture", "redraw"}), 600
BEGUN_ANEW_SECONDS = 0.5
# How long jobs under way may take to end, once a worker is told to stop; and how long all of it may take, for it can't sign off
# where its database is away. Whoever runs processes gives them ten seconds.
FINISHED_WITHIN_SECONDS, STOPPED_WITHIN_SECONDS = 8.0, 8.5
IN_NO_HASTE_SECONDS = 86_400.0  # who works until none is left, and was not told to stop

# Most of a worker's jobs wait for slots of their workspaces: as many as that are served side by side.
AT_ONCE = 24

Work = Callable[..., Awaitable[None]]

_WAITING = text("SELECT args FROM procrastinate_jobs WHERE task_name = :task AND status = 'todo'")


class Queue:
    """The job queue. `handle` names what each kind of job does; `defer_*` write jobs within a transaction.

    `asked` is called each time that a worker has asked for another job: one that does so no more is stuck. `leaving` is set once
    a worker is told to stop, for jobs that can be left to others half-way.
    """

    def __init__(self, database_url: str, asked: Callable[[], None] = lambda: None) -> None:
        from procrastinate import App, PsycopgConnector

        connector = PsycopgConnector(conninfo=plain_url(database_url), kwargs=dict(LINK), pool_factory=connections.pool)
        self._app: App = App(connector=connector)
        self._asked = asked
        self.leaving = asyncio.Event()
        self._taken = itertools.count(1)
        manager: Any = self._app.job_manager
        self._fetch: Callable[..., Awaitable[Job | None]] = manager.fetch_job
        manager.fetch_job = self._fetch_job
        manager.finish_job, manager.retry_job = _until_written(manager.finish_job), _until_written(manager.retry_job)

    def handle(self, *, send: Work, refresh: Work, show_home: Work, **others: Work) -> None:
        """Say what the jobs do. `send` gets ids and their workspace's; `refresh` an id; `show_home` a workspace's and a person's
        Slack id; the others what they were deferred with. All but `send` may be done twice, and are tried again. One that raises
        Later comes again then, as if it had not been tried."""
        from procrastinate import RetryStrategy

        patient = RetryStrategy(max_attempts=6, exponential_wait=3)
        unending = RetryStrategy(wait=3, linear_wait=LATER_EACH_TIME_SECONDS)
        self._app.task(name="send", queue="messages")(send)
        for name, work in {"refresh": refresh, "show_home": show_home, **others}.items():
            retry = unending if name in PROMISED else patient
            self._app.task(name=name, queue="screens", retry=retry, pass_context=True)(self._or_later(work))

    def _or_later(self, work: Work) -> Work:
        async def done(context: "JobContext", **about: Any) -> None:
            try:
                await work(**about)
            except Later as why:  # a new job: Procrastinate would count a retry among those that failed
                job = context.job
                again = self._app.configure_task(
                    job.task_name, queue=job.queue, priority=job.priority, schedule_at=why.at
                )
                await again.defer_async(**about)

        return done

    @asynccontextmanager
    async def opened(self) -> "AsyncIterator[None]":
        """The queue's own connections, for as long as it is in use."""
        async with self._app.open_async():
            yield

    async def defer_sends(self, session: AsyncSession, batches: Iterable[tuple[str, list[UUID]]]) -> None:
        """A job for each workspace's id and batch of message ids, in the caller's transaction."""
        jobs = [{"workspace_id": workspace_id, "ids": [str(one) for one in ids]} for workspace_id, ids in batches]
        await self._defer(session, "send", jobs, queue="messages")

    async def defer_refresh(self, session: AsyncSession, message_ids: Iterable[UUID]) -> None:
        """A job for each sent message, that draws it anew, in the caller's transaction."""
        about = [{"message_id": str(one)} for one in message_ids]
        await self._defer(session, "refresh", about, queue="screens", priority=SOON)

    async def defer_redraw(self, session: AsyncSession, message_ids: Iterable[UUID]) -> None:
        """The same of many at once, after what somebody waits for."""
        await self._defer(session, "redraw", [{"message_id": str(one)} for one in message_ids], queue="screens")

    async def defer_home(self, session: AsyncSession, workspace_id: str, slack_id: str) -> None:
        """A job that draws someone's App Home anew, in the caller's transaction."""
        about = {"workspace_id": workspace_id, "slack_id": slack_id}
        await self._defer(session, "show_home", [about], queue="screens", priority=SOON)

    async def defer(
        self, session: AsyncSession, task: str, about: Iterable[dict[str, Any]], *, at: datetime | None = None
    ) -> None:
        """A job for each of these, in the caller's transaction; not before `at` (aware UTC, real time), where Slack asked for it.

        Ids only: nothing of a person is kept in the queue.
        """
        await self._defer(session, task, list(about), queue="screens", at=at)

    async def defer_once(self, session: AsyncSession, task: str, about: Iterable[dict[str, Any]]) -> None:
        """A job for each of these for which none waits yet: what comes by the hour would pile up while no worker is there."""
        rows = await session.execute(_WAITING, {"task": task})
        waiting = list(rows.scalars())
        await self.defer(session, task, [one for one in about if one not in waiting])

    async def _defer(
        self, session: AsyncSession, task: str, kwargs: list[dict[str, Any]], *, queue: str, priority: int = 0,
        at: datetime | None = None,
    ) -> None:  # fmt: skip
        if not kwargs:
            return
        from procrastinate.jobs import Job

        job = partial(
            Job, queue=queue, lock=None, queueing_lock=None, task_name=task, priority=priority, scheduled_at=at
        )
        jobs = [job(task_kwargs=one) for one in kwargs]
        await self._app.job_manager.batch_defer_jobs_async(jobs, connection=await driver_connection(session))

    async def work(self, *, concurrency: int = AT_ONCE, wait: bool = True) -> None:
        """Work on jobs until cancelled (then those under way are finished first), or until none is left."""
        self.leaving.clear()
        working = asyncio.create_task(self._work_on(concurrency, wait=wait))
        try:
            await asyncio.shield(working)
        except asyncio.CancelledError:
            self.leaving.set()
            working.cancel()
            if not (await asyncio.wait({working}, timeout=STOPPED_WITHIN_SECONDS))[0]:
                logger.warning("the worker could not sign off, and goes all the same", extra={"action": "worker.left"})
                working.cancel()  # it has waited for long enough: its jobs are given to others, as after a kill
            raise

    async def _work_on(self, concurrency: int, *, wait: bool) -> None:
        """Procrastinate's worker ends where its database goes away. Who waits for jobs then begins anew until it is back."""
        from procrastinate.exceptions import ConnectorException

        while True:
            try:
                await self._work(concurrency, wait=wait)
            except ConnectorException:
                if not wait:
                    raise
                if _is_cancelled():  # it could not sign off: without this, it would begin anew and never end
                    raise asyncio.CancelledError from None
            if not wait:
                return
            logger.warning("the worker lost its database, and begins anew", extra={"action": "worker.again"})
            await asyncio.sleep(BEGUN_ANEW_SECONDS)

    async def _work(self, concurrency: int, *, wait: bool) -> None:
        await self._app.run_worker_async(
            concurrency=concurrency,
            wait=wait,
            install_signal_handlers=False,
            shutdown_graceful_timeout=FINISHED_WITHIN_SECONDS if wait else IN_NO_HASTE_SECONDS,
            fetch_job_polling_interval=2.0,
            delete_jobs="successful",
            listen_notify=wait,
        )

    async def _fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> "Job | None":
        is_messages_turn = next(self._taken) % ONE_IN == 0
        job = await self._fetch(["messages"], worker_id) if is_messages_turn else None
        job = job or await self._fetch(queues, worker_id)
        self._asked()
        return job

    async def idle(self, session: AsyncSession) -> bool:
        """Whether no job is waiting for a worker now, or under way."""
        row = await session.execute(
            text(
                "SELECT 1 FROM procrastinate_jobs WHERE status = 'doing'"
                " OR (status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())) LIMIT 1"
            )
        )
        return row.first() is None

    async def reap(self) -> int:
        """Give jobs of killed workers to others, forget old ones; how many were given again."""
        stalled = list(await self._app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS))
        for job in stalled:
            await self._app.job_manager.retry_job(job)
        await self._app.job_manager.delete_old_jobs(nb_hours=FINISHED_JOBS_KEPT_HOURS, include_failed=True)
        return len(stalled)


def _until_written(write: Work) -> Work:
    """Procrastinate writes the end of a job once. Where that fails of the database, the job would be under way until its worker
    ends, which may be in weeks, and what it was to try again would not be tried."""
    from procrastinate.exceptions import ConnectorException

    async def written(*job: Any, **how: Any) -> None:
        while True:
            try:
                await write(*job, **how)
            except ConnectorException as error:
                if isinstance(error.__cause__, OperationalError):
                    await asyncio.sleep(BEGUN_ANEW_SECONDS)
                    continue
                # It has ended: this was written and we did not hear so, or it was given to others, who were quicker.
                if not isinstance(error.__cause__, RaiseException):
                    raise
            return

    return written


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
