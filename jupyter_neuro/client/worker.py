"""A thread with an event loop of its own, where everything of the platform's SDK happens.

Two reasons. The SDK parses answers on its loop (10,000 jobs: seconds), which must not be Jupyter's; and a kernel's
main thread already runs a loop, so a magic cannot await. The thread also has a *working directory* of its own: the
SDK looks for ``.apolo.toml`` from the working directory upward at every access, and neither the cost nor a stray
file in the user's tree is wanted.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import ctypes
import os
import sys
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")

_CLONE_FS = 0x00000200  # linux/sched.h


def _own_working_directory(path: Path) -> None:
    """Give this thread a working directory of its own, where the system can; else leave it alone."""
    libc = ctypes.CDLL(None, use_errno=True)
    if sys.platform == "linux":
        if libc.unshare(_CLONE_FS) == 0:
            os.chdir(path)
    elif sys.platform == "darwin":
        with suppress(AttributeError):
            libc.pthread_chdir_np(os.fsencode(path))


class Worker:
    """The thread. ``name`` shows in debuggers; ``home`` is its working directory."""

    def __init__(self, name: str, home: Path) -> None:
        self._home = home
        self._ready = threading.Event()
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._main, name=name, daemon=True)
        self._thread.start()
        self._ready.wait()

    def _main(self) -> None:
        with suppress(OSError):
            _own_working_directory(self._home)
        asyncio.set_event_loop(self.loop)
        self.loop.call_soon(self._ready.set)
        try:
            self.loop.run_forever()
        finally:
            for task in asyncio.all_tasks(self.loop):
                task.cancel()
            with suppress(RuntimeError):
                self.loop.run_until_complete(self.loop.shutdown_asyncgens())
            self.loop.close()

    @property
    def alive(self) -> bool:
        """False after :meth:`stop`, and in a process forked from the one that made it."""
        return self._thread.is_alive()

    def submit(self, coroutine: Coroutine[Any, Any, T]) -> concurrent.futures.Future[T]:
        """Start ``coroutine`` on the thread's loop."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop)

    async def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Await, from another loop, what runs on this one. Cancelling the wait cancels the work."""
        return await asyncio.wrap_future(self.submit(coroutine))

    def call(self, coroutine: Coroutine[Any, Any, T], timeout: float | None = None) -> T:
        """Wait in a plain thread. Ctrl-C (KeyboardInterrupt) ends the waiting and cancels the coroutine."""
        future = self.submit(coroutine)
        try:
            return future.result(timeout)
        except BaseException:
            future.cancel()
            raise

    async def stream(self, items: AsyncIterator[T]) -> AsyncIterator[T]:
        """Iterate, from another loop, over what is produced on this one: one item at a time, so that a slow
        reader slows the producer."""
        try:
            while True:
                item = await self.run(_next(items))
                if item is _END:
                    return
                yield item  # type: ignore[misc]
        finally:
            self.submit(_close(items))

    def iterate(self, items: AsyncIterator[T]) -> Iterator[T]:
        """The same for a plain thread."""
        try:
            while (item := self.call(_next(items))) is not _END:
                yield item  # type: ignore[misc]
        finally:
            self.submit(_close(items))

    def stop(self) -> None:
        """End the loop and the thread. What still runs is cancelled."""
        if self._thread.is_alive():
            self.loop.call_soon_threadsafe(self.loop.stop)
            self._thread.join(5)


_END = object()


async def _next(items: AsyncIterator[T]) -> T | object:
    try:
        return await anext(items)
    except StopAsyncIteration:
        return _END


async def _close(items: AsyncIterator[Any]) -> None:
    close = getattr(items, "aclose", None)
    if close is not None:
        with suppress(Exception):
            await close()
