"""Bytes of the storage in and out: streamed in both directions, never a whole file in memory."""

from __future__ import annotations

import asyncio
import errno
import os
import re
from collections.abc import Callable
from typing import TypeVar

from tornado.httputil import HTTPOutputError, HTTPServerRequest
from tornado.iostream import StreamClosedError

from . import tree
from .handler import PlatformHandler
from .storage import Storage, Upload, write_all

T = TypeVar("T")
BLOCK = 2**20
# what Content-Length may say; the disk is what truly limits an upload
MAX_BODY = 2**50
_CONTENT_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\*|\d{1,18})")
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


async def in_thread(handler: PlatformHandler, work: Callable[[], T]) -> T:
    """Run blocking work of the storage in its threads."""
    return await asyncio.get_running_loop().run_in_executor(handler.platform.disk, work)


def allow_large_body(request: HTTPServerRequest) -> None:
    """Lift the server's small limit on bodies for this request."""
    # tornado has the method on its HTTP/1 connection, not on the interface
    getattr(request.connection, "set_max_body_size")(MAX_BODY)  # noqa: B009


class Receiver:
    """Takes a request's body in blocks and writes them in a thread, one after the other.

    The first failure is kept for :meth:`finish`; what comes after it is dropped, so that the sender can read the
    answer.
    """

    def __init__(self, handler: PlatformHandler) -> None:
        self._handler = handler
        self._buffer = bytearray()
        self._problem: OSError | None = None

    async def data(self, chunk: bytes) -> None:
        """A piece of the body."""
        if self._problem is not None:
            return
        self._buffer += chunk
        if len(self._buffer) >= BLOCK:
            await self._flush()

    async def _flush(self) -> None:
        block = bytes(self._buffer)
        self._buffer.clear()
        try:
            await in_thread(self._handler, lambda: self._write(block))
        except OSError as problem:
            self._problem = problem
            self.drop()

    async def finish(self) -> None:
        """The body is complete. Raises the first failure."""
        if self._buffer and self._problem is None:
            await self._flush()
        if self._problem is not None:
            raise self._problem
        await in_thread(self._handler, self._complete)

    def drop(self) -> None:
        """Give up: the sender is gone, or nothing more can be written."""
        raise NotImplementedError

    def _write(self, block: bytes) -> None:
        raise NotImplementedError

    def _complete(self) -> None:
        raise NotImplementedError


class NewFile(Receiver):
    """CREATE: a whole file."""

    def __init__(self, handler: PlatformHandler, upload: Upload) -> None:
        super().__init__(handler)
        self._upload = upload

    def _write(self, block: bytes) -> None:
        self._upload.write(block)

    def _complete(self) -> None:
        self._upload.commit()

    def drop(self) -> None:
        """Nothing of it stays."""
        self._upload.discard()


class Patch(Receiver):
    """WRITE: a part of an existing file, in place."""

    def __init__(self, handler: PlatformHandler, fd: int, start: int, length: int) -> None:
        super().__init__(handler)
        self._fd = fd
        self._offset = start
        self._left = length

    def _write(self, block: bytes) -> None:
        if len(block) > self._left:
            raise OSError(errno.EINVAL, "The body is longer than Content-Range says")
        write_all(self._fd, block, self._offset)
        self._offset += len(block)
        self._left -= len(block)

    def _complete(self) -> None:
        self.drop()
        if self._left:
            raise OSError(errno.EINVAL, "The body is shorter than Content-Range says")

    def drop(self) -> None:
        """Close the file."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def parse_content_range(header: str | None) -> tuple[int, int] | None:
    """Start and length that a ``Content-Range`` of an upload names; ``None`` when it is none."""
    found = _CONTENT_RANGE.fullmatch(header or "")
    if not found or int(found[2]) < int(found[1]):
        return None
    return int(found[1]), int(found[2]) - int(found[1]) + 1


def parse_range(header: str | None, size: int) -> tuple[int, int] | None:
    """Start and end (exclusive) of the one range asked for; ``None`` when the whole file is.

    Raises `ValueError` when nothing of it lies within ``size`` bytes. Several ranges or another unit count as
    not asked (RFC 9110, 14.2).
    """
    found = _RANGE.fullmatch(header or "")
    if not found or not (found[1] or found[2]):
        return None
    if not found[1]:  # the last so many bytes
        start, end = max(0, size - int(found[2])), size
    else:
        start, end = int(found[1]), size
        if found[2]:
            if int(found[2]) < start:
                return None
            end = min(size, int(found[2]) + 1)
    if start >= end:
        raise ValueError("range")
    return start, end


async def send_file(handler: PlatformHandler, storage: Storage, path: tuple[str, ...]) -> None:
    """OPEN: the file's bytes, or the range asked for with status 206. Raises `OSError` before the first byte."""
    fd = await in_thread(handler, lambda: storage.open(path))
    try:
        size = os.fstat(fd).st_size
        handler.set_header("Content-Type", "application/octet-stream")
        handler.set_header("Content-Disposition", "attachment")
        handler.set_header("Accept-Ranges", "bytes")
        try:
            wanted = parse_range(handler.request.headers.get("Range"), size)
        except ValueError:
            headers = {"Content-Range": f"bytes */{size}"}
            handler.fail(416, f"The file has only {size} bytes.", headers=headers)
        start, end = wanted or (0, size)
        if wanted:
            handler.set_status(206)
            handler.set_header("Content-Range", f"bytes {start}-{end - 1}/{size}")
        handler.set_header("Content-Length", str(end - start))
        while start < end:
            position, count = start, min(BLOCK, end - start)
            block = await in_thread(handler, lambda p=position, n=count: os.pread(fd, n, p))  # type: ignore[misc]
            if not block:
                # it shrank while being read, so the announced length cannot be met: finishing now closes the
                # connection, and the reader sees an interrupted transfer instead of a short file
                break
            handler.write(block)
            await handler.flush()
            start += len(block)
        handler.finish()
    except (StreamClosedError, HTTPOutputError):
        return
    finally:
        tree.close(fd)
