"""Users, roles, permissions and shares: ``API/users/…``."""

from __future__ import annotations

import re
from typing import Any, NoReturn

from .accounts import MAX_NAME, NAME
from .context import API
from .handler import PlatformHandler
from .permissions import PUBLIC, Action, Permission
from .uri import Resource, parse

_ROLE = re.compile(rf"{NAME.pattern}(/{NAME.pattern})+")
_MAX_ITEMS = 100


class UsersHandler(PlatformHandler):
    """What the handlers below share."""

    def principal(self, segment: str) -> str:
        """The user or role that a path segment names (``bob:roles:x`` is ``bob/roles/x``), or 404."""
        name = segment.replace(":", "/")
        if not (name == PUBLIC or self.platform.accounts.exists(name) or self.platform.permissions.is_role(name)):
            self.no_such(name)
        return name

    def no_such(self, name: str) -> NoReturn:
        """404 in the words that clients expect."""
        self.fail(404, f'user "{name}" was not found')

    def may_see(self, principal: str) -> None:
        """403 unless the user is this principal or manages this role."""
        if principal != self.user and not self.platform.permissions.allows(
            self.user, Resource("role", tuple(principal.split("/"))), Action.MANAGE
        ):
            self.fail(403, f"Only {principal} can see what {principal} has.")

    def uri_argument(self, *, required: bool = False) -> Resource | None:
        """The query's ``uri``."""
        text = self.get_query_argument("uri", "")
        if not text:
            if required:
                self.fail(400, "uri: say which.")
            return None
        return parse(text)


class Permissions(UsersHandler):
    """``users/X/permissions``: what X has; granting to X and revoking from X."""

    def get(self, segment: str) -> None:
        """List what a principal has."""
        name = self.principal(segment)
        if name != PUBLIC:
            self.may_see(name)
        found = self.platform.permissions.list(name, self.uri_argument())
        self.send_json([_permission(permission) for permission in found])

    def post(self, segment: str) -> None:
        """Grant levels; all or none. Answers with what the principal now has."""
        name = self.principal(segment)
        wanted = self._wanted()
        for resource, _ in wanted:
            self._require_known(resource)
            self.require(resource, Action.MANAGE)
        answer = []
        for resource, action in wanted:
            if name == self.user:
                # what a user manages anyway stays as it is
                answer.append(Permission(str(resource), Action.MANAGE))
                continue
            given = self.platform.permissions.grant(name, resource, action, by=self.user)
            self.platform.audit.write(
                self.user, self.address, "grant", given.uri, to=name, asked=action.word, has=given.action.word
            )
            answer.append(given)
        self.send_json([_permission(permission) for permission in answer], 201)

    def delete(self, segment: str) -> None:
        """Revoke what was granted on exactly this URI."""
        name = self.principal(segment)
        resource = self.uri_argument(required=True)
        assert resource is not None
        self.require(resource, Action.MANAGE)
        if not self.platform.permissions.revoke(name, resource):
            self.fail(400, "Operation has no effect")
        self.platform.audit.write(self.user, self.address, "revoke", str(resource), user_or_role=name)
        self.set_status(204)

    def _wanted(self) -> list[tuple[Resource, Action]]:
        body = self.json_body()
        if not isinstance(body, list) or not 0 < len(body) <= _MAX_ITEMS:
            self.fail(400, f"The body is a list of 1 to {_MAX_ITEMS} items with uri and action.")
        wanted: list[tuple[Resource, Action]] = []
        for item in body:
            if not isinstance(item, dict) or not isinstance(item.get("uri"), str):
                self.fail(400, "uri: every item needs one.")
            try:
                action = Action.of(item.get("action"))
            except ValueError as problem:
                self.fail(400, f"action: {problem}")
            if action == Action.DENY:
                self.fail(400, "action: deny cannot be granted; revoke what was granted instead.")
            wanted.append((parse(item["uri"]), action))
        return wanted

    def _require_known(self, resource: Resource) -> None:
        if resource.scheme != "role" and resource.parts and resource.parts[0] != self.platform.cluster:
            self.fail(400, f"uri: this platform's cluster is {self.platform.cluster}, not {resource.parts[0]}.")


class Shared(UsersHandler):
    """``users/X/permissions/shared``: who has what on the things of X."""

    def get(self, segment: str) -> None:
        """List the grants on what a user manages."""
        name = self.principal(segment)
        self.may_see(name)
        found = self.platform.permissions.shared(name, self.uri_argument())
        self.send_json([{"user": s.user, "uri": s.uri, "action": s.action.word} for s in found])


class Subroles(UsersHandler):
    """``users/X/subroles``: the roles below X."""

    def get(self, segment: str) -> None:
        """List them."""
        name = self.principal(segment)
        self.may_see(name)
        self.send_json({"subroles": list(self.platform.permissions.subroles(name))})


class Users(UsersHandler):
    """``users``: adding roles. (Accounts of people are added by the platform's owner.)"""

    def post(self) -> None:
        """Add the role ``OWNER/…``."""
        body = self.json_body()
        name = body.get("name") if isinstance(body, dict) else None
        if not isinstance(name, str) or not _ROLE.fullmatch(name) or len(name) > 4 * MAX_NAME:
            self.fail(400, f"name: a role is called USER/NAME, such as {self.user}/roles/team.")
        self.require(Resource("role", tuple(name.split("/"))), Action.MANAGE)
        if not self.platform.permissions.add_role(name, by=self.user):
            self.fail(400, f"name: there is already a role {name}.")
        self.platform.audit.write(self.user, self.address, "add-role", f"role://{name}")
        self.set_status(201)


class OneUser(UsersHandler):
    """``users/X``: removing a role."""

    def get(self, segment: str) -> None:
        """Whether this user or role exists, which everybody may know in order to share."""
        self.send_json({"name": self.principal(segment)})

    def delete(self, segment: str) -> None:
        """Remove a role and those below it."""
        name = self.principal(segment)
        if not self.platform.permissions.is_role(name):
            self.fail(400, "Only roles are removed here; people are removed by the platform's owner.")
        self.require(Resource("role", tuple(name.split("/"))), Action.MANAGE)
        self.platform.permissions.remove_role(name)
        self.platform.audit.write(self.user, self.address, "remove-role", f"role://{name}")
        self.set_status(204)


def _permission(permission: Permission) -> dict[str, Any]:
    return {"uri": permission.uri, "action": permission.action.word}


routes: list[tuple[str, type]] = [
    (API + r"/users", Users),
    (API + r"/users/([^/]+)", OneUser),
    (API + r"/users/([^/]+)/permissions", Permissions),
    (API + r"/users/([^/]+)/permissions/shared", Shared),
    (API + r"/users/([^/]+)/subroles", Subroles),
]
