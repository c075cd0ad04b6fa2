"""Disks: directories that jobs mount, each of one project, with a life span that begins when it is not used.

A disk's ``storage`` is what was asked for; a directory has no size of its own, so it is told and not enforced.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import shutil
import sqlite3
import stat
import time
import uuid
from collections.abc import Collection, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

from .db import transaction
from .root import Root
from .storage import Storage

log = logging.getLogger("jupyter_neuro.platform")

NAME = re.compile(r"[a-z](-?[a-z0-9])*")
NAME_LENGTH = range(3, 41)
MAX_DISKS = 100
"""Disks of one project."""
_GONE = (".gone", "removed")

SCHEMA = """
CREATE TABLE IF NOT EXISTS disks (
    id TEXT PRIMARY KEY, org TEXT NOT NULL, project TEXT NOT NULL, name TEXT, owner TEXT NOT NULL,
    storage INTEGER NOT NULL, life_span REAL, created REAL NOT NULL, last_usage REAL
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS disk_names ON disks(org, project, name) WHERE name IS NOT NULL;
"""


class DiskError(Exception):
    """A disk cannot be made; the text begins with the field and is for people."""


class NameTaken(DiskError):
    """The project has a disk of that name."""


@dataclass(frozen=True)
class Disk:
    """A disk. ``storage`` in bytes, ``life_span`` in seconds without use, moments in seconds since the epoch."""

    id: str
    org: str
    project: str
    name: str | None
    owner: str
    storage: int
    life_span: float | None
    created: float
    last_usage: float | None


class Disks:
    """The disks of one platform. Methods that touch files other than a disk's own directory block."""

    def __init__(self, root: Root, db: sqlite3.Connection) -> None:
        self._base = root.disks
        self._tree = Storage(root.disks, root.incoming)
        self._db = db
        self._db.executescript(SCHEMA)

    def create(
        self, org: str, project: str, owner: str, storage: int, life_span: float | None, name: str | None
    ) -> Disk:
        """A new disk, empty and ready. Raises `DiskError` (`NameTaken`), ``OSError``; then nothing was made."""
        free = shutil.disk_usage(self._base).free
        if storage > free:
            raise DiskError(f"storage: {storage} bytes are more than this computer has free ({free}).")
        disk = Disk(
            f"disk-{uuid.uuid4()}", org, project, name, owner, storage, life_span, round(time.time(), 6), None
        )
        with transaction(self._db):
            if name is not None and self.find(org, project, name) is not None:
                raise NameTaken(f"name: there is already a disk named {name!r} in project {project}.")
            if len(self.list(org, project)) >= MAX_DISKS:
                raise DiskError(f"project_name: {project} has {MAX_DISKS} disks already; remove some first.")
            self.directory(disk).mkdir(mode=0o700, parents=True)
            self._db.execute("INSERT INTO disks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", astuple(disk))
        return disk

    def list(self, org: str, project: str | None = None) -> Sequence[Disk]:
        """The disks of an organization, or of one project, oldest first."""
        rows = self._db.execute(
            "SELECT * FROM disks WHERE org = ? AND ? IN ('', project) ORDER BY created, id", (org, project or "")
        )
        return [Disk(**row) for row in rows]

    def find(self, org: str, project: str, id_or_name: str) -> Disk | None:
        """The disk of an ID or a name in a project."""
        row = self._db.execute(
            "SELECT * FROM disks WHERE org = ? AND project = ? AND (id = ? OR name = ?)",
            (org, project, id_or_name, id_or_name),
        ).fetchone()
        return None if row is None else Disk(**row)

    def by_id(self, ident: str) -> Disk | None:
        """The disk of an ID, in whichever project: whoever asks checks rights on the project that it tells."""
        row = self._db.execute("SELECT * FROM disks WHERE id = ?", (ident,)).fetchone()
        return None if row is None else Disk(**row)

    def path(self, org: str, project: str, id_or_name: str) -> Path | None:
        """The directory to mount, ``None`` when there is no such disk or it is broken. Counts as a use of it."""
        disk = self.find(org, project, id_or_name)
        if disk is None or self.status(disk) != "Ready":
            return None
        self._use([disk.id], time.time())
        return self.directory(disk)

    def directory(self, disk: Disk) -> Path:
        """Where the content of a disk lies."""
        return self._base / disk.org / disk.project / disk.id

    def status(self, disk: Disk) -> str:
        """``Ready``, or ``Broken`` when its directory is not there."""
        try:
            return "Ready" if stat.S_ISDIR(self.directory(disk).lstat().st_mode) else "Broken"
        except OSError:
            return "Broken"

    def remove(self, disk: Disk) -> None:
        """Take a disk away at once; its content goes with the next `clean`."""
        self._db.execute("DELETE FROM disks WHERE id = ?", (disk.id,))
        grave = self._base.joinpath(*_GONE)
        grave.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            self.directory(disk).rename(grave / disk.id)

    def expire(self, in_use: Collection[str], now: float) -> Sequence[Disk]:
        """Remove the disks whose time without use is over; those whose IDs are in use are used ``now``."""
        self._use(in_use, now)
        # without a life span the sum is NULL, and never due
        rows = self._db.execute("SELECT * FROM disks WHERE coalesce(last_usage, created) + life_span <= ?", (now,))
        over = [disk for disk in (Disk(**row) for row in rows) if disk.id not in in_use]
        for disk in over:
            self.remove(disk)
        return over

    def clean(self) -> None:
        """Delete the content of removed disks. Blocks; needs no database."""
        grave = self._base.joinpath(*_GONE)
        for folder in list(grave.iterdir()) if grave.is_dir() else []:
            try:
                self._delete(folder)
            except OSError as problem:
                log.warning("content of the removed %s stays: %s", folder.name, problem)

    def _delete(self, folder: Path) -> None:
        path = (*_GONE, folder.name)
        try:
            for _ in self._tree.remove(path, recursive=True):
                pass
        except PermissionError:
            # folders that a job made read-only (package caches are)
            _make_writable(folder)
            for _ in self._tree.remove(path, recursive=True):
                pass

    def _use(self, ids: Collection[str], now: float) -> None:
        self._db.executemany("UPDATE disks SET last_usage = ? WHERE id = ?", [(now, ident) for ident in ids])


def used_bytes(directory: Path) -> int:
    """What a directory takes on the disk, each hard-linked file once. Blocks."""
    total = 0
    linked: set[tuple[int, int]] = set()
    waiting = [directory]
    while waiting:
        # jobs write meanwhile: what has gone takes nothing
        with contextlib.suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                with contextlib.suppress(OSError):
                    info = entry.stat(follow_symlinks=False)
                    if stat.S_ISDIR(info.st_mode):
                        waiting.append(Path(entry.path))
                    elif info.st_nlink > 1:
                        if (info.st_dev, info.st_ino) in linked:
                            continue
                        linked.add((info.st_dev, info.st_ino))
                    total += info.st_blocks * 512
    return total


def _make_writable(folder: Path) -> None:
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        here.chmod(0o700)
        with os.scandir(here) as entries:
            waiting.extend(Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False))
