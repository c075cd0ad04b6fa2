"""Which platform, and how a kernel learns what its Lab shows.

The server extension writes ``connection.json`` (0600, in our data directory), one entry a running Jupyter server; a
kernel reads it at each call and so always acts on the platform that its Lab shows. No token stands in it: an entry
names a configuration folder of the SDK (0700), which holds the sign-in.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import msgspec

from .paths import data_dir, private_dir, write_private

SERVER_VARIABLE = "JUPYTER_NEURO_SERVER"
"""Set by the server extension in its own environment, so that the kernels it starts know whose they are."""

Kind = Literal["local", "login", "cluster", "none"]


class Target(msgspec.Struct, frozen=True, omit_defaults=True):
    """One platform as one user.

    ``local``: the embedded platform in ``root``, as its owner, started on demand. ``login``: a sign-in made from the
    page or ``%neuro login``, kept in ``config``. ``cluster``: the official client's own sign-in, in ``config``.
    ``none``: signed out.
    """

    kind: Kind
    root: str = ""
    config: str = ""
    url: str = ""

    @property
    def key(self) -> str:
        """Stable short name, used for folders and as a key of our own state."""
        text = "\0".join((self.kind, self.root, self.config, self.url))
        return f"{self.kind}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"

    def config_dir(self) -> Path:
        """The SDK's configuration folder for this target."""
        if self.config:
            return Path(self.config)
        return private_dir(data_dir() / "logins") / self.key


def local_target(root: Path) -> Target:
    """The embedded platform in ``root``."""
    return Target(kind="local", root=str(root.absolute()))


def login_target(url: str) -> Target:
    """A sign-in of ours to the platform at ``url``."""
    target = Target(kind="login", url=url)
    return Target(kind="login", url=url, config=str(private_dir(data_dir() / "logins") / target.key))


def cluster_target() -> Target | None:
    """The official client's sign-in on this account, if there is one.

    Source: ``apolo_sdk._config_factory``: a configuration passed in the environment, ``APOLO_CONFIG``,
    ``NEUROMATION_CONFIG``, ``~/.apolo``, ``~/.neuro``; the first with a ``db`` counts.
    """
    places = [
        os.environ.get("APOLO_CONFIG", "~/.apolo"),
        os.environ.get("NEUROMATION_CONFIG", "~/.neuro"),
    ]
    for place in places:
        path = Path(place).expanduser()
        try:
            if (path / "db").is_file():
                return Target(kind="cluster", config=str(path.absolute()))
        except OSError:
            continue
    if {"APOLO_PASSED_CONFIG", "NEURO_PASSED_CONFIG"} & os.environ.keys():
        return Target(kind="cluster", config=str(Path(places[0]).expanduser().absolute()))
    return None


def _file() -> Path:
    return data_dir() / "connection.json"


@contextmanager
def _locked() -> Iterator[None]:
    handle = os.open(data_dir() / ".connection.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _read() -> dict[str, Any]:
    try:
        found = json.loads(_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _alive(pid: object) -> bool:
    if not isinstance(pid, int):
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def write_entry(server: str, target: Target) -> None:
    """Say for the kernels of ``server`` which platform counts; entries of ended servers are dropped."""
    with _locked():
        entries = {key: entry for key, entry in _read().items() if _alive(entry.get("pid"))}
        entries[server] = {"pid": os.getpid(), "target": msgspec.to_builtins(target)}
        write_private(_file(), json.dumps(entries, indent=1))


def drop_entry(server: str) -> None:
    """Forget ``server`` (it stops)."""
    with _locked():
        entries = _read()
        if entries.pop(server, None) is not None:
            write_private(_file(), json.dumps(entries, indent=1))


def read_entry(server: str | None = None) -> Target | None:
    """What the Lab of this kernel shows; none without a Lab, or when that Lab has ended."""
    server = server or os.environ.get(SERVER_VARIABLE)
    if not server:
        return None
    entry = _read().get(server)
    if not isinstance(entry, dict):
        return None
    try:
        return msgspec.convert(entry.get("target"), Target)
    except msgspec.ValidationError:
        return None
