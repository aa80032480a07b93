"""Columns that several tables have."""

from typing import Any

from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field


def json_column(*, server_default: str | None = None, **options: Any) -> Any:
    """A field that holds JSON, never null."""
    return Field(sa_column=Column(JSONB, nullable=False, server_default=server_default), **options)
