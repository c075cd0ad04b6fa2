"""Users and their tokens.

Opened by the running platform and, beside it or without it, by ``jupyter neuro user``: nothing is kept in memory,
so that what one process changes holds for the other at its next request.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import secrets
import sqlite3
import time
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .db import connect, transaction
from .root import Root, write_private

NAME = re.compile(r"[a-z0-9](-?[a-z0-9])*")
MAX_NAME = 40
RESERVED = frozenset({"public", "admin", "all", "mine", "shared", "owner", "nobody"})
SIGN_IN = "sign-in"
"""Purpose of the token that a person holds; every other purpose is a token the platform made for itself."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS users (
    name TEXT PRIMARY KEY, owner INTEGER NOT NULL DEFAULT 0, created_at TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS tokens (
    jti TEXT PRIMARY KEY, user TEXT NOT NULL REFERENCES users(name) ON DELETE CASCADE,
    purpose TEXT NOT NULL, created_at TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS tokens_of ON tokens(user, purpose);
"""


class AccountError(Exception):
    """A user cannot be added, removed or renewed; the text is for people."""


class NoSuchUser(AccountError):
    """There is no user of that name."""


class UserExists(AccountError):
    """There is already a user of that name."""


class OwnerStays(AccountError):
    """The owner cannot be removed."""


@dataclass(frozen=True)
class User:
    """An account. ``created_at`` is ISO 8601 in UTC."""

    name: str
    owner: bool
    created_at: str


def legal_name(os_name: str) -> str:
    """The platform's name for a user of the operating system: ``Jean.Dupont`` → ``jean-dupont``, none → ``me``."""
    plain = unicodedata.normalize("NFKD", os_name).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:MAX_NAME].strip("-")
    if not name:
        return "me"
    return f"{name}-user"[-MAX_NAME:] if name in RESERVED else name


def check_name(name: str) -> None:
    """Raise `AccountError` unless ``name`` can be a user's."""
    if len(name) > MAX_NAME or not NAME.fullmatch(name):
        raise AccountError(
            f"{name!r} cannot be a user name: use small letters, digits and single hyphens between them, "
            f"at most {MAX_NAME} characters."
        )
    if name in RESERVED:
        raise AccountError(f"The name {name!r} is reserved. Choose another one.")


def now() -> str:
    """The current time, ISO 8601 in UTC."""
    return datetime.now(UTC).isoformat()


class Accounts:
    """The users of the platform at ``root``."""

    def __init__(self, root: Path, db: sqlite3.Connection | None = None) -> None:
        self._root = Root(root)
        self._db = db if db is not None else connect(self._root.database)
        self._db.executescript(SCHEMA)
        self._key = self._root.secret()

    @property
    def owner(self) -> str:
        """The user who owns this platform; empty before the first start."""
        row = self._db.execute("SELECT name FROM users WHERE owner = 1").fetchone()
        return row["name"] if row else ""

    def users(self) -> list[User]:
        """All users, the owner first, then by name."""
        rows = self._db.execute("SELECT name, owner, created_at FROM users ORDER BY owner DESC, name")
        return [User(row["name"], bool(row["owner"]), row["created_at"]) for row in rows]

    def exists(self, name: str) -> bool:
        """Whether there is a user of that name."""
        return self._db.execute("SELECT 1 FROM users WHERE name = ?", (name,)).fetchone() is not None

    def ensure_owner(self, name: str) -> str:
        """Make ``name`` the owner if there is none yet; write the owner's token file; return the owner's name."""
        owner = self.owner
        if not owner:
            self._insert(name, owner=True)
            owner = name
        if not self._root.owner_token_file.exists():
            self.renew(owner)
        return owner

    def add(self, name: str) -> str:
        """Add a user and return the token. Raises `AccountError` (`UserExists`)."""
        return self._insert(name, owner=False)

    def renew(self, name: str) -> str:
        """A new token; the user's old ones end. Raises `NoSuchUser`."""
        with transaction(self._db):
            self._require(name)
            self._db.execute("DELETE FROM tokens WHERE user = ? AND purpose = ?", (name, SIGN_IN))
            token = self._issue(name, SIGN_IN)
        if name == self.owner:
            write_private(self._root.owner_token_file, token + "\n")
        return token

    def remove(self, name: str) -> None:
        """Remove a user with all tokens. Files and jobs stay on disk. Raises `NoSuchUser`, `OwnerStays`."""
        if name == self.owner:
            raise OwnerStays(f"{name} owns this platform and cannot be removed.")
        with transaction(self._db):
            self._require(name)
            self._db.execute("DELETE FROM users WHERE name = ?", (name,))

    def issue(self, name: str, purpose: str) -> str:
        """A token of its own for a purpose such as ``job:job-…``, ended by :meth:`end`. Raises `NoSuchUser`."""
        with transaction(self._db):
            self._require(name)
            return self._issue(name, purpose)

    def end(self, purpose: str) -> None:
        """End all tokens of a purpose."""
        if purpose == SIGN_IN:
            raise ValueError("tokens of people are ended by renewing or removing the user")
        self._db.execute("DELETE FROM tokens WHERE purpose = ?", (purpose,))

    def authenticate(self, token: str) -> str | None:
        """The user whom a token belongs to, or ``None`` for a forged, ended or malformed one."""
        try:
            head, body, signature = token.split(".")
            if not hmac.compare_digest(_unpack(signature), self._sign(f"{head}.{body}")):
                return None
            if json.loads(_unpack(head)) != _HEADER:
                return None
            claims = json.loads(_unpack(body))
            jti, identity = claims["jti"], claims["identity"]
        except (ValueError, KeyError, TypeError):
            return None
        row = self._db.execute("SELECT user FROM tokens WHERE jti = ?", (str(jti),)).fetchone()
        return row["user"] if row and row["user"] == identity else None

    def _require(self, name: str) -> None:
        if not self.exists(name):
            raise NoSuchUser(f"There is no user {name!r} on this platform.")

    def _insert(self, name: str, *, owner: bool) -> str:
        check_name(name)
        with transaction(self._db):
            if self.exists(name):
                raise UserExists(f"There is already a user {name!r}.")
            self._db.execute(
                "INSERT INTO users (name, owner, created_at) VALUES (?, ?, ?)", (name, int(owner), now())
            )
            token = self._issue(name, SIGN_IN)
        self._root.project_dir(name)
        if owner:
            write_private(self._root.owner_token_file, token + "\n")
        return token

    def _issue(self, name: str, purpose: str) -> str:
        jti = secrets.token_urlsafe(24)
        self._db.execute(
            "INSERT INTO tokens (jti, user, purpose, created_at) VALUES (?, ?, ?, ?)", (jti, name, purpose, now())
        )
        # the clients read the user's name from ``identity`` and never verify anything
        claims = {"identity": name, "iat": int(time.time()), "jti": jti}
        text = f"{_pack(_HEADER)}.{_pack(claims)}"
        return f"{text}.{_b64(self._sign(text))}"

    def _sign(self, text: str) -> bytes:
        return hmac.new(self._key, text.encode(), hashlib.sha256).digest()


_HEADER = {"alg": "HS256", "typ": "JWT"}


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _pack(value: dict[str, Any]) -> str:
    return _b64(json.dumps(value, separators=(",", ":")).encode())


def _unpack(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
