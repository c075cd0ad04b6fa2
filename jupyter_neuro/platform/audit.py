"""The audit log: one line for each share, permission change and deletion; append-only, mode 0600."""

from __future__ import annotations

import json
import os
from pathlib import Path

from .accounts import now


class Audit:
    """Appends JSON lines ``{time, user, from, act, on, …}`` to a file."""

    def __init__(self, path: Path) -> None:
        # append mode: the system puts every line at the end, whoever else writes
        self._fd = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)

    def write(self, user: str, address: str, act: str, on: str, **more: str | int | bool) -> None:
        """One line. ``address`` is where the request came from, ``on`` the resource; never a token."""
        line = {"time": now(), "user": user, "from": address, "act": act, "on": on, **more}
        # JSON escapes line breaks, so a name can never forge a second line
        os.write(self._fd, json.dumps(line).encode() + b"\n")

    def close(self) -> None:
        """Close the file."""
        os.close(self._fd)
