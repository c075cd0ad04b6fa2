"""A job's log, live: binary frames are log, text frames are :class:`LogControl`."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from datetime import datetime
from typing import Any

import msgspec
from jupyter_core.utils import ensure_async
from jupyter_server.auth.decorator import ws_authenticated
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.base.websocket import WebSocketMixin
from tornado import web
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from ..errors import NeuroError, translate
from ..schemas import LogControl
from ..services.lab import Lab
from .handler import RESOURCE

WINDOW = 1024 * 1024
"""Bytes that may be under way to a page that has not said it got them."""
RECHECK = 60.0
"""Seconds after which rights are looked at again (SEC33)."""


class JobLogSocket(WebSocketMixin, WebSocketHandler, JupyterHandler):
    """``since`` (ISO 8601) and ``timestamps`` as in the query; the page answers ``{"ack": bytes}``."""

    auth_resource = RESOURCE
    _track_activity = False

    def initialize(self, lab: Lab) -> None:
        self.lab = lab
        self._sent = 0
        self._acked = 0
        self._room = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @ws_authenticated
    async def get(self, *args: Any, **kwargs: Any) -> None:
        user = self.current_user
        allowed = user and await ensure_async(self.authorizer.is_authorized(self, user, "read", RESOURCE))
        if not allowed:
            raise web.HTTPError(403)
        await super().get(*args, **kwargs)

    def open(self, ref: str) -> None:
        super().open()
        self._task = asyncio.create_task(self._follow(ref))

    def on_message(self, message: str | bytes) -> None:
        try:
            acked = json.loads(message).get("ack")
        except (ValueError, AttributeError):
            return
        if isinstance(acked, int) and not isinstance(acked, bool) and self._acked < acked <= self._sent:
            self._acked = acked
            self._room.set()

    def on_close(self) -> None:
        if self._task is not None:
            self._task.cancel()
        super().on_close()

    async def _follow(self, ref: str) -> None:
        watch: asyncio.Task[None] | None = None
        try:
            neuro = self.lab.neuro()
            job = await self.lab.worker.run(neuro.jobs.get(ref))
            watch = asyncio.create_task(self._watch(job.id))
            await self._say(LogControl(type="start", status=job.status))
            since = self.get_query_argument("since", None)
            chunks = neuro.jobs.logs(
                job.id,
                since=datetime.fromisoformat(since) if since else None,
                timestamps=self.get_query_argument("timestamps", "") in ("1", "true"),
            )
            async for chunk in self.lab.worker.stream(chunks):
                await self._send(chunk)
            ended = await self.lab.worker.run(neuro.jobs.ended(job.id))
            await self._say(LogControl(type="end", status=ended.status))
        except WebSocketClosedError:
            return
        except RuntimeError:
            # the server stops, and its workers are gone: the page connects again to the next one
            self.close(1001)
            return
        except Exception as exc:
            error = exc if isinstance(exc, NeuroError) else translate(exc, action="Reading the log")
            with suppress(WebSocketClosedError):
                await self._say(LogControl(type="error", error=error.body()))
        finally:
            if watch is not None:
                watch.cancel()
        self.close(1000)

    async def _send(self, chunk: bytes) -> None:
        while self._sent - self._acked > WINDOW:
            self._room.clear()
            await self._room.wait()
        self._sent += len(chunk)
        await self.write_message(chunk, binary=True)

    async def _say(self, control: LogControl) -> None:
        await self.write_message(msgspec.json.encode(control).decode())

    async def _watch(self, job_id: str) -> None:
        """A right that was taken back ends the stream."""
        while True:
            await asyncio.sleep(RECHECK)
            try:
                await self.lab.worker.run(self.lab.neuro().jobs.get(job_id))
            except NeuroError as exc:
                if exc.status in (403, 404, 409):
                    with suppress(WebSocketClosedError):
                        await self._say(LogControl(type="error", error=exc.body()))
                    self.close(1008)
                    return
