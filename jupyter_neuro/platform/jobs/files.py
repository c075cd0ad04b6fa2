"""Deciding about a job from the files of its directory alone, whoever was killed in between."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from .supervisor import record


class State(Enum):
    """What the files say."""

    UNTOUCHED = "nobody has begun to run it"
    BEGINNING = "a supervisor is there and has not begun yet"
    RUNNING = "a supervisor has it"
    EXITED = "the result is written"
    LOST = "it was begun, its supervisor is gone, and there is no result"


@dataclass(frozen=True)
class Finding:
    """A state with the records that belong to it."""

    state: State
    started: dict[str, Any] | None = None
    exit: dict[str, Any] | None = None


def examine(directory: Path) -> Finding:
    """The state of a job. Raises `OSError` when the directory cannot be read."""
    folder = str(directory)
    if not directory.is_dir():
        return Finding(State.UNTOUCHED)
    lock = record.take_lock(folder)
    try:
        # held or not, the lock was looked at first: a supervisor writes the result before it lets go
        started = record.read(folder, record.STARTED)
        exited = record.read(folder, record.EXIT)
        begun = started is not None or (directory / record.STARTED).exists()
        if lock is None:
            return Finding(State.RUNNING if begun else State.BEGINNING, started)
        if exited is not None:
            return Finding(State.EXITED, started, exited)
        return Finding(State.LOST if begun else State.UNTOUCHED, started)
    finally:
        if lock is not None:
            os.close(lock)


def forbid(directory: Path) -> bool:
    """See to it that nobody will ever run a job; ``False`` when a supervisor was faster."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = record.take_lock(str(directory))
    if lock is None:
        return False
    try:
        return record.claim(str(directory))
    finally:
        os.close(lock)


def write_spec(directory: Path, spec: dict[str, Any]) -> None:
    """Write what the supervisor is to run, whole or not at all."""
    part = directory / f"{record.SPEC}.part"
    fd = os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_CLOEXEC | os.O_NOFOLLOW, record.PRIVATE)
    with os.fdopen(fd, "w", encoding="utf-8") as file:
        json.dump(spec, file)
    part.replace(directory / record.SPEC)


def supervisor_pid(started: dict[str, Any] | None) -> int | None:
    """The process that wrote ``started``, if it is still that one: same boot, same start time."""
    if not started or started.get("boot") != record.boot_id():
        return None
    pid = started.get("pid")
    if not isinstance(pid, int) or record.start_ticks(pid) != started.get("ticks"):
        return None
    return pid
