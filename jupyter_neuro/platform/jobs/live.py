"""A job that has something left to do, and what this process holds for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from .store import PENDING, TERMINAL, Job
from .watcher import Supervision


@dataclass
class Live:
    """In memory only: after a restart all of it is found again from the record and the files."""

    job: Job
    supervision: Supervision | None = None
    stop_watching: Callable[[], None] | None = None
    starts: int = 0
    shown_at: float | None = None
    """When ``running`` was published, by the loop's clock."""
    over: bool = False
    """Its processes are gone; at most its end is not told yet."""
    waiting_for: str | None = None

    @property
    def waits(self) -> bool:
        """Whether it waits its turn."""
        return self.job.stage == PENDING and not self.over

    @property
    def told_end(self) -> bool:
        """Whether people know its end already."""
        return self.job.status in TERMINAL

    def later(self, delay: float, act: Callable[[], None]) -> None:
        """Do this after ``delay`` seconds, instead of whatever was waited for."""
        self.let_go()
        self.stop_watching = asyncio.get_running_loop().call_later(delay, act).cancel

    def let_go(self) -> None:
        """Wait for nothing any more."""
        if self.supervision is not None:
            self.supervision.let_go()
            self.supervision = None
        if self.stop_watching is not None:
            self.stop_watching()
            self.stop_watching = None
