"""One cache of compiled statements for all stories: each has a house of its own, whose engine would compile all of them anew.

SQLAlchemy keeps what it compiled by dialect, and each engine has one of its own. Here those of one kind of server are equal.
"""

from typing import Any

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg, PGDialectAsync_psycopg
from sqlalchemy.engine import URL, Engine
from sqlalchemy.util import LRUCache

_COMPILED: LRUCache[Any, Any] = LRUCache(2000)


class _Alike(PGDialectAsync_psycopg):
    supports_statement_cache = True

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Alike) and other.server_version_info == self.server_version_info

    def __hash__(self) -> int:
        return hash(_Alike)

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        engine.update_execution_options(compiled_cache=_COMPILED)


class Alike(PGDialect_psycopg):
    """The usual dialect, which leads to the other one where an engine is asynchronous."""

    supports_statement_cache = True

    @classmethod
    def get_async_dialect_cls(cls, url: URL) -> type[PGDialectAsync_psycopg]:  # noqa: ARG003
        """That of engines that share what they compiled."""
        return _Alike


def share_what_is_compiled() -> None:
    """From now on, in this process."""
    registry.register("postgresql.psycopg", __name__, "Alike")
