"""The Lab's picture of the jobs in reach: filled by the poller, read by the routes."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import UTC, datetime

from ..errors import NeuroError
from ..schemas import Job, JobPage
from .job_list import JobFilter, page
from .job_view import ACTIVE

_END = {"succeeded", "failed", "cancelled", "lost"}


class JobModel:
    """Jobs by ID. Safe to use from several threads; every change raises ``version``."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: dict[str, Job] = {}
        self.version = 0
        self.loaded = threading.Event()
        self.as_of = datetime.now(UTC)
        self.error: NeuroError | None = None
        """Why the picture is old; none while it is fresh."""

    def update(self, jobs: Iterable[Job]) -> list[Job]:
        """Take over what the platform said; returns the jobs that are new or have changed.

        A job that has ended never goes back: an answer that was under way when it ended is older than the end.
        """
        changed = []
        with self._lock:
            for job in jobs:
                known = self._jobs.get(job.id)
                if known is not None and known.status in _END and job.status not in _END and not job.restarts:
                    continue
                if known != job:
                    self._jobs[job.id] = job
                    changed.append(job)
            if changed:
                self.version += 1
        return changed

    def remove(self, ids: Iterable[str]) -> list[Job]:
        """Forget jobs that are no longer to be seen; returns those that were known."""
        with self._lock:
            gone = [job for job in (self._jobs.pop(each, None) for each in ids) if job is not None]
            if gone:
                self.version += 1
        return gone

    def fresh(self) -> None:
        """The platform has just been asked with success."""
        with self._lock:
            self.as_of = datetime.now(UTC)
            if self.error is not None:
                self.error = None
                self.version += 1
        self.loaded.set()

    def stale(self, error: NeuroError) -> None:
        """The platform could not be asked."""
        with self._lock:
            if self.error is None or self.error.message != error.message:
                self.version += 1
            self.error = error
        self.loaded.set()

    def jobs(self) -> list[Job]:
        """All known jobs, in no order."""
        with self._lock:
            return list(self._jobs.values())

    def active(self) -> set[str]:
        """IDs of the jobs that have not ended."""
        with self._lock:
            return {job.id for job in self._jobs.values() if job.status in ACTIVE}

    def page(self, wanted: JobFilter) -> JobPage:
        """One page; raises the platform's error where nothing was ever loaded."""
        jobs = self.jobs()
        if self.error is not None and not jobs:
            raise self.error
        answer = page(jobs, wanted, self.as_of)
        if self.error is not None:
            answer.stale, answer.error = True, self.error.message
        return answer
