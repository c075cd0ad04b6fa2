"""The platform of one Jupyter server: what counts now, its services, its picture of the jobs, and the switch."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..client import connection
from ..client.connection import Target
from ..client.paths import data_dir
from ..client.worker import Worker
from ..errors import NotSignedIn
from ..schemas import Job, JobPage, Session, SignIn
from .connector import Connector
from .job_list import JobFilter
from .job_model import JobModel
from .neuro import Neuro
from .poller import JobPoller
from .store import Store

FIRST_LOOK = 20.0
"""Seconds that a list may wait for the first answer of the platform."""

Emit = Callable[[str, dict[str, Any]], None]


class Lab:
    """Everything the routes need. ``server`` is this server's key in ``connection.json``; ``emit(kind, data)`` puts
    an event on the server's bus and may be called from any thread."""

    def __init__(self, configured: str, root: str, folder: Path, server: str, emit: Emit) -> None:
        self._folder = folder
        self._server = server
        self._emit = emit
        self._store = Store(data_dir() / "state.db")
        self.connector = Connector(configured, root, self._store, ask=True)
        self.worker = Worker("neuro-platform", Path("/"))
        self._poll_worker: Worker | None = None
        self._poller: JobPoller | None = None
        self._neuro: Neuro | None = None
        self._model = JobModel()
        self._visible = False
        self._guard = threading.RLock()

    @property
    def version(self) -> int:
        """Raised at every change of the picture of jobs (for ETags)."""
        return self._model.version

    def publish(self) -> None:
        """Write ``connection.json``, so that kernels follow this Lab."""
        state, target = self.connector.current()
        connection.write_entry(self._server, target if state == "ready" else Target(kind="none"))

    def neuro(self) -> Neuro:
        """The services of the platform that counts. Raises :class:`NotSignedIn`."""
        state, target = self.connector.current()
        if state == "choose":
            raise NotSignedIn("Which platform? Nobody has chosen yet.", hint="Choose in the Neuro sidebar.")
        if state != "ready" or target.kind == "none":
            raise NotSignedIn("Not signed in.")
        with self._guard:
            if self._neuro is None or self._neuro.target != target:
                self._attach(target)
            assert self._neuro is not None
            return self._neuro

    def _attach(self, target: Target) -> None:
        self._detach()
        if self._poll_worker is None:
            self._poll_worker = Worker("neuro-poller", Path("/"))
        neuro = Neuro(target, self.worker, self.connector)
        model = JobModel()
        key = target.key

        def notify(changed: list[Job], removed: list[Job]) -> None:
            rows = [("changed", job) for job in changed] + [("removed", job) for job in removed]
            # a flood says no more than its end: the page asks for the list again at each
            for action, job in rows[-50:]:
                data = {"action": action, "id": job.id, "status": job.status, "name": job.name or "", "platform": key}
                self._emit("job", data)

        def online(up: bool) -> None:
            self._emit("session", {"action": "online" if up else "offline", "platform": key})

        def changed(job: Job) -> None:
            rows = model.update([job])
            if rows:
                notify(rows, [])

        neuro.jobs.on_change = changed
        self._neuro, self._model = neuro, model
        self._poller = JobPoller(target, self._poll_worker, model, notify, online)
        self._poller.attend(self._visible)

    def _detach(self) -> None:
        if self._poller is not None:
            self._poller.stop()
            self._poller = None
        if self._neuro is not None:
            self.worker.submit(self._neuro.close())
            self._neuro = None

    def attend(self, visible: bool) -> None:
        """A page says whether its panel can be seen."""
        self._visible = visible
        if visible and not self._store.get("seen"):
            self._store.put("seen", True)
        if self._poller is not None:
            self._poller.attend(visible)

    def poke(self) -> None:
        """The user has just started or stopped something: look quickly for a while."""
        if self._poller is not None:
            self._poller.poke(eager=True)

    async def session(self) -> Session:
        """Who and where; starts or connects what counts."""
        state, _ = self.connector.current()
        neuro = self.neuro() if state == "ready" and self._signed_in() else self._idle()
        answer = await self.worker.run(neuro.accounts.info(self._folder))
        answer.first_start = not self._store.get("seen", default=False)
        return answer

    def _signed_in(self) -> bool:
        return self.connector.current()[1].kind != "none"

    def _idle(self) -> Neuro:
        """Services for one who is not signed in: good for signing in only."""
        return Neuro(Target(kind="none"), self.worker, self.connector)

    async def sign_in(self, form: SignIn) -> Session:
        await self.worker.run(self._idle().accounts.sign_in(form))
        return await self.switched()

    async def sign_out(self) -> Session:
        await self.worker.run(self._idle().accounts.sign_out())
        return await self.switched()

    async def use_local(self) -> Session:
        self._idle().accounts.use_local()
        return await self.switched()

    async def use_cluster(self) -> Session:
        self._idle().accounts.use_cluster()
        return await self.switched()

    async def switch_project(self, name: str) -> Session:
        await self.worker.run(self.neuro().accounts.switch_project(name))
        return await self.switched()

    async def switched(self) -> Session:
        """Another platform, user or project counts: tell kernels and pages."""
        with self._guard:
            self._detach()
            self._model = JobModel()
        self.publish()
        answer = await self.session()
        _, target = self.connector.current()
        self._emit("session", {"action": "switched", "platform": target.key, "user": answer.user})
        return answer

    async def jobs(self, wanted: JobFilter) -> JobPage:
        """A page of the picture of jobs; waits for the first answer of the platform."""
        self.neuro()
        model = self._model
        if not model.loaded.is_set():
            await asyncio.to_thread(model.loaded.wait, FIRST_LOOK)
        elif model.error is not None and self._poller is not None:
            # somebody looks at an old picture: try now
            self._poller.poke()
        return model.page(wanted)

    def stop(self) -> None:
        """The server ends. Jobs and the embedded platform go on."""
        with self._guard:
            self._detach()
        connection.drop_entry(self._server)
        self.worker.stop()
        if self._poll_worker is not None:
            self._poll_worker.stop()
        self._store.close()


def server_key(port: int) -> str:
    """A key for this server's entry: unlike that of any other, also of an earlier one with the same PID."""
    return f"{os.getpid()}-{port}-{os.urandom(4).hex()}"
