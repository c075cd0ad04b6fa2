"""The platform's database: one SQLite file, opened the same way everywhere."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BUSY_TIMEOUT = 10.0
"""Seconds a writer waits for another process (the command line writes beside a running platform)."""


def connect(path: Path, *, check_same_thread: bool = True) -> sqlite3.Connection:
    """Open the database, creating it with mode 0600.

    The connection is in autocommit mode: one statement is one durable transaction. Several statements belong
    in :func:`transaction`. Rows answer to their column names. Raises ``sqlite3.Error``.
    """
    if not path.exists():
        # created here and not by SQLite, so that it never exists with wider permissions
        os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600))
    db = sqlite3.connect(path, isolation_level=None, timeout=BUSY_TIMEOUT, check_same_thread=check_same_thread)
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA journal_mode=WAL")
    # an acknowledged job or share survives a power cut
    db.execute("PRAGMA synchronous=FULL")
    db.execute("PRAGMA foreign_keys=ON")
    db.execute("PRAGMA trusted_schema=OFF")
    return db


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """All statements inside or none; takes the write lock at once, so it cannot fail half-way as busy."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield db
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")
