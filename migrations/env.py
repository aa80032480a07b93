"""Alembic's environment: the models against one PostgreSQL."""

from alembic import context
from sqlalchemy import NullPool, create_engine, text
from sqlmodel import SQLModel

from bot.records import tables  # noqa: F401 — its tables are what is compared

TURN = 7_529_368_426  # any number, as long as nobody else locks it


def _ours(_object: object, name: str | None, kind: str, *_: object) -> bool:
    """Procrastinate and slack_sdk keep tables of their own, which no model of ours describes."""
    return not (kind == "table" and name is not None and name.startswith(("procrastinate_", "slack_")))


engine = create_engine(context.config.get_main_option("sqlalchemy.url") or "", poolclass=NullPool)
with engine.connect() as connection:
    # Processes that start together bring the database up to date one after the other; the lock goes with the connection.
    connection.execute(text("SELECT pg_advisory_lock(:turn)"), {"turn": TURN})
    connection.commit()
    context.configure(connection=connection, target_metadata=SQLModel.metadata, include_object=_ours)
    with context.begin_transaction():
        context.run_migrations()
