"""The operations of the storage on disk; rights and HTTP are `storage_api`'s.

Everything blocks and belongs into a thread. Paths are tuples of decoded components beneath the storage's
directory, as in `tree`. Failures are `OSError` with the number that the API passes on.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import tree

Parts = Sequence[str]
# levels of directories held open at a time while one is removed
_OPEN_LEVELS = 100


@dataclass(frozen=True)
class Status:
    """What is at a path. ``length`` in bytes, ``modified`` in whole seconds since the epoch."""

    name: str
    type: str
    length: int
    modified: int
    target: str | None = None


def _status(name: str, info: os.stat_result, parent: int) -> Status:
    modified = int(info.st_mtime)
    if stat.S_ISDIR(info.st_mode):
        return Status(name, "DIRECTORY", 0, modified)
    if stat.S_ISREG(info.st_mode):
        return Status(name, "FILE", info.st_size, modified)
    if stat.S_ISLNK(info.st_mode):
        return Status(name, "SYMLINK", 0, modified, _readlink(name, parent))
    return Status(name, "UNKNOWN", 0, modified)


def _readlink(name: str, parent: int) -> str:
    # surrogates stand for bytes that are not UTF-8; the answer must be
    target = os.readlink(name, dir_fd=parent)
    return target.encode(errors="surrogateescape").decode(errors="replace")


def _names(directory: int) -> list[str]:
    with os.scandir(directory) as entries:
        return [entry.name for entry in entries]


def _is_utf8(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


class _Level:
    """A directory that is being emptied: its name on disk, its path as told, and what is still in it."""

    def __init__(self, name: str, path: tuple[str, ...], fd: int) -> None:
        self.name = name
        self.path = path
        self.fd = fd
        self.names = _names(fd)
        self.moved: dict[str, tuple[str, ...]] = {}

    def close(self) -> None:
        os.close(self.fd)


class Storage:
    """The tree at ``base``. ``incoming`` lies on the same file system and takes uploads until they are whole."""

    def __init__(self, base: Path, incoming: Path) -> None:
        self.base = base
        self.incoming = incoming

    def clean(self) -> None:
        """Drop what uploads of an earlier process left unfinished."""
        for leftover in self.incoming.iterdir():
            leftover.unlink()

    def status(self, path: Parts) -> Status:
        """What is at ``path``; a link is told as a link."""
        if not path:
            return Status("", "DIRECTORY", 0, int(self.base.stat().st_mtime))
        with tree.directory(self.base, path[:-1]) as parent:
            try:
                info = os.stat(path[-1], dir_fd=parent, follow_symlinks=False)
            except OSError as problem:
                raise tree.error(problem.errno or errno.EIO, path) from None
            return _status(path[-1], info, parent)

    def list(self, path: Parts) -> Iterator[Status]:
        """What is in the directory ``path``, by name. Names that are not UTF-8 cannot be addressed: left out."""
        with tree.directory(self.base, path) as parent:
            for name in sorted(filter(_is_utf8, _names(parent))):
                if not path and name.startswith("."):
                    continue  # the platform's own
                with contextlib.suppress(FileNotFoundError):  # removed meanwhile
                    yield _status(name, os.stat(name, dir_fd=parent, follow_symlinks=False), parent)

    def open(self, path: Parts) -> int:
        """A descriptor for reading the file ``path``."""
        return tree.open_file(self.base, path, os.O_RDONLY)

    def open_for_patch(self, path: Parts) -> int:
        """A descriptor for writing into the existing file ``path``."""
        return tree.open_file(self.base, path, os.O_WRONLY)

    def begin(self, path: Parts) -> Upload:
        """Start an upload to ``path``; refuses at once what could not be put there."""
        if len(path) < 3:
            raise tree.error(errno.EISDIR, path)
        with contextlib.suppress(FileNotFoundError):
            if self.status(path).type == "DIRECTORY":
                raise tree.error(errno.EISDIR, path)
        return Upload(self, path)

    def make_dirs(self, path: Parts) -> None:
        """Create the directory ``path`` and those above it; fine when it exists."""
        with contextlib.suppress(FileNotFoundError):
            if self.status(path).type != "DIRECTORY":
                raise tree.error(errno.EEXIST, path)
        tree.close(tree.open_dir(self.base, path, create=True))

    def rename(self, source: Parts, target: Parts) -> None:
        """Move ``source`` to be ``target``, replacing a file or an empty directory there."""
        if len(source) < 3 or len(target) < 3:
            raise OSError(errno.EBUSY, "The root of a project can be neither moved nor replaced")
        if tuple(target[: len(source)]) == tuple(source) and len(target) > len(source):
            raise OSError(errno.EINVAL, f"/{'/'.join(source)} cannot be moved into itself")
        with tree.directory(self.base, source[:-1]) as from_dir, tree.directory(self.base, target[:-1]) as to_dir:
            try:
                os.rename(source[-1], target[-1], src_dir_fd=from_dir, dst_dir_fd=to_dir)
            except OSError as problem:
                at = source if problem.errno == errno.ENOENT else target
                raise tree.error(problem.errno or errno.EIO, at) from None

    def remove(self, path: Parts, *, recursive: bool) -> Iterator[tuple[Parts, bool]]:
        """Remove ``path``; yields each removed entry and whether it was a directory, children first.

        The root of a project is emptied and stays: jobs have it mounted.
        """
        if len(path) < 2:
            raise OSError(errno.EBUSY, "This folder belongs to the platform and cannot be removed")
        if self.status(path).type != "DIRECTORY":
            with tree.directory(self.base, path[:-1]) as parent:
                os.unlink(path[-1], dir_fd=parent)
            yield path, False
            return
        if not recursive:
            raise OSError(errno.EISDIR, "Target is a directory")
        yield from self._empty(tuple(path))
        if len(path) > 2:
            with tree.directory(self.base, path[:-1]) as parent:
                os.rmdir(path[-1], dir_fd=parent)
            yield path, True

    def _empty(self, top: tuple[str, ...]) -> Iterator[tuple[Parts, bool]]:
        # depth first without recursion: a job may have nested ten thousand levels
        levels = [_Level("", top, tree.open_dir(self.base, top))]
        try:
            while levels:
                level = levels[-1]
                if not level.names:
                    levels.pop().close()
                    if levels:
                        os.rmdir(level.name, dir_fd=levels[-1].fd)
                        yield level.path, True
                    continue
                name = level.names.pop()
                path = level.moved.pop(name, (*level.path, name))
                try:
                    below = os.open(name, tree.DIR_FLAGS, dir_fd=level.fd)
                except FileNotFoundError:  # removed meanwhile
                    continue
                except NotADirectoryError:
                    os.unlink(name, dir_fd=level.fd)
                    yield path, False
                    continue
                if len(levels) < _OPEN_LEVELS:
                    levels.append(_Level(name, path, below))
                    continue
                # too deep to hold every level open: what is below goes on from the top, under another name
                os.close(below)
                other = f".removing-{secrets.token_hex(8)}"
                os.rename(name, other, src_dir_fd=level.fd, dst_dir_fd=levels[0].fd)
                levels[0].names.append(other)
                levels[0].moved[other] = path
        finally:
            for level in levels:
                level.close()

    def usage(self, path: Parts) -> dict[str, int]:
        """Bytes of the file system that holds ``path``: total, used, free."""
        with tree.directory(self.base, path) as here:
            total, used, free = shutil.disk_usage(here)
        return {"total": total, "used": used, "free": free}


class Upload:
    """A file on its way in: written beside the tree, put under its name whole or never."""

    def __init__(self, storage: Storage, path: Parts) -> None:
        self._storage = storage
        self._path = path
        self._name = secrets.token_hex(16)
        self._dir = os.open(storage.incoming, tree.DIR_FLAGS)
        try:
            self._fd = os.open(
                self._name,
                os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC | os.O_NOFOLLOW,
                0o600,
                dir_fd=self._dir,
            )
        except BaseException:
            os.close(self._dir)
            raise
        self._open = True

    def write(self, data: bytes) -> None:
        """Append."""
        write_all(self._fd, data)

    def commit(self) -> None:
        """Put the file under its name, creating the directories above. A power cut leaves all of it or none."""
        try:
            os.fsync(self._fd)
            with tree.directory(self._storage.base, self._path[:-1], create=True) as parent:
                try:
                    os.rename(self._name, self._path[-1], src_dir_fd=self._dir, dst_dir_fd=parent)
                except OSError as problem:
                    raise tree.error(problem.errno or errno.EIO, self._path) from None
        finally:
            self.discard()

    def discard(self) -> None:
        """Forget what has come so far; nothing happens after `commit`."""
        if not self._open:
            return
        self._open = False
        os.close(self._fd)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._name, dir_fd=self._dir)
        os.close(self._dir)


def write_all(fd: int, data: bytes, offset: int | None = None) -> None:
    """Write everything, at the descriptor's position or at ``offset``. Raises `OSError`."""
    view = memoryview(data)
    while view:
        done = os.write(fd, view) if offset is None else os.pwrite(fd, view, offset)
        view = view[done:]
        if offset is not None:
            offset += done
