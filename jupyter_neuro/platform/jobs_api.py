"""``API/jobs``: submit, list, look at, kill and extend jobs."""

from __future__ import annotations

import errno
import json
from typing import Any, NoReturn

from .context import API
from .handler import PlatformHandler, missing_text
from .jobs.invalid import Finished, Forbidden, Invalid, NoSpace, NoSuchJob
from .jobs.listing import Filters
from .jobs.store import Job, Taken
from .permissions import Action

BATCH = 200
"""Jobs sent at once; in between others get their turn on the loop."""
NDJSON = "application/x-ndjson"


class JobHandler(PlatformHandler):
    """Finds jobs, and answers for what the jobs' side refuses."""

    def find(self, ident: str, action: Action) -> Job:
        """The job, if the user may do this with it; else the request ends with 400 or 403."""
        try:
            return self.platform.jobs.find(self.user, ident, action)
        except NoSuchJob:
            self.fail(400, f"no such job {ident}")
        except Forbidden as problem:
            self.forbid(problem)

    def forbid(self, problem: Forbidden) -> NoReturn:
        """403 with what is missing."""
        level = self.platform.permissions.action(self.user, problem.resource)
        self.fail(
            403,
            problem.text or missing_text(problem.resource, problem.action, level),
            missing=[{"uri": str(problem.resource), "action": problem.action.word}],
        )

    def no_space(self, problem: NoSpace) -> NoReturn:
        """400 with the system's number for it: the client makes an ``OSError`` of that."""
        text = f"The disk of this platform is full ({problem}). Free some space and try again; nothing was changed."
        self.fail(400, text, errno.ENOSPC)


class Jobs(JobHandler):
    """``API/jobs``."""

    def post(self) -> None:
        """Submit. 202 with the new job, 200 with the one that the same submit tag made before."""
        jobs = self.platform.jobs
        try:
            answer, new = jobs.submit(self.user, self.json_body())
        except Invalid as problem:
            self.fail(400, str(problem))
        except Forbidden as problem:
            self.forbid(problem)
        except NoSpace as problem:
            self.no_space(problem)
        except Taken as taken:
            self.fail(400, f"name: there is an active job named {taken.job.name!r} in this project: {taken.job.id}")
        else:
            self.send_json(answer, 202 if new else 200)

    async def get(self) -> None:
        """List, as lines of JSON where the client asks for them, else as one object."""
        try:
            filters = Filters(self.get_query_arguments)
        except Invalid as problem:
            self.fail(400, str(problem))
        cluster = self.get_query_argument("cluster_name", self.platform.cluster)
        if cluster != self.platform.cluster:
            filters.conditions.append("0")
        lines = NDJSON in self.request.headers.get("Accept", "")
        if lines:
            self.set_header("Content-Type", NDJSON)
        found: list[dict[str, Any]] = []
        left, last = filters.limit, None
        while left is None or left > 0:
            batch = self._batch(filters, last, BATCH if left is None else min(BATCH, left))
            if lines:
                self.write("".join(json.dumps(job) + "\n" for job in map(self.platform.jobs.json, batch)))
                await self.flush()
            else:
                found += map(self.platform.jobs.json, batch)
            if len(batch) < BATCH:
                break
            last = batch[-1].seq
            left = None if left is None else left - len(batch)
        if lines:
            await self.finish()
        else:
            self.send_json({"jobs": found})

    def _batch(self, filters: Filters, last: int | None, size: int) -> list[Job]:
        conditions, values = list(filters.conditions), list(filters.values)
        if last is not None:
            conditions.append("seq < ?" if filters.newest_first else "seq > ?")
            values.append(last)
        return self.platform.jobs.page(self.user, conditions, values, newest_first=filters.newest_first, limit=size)


class OneJob(JobHandler):
    """``API/jobs/{id or name}``."""

    def get(self, ident: str) -> None:
        """The job."""
        self.send_json(self.platform.jobs.json(self.find(ident, Action.READ)))

    def delete(self, ident: str) -> None:
        """Kill it; 204 also when it is over."""
        job = self.find(ident, Action.WRITE)
        try:
            self.platform.jobs.kill(job, self.user)
        except NoSpace as problem:
            self.no_space(problem)
        self.platform.audit.write(self.user, self.address, "kill", job.id)
        self.set_status(204)


class LifeSpan(JobHandler):
    """``API/jobs/{id}/max_run_time_minutes``."""

    def put(self, ident: str) -> None:
        """Add minutes to the life span; 204."""
        job = self.find(ident, Action.WRITE)
        body = self.json_body()
        minutes = body.get("additional_max_run_time_minutes") if isinstance(body, dict) else None
        if not isinstance(minutes, int) or isinstance(minutes, bool) or not 0 < minutes <= 10**8:
            self.fail(400, "additional_max_run_time_minutes: a whole number of minutes is needed, at least 1")
        try:
            self.platform.jobs.extend(job, minutes)
        except Finished:
            self.fail(400, f"The job {ident} is over.")
        self.set_status(204)


routes: list[tuple[str, type]] = [
    (API + r"/jobs", Jobs),
    (API + r"/jobs/([^/]+)", OneJob),
    (API + r"/jobs/([^/]+)/max_run_time_minutes", LifeSpan),
]
