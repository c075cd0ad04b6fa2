"""Who may do what: the permission tree.

A grant gives a principal (a user, a role such as ``bob/roles/team``, or ``public``) a level on a URI and on all
below it, by whole path components. A user has what was granted to him, to ``public`` and to the roles he holds
(a grant on ``role://X`` gives all that X has), and ``manage`` on his own project and his own roles. On the way to
something shared, the levels above it are at ``list``: they can be walked through, and show nothing else.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from .accounts import now
from .db import transaction
from .uri import BadURI, Resource, parse

PUBLIC = "public"
OWN_SCHEMES = ("storage", "image", "job", "secret", "disk", "flow")

SCHEMA = """
CREATE TABLE IF NOT EXISTS grants (
    principal TEXT NOT NULL, uri TEXT NOT NULL, action INTEGER NOT NULL,
    granted_by TEXT NOT NULL, created_at TEXT NOT NULL, PRIMARY KEY (principal, uri)
) STRICT;
CREATE TABLE IF NOT EXISTS roles (name TEXT PRIMARY KEY, created_by TEXT NOT NULL, created_at TEXT NOT NULL) STRICT;
"""


class Action(IntEnum):
    """Levels of access, each including those before it."""

    DENY = 0
    LIST = 1
    READ = 2
    WRITE = 3
    MANAGE = 4

    @property
    def word(self) -> str:
        """The level as the API writes it."""
        return self.name.lower()

    @classmethod
    def of(cls, word: object) -> Action:
        """The level of a word of the API. Raises `ValueError`."""
        for action in cls:
            if action.word == word:
                return action
        raise ValueError(f"{word!r} is not a level: use read, write or manage.")


class Permission(NamedTuple):
    """A level on a URI."""

    uri: str
    action: Action


class Share(NamedTuple):
    """A level on a URI that a principal was given."""

    user: str
    uri: str
    action: Action


def _parsed(uri: str | Resource) -> Resource:
    return parse(uri) if isinstance(uri, str) else uri


@dataclass(frozen=True)
class Access:
    """All that one user may do at one moment: for checking many URIs (a list of jobs) without the database."""

    levels: dict[Resource, Action]
    ancestors: frozenset[Resource]

    def action(self, uri: str | Resource) -> Action | None:
        """The level on ``uri``, ``None`` when there is none."""
        resource = _parsed(uri)
        best = Action.DENY
        for length in range(len(resource.parts) + 1):
            level = self.levels.get(Resource(resource.scheme, resource.parts[:length]))
            if level is not None and level > best:
                best = level
        if best > Action.DENY:
            return best
        return Action.LIST if resource in self.ancestors else None

    def allows(self, uri: str | Resource, action: Action) -> bool:
        """Whether the level on ``uri`` is at least ``action``."""
        level = self.action(uri)
        return level is not None and level >= action


class Permissions:
    """The grants and roles of a platform. Methods that take a URI raise `BadURI` for something else."""

    def __init__(self, db: sqlite3.Connection, cluster: str, org: str) -> None:
        self._db = db
        self._cluster = cluster
        self._org = org
        self._db.executescript(SCHEMA)
        self._version = 0
        self._cache: dict[str, tuple[tuple[int, int], Access]] = {}

    # -- asking ----------------------------------------------------------------------------------------------

    def own(self, user: str) -> Sequence[Permission]:
        """What a user has without any grant."""
        found = [Permission(self.project_uri(scheme, user), Action.MANAGE) for scheme in OWN_SCHEMES]
        return [*found, Permission(f"role://{user}", Action.MANAGE)]

    def project_uri(self, scheme: str, project: str) -> str:
        """The URI of a project's root."""
        return str(Resource(scheme, (self._cluster, self._org, project)))

    def access(self, user: str) -> Access:
        """Everything the user may do now, as one object."""
        # data_version moves with commits of other connections (the command line), the counter with our own
        stamp = (int(self._db.execute("PRAGMA data_version").fetchone()[0]), self._version)
        cached = self._cache.get(user)
        if cached and cached[0] == stamp:
            return cached[1]
        levels: dict[Resource, Action] = {}
        for permission in self._all(user):
            resource = parse(permission.uri)
            levels[resource] = max(levels.get(resource, Action.DENY), permission.action)
        ancestors = frozenset(
            Resource(resource.scheme, resource.parts[:length])
            for resource, level in levels.items()
            if level > Action.DENY
            for length in range(len(resource.parts))
        )
        access = Access(levels, ancestors)
        if len(self._cache) > 1000:
            self._cache.clear()
        self._cache[user] = (stamp, access)
        return access

    def action(self, user: str, uri: str | Resource) -> Action | None:
        """The effective level of ``user`` on ``uri``; ``None`` when there is none."""
        return self.access(user).action(uri)

    def allows(self, user: str, uri: str | Resource, action: Action) -> bool:
        """Whether ``user`` has at least ``action`` on ``uri``."""
        return self.access(user).allows(uri, action)

    def visible_roots(self, user: str, scheme: str) -> Sequence[Permission]:
        """The topmost URIs of a scheme on which the user has a level of ``read`` or more, with that level."""
        levels = self.access(user).levels
        found = {r: a for r, a in levels.items() if r.scheme == scheme and a >= Action.READ}
        roots = [
            Permission(str(r), a)
            for r, a in found.items()
            if not any(Resource(scheme, r.parts[:n]) in found for n in range(len(r.parts)))
        ]
        return sorted(roots)

    def list(self, user: str, uri: str | Resource | None = None) -> Sequence[Permission]:
        """What a principal has, by grant, role, ``public`` or ownership; below ``uri`` if given.

        A right on something above ``uri`` is told as that right on ``uri`` itself.
        """
        limit = None if uri is None else _parsed(uri)
        best: dict[str, Action] = {}
        for permission in self._all(user):
            resource = parse(permission.uri)
            if limit is not None and not limit.covers(resource):
                if not resource.covers(limit):
                    continue
                resource = limit
            text = str(resource)
            best[text] = max(best.get(text, Action.DENY), permission.action)
        return sorted(Permission(text, action) for text, action in best.items() if action >= Action.READ)

    def shared(self, user: str, uri: str | Resource | None = None) -> Sequence[Share]:
        """Who was given what on the things that ``user`` manages, by whomever; below ``uri`` if given."""
        limit = None if uri is None else _parsed(uri)
        access = self.access(user)
        found = []
        for row in self._db.execute("SELECT principal, uri, action FROM grants WHERE principal != ?", (user,)):
            resource = parse(row["uri"])
            if (limit is None or limit.covers(resource)) and access.allows(resource, Action.MANAGE):
                found.append(Share(row["principal"], row["uri"], Action(row["action"])))
        return sorted(found)

    def roles_of(self, principal: str) -> Sequence[str]:
        """The roles that a principal holds, directly or through another role."""
        return sorted(set(self._closure(principal)) - {principal, PUBLIC})

    def subroles(self, principal: str) -> Sequence[str]:
        """The roles below a user's or role's name."""
        rows = self._db.execute("SELECT name FROM roles ORDER BY name")
        return [row["name"] for row in rows if row["name"].startswith(f"{principal}/")]

    def is_role(self, name: str) -> bool:
        """Whether there is a role of that name."""
        return self._db.execute("SELECT 1 FROM roles WHERE name = ?", (name,)).fetchone() is not None

    # -- changing: the caller has checked that ``by`` may ------------------------------------------------------

    def grant(self, principal: str, uri: str | Resource, action: Action, by: str) -> Permission:
        """Give a level; never lowers one. Returns the level the principal now has there by grants of his own."""
        resource = _parsed(uri)
        if not resource.parts:
            raise BadURI("A share names one thing: give a full URI.")
        text = str(resource)
        with transaction(self._db):
            self._db.execute(
                "INSERT INTO grants (principal, uri, action, granted_by, created_at) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (principal, uri) DO UPDATE SET action = max(action, excluded.action)",
                (principal, text, int(action), by, now()),
            )
            level = max(p.action for p in self._direct(principal) if parse(p.uri).covers(resource))
        self._version += 1
        return Permission(text, level)

    def revoke(self, principal: str, uri: str | Resource) -> bool:
        """Take back what was granted on exactly this URI; ``False`` when there was nothing."""
        cursor = self._db.execute(
            "DELETE FROM grants WHERE principal = ? AND uri = ?", (principal, str(_parsed(uri)))
        )
        self._version += 1
        return cursor.rowcount > 0

    def forget(self, uri: str | Resource) -> None:
        """Take back every grant on a thing that is removed, and below it: another one may get its name."""
        with transaction(self._db):
            self._forget_below(_parsed(uri))
        self._version += 1

    def add_role(self, name: str, by: str) -> bool:
        """Make a role; ``False`` when it exists."""
        cursor = self._db.execute(
            "INSERT OR IGNORE INTO roles (name, created_by, created_at) VALUES (?, ?, ?)", (name, by, now())
        )
        self._version += 1
        return cursor.rowcount > 0

    def remove_role(self, name: str) -> None:
        """Remove a role, those below it, and every grant to them or on them."""
        with transaction(self._db):
            for role in (name, *self.subroles(name)):
                self._db.execute("DELETE FROM roles WHERE name = ?", (role,))
                self._forget(role, [f"role://{role}"])
        self._version += 1

    def remove_user(self, user: str) -> None:
        """Drop every grant to a user, on the user's project, and the user's roles."""
        for role in self.subroles(user):
            self.remove_role(role)
        with transaction(self._db):
            self._forget(user, [permission.uri for permission in self.own(user)])
        self._version += 1

    # -- reading the tables ----------------------------------------------------------------------------------

    def _forget(self, principal: str, below: Iterable[str]) -> None:
        self._db.execute("DELETE FROM grants WHERE principal = ?", (principal,))
        for uri in below:
            self._forget_below(parse(uri))

    def _forget_below(self, top: Resource) -> None:
        rows = self._db.execute("SELECT DISTINCT uri FROM grants").fetchall()
        gone = [(row["uri"],) for row in rows if top.covers(parse(row["uri"]))]
        self._db.executemany("DELETE FROM grants WHERE uri = ?", gone)

    def _direct(self, principal: str) -> Sequence[Permission]:
        rows = self._db.execute("SELECT uri, action FROM grants WHERE principal = ?", (principal,))
        return [Permission(row["uri"], Action(row["action"])) for row in rows]

    def _closure(self, principal: str) -> dict[str, Sequence[Permission]]:
        """The principal, ``public`` and every role reached, with the grants of each."""
        seen: dict[str, Sequence[Permission]] = {}
        waiting = [principal, PUBLIC]
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen[name] = self._direct(name)
            for permission in seen[name]:
                resource = parse(permission.uri)
                if resource.scheme == "role" and permission.action >= Action.READ:
                    held = "/".join(resource.parts)
                    waiting.extend(role for role in (held, *self.subroles(held)) if self.is_role(role))
        return seen

    def _all(self, principal: str) -> Iterator[Permission]:
        if principal != PUBLIC and not self.is_role(principal):
            yield from self.own(principal)
        for grants in self._closure(principal).values():
            yield from grants
