"""Which platform counts: what was configured, what the user chose, what is there (architecture: "Which platform")."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

from ..client import embedded
from ..client.connection import Target, cluster_target, local_target, login_target, read_entry
from .store import Store

_CHOICE = "platform"

State = Literal["ready", "signed-out", "choose"]


class Connector:
    """The platform of one process.

    ``configured`` is ``auto``, ``local`` or a platform's URL; ``root`` the embedded platform's directory, empty for
    the user's own. With ``auto`` the user's own choice counts, then a cluster sign-in (asked about once when there
    is somebody to ask), then this computer.
    """

    def __init__(
        self, configured: str = "auto", root: str = "", store: Store | None = None, ask: bool = False
    ) -> None:
        self.configured = configured
        self._root = root
        self._store = store
        self._ask = ask
        self._override: Target | None = None

    def local(self) -> Target:
        """The embedded platform of this process."""
        return local_target(Path(self._root) if self._root else embedded.root_dir())

    def cluster(self) -> Target | None:
        """The official client's sign-in on this account."""
        return cluster_target()

    def current(self) -> tuple[State, Target]:
        """What counts now. Reads files only; nothing is started."""
        target = self._override or self._shown_by_lab() or self._chosen()
        if target is not None:
            return ("signed-out" if target.kind == "none" else "ready"), target
        if self.configured == "local":
            return "ready", self.local()
        if self.configured != "auto":
            found = login_target(self.configured)
            return ("ready" if (found.config_dir() / "db").exists() else "signed-out"), found
        found_cluster = self.cluster()
        if found_cluster is None:
            return "ready", self.local()
        return ("choose" if self._ask else "ready"), found_cluster

    def _shown_by_lab(self) -> Target | None:
        # the server decides by itself; only a kernel follows
        return None if self._ask or self._store is not None else read_entry()

    def _chosen(self) -> Target | None:
        if self._store is None or self.configured == "local":
            return None
        try:
            target = msgspec.convert(self._store.get(_CHOICE, scope=self.configured), Target)
        except msgspec.ValidationError:
            return None
        if target.kind in ("login", "cluster") and not (target.config_dir() / "db").exists():
            return None
        return target

    def choose(self, target: Target) -> None:
        """Make ``target`` count from now on; remembered where there is a store (a server), else for this process.

        A server that was started for ``local`` forgets it when it ends: the demo changes nothing for later.
        """
        if self._store is None or self.configured == "local":
            self._override = target
            return
        self._override = None
        self._store.put(_CHOICE, msgspec.to_builtins(target), scope=self.configured)
