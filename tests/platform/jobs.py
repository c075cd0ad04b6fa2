"""Jobs on a real platform, as tests use them."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from jupyter_neuro.platform.executors.detect import NoSuchTier, detect

from .process import PlatformProcess

DEADLINE = 60.0
TIERS = ("sandbox", "process")
TERMINAL = ("succeeded", "failed", "cancelled")


def need_tier(tier: str) -> None:
    """Skip where the computer does not have it."""
    try:
        detect(tier)
    except NoSuchTier as problem:
        pytest.skip(str(problem))


def eventually(look: Callable[[], Any], what: str, deadline: float = DEADLINE) -> Any:
    """What ``look`` gives, as soon as that is something."""
    end = time.monotonic() + deadline
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < end, f"{what} did not happen in {deadline} s"
        time.sleep(0.02)


class Jobs:
    """One user's jobs on a platform."""

    def __init__(self, platform: PlatformProcess, token: str, user: str) -> None:
        self.platform = platform
        self.token = token
        self.user = user

    def request(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        return self.platform.request(method, path, self.token, body, headers)

    def submit(self, command: str, status: int = 202, **more: Any) -> dict[str, Any]:
        """Submit from a preset; the answer's JSON."""
        body = {"image": "this-computer", "preset_name": "cpu-micro", "command": command, **more}
        answer = self.request("POST", "/jobs?from_preset", body)
        assert answer.status == status, answer.body
        found: dict[str, Any] = answer.json
        return found

    def refused(self, command: str = "true", status: int = 400, **more: Any) -> str:
        """Submit what has to be refused; the error's text. Nothing is recorded."""
        before = len(self.list())
        text = str(self.submit(command, status, **more)["error"])
        assert len(self.list()) == before
        return text

    def get(self, ident: str) -> dict[str, Any]:
        answer = self.request("GET", f"/jobs/{ident}")
        assert answer.status == 200, answer.body
        found: dict[str, Any] = answer.json
        return found

    def list(self, query: str = "") -> list[dict[str, Any]]:
        answer = self.request("GET", f"/jobs?{query}", Accept="application/x-ndjson")
        assert answer.status == 200, answer.body
        return [json.loads(line) for line in answer.body.splitlines()]

    def kill(self, ident: str, status: int = 204) -> None:
        answer = self.request("DELETE", f"/jobs/{ident}")
        assert answer.status == status, answer.body

    def wait(self, job: dict[str, Any], *statuses: str) -> dict[str, Any]:
        """The job as soon as it has one of the statuses (default: it is over)."""
        wanted = statuses or TERMINAL

        def look() -> dict[str, Any] | None:
            now = self.get(job["id"])
            assert now["status"] in wanted or now["status"] not in TERMINAL, now
            return now if now["status"] in wanted else None

        return eventually(look, f"{' or '.join(wanted)} of {job['id']}")

    def run(self, command: str, **more: Any) -> tuple[dict[str, Any], str]:
        """Run a job to its end; the job and its log."""
        job = self.wait(self.submit(command, **more))
        return job, self.log(job)

    def log(self, job: dict[str, Any], query: str = "") -> str:
        """The whole log, over the websocket, once the job is over."""
        return asyncio.run(self._log(job["id"], query)).decode()

    async def _log(self, ident: str, query: str) -> bytes:
        connection = await self.connect(f"/monitoring/{ident}/log_ws?{query}")
        data = b""
        while (piece := await asyncio.wait_for(connection.read_message(), DEADLINE)) is not None:
            assert isinstance(piece, bytes), "a log is sent in binary frames alone"
            data += piece
        return data

    async def connect(self, path: str, **options: Any) -> WebSocketClientConnection:
        """A websocket; raises ``HTTPClientError`` for a refused handshake."""
        url = f"ws://127.0.0.1:{self.platform.port}/api/v1{path}"
        request = HTTPRequest(url, headers={"Authorization": f"Bearer {self.token}"})
        return await websocket_connect(request, **options)

    def mkdir(self, path: str) -> str:
        """A folder of the user's storage; its URI."""
        answer = self.platform.storage("PUT", "MKDIRS", f"/local/{self.user}/{quote(path)}", self.token)
        assert answer.status == 201, answer.body
        return f"storage://default/local/{self.user}/{quote(path)}"

    def put(self, path: str, content: bytes) -> None:
        answer = self.platform.put(f"/local/{self.user}/{quote(path)}", self.token, content)
        assert answer.status == 201, answer.body

    def read(self, path: str) -> bytes:
        answer = self.platform.get(f"/local/{self.user}/{quote(path)}", self.token)
        assert answer.status == 200, answer.body
        return answer.body


def volume(uri: str, mount: str, read_only: bool = False) -> dict[str, Any]:
    return {"src_storage_uri": uri, "dst_path": mount, "read_only": read_only}
