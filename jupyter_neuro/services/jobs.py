"""Jobs: list, find, submit, watch, stop."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ..client.session import PlatformSession
from ..errors import AmbiguousJob, BadRequest, Conflict, NeuroError, NoSuchJob, Offline, UnknownOutcome, translate
from ..schemas import Job, JobPage, JobSubmit
from .job_follow import follow
from .job_list import JobFilter, page
from .job_submit import check, sdk_arguments
from .job_view import ACTIVE, SUBMIT_TAG, job_view
from .rights import Rights

__all__ = ["JobFilter", "JobsService"]

if TYPE_CHECKING:
    import apolo_sdk

Runs = list[Job]  # a name of its own: inside the class ``list`` is a method

JOB_ID = re.compile(r"job-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_NAME = re.compile(r"[A-Za-z0-9-]{1,64}")
_SHORT_ID = re.compile(r"job-[0-9a-f]{4,}[0-9a-f-]*")

LOOK_FOR = 30.0
"""Seconds to look for a job whose submit got no answer (decisions: idempotent submit)."""


class JobsService:
    """Jobs of one user on one platform. ``session`` lives on the loop the methods are awaited on."""

    def __init__(self, session: PlatformSession, rights: Rights) -> None:
        self._session = session
        self._rights = rights
        self.on_change: Callable[[Job], None] | None = None
        """Told of every job this service has just started, stopped or looked at."""

    async def _view(self, found: apolo_sdk.JobDescription, client: apolo_sdk.Client) -> Job:
        me = client.config.username
        access = None if found.owner == me else await self._rights.on(client, str(found.uri), found.name)
        job = job_view(found, me, access)
        if self.on_change:
            self.on_change(job)
        return job

    async def list(self, wanted: JobFilter) -> JobPage:
        """One page, straight from the platform. Costs more the more jobs there are: bounded to 1,000 newest."""
        client = await self._session.client()
        jobs: Runs = []
        try:
            me = client.config.username
            statuses = [_sdk_status(status) for status in wanted.statuses if status not in ("lost", "unknown")]
            owners = {"mine": (me,), "shared": (), "all": ()}.get(wanted.owner, (wanted.owner,))
            projects = (wanted.project,) if wanted.project else ()
            async with client.jobs.list(
                statuses=statuses,
                name=wanted.name or "",
                tags=wanted.tags,
                owners=owners,
                since=wanted.since,
                project_names=projects,
                reverse=True,
                limit=1000,
            ) as items:
                async for item in items:
                    access = None if item.owner == me else await self._rights.on(client, str(item.uri), item.name)
                    jobs.append(job_view(item, me, access))
        except Exception as exc:
            raise translate(exc) from exc
        return page(jobs, wanted, datetime.now(UTC))

    async def find(self, ref: str) -> Runs:
        """Every run that ``ref`` (ID, the beginning of an ID, name or URI) fits, newest first.

        Raises :class:`NoSuchJob` where there is none.
        """
        client = await self._session.client()
        ref = ref.strip()
        try:
            return await self._find(client, ref)
        except NeuroError:
            raise
        except Exception as exc:
            error = translate(exc)
            if error.status == 404:
                raise NoSuchJob(f"There is no job {ref} that you may see.") from exc
            raise error from exc

    async def _find(self, client: apolo_sdk.Client, ref: str) -> Runs:

        if not ref:
            raise BadRequest("Which job? Give an ID, a name or a URI.", field="job")
        project: str | None = None
        name = ref
        if ref.startswith("job:"):
            try:
                uri = client.parse.str_to_uri(ref, allowed_schemes=("job",))
            except ValueError as exc:
                raise BadRequest(f"'{ref}' cannot be read as a job's URI: {exc}", field="job") from exc
            parts = [part for part in uri.path.split("/") if part]
            if not parts:
                raise BadRequest(f"{ref} names no single job.", field="job")
            name = parts[-1]
            project = parts[-2] if len(parts) > 1 else None
        if not _NAME.fullmatch(name):
            raise NoSuchJob(f"There is no job {name[:80]!r} that you may see.")
        if JOB_ID.fullmatch(name):
            return [await self._view(await client.jobs.status(name), client)]
        projects = (project,) if project else ()
        found: Sequence[apolo_sdk.JobDescription] = []
        if _SHORT_ID.fullmatch(name):
            async with client.jobs.list(project_names=projects, reverse=True, limit=5000) as items:
                found = [item async for item in items if item.id.startswith(name)]
            if len(found) > 1:
                ids = [item.id for item in found]
                raise AmbiguousJob(f"{len(ids)} jobs begin with {name}: {', '.join(ids[:5])}.", jobs=ids)
        if not found:
            mine = projects or (client.config.project_name_or_raise,)
            async with client.jobs.list(name=name, project_names=mine, reverse=True, limit=1000) as items:
                found = [item async for item in items]
        if not found and not project:
            async with client.jobs.list(name=name, reverse=True, limit=1000) as items:
                found = [item async for item in items]
        if not found:
            raise NoSuchJob(f"There is no job {ref} that you may see.")
        return [await self._view(item, client) for item in found]

    async def get(self, ref: str) -> Job:
        """The job of an ID or URI; of a name the one active run, else the newest."""
        runs = await self.find(ref)
        active = [job for job in runs if job.status in ACTIVE]
        return active[0] if active else runs[0]

    async def only(self, ref: str, latest: bool = False) -> Job:
        """Like :meth:`get`, but a name that fits several runs raises :class:`AmbiguousJob`, unless ``latest``."""
        runs = await self.find(ref)
        if len(runs) > 1 and not latest:
            lines = ", ".join(f"{job.id} ({job.status})" for job in runs[:5])
            more = "" if len(runs) <= 5 else f" and {len(runs) - 5} more"
            raise AmbiguousJob(f"{len(runs)} runs are called '{ref}': {lines}{more}.", jobs=[job.id for job in runs])
        return runs[0]

    async def resolve_uri(self, ref: str) -> str:
        """The full URI of a job's ID, name or URI, whether it exists or not (``job:`` = the whole project)."""
        client = await self._session.client()
        text = ref if ref.startswith("job:") else f"job:{ref}"
        try:
            return str(client.parse.str_to_uri(text, allowed_schemes=("job",)))
        except ValueError as exc:
            raise BadRequest(f"'{ref}' cannot be read as a job's URI: {exc}", field="uri") from exc

    async def submit(self, form: JobSubmit) -> Job:
        """Start a job once for its ``submit_tag``, however often this is called with it.

        Raises :class:`BadRequest` naming the field, :class:`Offline` when it was surely not sent, and
        :class:`UnknownOutcome` when no answer came and the job is not to be found for 30 s.
        """
        client = await self._session.client()
        check(form, list(client.config.presets))
        arguments = sdk_arguments(form, client)
        known = await self._by_tag(client, form.submit_tag)
        if known is not None:
            # the first time may have started it and failed to share it: what is asked for now counts
            await self._share(client, known, form)
            return known
        try:
            found = await client.jobs.start(**arguments)
        except Exception as exc:
            error = translate(exc, action="Starting a job")
            if error.field == "image":
                error.message = f"There is no image '{form.image}' that you may use on this platform."
            if not _may_have_been_sent(exc):
                raise error from exc
            job = await self._look_for(form.submit_tag, exc)
        else:
            job = await self._view(found, client)
        await self._share(client, job, form)
        return job

    async def _share(self, client: apolo_sdk.Client, job: Job, form: JobSubmit) -> None:
        import apolo_sdk
        from yarl import URL

        for user, action in form.share.items():
            permission = apolo_sdk.Permission(URL(job.uri), apolo_sdk.Action(action))
            try:
                await client.users.share(user, permission)
            except Exception as exc:
                error = translate(exc, action="Sharing")
                raise Conflict(
                    f"{job.id} was started, but not shared with {user}: {error.message}",
                    field="share",
                    jobs=[job.id],
                    hint=f"Share it: %neuro share {job.uri} USER {action}",
                ) from exc

    async def _by_tag(self, client: apolo_sdk.Client, tag: str) -> Job | None:
        try:
            async with client.jobs.list(tags=(SUBMIT_TAG + tag,), limit=1) as items:
                async for item in items:
                    return await self._view(item, client)
        except Exception as exc:
            raise translate(exc) from exc
        return None

    async def _look_for(self, tag: str, cause: Exception) -> Job:
        """The answer to a submit got lost: find the job by its tag."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + LOOK_FOR
        while True:
            try:
                job = await self._by_tag(await self._session.client(), tag)
            except NeuroError:
                job = None
            if job is not None:
                return job
            if loop.time() >= deadline:
                raise UnknownOutcome(
                    "Sent, but no answer came, and the job is not to be found.",
                    hint="Look at the list of jobs before you send it again.",
                ) from cause
            await asyncio.sleep(1)

    async def kill(self, job_id: str) -> None:
        """Stop one job. A job that has ended stays as it is."""
        client = await self._session.client()
        try:
            await client.jobs.kill(job_id)
        except Exception as exc:
            raise translate(exc, action="Kill") from exc
        if self.on_change:
            await self.get(job_id)

    def logs(
        self, job_id: str, since: datetime | None = None, timestamps: bool = False
    ) -> AsyncGenerator[bytes, None]:
        """The log from its beginning (or ``since``), live until the job ends; goes on where a connection broke."""
        return follow(self._session, job_id, since, timestamps)

    async def log_so_far(self, job: Job) -> AsyncIterator[bytes]:
        """The log up to now: of a running job the stream is left as soon as it pauses for half a second."""
        stream = self.logs(job.id)
        pause = None if job.status not in ACTIVE else 0.5
        try:
            while True:
                try:
                    yield await asyncio.wait_for(anext(stream), pause)
                except (StopAsyncIteration, TimeoutError):
                    return
        finally:
            await stream.aclose()

    async def ended(self, job_id: str, patience: float = 15.0) -> Job:
        """The job after the end of its log: waits at most ``patience`` seconds for its result to be told."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + patience
        while True:
            job = await self.get(job_id)
            if job.status not in ACTIVE or loop.time() > deadline:
                return job
            await asyncio.sleep(0.1)

    async def wait(self, job_id: str, interval: float = 0.5) -> AsyncIterator[Job]:
        """The job at once, at every change of its status, and last when it has ended."""
        last: Job | None = None
        failures = 0
        while True:
            try:
                job = await self.get(job_id)
                failures = 0
            except Offline:
                failures += 1
                if failures > 20:
                    raise
                await asyncio.sleep(min(5.0, interval * failures))
                continue
            if last is None or (job.status, job.reason, job.restarts) != (last.status, last.reason, last.restarts):
                yield job
            if job.status not in ACTIVE and job.status != "unknown":
                return
            last = job
            await asyncio.sleep(interval)


def _sdk_status(status: str) -> apolo_sdk.JobStatus:
    import apolo_sdk

    return apolo_sdk.JobStatus(status)


def _may_have_been_sent(exc: BaseException) -> bool:
    """False when the request surely never left: the connection itself was refused."""
    names = {cls.__name__ for cls in type(exc).__mro__}
    if "ClientConnectorError" in names:
        return False
    return bool(
        names & {"ServerDisconnectedError", "ClientOSError", "ServerTimeoutError", "ClientPayloadError", "BadGateway"}
    ) or isinstance(exc, (TimeoutError, ConnectionError))
