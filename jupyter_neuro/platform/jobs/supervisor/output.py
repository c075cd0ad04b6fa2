"""The job's log: appended as it comes, with the time of each piece, and never in the job's way."""

# importing pathlib would take as long as all the rest of this program
# ruff: noqa: PTH118
from __future__ import annotations

import os
import struct
import time

TYPE_CHECKING = False
if TYPE_CHECKING or __package__:
    from .record import INDEX, LOG, PRIVATE
else:
    from record import INDEX, LOG, PRIVATE

ENTRY = struct.Struct("<QQ")
"""One entry of the index: offset in the log, microseconds since the epoch."""
SPACING = 1_000
"""Microseconds between two entries at least: output that pours is one piece."""
RECENT = 16 * 1024
"""Bytes kept for those who attach later."""


class Log:
    """Writes ``log`` and ``log.index``; a disk that is full costs output, never the job."""

    def __init__(self, directory: str) -> None:
        flags = os.O_CREAT | os.O_APPEND | os.O_WRONLY | os.O_NOFOLLOW
        self._log = os.open(os.path.join(directory, LOG), flags, PRIVATE)
        self._index = os.open(os.path.join(directory, INDEX), flags, PRIVATE)
        self._offset = os.fstat(self._log).st_size
        self._last_entry = 0
        self._lost_here = 0
        self.lost = 0
        """Bytes that could not be written, all told."""
        self._recent: list[tuple[int, bytes]] = []
        self._recent_size = 0

    def write(self, channel: int, data: bytes) -> None:
        """Append what the job printed on ``channel`` (1 or 2)."""
        self._remember(channel, data)
        if self._lost_here and not self._mark_gap():
            self._lose(len(data))
            return
        self._append(data)

    def line(self, text: str) -> None:
        """A line of the platform's own."""
        self.write(1, text.encode() + b"\n")

    def recent(self, size: int) -> list[tuple[int, bytes]]:
        """The last ``size`` bytes, by channel, oldest first."""
        found: list[tuple[int, bytes]] = []
        for channel, data in reversed(self._recent):
            if size <= 0:
                break
            piece = data[-size:]
            found.append((channel, piece))
            size -= len(piece)
        return found[::-1]

    def close(self) -> None:
        """Say what is missing, if that can be written now."""
        if self._lost_here:
            self._mark_gap()

    def _append(self, data: bytes) -> bool:
        self._enter()
        view = memoryview(data)
        while view:
            try:
                count = os.write(self._log, view)
            except OSError:
                # no space, a quota, a broken disk: for the job it is the same
                self._lose(len(view))
                return False
            view = view[count:]
            self._offset += count
        return True

    def _enter(self) -> None:
        now = time.time_ns() // 1000
        if now - self._last_entry < SPACING:
            return
        try:
            written = os.write(self._index, ENTRY.pack(self._offset, now))
            if written < ENTRY.size:
                os.ftruncate(self._index, os.fstat(self._index).st_size - written)
                return
        except OSError:
            return
        self._last_entry = now

    def _mark_gap(self) -> bool:
        lost, self._lost_here = self._lost_here, 0
        total = self.lost
        text = f"\n[{lost} bytes of output are missing here: they could not be written to the disk]\n"
        if self._append(text.encode()):
            return True
        # a half-written mark counts for nothing
        self._lost_here, self.lost = lost, total
        return False

    def _lose(self, size: int) -> None:
        self._lost_here += size
        self.lost += size

    def _remember(self, channel: int, data: bytes) -> None:
        self._recent.append((channel, data[-RECENT:]))
        self._recent_size += len(self._recent[-1][1])
        while self._recent and self._recent_size - len(self._recent[0][1]) >= RECENT:
            self._recent_size -= len(self._recent.pop(0)[1])
