"""What an executor is given, and what it makes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

IMAGE = "this-computer"
"""The one built-in image: the system's programs and the environment that Jupyter runs in, read-only."""
GRACE = 10.0
"""Seconds between asking a job to end and killing it."""


@dataclass(frozen=True)
class Mount:
    """A folder or file of storage in a job: ``root`` (no job can change it) / ``parts`` (they may) → ``mount``."""

    root: Path
    parts: tuple[str, ...]
    mount: str
    read_only: bool

    @property
    def path(self) -> Path:
        """Where it lies on this computer."""
        return self.root.joinpath(*self.parts)


@dataclass(frozen=True)
class Work:
    """One job, checked and ready to be started. ``memory`` in bytes, ``directory`` is the job's own (0700)."""

    id: str
    argv: list[str]
    directory: Path
    env: dict[str, str] = field(default_factory=dict)
    working_dir: str | None = None
    tty: bool = False
    memory: int | None = None
    gpu: bool = False
    mounts: list[Mount] = field(default_factory=list)
    banner: str | None = None
    """A line of the platform's own before the job's output."""


class CannotRun(Exception):
    """The job cannot be started, ever. ``code``: what a shell answers in that case, ``None`` where it has no word."""

    def __init__(self, text: str, code: int | None = None) -> None:
        super().__init__(text)
        self.code = code


def not_found(program: str) -> CannotRun:
    """There is no such program in the image or on the job's PATH."""
    return CannotRun(f'command: "{program}" was not found in image {IMAGE}', 127)


def not_executable(program: str) -> CannotRun:
    """There is a file of that name, and it is not a program."""
    return CannotRun(f'command: "{program}" is not a program: the file may not be executed', 126)


class Executor(Protocol):
    """Turns a job into what its supervisor is told to run."""

    tier: str
    isolates: bool
    """Whether a job is kept from what was not mounted into it."""

    def spec(self, work: Work) -> dict[str, Any]:
        """The content of ``spec.json``. Raises `CannotRun`."""

    def taken(self, mount: str) -> str | None:
        """Why nothing can be mounted at an absolute path; ``None`` when it can."""
