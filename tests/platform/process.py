"""A real platform process for tests, on a root of its own."""

from __future__ import annotations

import errno
import http.client
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

from jupyter_neuro.client import embedded
from jupyter_neuro.platform.jobs.files import State, examine, supervisor_pid

REPO = Path(__file__).parents[2]


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> str:
        return str(self.json["error"])


def environment(**more: str) -> dict[str, str]:
    """Without a sign-in or a home of the person who runs the tests."""
    env = {n: v for n, v in os.environ.items() if not n.startswith(("APOLO_", "NEURO", "JUPYTER", "JPY_"))}
    env["PYTHONPATH"] = os.pathsep.join(filter(None, [env.get("PYTHONPATH"), str(REPO)]))
    return env | more


class PlatformProcess:
    """``python -m jupyter_neuro.platform`` in the foreground; its output lies in ``root/platform.log``.

    ``prefix`` is a command that runs the rest of its arguments in its own place.
    """

    def __init__(self, root: Path, *options: str, owner: str = "bob", prefix: tuple[str, ...] = ()) -> None:
        self.root = root
        self.owner = owner
        self.prefix = prefix
        self.options = options
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> PlatformProcess:
        """Start it and wait until it answers."""
        self.root.mkdir(mode=0o700, exist_ok=True)
        with (self.root / "platform.log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    *(*self.prefix, sys.executable, "-m", "jupyter_neuro.platform", "--root", str(self.root)),
                    *("--owner", self.owner, *self.options),
                ],
                cwd=self.root,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + 60
        while (found := embedded.runtime(self.root)) is None or found.pid != self.process.pid:
            assert self.process.poll() is None, self.log
            assert time.monotonic() < deadline, self.log
            time.sleep(0.02)
        self.url = found.url
        self.port = found.port
        return self

    def stop(self) -> int:
        """SIGTERM, and wait; returns the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)

    def kill9(self) -> None:
        """SIGKILL, and wait."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(30)

    def close(self) -> None:
        """End it however it is, and the jobs that it would leave running."""
        if self.process is not None and self.process.poll() is None:
            self.kill9()
        for folder in (self.root / "jobs").glob("*/"):
            finding = examine(folder)
            pid = supervisor_pid(finding.started) if finding.state is State.RUNNING else None
            if pid is not None:
                os.kill(pid, signal.SIGTERM)

    @property
    def log(self) -> str:
        return (self.root / "platform.log").read_text(errors="replace")

    @property
    def owner_token(self) -> str:
        return embedded.owner_token(self.root)

    def add_user(self, name: str) -> str:
        """Add a user over REST; returns the token."""
        answer = self.request("POST", "/local/users", self.owner_token, {"name": name})
        assert answer.status == 201, answer.body
        return str(answer.json["token"])

    def request(
        self,
        method: str,
        path: str,
        token: str | None = None,
        body: Any = None,
        headers: dict[str, str] | None = None,
        *,
        base: str = "/api/v1",
    ) -> Answer:
        """One request, its path sent exactly as written. ``body``: bytes as they are, anything else as JSON."""
        real = {"Authorization": f"Bearer {token}"} if token else {}
        real |= headers or {}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
            connection.request(method, base + path, data, real)
            answer = connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    # -- short forms that read well in tests -------------------------------------------------------------------

    def storage(
        self, method: str, op: str, path: str, token: str, body: bytes | None = None, **headers: str
    ) -> Answer:
        """A storage operation on ``/ORG/PROJECT/…``; ``op`` may carry more of the query."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.request(method, f"/storage{path}?op={op}", token, body, named)

    def put(self, path: str, token: str, body: bytes) -> Answer:
        return self.storage("PUT", "CREATE", path, token, body)

    def get(self, path: str, token: str, **headers: str) -> Answer:
        return self.storage("GET", "OPEN", path, token, **headers)

    def names(self, path: str, token: str) -> dict[str, str]:
        """Name → level of what a listing shows."""
        answer = self.storage("GET", "LISTSTATUS", path, token, Accept="application/x-ndjson")
        assert answer.status == 200, answer.body
        items = [json.loads(line)["FileStatus"] for line in answer.body.splitlines()]
        return {item["path"]: item["permission"] for item in items}

    def share(self, uri: str, user: str, action: str, token: str) -> Answer:
        return self.request("POST", f"/users/{user}/permissions", token, [{"uri": uri, "action": action}])


def disk(platform: PlatformProcess, path: str) -> Path:
    return platform.root / "storage" / path.lstrip("/")


def refused(answer: Answer, number: int) -> None:
    """400 with the error's name, which the client turns into ``OSError(number)``."""
    assert answer.status == 400, answer.body
    assert answer.json["errno"] == errno.errorcode[number]
    assert answer.error
