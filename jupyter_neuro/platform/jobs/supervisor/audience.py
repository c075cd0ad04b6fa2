"""Everyone attached to one job: who is there, what they type, what they are sent."""

# importing pathlib would take as long as all the rest of this program
# ruff: noqa: PTH108
from __future__ import annotations

import json
import os
import select
import struct
import time

TYPE_CHECKING = False
if TYPE_CHECKING or __package__:
    from . import attach, launch, record
    from .output import Log
else:
    import attach
    import launch
    import record
    from output import Log

LAST_WORDS = 0.3
"""Seconds that attached clients have to take the rest."""
MAX_INPUT = 1 << 16
"""Bytes typed and not yet read by the job, from which on no more is taken."""


class Audience:
    """The listening socket, its clients and the job's input, on the supervisor's poll object."""

    def __init__(self, poll: select.poll, child: launch.Child, log: Log) -> None:
        self._poll = poll
        self._child = child
        self._log = log
        self._clients: dict[int, attach.Client] = {}
        self._input = bytearray()
        self._listener = attach.listen(record.SOCKET)
        if self._listener:
            poll.register(self._listener.fileno(), select.POLLIN)

    def handle(self, fd: int, event: int) -> None:
        """What poll reported on a descriptor that is not the job's output."""
        if self._listener and fd == self._listener.fileno():
            self._accept()
        elif fd in self._clients:
            self._serve(self._clients[fd], event)
        elif fd == self._child.stdin:
            self.write_input()

    def output(self, channel: int, data: bytes) -> None:
        """Pass on what the job printed."""
        for client in self._clients.values():
            client.output(channel, data)
            self._watch(client)

    def write_input(self) -> None:
        """Give the job as much of what was typed as it takes now."""
        fd = self._child.stdin
        try:
            while self._input and fd >= 0:
                count = os.write(fd, self._input[:65536])
                del self._input[:count]
        except BlockingIOError:
            pass
        except OSError:
            self._close_input()  # the job has closed its end
        self._watch_input()
        for client in self._clients.values():
            self._watch(client)

    def close_door(self) -> None:
        """Nobody else may attach. Comes before the result, so that whoever knows it finds nobody to attach to."""
        if self._listener is None:
            return
        try:
            os.unlink(record.SOCKET)
        except OSError:
            pass
        self._poll.unregister(self._listener.fileno())
        self._listener.close()
        self._listener = None

    def say_goodbye(self, code: int | None) -> None:
        """Send the rest and the end; clients that do not take it in time are left."""
        deadline = time.monotonic() + LAST_WORDS
        for client in self._clients.values():
            client.end(code)
        while self._clients and time.monotonic() < deadline:
            for fd, client in list(self._clients.items()):
                if not client.send() or not client.waiting:
                    client.close()
                    del self._clients[fd]
            if self._clients:
                time.sleep(0.01)

    def _accept(self) -> None:
        assert self._listener is not None
        try:
            connection, _ = self._listener.accept()
        except OSError:
            return
        client = attach.Client(connection)
        self._clients[client.fileno()] = client
        self._poll.register(client.fileno(), select.POLLIN)

    def _watch(self, client: attach.Client) -> None:
        wanted = 0 if len(self._input) > MAX_INPUT else select.POLLIN
        self._poll.modify(client.fileno(), wanted | (select.POLLOUT if client.waiting else 0))

    def _serve(self, client: attach.Client, event: int) -> None:
        alive = True
        if event & (select.POLLIN | select.POLLHUP | select.POLLERR):
            frames = client.receive()
            alive = frames is not None
            for kind, data in frames or ():
                self._obey(client, kind, data)
        if alive and client.waiting:
            alive = client.send()
        if alive:
            self._watch(client)
        else:
            self._poll.unregister(client.fileno())
            del self._clients[client.fileno()]
            client.close()

    def _obey(self, client: attach.Client, kind: int, data: bytes) -> None:
        if kind == attach.INPUT:
            self._input += data
            self.write_input()
        elif kind == attach.END_OF_INPUT:
            self._close_input()
        elif kind in (attach.SIZE, attach.BEGIN):
            try:
                told = json.loads(data)
                if kind == attach.BEGIN:
                    self._begin(client, int(told["replay"]))
                elif self._child.tty:
                    launch.resize(self._child.stdin, int(told["height"]), int(told["width"]))
            except (ValueError, KeyError, TypeError, OSError, OverflowError, struct.error):
                pass  # a client's nonsense is the client's trouble

    def _begin(self, client: attach.Client, replay: int) -> None:
        if not client.begun:
            client.begun = True
            for channel, piece in self._log.recent(replay):
                client.output(channel, piece)

    def _watch_input(self) -> None:
        fd = self._child.stdin
        if fd < 0:
            return
        if fd in self._child.outputs:  # a terminal: one descriptor both ways
            self._poll.modify(fd, select.POLLIN | (select.POLLOUT if self._input else 0))
        elif self._input:
            self._poll.register(fd, select.POLLOUT)
        else:
            self._forget(fd)

    def _close_input(self) -> None:
        self._input.clear()
        if not self._child.tty and self._child.stdin >= 0:
            self._forget(self._child.stdin)
            os.close(self._child.stdin)
            self._child.stdin = -1

    def _forget(self, fd: int) -> None:
        try:
            self._poll.unregister(fd)
        except KeyError:
            pass
