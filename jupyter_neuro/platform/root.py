"""The platform's root directory: modes, the single-instance lock, the kept port, the runtime file.

Light on imports: whoever only wants to know whether a platform runs reads this, too.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
import socket
import stat
import time
from pathlib import Path
from typing import Any

CLUSTER = "default"
ORG = "local"
LOOPBACK = "127.0.0.1"
# below the range from which systems take ports for outgoing connections, so that the kept port stays free
PORT_RANGE = (20000, 32000)


class RootError(Exception):
    """The root directory cannot be used; the text says why and what to do."""


class AlreadyRunning(RootError):
    """Another platform holds this root."""


def process_start_time(pid: int) -> float | None:
    """When ``pid`` was started (clock ticks since boot on Linux, else seconds); ``None`` if there is none.

    With the pid it names a process for good: a pid alone is used again by the system.
    """
    if Path("/proc/self/stat").exists():
        try:
            text = Path(f"/proc/{pid}/stat").read_text()
        except OSError:
            return None
        # the program's name stands in parentheses and may contain anything
        fields = text.rpartition(")")[2].split()
        return None if fields[0] in "ZX" else float(fields[19])
    import psutil

    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else float(process.create_time())
    except psutil.Error:
        return None


def write_private(path: Path, text: str) -> None:
    """Replace a file whole or not at all, mode 0600."""
    part = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    fd = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(fd, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise


class Root:
    """Paths and files of one root directory; see the package's documentation for the layout."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.database = path / "platform.db"
        self.secret_file = path / "secret"
        self.vault_key_file = path / "vault-key"
        self.owner_token_file = path / "owner-token"
        self.port_file = path / "port"
        self.runtime_file = path / "runtime.json"
        self.lock_file = path / "lock"
        self.log_file = path / "platform.log"
        self.audit_file = path / "audit.log"
        self.storage = path / "storage"
        self.incoming = self.storage / ".incoming"
        self.disks = path / "disks"
        self.jobs = path / "jobs"
        self._lock_fd: int | None = None

    def ensure(self) -> None:
        """Create the directory (0700), or refuse one that others could look into. Raises `RootError`."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            info = self.path.stat()
        except OSError as error:
            raise RootError(f"Cannot use {self.path}: {error.strerror}.") from None
        if not stat.S_ISDIR(info.st_mode):
            raise RootError(f"{self.path} is not a directory.")
        if info.st_uid != os.geteuid():
            raise RootError(f"{self.path} belongs to another user of this computer. Choose another --root.")
        if stat.S_IMODE(info.st_mode) & 0o077:
            if any(self.path.iterdir()):
                raise RootError(
                    f"{self.path} can be opened by other users of this computer. Close it with: chmod 700 {self.path}"
                )
            self.path.chmod(0o700)
        for folder in (self.storage, self.storage / ORG, self.incoming, self.disks, self.jobs):
            folder.mkdir(mode=0o700, exist_ok=True)
        for file in (self.secret_file, self.vault_key_file, self.owner_token_file, self.database):
            with contextlib.suppress(FileNotFoundError):
                if file.stat().st_mode & 0o077:
                    raise RootError(
                        f"{file} can be read by other users of this computer, so its content may be known. "
                        f"Close it with: chmod 600 {file}, then renew the tokens."
                    )

    def project_dir(self, name: str) -> Path:
        """The directory of a project, created if need be."""
        folder = self.storage / ORG / name
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def secret(self) -> bytes:
        """The key that signs tokens: 32 random bytes, made at the first use."""
        try:
            return bytes.fromhex(self.secret_file.read_text().strip())
        except FileNotFoundError:
            pass
        new = self.path / f".secret.{os.getpid()}.{secrets.token_hex(4)}"
        write_private(new, secrets.token_hex(32))
        # linked under its name whole, and only if no other process was faster
        with contextlib.suppress(FileExistsError):
            self.secret_file.hardlink_to(new)
        new.unlink()
        return bytes.fromhex(self.secret_file.read_text().strip())

    # -- single instance -------------------------------------------------------------------------------------

    def acquire(self, wait: float = 2.0) -> None:
        """Become the one platform of this root, until the process ends. Raises `AlreadyRunning`.

        ``wait`` seconds bridge the moment in which :meth:`is_held` of another process probes the lock.
        """
        fd = os.open(self.lock_file, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        deadline = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    os.close(fd)
                    raise AlreadyRunning(f"A platform is already running on {self.path}.") from None
                time.sleep(0.05)
            else:
                self._lock_fd = fd
                pid = os.getpid()
                os.ftruncate(fd, 0)
                os.pwrite(fd, f"{pid} {process_start_time(pid)}\n".encode(), 0)
                return

    def is_held(self) -> bool:
        """Whether a platform process holds this root now."""
        try:
            fd = os.open(self.lock_file, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return False
        try:
            # shared: two that ask at the same time do not take each other for a platform
            fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(fd)
        return False

    def holder(self) -> int | None:
        """The pid of the platform that runs now, also while it is still starting or already stopping."""
        try:
            pid_text, start_text = self.lock_file.read_text().split()
            pid, started = int(pid_text), float(start_text)
        except (OSError, ValueError):
            return None
        return pid if self.is_held() and process_start_time(pid) == started else None

    # -- port ------------------------------------------------------------------------------------------------

    def kept_port(self) -> int | None:
        """The port chosen at the first start."""
        try:
            return int(self.port_file.read_text())
        except (OSError, ValueError):
            return None

    def bind(self, asked: int | None = None) -> socket.socket:
        """A listening socket on loopback, on the asked, the kept or a new port; the port is kept.

        Raises `RootError` when that port is taken.
        """
        port = asked or self.kept_port()
        if port:
            try:
                listener = _listen(port)
            except OSError as error:
                raise RootError(
                    f"Port {port} cannot be used: {error.strerror}. Another program may hold it; end that one, "
                    "or choose another port with --port (colleagues then need the new address)."
                ) from None
        else:
            listener = _listen_anywhere()
        chosen = int(listener.getsockname()[1])
        if chosen != self.kept_port():
            write_private(self.port_file, f"{chosen}\n")
        return listener

    # -- runtime file ----------------------------------------------------------------------------------------

    def write_runtime(self, values: dict[str, Any]) -> None:
        """Tell where this process listens."""
        write_private(self.runtime_file, json.dumps(values, indent=1) + "\n")

    def read_runtime(self) -> dict[str, Any] | None:
        """What the last platform wrote, running or not; ``None`` when there is nothing to read."""
        try:
            values = json.loads(self.runtime_file.read_text())
        except (OSError, ValueError):
            return None
        return values if isinstance(values, dict) else None


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, port))
        listener.listen(512)
        listener.setblocking(False)
    except BaseException:
        listener.close()
        raise
    return listener


def _listen_anywhere() -> socket.socket:
    for _ in range(50):
        with contextlib.suppress(OSError):
            return _listen(PORT_RANGE[0] + secrets.randbelow(PORT_RANGE[1] - PORT_RANGE[0]))
    return _listen(0)
