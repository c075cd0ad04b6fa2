"""Secrets of projects, encrypted at rest.

The database holds ciphertexts (AES-256-GCM) alone; the key is a file of this installation, mode 0600, beside it. A
copy of the database without the key tells the names of secrets and nothing else. Values never go into logs, the
audit, errors or the ``repr`` of anything.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import secrets
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .accounts import now
from .db import transaction
from .root import Root, write_private

log = logging.getLogger("jupyter_neuro.platform")

# also the name of a file when a folder of secrets is mounted: neither ``.`` nor ``..``
KEY = re.compile(r"(?!\.{1,2}\Z)[A-Za-z0-9_.-]{1,253}")
MAX_VALUE = 2**20
"""Bytes of one value, as on a cluster, where secrets are Kubernetes's."""
MAX_SECRETS = 1000
"""Secrets of one project."""
_NONCE = 12

SCHEMA = """
CREATE TABLE IF NOT EXISTS secrets (
    org TEXT NOT NULL, project TEXT NOT NULL, key TEXT NOT NULL, owner TEXT NOT NULL,
    value BLOB NOT NULL, created_at TEXT NOT NULL, PRIMARY KEY (org, project, key)
) STRICT;
"""


class TooMany(Exception):
    """The project has as many secrets as it may."""


@dataclass(frozen=True)
class Secret:
    """A secret without its value."""

    org: str
    project: str
    key: str
    owner: str


class Secrets:
    """The secrets of one platform."""

    def __init__(self, root: Root, db: sqlite3.Connection) -> None:
        self._db = db
        self._db.executescript(SCHEMA)
        self._cipher = AESGCM(installation_key(root))

    def list(self, org: str, project: str | None = None) -> Sequence[Secret]:
        """The secrets of an organization, or of one project, by project and key."""
        rows = self._db.execute(
            "SELECT org, project, key, owner FROM secrets WHERE org = ? AND ? IN ('', project) ORDER BY project, key",
            (org, project or ""),
        )
        return [Secret(row["org"], row["project"], row["key"], row["owner"]) for row in rows]

    def set(self, org: str, project: str, key: str, value: bytes, owner: str) -> bool:
        """Keep a value, replacing one of that key; whether it is new. Raises `TooMany`."""
        nonce = os.urandom(_NONCE)
        sealed = nonce + self._cipher.encrypt(nonce, value, _place(org, project, key))
        with transaction(self._db):
            known = self._row(org, project, key) is not None
            count = self._db.execute(
                "SELECT count(*) FROM secrets WHERE org = ? AND project = ?", (org, project)
            ).fetchone()[0]
            if not known and count >= MAX_SECRETS:
                raise TooMany(f"Project {project} has {MAX_SECRETS} secrets already; remove some first.")
            self._db.execute(
                "INSERT INTO secrets (org, project, key, owner, value, created_at) VALUES (?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (org, project, key) DO UPDATE SET value = excluded.value, owner = excluded.owner",
                (org, project, key, owner, sealed, now()),
            )
        return not known

    def exists(self, org: str, project: str, key: str) -> bool:
        """Whether there is a secret of that key."""
        return self._row(org, project, key) is not None

    def value(self, org: str, project: str, key: str) -> bytes | None:
        """The value; ``None`` when there is no such secret, or when the key it was sealed with is lost."""
        sealed = self._row(org, project, key)
        if sealed is None:
            return None
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], _place(org, project, key))
        except InvalidTag:
            log.error("secret %s of project %s cannot be deciphered: vault-key was replaced", key, project)
            return None

    def remove(self, org: str, project: str, key: str) -> bool:
        """Forget a secret; ``False`` when there was none."""
        values = (org, project, key)
        cursor = self._db.execute("DELETE FROM secrets WHERE org = ? AND project = ? AND key = ?", values)
        return cursor.rowcount > 0

    def remove_project(self, org: str, project: str) -> None:
        """Forget all secrets of a project: a user added later under its name shall not have them."""
        self._db.execute("DELETE FROM secrets WHERE org = ? AND project = ?", (org, project))

    def _row(self, org: str, project: str, key: str) -> bytes | None:
        row = self._db.execute(
            "SELECT value FROM secrets WHERE org = ? AND project = ? AND key = ?", (org, project, key)
        ).fetchone()
        return None if row is None else bytes(row["value"])


def installation_key(root: Root) -> bytes:
    """The key of this installation: 32 random bytes in a file of mode 0600, made at the first use."""
    file = root.vault_key_file
    with contextlib.suppress(FileNotFoundError):
        return bytes.fromhex(file.read_text().strip())
    new = root.path / f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}"
    write_private(new, secrets.token_hex(32))
    # linked under its name whole, and only if no other process was faster
    with contextlib.suppress(FileExistsError):
        file.hardlink_to(new)
    new.unlink()
    return bytes.fromhex(file.read_text().strip())


def _place(org: str, project: str, key: str) -> bytes:
    # bound into the ciphertext: a value copied to another row of the database cannot be read there
    return "\0".join((org, project, key)).encode()
