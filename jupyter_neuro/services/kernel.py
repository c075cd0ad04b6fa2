"""The platform of a kernel: the one its Lab shows, read at each call (``connection.json``)."""

from __future__ import annotations

import atexit
import os
import threading
from contextlib import suppress
from pathlib import Path

from ..client.connection import Target
from ..client.worker import Worker
from ..errors import NotSignedIn
from .connector import Connector
from .neuro import Neuro

_lock = threading.Lock()
_worker: Worker | None = None
_connector: Connector | None = None
_known: dict[Target, Neuro] = {}


def connector() -> Connector:
    """Decides for this process. ``JUPYTER_NEURO_PLATFORM`` stands for the setting where there is no Lab."""
    global _connector
    if _connector is None:
        _connector = Connector(
            os.environ.get("JUPYTER_NEURO_PLATFORM", "auto"), os.environ.get("JUPYTER_NEURO_ROOT", "")
        )
    return _connector


def connect() -> Neuro:
    """The services of the platform that counts now; cheap after the first call.

    Raises :class:`NotSignedIn` after signing out, and what the sign-in or the start of the embedded platform raises
    at the first use.
    """
    state, target = connector().current()
    if state == "signed-out":
        raise NotSignedIn("Not signed in.", hint="Sign in: %neuro login, or choose a platform in the Neuro sidebar.")
    return _services(target)


def detached() -> Neuro:
    """The same also when signed out: for signing in."""
    return _services(connector().current()[1])


def _services(target: Target) -> Neuro:
    global _worker
    with _lock:
        if _worker is None or not _worker.alive:
            # the shortest way up for the search that the SDK makes at every access
            _worker = Worker("neuro-platform", Path("/"))
            atexit.register(_close, _worker)
            _known.clear()
        found = _known.get(target)
        if found is None:
            found = _known[target] = Neuro(target, _worker, connector())
        return found


def _close(worker: Worker) -> None:
    """At the end of the process: the SDK complains on the screen about connections that are left open."""
    if not worker.alive:
        return
    for neuro in _known.values():
        with suppress(Exception):
            neuro.call(neuro.close(), timeout=2)
    worker.stop()
