"""``monitoring_url``: a job's log, its terminal, what it uses, and what room there is for more jobs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from typing import Any

from tornado.websocket import WebSocketClosedError

from .context import MONITORING
from .handler import PlatformError, PlatformSocket
from .jobs.attachment import Attachment, attach
from .jobs.files import examine, supervisor_pid
from .jobs.invalid import Invalid
from .jobs.listing import moment
from .jobs.logs import follow
from .jobs.store import RUNNING, Job
from .jobs.supervisor.attach import ERRORS, EXIT, INPUT, OUTPUT, SIZE
from .jobs.telemetry import Sampler
from .jobs_api import JobHandler
from .permissions import Action

CHANNELS = "v2.channels.neu.ro"
CHECK = 30.0
"""Seconds between looks whether a stream may go on."""
SAMPLE = 1.0
REPLAY = 2048
"""Bytes of a terminal's last output for one who attaches: an idle shell would show nothing at all otherwise."""
PATIENCE = 1.0
"""Seconds in which a job that is told as running may still be opening its door."""
GONE = 4403


class JobSocket(JobHandler, PlatformSocket):
    """A stream of one job. It ends when the right to it is taken back, the user removed or the token renewed."""

    action = Action.READ
    job: Job
    _tasks: set[asyncio.Task[None]]

    @property
    def max_message_size(self) -> int:
        """Bytes of one message."""
        return 1 << 20

    async def get(self, *args: str, **kwargs: str) -> None:
        """Check and make ready, then shake hands."""
        self._tasks = set()
        self.job = self.find(args[0], self.action)
        await self.ready(*args)
        await super().get(*args, **kwargs)

    async def ready(self, *args: str) -> None:
        """What may still refuse the request."""

    def open(self, *args: str, **kwargs: str) -> None:
        """Start the stream."""
        self.run(self.stream())
        self.run(self._watch_rights())

    async def stream(self) -> None:
        """Send until the end."""
        raise NotImplementedError

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """A task that lives as long as the connection."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def on_close(self) -> None:
        """Nobody is there any more."""
        for task in self._tasks:
            task.cancel()

    async def on_message(self, message: str | bytes) -> None:
        """Most streams go one way."""

    async def _watch_rights(self) -> None:
        while True:
            await asyncio.sleep(CHECK)
            try:
                self._authenticate()
                allowed = self.platform.jobs.level(self.user, self.job) >= self.action
            except PlatformError:
                allowed = False
            if not allowed:
                self.close(GONE, "No longer shared with you.")
                return


class Log(JobSocket):
    """``{id}/log_ws``: the log in binary frames, closed after its last byte."""

    since: float | None = None

    async def ready(self, *args: str) -> None:
        """Read the query."""
        text = self.get_query_argument("since", "")
        try:
            self.since = moment(text, "since") if text else None
        except Invalid as problem:
            self.fail(400, str(problem))

    async def stream(self) -> None:
        """Send as fast as the client takes it."""
        jobs = self.platform.jobs
        times = self.get_query_argument("timestamps", "").lower() in ("1", "true")
        pieces = follow(jobs.directory(self.job), lambda: jobs.expects_output(self.job), self.since, times)
        try:
            async for piece in pieces:
                await self.write_message(piece, binary=True)
        except WebSocketClosedError:
            return
        finally:
            await pieces.aclose()
        self.close(1000)


class Attach(JobSocket):
    """``{id}/attach``: the job's input, output and terminal, in the channels of `CHANNELS`."""

    action = Action.WRITE
    _attachment: Attachment

    async def ready(self, *args: str) -> None:
        """404 unless the job runs."""
        if not self.platform.jobs.may_enter(self.user):
            self.fail(403, f"Only {self.platform.owner} may enter jobs here: they are not separated.")
        self._wanted = {
            channel
            for channel, name in ((OUTPUT, "stdout"), (ERRORS, "stderr"))
            if self.get_query_argument(name, "0") == "1"
        }
        self._stdin = self.get_query_argument("stdin", "0") == "1"
        replay = REPLAY if self.job.request["container"]["tty"] else 0
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE
        while True:
            if self.job.status != RUNNING or not self.platform.jobs.expects_output(self.job):
                self.fail(404, f"The job {self.job.id} is not running.")
            try:
                self._attachment = await attach(self.platform.jobs.directory(self.job), replay)
                return
            except OSError:
                if loop.time() >= deadline:
                    self.fail(404, f"The job {self.job.id} cannot be attached to.")
            await asyncio.sleep(0.02)

    def select_subprotocol(self, subprotocols: list[str]) -> str | None:
        """The one there is, if it was asked for."""
        return CHANNELS if CHANNELS in subprotocols else None

    async def stream(self) -> None:
        """From the job to the client."""
        try:
            while True:
                told = await self._attachment.read()
                if told is None:
                    break
                channel, data = told
                if channel in self._wanted or channel == EXIT:
                    await self.write_message(bytes([channel]) + data, binary=True)
        except WebSocketClosedError:
            return
        self.close(1000)

    async def on_message(self, message: str | bytes) -> None:
        """From the client to the job; the next message waits until the job took this one."""
        if isinstance(message, str) or not message:
            return
        channel = message[0]
        if channel == SIZE or (channel == INPUT and self._stdin):
            await self._attachment.write(channel, message[1:])

    def on_close(self) -> None:
        """The job runs on."""
        super().on_close()
        self._attachment.close()


