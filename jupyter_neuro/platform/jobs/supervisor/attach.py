"""People who are attached to the job: a local socket (0600, in a directory of 0700) with small frames.

A frame is one byte of kind, four bytes of length (big endian), and so many bytes. To the job: ``0`` input, ``4``
size of the terminal as JSON ``{"height", "width"}``, ``5`` end of input, ``9`` begin, as JSON ``{"replay": bytes}``.
From the job: ``1`` output, ``2`` errors, ``3`` the end as JSON ``{"exit_code"}``.
"""

# importing pathlib would take as long as all the rest of this program
from __future__ import annotations

import json
import os
import socket
import struct

HEADER = struct.Struct(">BI")
INPUT, OUTPUT, ERRORS, EXIT, SIZE, END_OF_INPUT, BEGIN = 0, 1, 2, 3, 4, 5, 9
MAX_FRAME = 1 << 20
MAX_WAITING = 1 << 20
"""Bytes kept for a client that does not read; what comes after that is left out for it, and it is told."""
SKIPPED = b"\r\n[output was left out here: the reader was too slow; the log has it all]\r\n"


def frame(kind: int, data: bytes) -> bytes:
    """A frame on the wire."""
    return HEADER.pack(kind, len(data)) + data


class Client:
    """One attached connection. Nothing here ever waits."""

    def __init__(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        self.connection = connection
        self.begun = False
        self._in = bytearray()
        self._out = bytearray()
        self._skipping = False

    def fileno(self) -> int:
        """The descriptor, for polling."""
        return self.connection.fileno()

    @property
    def waiting(self) -> bool:
        """Whether there is something to send."""
        return bool(self._out)

    def receive(self) -> list[tuple[int, bytes]] | None:
        """Frames that arrived whole; ``None`` when the client is gone or talks nonsense."""
        try:
            data = self.connection.recv(65536)
        except BlockingIOError:
            return []
        except OSError:
            return None
        if not data:
            return None
        self._in += data
        found = []
        while len(self._in) >= HEADER.size:
            kind, size = HEADER.unpack_from(self._in)
            if size > MAX_FRAME:
                return None
            if len(self._in) < HEADER.size + size:
                break
            found.append((kind, bytes(self._in[HEADER.size : HEADER.size + size])))
            del self._in[: HEADER.size + size]
        return found

    def output(self, channel: int, data: bytes) -> None:
        """Queue output; leaves out what a client that does not read would make us keep."""
        if not self.begun:
            return
        if len(self._out) + len(data) > MAX_WAITING:
            self._skipping = True
            return
        if self._skipping:
            self._skipping = False
            self._out += frame(channel, SKIPPED)
        self._out += frame(channel, data)

    def end(self, code: int | None) -> None:
        """Queue the end of the job."""
        # the client's protocol has no word for an unknown code
        self._out += frame(EXIT, json.dumps({"exit_code": 1 if code is None else code}).encode())

    def send(self) -> bool:
        """Send what can be sent now; ``False`` when the client is gone."""
        while self._out:
            try:
                count = self.connection.send(self._out[:65536])
            except BlockingIOError:
                return True
            except OSError:
                return False
            del self._out[:count]
        return True

    def close(self) -> None:
        """Hang up."""
        self.connection.close()


def listen(name: str) -> socket.socket | None:
    """A socket under a relative name in the working directory, as absolute paths are often too long for one.

    ``None`` where it cannot be made (no space): the job runs all the same, nobody can attach.
    """
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        listener.bind(name)
        listener.listen(16)
        listener.setblocking(False)
    except OSError:
        listener.close()
        return None
    finally:
        os.umask(before)
    return listener
