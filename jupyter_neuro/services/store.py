"""Our own state between starts: one SQLite file (WAL) in our data directory, keyed by scope.

A scope is ``""`` for the account as a whole or the key of a :class:`Target` for what belongs to one user on one
platform. Values are JSON. Several servers and kernels of a user may have it open at once.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from pathlib import Path
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS settings (
    scope TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (scope, name)
) WITHOUT ROWID
"""


class Store:
    """Opens (and makes) ``path``, readable by its owner only. Methods may be called from any thread."""

    def __init__(self, path: Path) -> None:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        self._lock = threading.Lock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=10)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA trusted_schema=OFF")
        self._db.execute("PRAGMA foreign_keys=ON")
        self._db.execute(_SCHEMA)

    def get(self, name: str, scope: str = "", default: Any = None) -> Any:
        """The value of ``name``, or ``default``."""
        with self._lock:
            row = self._db.execute(
                "SELECT value FROM settings WHERE scope = ? AND name = ?", (scope, name)
            ).fetchone()
        return default if row is None else json.loads(row[0])

    def put(self, name: str, value: Any, scope: str = "") -> None:
        """Keep ``value`` (anything JSON can say); on disk when this returns."""
        with self._lock:
            self._db.execute(
                "INSERT INTO settings VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
                (scope, name, json.dumps(value)),
            )

    def drop(self, name: str, scope: str = "") -> None:
        """Forget ``name``."""
        with self._lock:
            self._db.execute("DELETE FROM settings WHERE scope = ? AND name = ?", (scope, name))

    def close(self) -> None:
        with self._lock:
            self._db.close()
