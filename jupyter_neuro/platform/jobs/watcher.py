"""Starting supervisors and noticing their end."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import psutil

from ..executors.detect import supervisor_command

POLL = 0.2
"""Seconds between looks at a process where the system cannot report its end."""


class Supervision:
    """A supervisor that this process started: tells once when the job has begun, and when the supervisor ended."""

    def __init__(self, process: subprocess.Popen[bytes], notify: int, begun: Callable[[], None]) -> None:
        self._process = process
        self._notify: int | None = notify
        self._begun = begun
        self._stop: Callable[[], None] | None = None
        asyncio.get_running_loop().add_reader(notify, self._read)

    def watch(self, ended: Callable[[], None]) -> None:
        """Call ``ended`` when the process is gone."""

        def reap() -> None:
            self._process.wait()
            # what it said last, if it was faster than the loop
            self._read()
            ended()

        self._stop = watch_end(self._process.pid, reap)

    def _read(self) -> None:
        if self._notify is None:
            return
        try:
            data = os.read(self._notify, 64)
        except BlockingIOError:
            return
        self._close()
        if data:
            self._begun()

    def _close(self) -> None:
        if self._notify is not None:
            asyncio.get_running_loop().remove_reader(self._notify)
            os.close(self._notify)
            self._notify = None

    def let_go(self) -> None:
        """Stop noticing anything."""
        self._close()
        if self._stop:
            self._stop()
            self._stop = None


def spawn(directory: Path, begun: Callable[[], None], ended: Callable[[], None]) -> Supervision:
    """Start the supervisor of a job's directory. Raises `OSError`."""
    notify, notify_end = os.pipe()
    os.set_blocking(notify, False)
    log = os.open(directory / "supervisor.log", os.O_CREAT | os.O_APPEND | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    # a Python built with shared libraries may need this one to start; a job never sees it
    environment = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    try:
        process = subprocess.Popen(
            supervisor_command(directory, str(notify_end)),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=directory,
            env=environment,
            pass_fds=[notify_end],
            start_new_session=True,
        )
    except OSError:
        os.close(notify)
        raise
    finally:
        os.close(notify_end)
        os.close(log)
    supervision = Supervision(process, notify, begun)
    supervision.watch(ended)
    return supervision


def watch_end(pid: int, ended: Callable[[], None]) -> Callable[[], None]:
    """Call ``ended`` once when a process has ended, also one of which this process is not the parent.

    Returns what stops the watch.
    """
    loop = asyncio.get_running_loop()
    try:
        fd = os.pidfd_open(pid)
    except ProcessLookupError:
        return loop.call_soon(ended).cancel
    except (OSError, AttributeError):
        return _poll_end(pid, ended)
    open_fd: list[int] = [fd]

    def stop() -> None:
        if open_fd:
            loop.remove_reader(open_fd[0])
            os.close(open_fd.pop())

    def noticed() -> None:
        stop()
        ended()

    loop.add_reader(fd, noticed)
    return stop


def _poll_end(pid: int, ended: Callable[[], None]) -> Callable[[], None]:
    async def poll() -> None:
        while _exists(pid):  # noqa: ASYNC110 - here nothing tells it
            await asyncio.sleep(POLL)
        ended()

    task = asyncio.ensure_future(poll())

    def stop() -> None:
        task.cancel()

    return stop


def _exists(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False
