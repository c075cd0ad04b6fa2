"""The files by which a supervisor and the platform know about a job, also after either was killed.

``spec.json``
    what to run (0600; the environment is in it). Written by the platform before the supervisor is started.
``lock``
    ``flock`` held by the supervisor as long as it lives.
``started``
    made with ``O_EXCL`` and synced, file and directory, **before** the job's first instruction: whoever makes it
    is the only one who may ever run this job.
``exit``
    the result, by temporary file, sync and rename. No file, no result: an exit code is never guessed.
``log``, ``log.index``
    the output, and pairs of (offset, microseconds since the epoch).
"""

# importing pathlib would take as long as all the rest of this program
# ruff: noqa: PTH104, PTH118, PTH120, PTH123
from __future__ import annotations

import errno
import fcntl
import json
import os
import time

SPEC = "spec.json"
LOCK = "lock"
STARTED = "started"
EXIT = "exit"
LOG = "log"
INDEX = "log.index"
SOCKET = "attach"
PRIVATE = 0o600
# an exit record is smaller; the room is taken at the start, so that a full disk cannot swallow the result
RESERVED_BYTES = 1024


def boot_id() -> str:
    """Names this run of the operating system; a pid means nothing in another one."""
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
            return file.read().strip()
    except OSError:
        return ""


def start_ticks(pid: int) -> int | None:
    """When ``pid`` was started, in clock ticks since boot; ``None`` without such a process or without /proc."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            return int(file.read().rpartition(b")")[2].split()[19])
    except (OSError, IndexError, ValueError):
        return None


def sync_directory(path: str) -> None:
    """Make new and renamed entries of a directory durable."""
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def write_new(path: str, data: bytes) -> None:
    """Create a file with its content, durable; raises `FileExistsError` when somebody else did."""
    fd = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, PRIVATE)
    try:
        write_all(fd, data)
        os.fsync(fd)
    finally:
        os.close(fd)
    sync_directory(os.path.dirname(path) or ".")


def write_all(fd: int, data: bytes) -> None:
    """Write every byte or raise `OSError`."""
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def take_lock(directory: str, wait: float = 0.0) -> int | None:
    """Hold the job's lock; ``None`` when another process has it for longer than ``wait`` seconds."""
    path = os.path.join(directory, LOCK)
    fd = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW, PRIVATE)
    deadline = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return fd
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.EACCES):
                os.close(fd)
                raise
        if time.monotonic() >= deadline:
            os.close(fd)
            return None
        time.sleep(0.01)


def claim(directory: str) -> bool:
    """Become the one who runs the job; ``False`` when the right was taken before. Durable when it returns."""
    identity = {
        "pid": os.getpid(),
        "ticks": start_ticks(os.getpid()),
        "boot": boot_id(),
        "time": time.time(),
    }
    try:
        write_new(os.path.join(directory, STARTED), json.dumps(identity).encode())
    except FileExistsError:
        return False
    return True


def reserve_exit(directory: str) -> None:
    """Take the room of the exit record, before the job runs."""
    fd = os.open(os.path.join(directory, EXIT + ".part"), os.O_CREAT | os.O_WRONLY | os.O_NOFOLLOW, PRIVATE)
    try:
        write_all(fd, b" " * RESERVED_BYTES)
        os.fsync(fd)
    finally:
        os.close(fd)


def write_exit(directory: str, result: dict[str, object]) -> None:
    """Record the result for good. Raises `OSError`; then nothing is recorded and it may be tried again."""
    part = os.path.join(directory, EXIT + ".part")
    fd = os.open(part, os.O_CREAT | os.O_WRONLY | os.O_NOFOLLOW, PRIVATE)
    try:
        # over the reserved bytes, in place: a full disk does not matter
        write_all(fd, json.dumps(result).encode().ljust(RESERVED_BYTES))
        os.fsync(fd)
    finally:
        os.close(fd)
    os.rename(part, os.path.join(directory, EXIT))
    sync_directory(directory)


def read(directory: str, name: str) -> dict[str, object] | None:
    """A record, ``None`` when it is not there or was cut off while being made."""
    try:
        with open(os.path.join(directory, name), "rb") as file:
            value = json.loads(file.read())
    except (OSError, ValueError):
        return None
    return value if isinstance(value, dict) else None
