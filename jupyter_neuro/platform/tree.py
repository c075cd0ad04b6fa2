"""The storage's directory tree, walked one component at a time.

Jobs write into these directories and may leave anything there. So no component of a path is ever followed
through a symbolic link: each is opened beneath its parent's descriptor with ``O_NOFOLLOW``. A link is listed,
moved and removed as the thing it is. Names come as tuples of decoded components (``uri.split_path``), which hold
no ``/``, ``..`` or NUL. Everything here blocks and belongs into a thread.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

DIR_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# a pipe left by a job must not block the thread that opens it
FILE_FLAGS = os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK

_LINK = "This is a symbolic link, and the platform follows none"

close = os.close


def error(number: int, path: Sequence[str] = ()) -> OSError:
    """An `OSError` of that number, with the system's words and the path within the storage."""
    words = _LINK if number == errno.ELOOP else os.strerror(number)
    return OSError(number, words, "/" + "/".join(path))


def _step(parent: int, name: str, so_far: Sequence[str]) -> int:
    try:
        return os.open(name, DIR_FLAGS, dir_fd=parent)
    except OSError as problem:
        linked = problem.errno == errno.ENOTDIR and is_link(parent, name)
        raise error(errno.ELOOP if linked else problem.errno or errno.EIO, so_far) from None


def is_link(parent: int, name: str) -> bool:
    """Whether ``name`` in the directory is a symbolic link."""
    try:
        return stat.S_ISLNK(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode)
    except OSError:
        return False


def open_dir(base: Path, parts: Sequence[str], *, create: bool = False) -> int:
    """A descriptor of the directory ``parts`` beneath ``base``, made if ``create``. Raises `OSError`."""
    fd = os.open(base, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for depth, name in enumerate(parts):
            if create:
                try:
                    os.mkdir(name, 0o700, dir_fd=fd)
                except FileExistsError:
                    pass
                except OSError as problem:
                    raise error(problem.errno or errno.EIO, parts[: depth + 1]) from None
            below = _step(fd, name, parts[: depth + 1])
            os.close(fd)
            fd = below
    except BaseException:
        os.close(fd)
        raise
    return fd


@contextmanager
def directory(base: Path, parts: Sequence[str], *, create: bool = False) -> Iterator[int]:
    """:func:`open_dir`, closed afterwards."""
    fd = open_dir(base, parts, create=create)
    try:
        yield fd
    finally:
        os.close(fd)


def open_file(base: Path, parts: Sequence[str], flags: int) -> int:
    """A descriptor of the regular file ``parts`` beneath ``base``. Raises `OSError`."""
    if not parts:
        raise error(errno.EISDIR)
    with directory(base, parts[:-1]) as parent:
        try:
            fd = os.open(parts[-1], flags | FILE_FLAGS, dir_fd=parent)
        except OSError as problem:
            raise error(problem.errno or errno.EIO, parts) from None
    mode = os.fstat(fd).st_mode
    if not stat.S_ISREG(mode):
        os.close(fd)
        raise error(errno.EISDIR if stat.S_ISDIR(mode) else errno.EINVAL, parts)
    return fd
