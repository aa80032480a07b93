"""What the stand-in knows, written through to an SQLite file, so that a stop or a kill loses nothing."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any


class Store:
    """Documents by kind and id. Without a path it forgets everything at once."""

    def __init__(self, path: Path | None) -> None:
        self._file = None if path is None else sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        if self._file is not None:
            self._file.execute("PRAGMA journal_mode=WAL")
            self._file.execute("PRAGMA synchronous=NORMAL")
            self._file.execute(
                "CREATE TABLE IF NOT EXISTS doc (kind TEXT, id TEXT, body TEXT, PRIMARY KEY (kind, id)) WITHOUT ROWID"
            )

    def put(self, kind: str, key: str, body: Any) -> None:
        """Keep a document, in place of the one of that id. An object is kept by its fields."""
        if self._file is not None:
            text = json.dumps(body, default=vars)
            self._file.execute("INSERT OR REPLACE INTO doc VALUES (?, ?, ?)", (kind, key, text))

    def drop(self, kind: str, key: str) -> None:
        """Forget a document."""
        if self._file is not None:
            self._file.execute("DELETE FROM doc WHERE kind = ? AND id = ?", (kind, key))

    def load(self, kind: str, into: Callable[[str, Any], None]) -> None:
        """Hand over each document of a kind with its id."""
        for key, body in self._rows(kind):
            into(key, json.loads(body))

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()

    def _rows(self, kind: str) -> Iterator[tuple[str, str]]:
        if self._file is not None:
            yield from self._file.execute("SELECT id, body FROM doc WHERE kind = ? ORDER BY id", (kind,))