class Top(JobSocket):
    """``{id}/top``: cores and memory once a second, as long as the job runs."""

    async def stream(self) -> None:
        """Nothing for a job that does not run: the client says so itself."""
        jobs = self.platform.jobs
        pid = supervisor_pid(examine(jobs.directory(self.job)).started)
        try:
            if pid is not None and jobs.expects_output(self.job):
                sampler = await asyncio.to_thread(Sampler, pid)
                while jobs.expects_output(self.job):
                    await asyncio.sleep(SAMPLE)
                    if jobs.expects_output(self.job):
                        await self.write_message(json.dumps(await asyncio.to_thread(sampler.sample)))
        except WebSocketClosedError:
            return
        self.close(1000)


class Later(JobSocket):
    """``{id}/exec``, ``{id}/port_forward/{port}``: refused cleanly."""

    action = Action.WRITE

    async def ready(self, *args: str) -> None:
        """400 with a sentence."""
        self.fail(400, "Not supported by this platform yet")


class Save(JobHandler):
    """``{id}/save``: refused cleanly."""

    def post(self, ident: str) -> None:
        """400 with a sentence."""
        self.find(ident, Action.WRITE)
        self.fail(400, "Saving a job as an image is not supported by this platform yet")


class Kill(JobHandler):
    """``{id}/kill``."""

    def post(self, ident: str) -> None:
        """End the job; 204."""
        job = self.find(ident, Action.WRITE)
        self.platform.jobs.kill(job, self.user)
        self.platform.audit.write(self.user, self.address, "kill", job.id)
        self.set_status(204)


class Capacity(JobHandler):
    """``capacity``."""

    def get(self) -> None:
        """Preset → how many more jobs of it could start now."""
        self.send_json(self.platform.jobs.capacity())


routes: list[tuple[str, type]] = [
    (MONITORING + r"/capacity", Capacity),
    (MONITORING + r"/([^/]+)/log_ws", Log),
    (MONITORING + r"/([^/]+)/attach", Attach),
    (MONITORING + r"/([^/]+)/top", Top),
    (MONITORING + r"/([^/]+)/exec", Later),
    (MONITORING + r"/([^/]+)/port_forward/([^/]+)", Later),
    (MONITORING + r"/([^/]+)/save", Save),
    (MONITORING + r"/([^/]+)/kill", Kill),
]
