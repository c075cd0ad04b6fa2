"""Telling what happens to jobs: the status history, written down before anybody can act on it."""

from __future__ import annotations

import logging
import sqlite3
import time
from copy import copy
from typing import Any

from .outcome import Outcome
from .store import ENDED, KILLING, PENDING, RUNNING, Job, Store

log = logging.getLogger("jupyter_neuro.platform.jobs")
WAITING = "Scheduling"


class Ledger:
    """Writes to the store. What the disk does not take now is kept and tried again, unless said otherwise."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._unsaved: dict[str, Job] = {}

    def tell(self, job: Job, news: Outcome, at: float) -> None:
        """A new status. ``at`` in seconds since the epoch."""
        job.status = news.status
        if news.status == RUNNING:
            job.started = at
        # a clock that was set back must not make a history that runs backwards
        job.statuses = [*job.statuses, _item(news, max(at, float(job.last["time"])))]
        self.save(job)

    def tell_waiting(self, job: Job, why: str) -> None:
        """Why a job is not started yet; the newest reason takes the place of the one before."""
        kept = [item for item in job.statuses if item["reason"] != WAITING]
        job.statuses = [*kept, _item(Outcome(PENDING, WAITING, why), time.time())]
        self.save(job)

    def ended_early(self, job: Job, end: Outcome) -> Job:
        """The job as it is once its end was told while its processes may still be there.

        Raises ``sqlite3.Error``: then nothing has changed.
        """
        now = time.time()
        changed = copy(job)
        changed.stage, changed.stage_since = (ENDED if job.stage == PENDING else KILLING), now
        changed.status, changed.finished = end.status, now
        changed.statuses = [*job.statuses, _item(end, now)]
        self.write(changed)
        return changed

    def write(self, job: Job) -> None:
        """Write a job down now, or raise ``sqlite3.Error``; what was to be written of it before is out of date."""
        self._store.update(job)
        self._unsaved.pop(job.id, None)

    def save(self, job: Job) -> None:
        """Write a job down, now or when the disk takes it."""
        try:
            self.write(job)
        except sqlite3.Error as problem:
            log.warning("%s could not be recorded yet: %s", job.id, problem)
            self._unsaved[job.id] = job

    def retry(self) -> None:
        """Write down what could not be written before."""
        for job in list(self._unsaved.values()):
            self.save(job)


def _item(news: Outcome, at: float) -> dict[str, Any]:
    item: dict[str, Any] = {
        "status": news.status,
        "time": at,
        "reason": news.reason,
        "description": news.description,
    }
    if news.exit_code is not None:
        item["exit_code"] = news.exit_code
    return item
