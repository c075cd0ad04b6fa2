"""What users can do with jobs; the routes only translate."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..executors.detect import make_executor
from ..permissions import Action
from ..uri import Resource
from . import request, resources
from .controller import Controller
from .invalid import Finished, Forbidden, NoSpace, NoSuchJob
from .outcome import Outcome
from .store import RUNNING, TERMINAL, Job, Store, Taken
from .view import named_uri, to_json, uri
from .visible import visible_jobs
from .workplace import Workplace

if TYPE_CHECKING:
    from ..context import Platform

FREE_SPACE = 16 * 2**20
"""Bytes of disk that must be left for a new job to be taken: for its records and some output."""


class JobService:
    """The jobs of one platform."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._store = Store(platform.db)
        self._executor = make_executor(platform.tier, platform.root.path)
        self._workplace = Workplace(self._executor, platform.root.jobs, platform.root.storage)
        self._controller = Controller(self._store, self._workplace)

    async def start(self) -> None:
        """Adopt the jobs of an earlier process, and begin to start those that wait."""
        await self._controller.start()

    async def stop(self) -> None:
        """Let go; jobs run on without the platform."""
        await self._controller.stop()

    # -- submitting ------------------------------------------------------------------------------------------

    def submit(self, user: str, body: Any) -> tuple[dict[str, Any], bool]:
        """A new job, and whether it is new: a repeated submit tag gives the job it made.

        Raises `Invalid`, `Forbidden`, `Taken` (a name in use), `NoSpace`; then nothing was recorded.
        """
        known = self._submitted(user, body)
        if known is not None:
            return self.json(known), False
        job = request.check(self._platform, self._executor, user, body)
        try:
            self._check_space()
            self._store.add(job)
        except Taken as taken:
            if taken.what == "submit_tag":
                return self.json(taken.job), False
            raise
        except (sqlite3.Error, OSError) as problem:
            raise NoSpace(str(problem)) from None
        self._controller.add(job)
        return self.json(job), True

    def _submitted(self, user: str, body: Any) -> Job | None:
        """The job of a submit that is repeated: it is not checked again, as the world may have changed."""
        tags = body.get("tags") if isinstance(body, dict) else None
        for tag in tags if isinstance(tags, list) else ():
            if isinstance(tag, str) and tag.startswith(request.SUBMIT_TAG):
                return self._store.by_submit_tag(user, tag)
        return None

    def _check_space(self) -> None:
        space = os.statvfs(self._platform.root.path)
        if space.f_bavail * space.f_frsize < FREE_SPACE:
            raise NoSpace("no space left on device")

    # -- looking ---------------------------------------------------------------------------------------------

    def find(self, user: str, ident: str, action: Action) -> Job:
        """The job of an ID, or the latest of a name, on which the user has a right.

        Raises `NoSuchJob`, or `Forbidden` when the job is known to the user and the right is missing.
        """
        job = self._store.by_id(ident)
        if job is None:
            condition, values = visible_jobs(self._platform, user)
            job = self._store.named(ident, f"project = ? AND ({condition})", (user, *values))
            job = job or self._store.named(ident, condition, values)
        if job is None:
            raise NoSuchJob(ident)
        level = self.level(user, job)
        if level < action:
            raise Forbidden(uri(job, self._platform.cluster), action)
        return job

    def level(self, user: str, job: Job) -> Action:
        """What a user may do with a job, by its own URI or by that of its name."""
        access = self._platform.permissions.access(user)
        found = [access.action(resource) or Action.DENY for resource in self._uris(job)]
        return max(found)

    def _uris(self, job: Job) -> list[Resource]:
        named = named_uri(job, self._platform.cluster)
        own = uri(job, self._platform.cluster)
        return [own, named] if named else [own]

    def json(self, job: Job) -> dict[str, Any]:
        """A job as the API tells it."""
        return to_json(job, self._platform.cluster, time.time())

    def page(
        self, user: str, conditions: list[str], values: list[Any], *, newest_first: bool, limit: int | None
    ) -> list[Job]:
        """Jobs that the user may see and that fit all SQL conditions, in the order in which they were submitted."""
        condition, own = visible_jobs(self._platform, user)
        return self._store.select([*conditions, condition], [*values, *own], newest_first=newest_first, limit=limit)

    def counts(self) -> dict[str, int]:
        """How many jobs wait and run, and how many there ever were."""
        unfinished = self._controller.unfinished()
        running = sum(job.status == RUNNING for job in unfinished)
        return {"pending": len(unfinished) - running, "running": running, "total": self._store.count()}

    def owners(self) -> set[str]:
        """The users whose jobs wait or run."""
        return {job.owner for job in self._controller.unfinished()}

    def unfinished(self) -> list[Job]:
        """The jobs that wait or run."""
        return self._controller.unfinished()

    def capacity(self) -> dict[str, int]:
        """Preset → how many more such jobs could start now."""
        return resources.capacity(self._controller.holding())

    # -- acting ----------------------------------------------------------------------------------------------

    def kill(self, job: Job, by: str) -> None:
        """End a job; nothing happens to one that is over. Raises `NoSpace`: then nothing was done."""
        try:
            self._controller.kill(job.id, Outcome("cancelled", "UserRequested", f"Killed by {by}."))
        except sqlite3.Error as problem:
            raise NoSpace(str(problem)) from None

    async def kill_all(self, owner: str) -> None:
        """End all jobs of a user who is removed."""
        for job in self._controller.unfinished():
            if job.owner == owner:
                self.kill(job, self._platform.owner)

    def extend(self, job: Job, minutes: int) -> None:
        """Let a job live longer. Raises `Finished`."""
        if job.life_minutes is None:
            # no end stays no end
            if job.status in TERMINAL:
                raise Finished(job.id)
            return
        if not self._controller.change_life(job.id, job.life_minutes + minutes):
            raise Finished(job.id)

    def may_enter(self, user: str) -> bool:
        """Whether a user may act inside jobs: where nothing is separated, only the owner, unless all are trusted."""
        platform = self._platform
        return platform.tier != "process" or platform.trust_users or user == platform.owner

    # -- for streams -----------------------------------------------------------------------------------------

    def directory(self, job: Job) -> Path:
        """The job's own directory."""
        return self._workplace.directory(job)

    def expects_output(self, job: Job) -> bool:
        """Whether the job may still print something."""
        return self._controller.expects_output(job.id)
