"""One poller a signed-in user: keeps the model of jobs at most 3 s old while somebody looks.

It has a worker of its own, so that neither Jupyter's loop nor an act of the user waits while a long list is parsed.
It asks for the active jobs and for those created since its last look; what was active and no longer is, is asked
for one by one. Older jobs are read backwards in pages after the first answer.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ..client.connection import Target
from ..client.session import PlatformSession
from ..client.worker import Worker
from ..errors import NeuroError, translate
from ..schemas import Job
from .job_model import JobModel
from .job_view import job_view
from .rights import Rights

if TYPE_CHECKING:
    import apolo_sdk

VISIBLE, HIDDEN = 2.0, 15.0
"""Seconds between two looks while the panel is visible, and while it is not."""
ATTENTION = 60.0
"""Seconds that a page's word "visible" holds."""
NOBODY = 1800.0
"""Seconds without a word of any page after which the poller rests."""
EAGER = 5.0
"""Seconds of quick looks (every 0.5 s) after the user started or stopped something."""
SILENCE = 15.0
"""Seconds without an answer after which the platform counts as lost (the SDK itself would wait for a minute)."""
PAGE = 500

Notify = Callable[[list[Job], list[Job]], None]


class JobPoller:
    """Feeds ``model``; ``notify(changed, removed)`` is called on the poller's thread after each change, and
    ``on_state(online)`` when the platform is lost or found again."""

    def __init__(
        self,
        target: Target,
        worker: Worker,
        model: JobModel,
        notify: Notify,
        on_state: Callable[[bool], None],
    ) -> None:
        self._session = PlatformSession(target)
        self._worker = worker
        self._model = model
        self._notify = notify
        self._on_state = on_state
        self._rights = Rights()
        self._last_rights: object = None
        self._newest: datetime | None = None
        self._wake = asyncio.Event()
        self._looked = 0.0
        self._heard = 0.0
        self._eager_until = 0.0
        self._failures = 0
        self._task = worker.submit(self._run())

    def attend(self, visible: bool) -> None:
        """A page says whether its panel can be seen. From any thread."""
        self._heard = time.monotonic()
        was = self._heard - self._looked < ATTENTION
        self._looked = self._heard if visible else 0.0
        if visible and not was:
            self.poke()

    def poke(self, eager: bool = False) -> None:
        """Look now; with ``eager`` also every half second for a while. From any thread."""
        if eager:
            self._eager_until = time.monotonic() + EAGER
        with suppress(RuntimeError):
            self._worker.loop.call_soon_threadsafe(self._wake.set)

    def stop(self) -> None:
        """End polling; the worker goes on."""
        self._task.cancel()
        self._worker.submit(self._session.close())

    def _pause(self) -> float | None:
        now = time.monotonic()
        if self._failures:
            return float(min(5 if self._session.target.kind == "local" else 30, 2 ** min(self._failures, 5)))
        if now < self._eager_until:
            return 0.5
        if now - self._looked < ATTENTION:
            return VISIBLE
        if now - self._heard < NOBODY:
            return HIDDEN
        return None

    async def _run(self) -> None:
        self._heard = time.monotonic()
        while True:
            self._wake.clear()
            await self._look()
            pause = self._pause()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), pause)

    async def _look(self) -> None:
        online = self._failures == 0
        try:
            client = await self._session.client()
            self._session.revive = False
            first = self._newest is None
            await asyncio.wait_for(self._recent(client), SILENCE)
            self._failures = 0
            self._model.fresh()
            if not online:
                self._on_state(True)
            if first:
                await self._older(client)
        except Exception as exc:
            self._failures += 1
            error = exc if isinstance(exc, NeuroError) else translate(exc)
            self._model.stale(error)
            if online:
                self._on_state(False)

    async def _recent(self, client: apolo_sdk.Client) -> None:
        import apolo_sdk

        before = self._model.active()
        found: dict[str, Job] = {}
        async for job in self._list(client, statuses=apolo_sdk.JobStatus.active_items()):
            found[job.id] = job
        if self._newest is None:
            async for job in self._list(client, limit=PAGE):
                found[job.id] = job
        else:
            async for job in self._list(client, since=self._newest - timedelta(seconds=1)):
                found[job.id] = job
        gone: list[str] = []
        for job_id in before - found.keys():
            one = await self._one(client, job_id)
            if one is None:
                gone.append(job_id)
            else:
                found[one.id] = one
        gone += await self._lost_sight(client, found)
        times = [datetime.fromisoformat(job.created_at) for job in found.values() if job.created_at]
        if times:
            self._newest = max([*times, *([self._newest] if self._newest else [])])
        elif self._newest is None:
            self._newest = datetime.fromisoformat("2000-01-01T00:00:00+00:00")
        changed, removed = self._model.update(found.values()), self._model.remove(gone)
        if changed or removed:
            self._notify(changed, removed)

    async def _lost_sight(self, client: apolo_sdk.Client, found: dict[str, Job]) -> list[str]:
        """When my rights have changed: look again at the ended jobs of others; returns those I may not see."""
        rows = await client.users.get_acl(client.config.username, "job")
        rights = frozenset((str(row.uri), row.action.value) for row in rows)
        if rights == self._last_rights:
            return []
        self._last_rights = rights
        self._rights = Rights()
        gone = []
        for job in self._model.jobs():
            if not job.mine and job.id not in found:
                one = await self._one(client, job.id)
                if one is None:
                    gone.append(job.id)
                else:
                    found[job.id] = one
        async for one in self._list(client, limit=PAGE):
            found.setdefault(one.id, one)
        return gone

    async def _older(self, client: apolo_sdk.Client) -> None:
        """Everything before the first page, backwards."""
        known = self._model.jobs()
        if len(known) < PAGE:
            return
        until = min(datetime.fromisoformat(job.created_at) for job in known)
        while True:
            batch = [job async for job in self._list(client, until=until, limit=PAGE)]
            changed = self._model.update(batch)
            if changed:
                self._notify(changed[:1], [])
            if len(batch) < PAGE or not changed:
                return
            until = min(datetime.fromisoformat(job.created_at) for job in batch)

    async def _list(
        self,
        client: apolo_sdk.Client,
        *,
        statuses: set[apolo_sdk.JobStatus] | frozenset[apolo_sdk.JobStatus] = frozenset(),
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[Job]:
        async with client.jobs.list(statuses=statuses, since=since, until=until, limit=limit, reverse=True) as items:
            async for item in items:
                yield await self._view(client, item)

    async def _view(self, client: apolo_sdk.Client, item: apolo_sdk.JobDescription) -> Job:
        me = client.config.username
        access = None if item.owner == me else await self._rights.on(client, str(item.uri), item.name)
        return job_view(item, me, access)

    async def _one(self, client: apolo_sdk.Client, job_id: str) -> Job | None:
        try:
            return await self._view(client, await client.jobs.status(job_id))
        except Exception as exc:
            if translate(exc).status in (403, 404):
                return None
            raise
