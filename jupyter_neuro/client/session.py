"""The life of the SDK's client for one target, on one worker's loop."""

from __future__ import annotations

import asyncio
import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from ..errors import BadToken, NeuroError, NotAPlatform, NotSignedIn, Offline, translate
from . import embedded
from .connection import Target
from .paths import private_dir

if TYPE_CHECKING:
    import apolo_sdk

RETIREMENT = 90.0
"""Seconds for which a client that was replaced stays open: longer than the SDK waits for an answer."""


@contextmanager
def _lock(config: Path) -> Iterator[None]:
    """Two processes (a Lab and a kernel) may sign in to the same folder at once."""
    private_dir(config.parent)
    handle = os.open(config.with_name(f".{config.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _stamp(paths: list[Path]) -> tuple[tuple[int, int], ...]:
    """Changes when any of the files does."""
    found = []
    for path in paths:
        try:
            stat = path.stat()
            found.append((stat.st_mtime_ns, stat.st_ino))
        except OSError:
            found.append((0, 0))
    return tuple(found)


class PlatformSession:
    """One user on one platform. Every method is to be awaited on the worker's loop that made the first call.

    The client is made at the first need and made again when what it rests on has changed: the embedded platform's
    address or token, a sign-in or a switch of project by another process.

    ``revive``: whether an embedded platform that somebody *stopped* is started again (one that broke down always
    is). A poller must not: it would undo every ``jupyter neuro platform stop`` at once.
    """

    def __init__(self, target: Target, revive: bool = True) -> None:
        self.target = target
        self.revive = revive
        self._client: apolo_sdk.Client | None = None
        self._retired: list[apolo_sdk.Client] = []
        self._stamp: tuple[tuple[int, int], ...] = ()
        self._touched: tuple[tuple[int, int], ...] = ()
        self._sign_in: tuple[str | None, ...] = ()
        self._process: tuple[int, float | int | None] | None = None
        self._making: asyncio.Lock | None = None
        self._tasks: set[asyncio.Future[None]] = set()

    def _platform_files(self) -> list[Path]:
        if self.target.kind != "local":
            return []
        root = Path(self.target.root)
        return [root / "runtime.json", root / "owner-token"]

    def _database(self) -> list[Path]:
        config = self.target.config_dir()
        return [config / "db", config / "db-wal"]

    def _unchanged(self) -> bool:
        """Whether the client still rests on what is there. Other clients of ours write to the same database (their
        cookies, for one): only a change of the sign-in itself counts."""
        if self._stamp != _stamp(self._platform_files()):
            return False
        touched = _stamp(self._database())
        if touched != self._touched:
            if _sign_in_of(self.target.config_dir()) != self._sign_in:
                return False
            self._touched = touched
        return True

    async def client(self) -> apolo_sdk.Client:
        """The SDK's client, signed in.

        Raises :class:`NotSignedIn`, :class:`Offline` or what the embedded platform's start raises.
        """
        if self._making is None:
            self._making = asyncio.Lock()
        async with self._making:
            if self._client is not None and self._alive() and self._unchanged():
                return self._client
            self._retire()
            if self.target.kind == "none":
                raise NotSignedIn("Not signed in.")
            if self.target.kind == "local":
                await self._sign_in_locally()
            self._client = await self._open()
            self._stamp = _stamp(self._platform_files())
            self._touched = _stamp(self._database())
            self._sign_in = _sign_in_of(self.target.config_dir())
            return self._client

    def _alive(self) -> bool:
        """Whether the embedded platform's process is still the one that was there. A look at ``/proc``."""
        return self._process is None or embedded.process_start_time(self._process[0]) == self._process[1]

    async def _sign_in_locally(self) -> None:
        """Start the embedded platform if it is not running, and sign in as its owner."""
        root = Path(self.target.root)
        # what was stopped has taken its runtime file away, what broke down has not
        if not self.revive and not (root / "runtime.json").exists():
            raise Offline("The platform of this computer is stopped.", hint="It starts when it is needed again.")
        try:
            runtime = await asyncio.to_thread(embedded.ensure_started, root)
        except NeuroError:
            raise
        except Exception as exc:
            raise Offline(f"The platform of this computer did not start: {exc}") from exc
        self._process = (runtime.pid, embedded.process_start_time(runtime.pid))
        token = embedded.owner_token(root)
        config = self.target.config_dir()
        mark = config / "signed-in"
        wanted = f"{runtime.url}\n{_fingerprint(token)}"
        with _lock(config):
            if (config / "db").exists() and mark.exists() and mark.read_text(encoding="utf-8") == wanted:
                return
            await sign_in(config, runtime.url, token)
            mark.write_text(wanted, encoding="utf-8")
            mark.chmod(0o600)

    async def _open(self) -> apolo_sdk.Client:
        from apolo_sdk import ConfigError, Factory

        try:
            return await Factory(path=self.target.config_dir()).get()
        except ConfigError as exc:
            raise NotSignedIn("Your sign-in cannot be used.", upstream=str(exc)) from exc
        except Exception as exc:
            raise translate(exc) from exc

    def _retire(self) -> None:
        """Put the client away. It is closed later: requests may be under way on it."""
        if self._client is not None:
            self._retired.append(self._client)
            self._client = None
            asyncio.get_running_loop().call_later(RETIREMENT, self._bury)

    def _bury(self) -> None:
        task = asyncio.ensure_future(_close(self._retired.pop(0))) if self._retired else None
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Close the client. The session may be used again."""
        clients = [*self._retired, *([self._client] if self._client else [])]
        self._retired, self._client = [], None
        for client in clients:
            await _close(client)


async def _close(client: apolo_sdk.Client) -> None:
    with suppress(Exception):
        await client.close()


def _sign_in_of(config: Path) -> tuple[str | None, ...]:
    """What makes a sign-in another one: whose it is, where, and in which project."""
    try:
        with closing(sqlite3.connect(f"file:{quote(str(config / 'db'))}?mode=rw", uri=True, timeout=5)) as db:
            row = db.execute("SELECT token, url, cluster_name, org_name, project_name FROM main").fetchone()
    except sqlite3.Error:
        return ()
    return tuple(row) if row else ()


def _fingerprint(token: str) -> str:
    import hashlib

    return hashlib.sha256(token.encode()).hexdigest()


async def sign_in(config: Path, url: str, token: str) -> None:
    """Make ``config`` (0700) the SDK's configuration folder of ``token`` at ``url``; what was there is replaced.

    Raises :class:`BadToken` when the platform does not accept the token, :class:`NotAPlatform` when nothing there
    answers as a platform. The old sign-in stays where the new one fails.
    """
    from apolo_sdk import Factory
    from yarl import URL

    private_dir(config.parent)
    fresh = config.with_name(f".{config.name}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        await Factory(path=fresh).login_with_token(token, url=URL(url))
    except Exception as exc:
        with suppress(OSError):
            _remove(fresh)
        raise _sign_in_error(exc, url) from exc
    private_dir(config)
    for name in ("db-wal", "db-shm", "db"):
        (config / name).unlink(missing_ok=True)
    for name in ("db", "db-wal", "db-shm"):
        if (fresh / name).exists():
            (fresh / name).replace(config / name)
    with suppress(OSError):
        _remove(fresh)


def _remove(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()


def _sign_in_error(exc: Exception, url: str) -> NeuroError:
    names = {cls.__name__ for cls in type(exc).__mro__}
    if names & {"AuthError", "AuthenticationError", "AuthorizationError"} or " 401" in str(exc):
        return BadToken("The platform did not accept this token.", field="token", upstream=str(exc))
    if "ClientConnectorError" in names or isinstance(exc, (ConnectionError, TimeoutError)):
        return NotAPlatform(f"{url} cannot be reached.", field="url", hint="Check the address.", upstream=str(exc))
    text = str(exc).lower()
    if "token" in text or "no clusters" in text or "identity" in text:
        return BadToken("The platform did not accept this token.", field="token", upstream=str(exc))
    return NotAPlatform(
        f"{url} does not answer as a Neuro platform.", field="url", hint="Check the address.", upstream=str(exc)
    )
