"""Jobs: the list, one job, submit, kill, the whole log."""

from __future__ import annotations

from typing import cast, get_args

from jupyter_server.auth.decorator import authorized
from tornado import web

from ..errors import BadRequest
from ..schemas import JobSubmit
from ..schemas.job import Status
from ..services.job_list import JobFilter
from .handler import RESOURCE, NeuroHandler


class JobsHandler(NeuroHandler):
    _track_activity = False

    @web.authenticated
    @authorized("read", resource=RESOURCE)
    async def get(self) -> None:
        wanted = self._filter()
        page = await self.lab.jobs(wanted)
        tag = f'W/"{self.lab.version}-{hash(wanted) & 0xFFFFFFFF:x}"'
        if not page.stale and self.request.headers.get("If-None-Match") == tag:
            self.set_status(304)
            self.finish()
            return
        self.set_header("Etag", tag)
        self.answer(page)

    def _filter(self) -> JobFilter:
        statuses = self.get_arguments("status")
        unknown = set(statuses) - set(get_args(Status))
        if unknown:
            allowed = ", ".join(get_args(Status))
            raise BadRequest(f"'{unknown.pop()}' is no status.", field="status", hint=f"One of {allowed}.")
        owner = self.get_argument("owner", "mine")
        if owner not in ("mine", "shared", "all"):
            raise BadRequest(f"'{owner}' is not mine, shared or all.", field="owner")
        try:
            limit = int(self.get_argument("limit", "100"))
        except ValueError as exc:
            raise BadRequest("limit must be a number.", field="limit") from exc
        return JobFilter(
            owner=owner,
            statuses=tuple(cast("list[Status]", statuses)),
            q=self.get_argument("q", "")[:200],
            limit=limit,
            after=self.get_argument("after", None),
        )

    @web.authenticated
    @authorized("execute", resource=RESOURCE)
    async def post(self) -> None:
        form = self.decode(JobSubmit)
        job = await self.lab.worker.run(self.lab.neuro().jobs.submit(form))
        self.lab.poke()
        self.answer(job, 201)


class JobHandler(NeuroHandler):
    _track_activity = False

    @web.authenticated
    @authorized("read", resource=RESOURCE)
    async def get(self, ref: str) -> None:
        self.answer(await self.lab.worker.run(self.lab.neuro().jobs.get(ref)))

    @web.authenticated
    @authorized("execute", resource=RESOURCE)
    async def delete(self, ref: str) -> None:
        jobs = self.lab.neuro().jobs
        job = await self.lab.worker.run(jobs.only(ref))
        await self.lab.worker.run(jobs.kill(job.id))
        self.lab.poke()
        self.set_status(204)
        self.finish()


class JobLogHandler(NeuroHandler):
    """The whole log as a file. Of a job that still runs: what there is until it ends."""

    @web.authenticated
    @authorized("read", resource=RESOURCE)
    async def get(self, ref: str) -> None:
        neuro = self.lab.neuro()
        job = await self.lab.worker.run(neuro.jobs.get(ref))
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.set_header("Content-Disposition", f'attachment; filename="{job.id}.log"')
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Content-Security-Policy", "sandbox; default-src 'none'")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("Cache-Control", "no-store")
        async for chunk in self.lab.worker.stream(neuro.jobs.log_so_far(job)):
            self.write(chunk)
            await self.flush()
        self.finish()
