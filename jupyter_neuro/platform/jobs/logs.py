"""Reading a job's log: from a moment on, with times, and on while the job prints."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from .supervisor.output import ENTRY
from .supervisor.record import INDEX, LOG

CHUNK = 256 * 1024
QUICK, SLOW = 0.02, 0.2
"""Seconds between looks at a log: right after something came, and when nothing has come for a while."""


async def follow(
    directory: Path, alive: Callable[[], bool], since: float | None, times: bool
) -> AsyncGenerator[bytes]:
    """The log's bytes from ``since`` (seconds since the epoch) on, until the job can print no more.

    With ``times`` each line begins with the moment at which it came. Nothing is read ahead of who takes it.
    """
    pause = QUICK
    fd = index = None
    offset = 0
    stamp: Stamper | None = None
    try:
        while True:
            # looked at before reading: what was printed before the end is read after it
            last = not alive()
            if fd is None:
                fd, index = _open(directory / LOG), _open(directory / INDEX)
                if fd is not None and index is not None:
                    offset = start_at(index, os.fstat(fd).st_size, since) if since is not None else 0
                    stamp = Stamper(index) if times else None
            data = os.pread(fd, CHUNK, offset) if fd is not None else b""
            if data:
                yield stamp.stamp(offset, data) if stamp else data
                offset += len(data)
                pause = QUICK
            elif last:
                return
            else:
                await asyncio.sleep(pause)
                pause = min(pause * 1.5, SLOW)
    finally:
        for open_fd in (fd, index):
            if open_fd is not None:
                os.close(open_fd)


def _open(path: Path) -> int | None:
    try:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        return None


def _entry(index: int, number: int) -> tuple[int, int] | None:
    data = os.pread(index, ENTRY.size, number * ENTRY.size)
    return ENTRY.unpack(data) if len(data) == ENTRY.size else None


def start_at(index: int, size: int, since: float) -> int:
    """The offset of the first piece that came at ``since`` or later; ``size`` (of the log) when none did."""
    wanted = int(since * 1_000_000)
    low, high = 0, os.fstat(index).st_size // ENTRY.size
    while low < high:
        middle = (low + high) // 2
        entry = _entry(index, middle)
        if entry is not None and entry[1] < wanted:
            low = middle + 1
        else:
            high = middle
    entry = _entry(index, low)
    return entry[0] if entry is not None else size


class Stamper:
    """Puts the time in front of each line, walking the index along with the log."""

    def __init__(self, index: int) -> None:
        self._index = index
        self._number = 0
        self._new_line = True

    def stamp(self, offset: int, data: bytes) -> bytes:
        """``data`` from ``offset`` of the log, which follows on what was stamped before."""
        return b"".join(self._lines(offset, data))

    def _lines(self, offset: int, data: bytes) -> Iterator[bytes]:
        for line in _split(data):
            if self._new_line:
                yield self._time(offset)
            yield line
            offset += len(line)
            self._new_line = line.endswith(b"\n")

    def _time(self, offset: int) -> bytes:
        while True:
            following = _entry(self._index, self._number + 1)
            if following is None or following[0] > offset:
                break
            self._number += 1
        entry = _entry(self._index, self._number)
        if entry is None:
            return b""
        moment = datetime.fromtimestamp(entry[1] / 1_000_000, UTC)
        return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ ").encode()


def _split(data: bytes) -> Iterator[bytes]:
    """Lines by line feed alone: a carriage return is a progress bar, not a line."""
    start = 0
    while start < len(data):
        end = data.find(b"\n", start) + 1 or len(data)
        yield data[start:end]
        start = end
