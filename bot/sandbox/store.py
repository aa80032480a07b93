"""What the stand-in knows, written through to an SQLite file, so that a stop or a kill loses nothing."""

import json
import sqlite3
from collections.abc import Iterator
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
        """Keep a document, in place of the one of that id."""
        if self._file is not None:
            self._file.execute("INSERT OR REPLACE INTO doc VALUES (?, ?, ?)", (kind, key, json.dumps(body)))

    def all(self, kind: str) -> Iterator[Any]:
        """The documents of a kind, in the order of their ids."""
        if self._file is not None:
            for (body,) in self._file.execute("SELECT body FROM doc WHERE kind = ? ORDER BY id", (kind,)):
                yield json.loads(body)

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
