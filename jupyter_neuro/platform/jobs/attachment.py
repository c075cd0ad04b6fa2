"""The platform's end of a supervisor's socket."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path

from .supervisor.attach import BEGIN, HEADER, MAX_FRAME, frame
from .supervisor.record import SOCKET


class Attachment:
    """A connection to a running job; kinds of frames as in `supervisor.attach`."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def read(self) -> tuple[int, bytes] | None:
        """The next frame; ``None`` when the supervisor hung up."""
        try:
            kind, size = HEADER.unpack(await self._reader.readexactly(HEADER.size))
            if size > MAX_FRAME:
                return None
            return kind, await self._reader.readexactly(size)
        except (asyncio.IncompleteReadError, OSError):
            return None

    async def write(self, kind: int, data: bytes) -> None:
        """Send a frame, when the job takes no more: wait. A job that is over takes anything."""
        try:
            self._writer.write(frame(kind, data))
            await self._writer.drain()
        except OSError:
            pass

    def close(self) -> None:
        """Hang up; the job runs on."""
        self._writer.close()


async def attach(directory: Path, replay: int) -> Attachment:
    """Attach to the job of a directory and be sent the last ``replay`` bytes. Raises `OSError` if nobody is there."""
    fd = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        # the address of such a socket is at most 107 bytes, which a path under a home directory easily exceeds
        short = Path(f"/proc/self/fd/{fd}")
        path = (short if short.exists() else directory) / SOCKET
        reader, writer = await asyncio.open_unix_connection(path, limit=2 * MAX_FRAME)
    finally:
        os.close(fd)
    attachment = Attachment(reader, writer)
    await attachment.write(BEGIN, json.dumps({"replay": replay}).encode())
    return attachment
