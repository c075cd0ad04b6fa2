"""Finds, starts and stops the embedded platform's process.

The only neighbour of ``platform/`` that knows how it is launched; everything else talks to it over HTTP. All
functions are synchronous and block (a start takes seconds); nothing heavy is imported.
"""

from __future__ import annotations

import contextlib
import fcntl
import http.client
import json
import os
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..platform.root import LOOPBACK, Root, RootError
from ..platform.root import process_start_time as process_start_time

API = "/api/v1"
START_TIMEOUT = 60.0
_HEALTH_TIMEOUT = 5.0
_LOG_LINES = 12
# the platform outlives the Jupyter server that starts it and has no business with its credentials
_NOT_PASSED_ON = ("JPY_", "JUPYTER_TOKEN", "JUPYTERHUB_", "APOLO_PASSED_CONFIG", "NEURO_PASSED_CONFIG")


class PlatformNotStarted(Exception):
    """The embedded platform could not be started or stopped; the text says why, with its last log lines."""


@dataclass(frozen=True)
class Runtime:
    """A running embedded platform. ``url`` is the API's base, ``http://127.0.0.1:PORT/api/v1``."""

    root: Path
    pid: int
    url: str
    port: int
    tier: str
    trust_users: bool
    owner: str
    org: str
    cluster: str
    version: str


def root_dir(given: Path | str | None = None) -> Path:
    """The platform's directory: the given one, else ``neuro/platform`` in the Jupyter data directory."""
    if given:
        return Path(given).expanduser().absolute()
    from jupyter_core.paths import jupyter_data_dir

    return Path(jupyter_data_dir()) / "neuro" / "platform"


def runtime(root: Path) -> Runtime | None:
    """The platform that runs on ``root`` and answers, or ``None``."""
    files = Root(root)
    values = files.read_runtime()
    if not values or not files.is_held():
        return None
    try:
        found = Runtime(
            root=root,
            **{name: values[name] for name in ("pid", "url", "port", "tier", "trust_users", "owner", "org")},
            cluster=values["cluster"],
            version=values["version"],
        )
        alive = process_start_time(found.pid) == values["start_time"]
        if not alive:
            return None
        status, answer = request(found, "GET", "/config")
    except (KeyError, TypeError, OSError, http.client.HTTPException):
        return None
    return found if status == 200 and isinstance(answer, dict) and "embedded_platform" in answer else None


def owner_token(root: Path) -> str:
    """The token of the platform's owner. Raises `PlatformNotStarted` before the first start."""
    try:
        return Root(root).owner_token_file.read_text().strip()
    except OSError:
        raise PlatformNotStarted(
            f"There is no platform in {root} yet. Start it with: jupyter neuro platform start"
        ) from None


def ensure_started(
    root: Path,
    port: int | None = None,
    trust_users: bool = False,
    timeout: float = START_TIMEOUT,
    *,
    owner: str | None = None,
    tier: str = "auto",
) -> Runtime:
    """The running platform, started if there is none; it goes on when this process ends.

    The options hold for a start only: a platform that runs already is returned as it is. Safe to call from
    several processes at once. Raises `PlatformNotStarted`, after ``timeout`` seconds at the latest.
    """
    found = runtime(root)
    if found is not None:
        return found
    files = Root(root)
    try:
        files.ensure()
    except RootError as problem:
        raise PlatformNotStarted(str(problem)) from None
    deadline = time.monotonic() + timeout
    with _only_one_starts(root, deadline):
        options = ["--root", str(root), "--tier", tier]
        if port is not None:
            options += ["--port", str(port)]
        if owner is not None:
            options += ["--owner", owner]
        if trust_users:
            options.append("--trust-users")
        log_from = files.log_file.stat().st_size if files.log_file.exists() else 0
        child: int | None = None
        while time.monotonic() < deadline:
            found = runtime(root)
            if found is not None:
                return found
            if child is None and not files.is_held():
                child = _spawn(root, options, deadline)
            elif child is not None and process_start_time(child) is None and not files.is_held():
                raise PlatformNotStarted(
                    f"The platform on this computer ended while it was starting.\n{_tail(files.log_file, log_from)}"
                )
            time.sleep(0.03)
    raise PlatformNotStarted(
        f"The platform on this computer did not answer within {timeout:.0f} seconds.\n"
        f"{_tail(files.log_file, log_from)}"
    )


def stop(root: Path, timeout: float = 20.0) -> bool:
    """End the platform; its jobs go on. ``False`` when none was running. Raises `PlatformNotStarted`."""
    files = Root(root)
    pid = files.holder()
    if pid is None:
        return False
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + timeout
    while files.holder() == pid:
        if time.monotonic() > deadline:
            raise PlatformNotStarted(f"The platform (process {pid}) did not stop within {timeout:.0f} seconds.")
        time.sleep(0.03)
    return True


def request(platform: Runtime, method: str, path: str, token: str | None = None, body: Any = None) -> tuple[int, Any]:
    """One call of the platform's API; status and the JSON answer. Raises `OSError`, ``HTTPException``."""
    connection = http.client.HTTPConnection(LOOPBACK, platform.port, timeout=_HEALTH_TIMEOUT)
    try:
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        connection.request(method, API + path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        text = answer.read(16 * 2**20)
    finally:
        connection.close()
    try:
        return answer.status, json.loads(text)
    except ValueError:
        return answer.status, None


@contextlib.contextmanager
def _only_one_starts(root: Path, deadline: float) -> Iterator[None]:
    """Of several that want to start the platform, one does and the others wait for it."""
    fd = os.open(root / "start.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        while True:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise PlatformNotStarted("Another program has been starting the platform for too long.") from None
                time.sleep(0.03)
        yield
    finally:
        os.close(fd)


def _spawn(root: Path, options: list[str], deadline: float) -> int:
    """Start the process, which detaches itself; returns its pid."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "jupyter_neuro.platform", *options, "--detach"],
            # not the caller's directory: `-m` would import the user's files from there
            cwd=root,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=max(1.0, deadline - time.monotonic()),
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise PlatformNotStarted(f"The platform's process could not be started: {problem}") from None
    if done.returncode:
        raise PlatformNotStarted(done.stderr.strip() or f"The platform ended with exit code {done.returncode}.")
    return int(done.stdout)


def _environment() -> dict[str, str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_PASSED_ON)}
    search = [str(Path(entry).absolute()) for entry in env.get("PYTHONPATH", "").split(os.pathsep) if entry]
    package = Path(__file__).absolute().parents[2]
    if str(package) not in {*search, *sysconfig.get_paths().values()}:
        search.append(str(package))  # run from a source tree that is not installed
    if search:
        env["PYTHONPATH"] = os.pathsep.join(search)
    return env


def _tail(log: Path, start: int) -> str:
    try:
        with log.open("rb") as file:
            if file.seek(0, os.SEEK_END) > start:
                file.seek(start)
            else:
                file.seek(0)
            lines = file.read().decode(errors="replace").splitlines()
    except OSError:
        lines = []
    return "\n".join([*lines[-_LOG_LINES:], f"The whole log: {log}"])
