"""Secrets over HTTP: ``secrets_url`` and ``secrets_url/KEY``."""

from __future__ import annotations

import base64
import binascii
from typing import Any, NoReturn

from .context import SECRETS
from .permissions import Action
from .project_items import ProjectItems
from .secrets import KEY, MAX_VALUE, TooMany
from .uri import decode

_KEY_RULE = "key: use 1 to 253 letters, digits, dots, hyphens and underscores; not . or .. alone."


class Secrets(ProjectItems):
    """``secrets``: looking at names, and adding."""

    scheme = "secret"

    def get(self) -> None:
        """The secrets that the user may read, without values."""
        org, project = self.asked_for()
        access = self.platform.permissions.access(self.user)
        self.send_json(
            [
                {"key": s.key, "owner": s.owner, "org_name": s.org, "project_name": s.project}
                for s in self.platform.secrets.list(org, project)
                if access.allows(self.resource(s.project, s.key), Action.READ)
            ]
        )

    def post(self) -> None:
        """Keep a value under a key; one of that key is replaced."""
        body = self.object_body()
        project = self.project_of(body)
        key = body.get("key")
        if not isinstance(key, str) or not KEY.fullmatch(key):
            self.fail(400, _KEY_RULE)
        resource = self.resource(project, key)
        self.require(resource, Action.WRITE)
        value = self._value(body.get("value"))
        try:
            self.platform.secrets.set(self.platform.org, project, key, value, self.user)
        except TooMany as problem:
            self.fail(400, f"key: {problem}")
        self.platform.audit.write(self.user, self.address, "set-secret", str(resource))
        answer = {"key": key, "owner": self.user, "org_name": self.platform.org, "project_name": project}
        self.send_json(answer, 201)

    def _value(self, text: Any) -> bytes:
        # the errors never repeat what was sent
        try:
            value = base64.b64decode(text, validate=True) if isinstance(text, str) else None
        except (binascii.Error, ValueError):
            value = None
        if value is None:
            self.fail(400, "value: send it in base64.")
        if len(value) > MAX_VALUE:
            self.fail(400, f"value: a secret has at most {MAX_VALUE} bytes; put larger things on storage.")
        return value


class OneSecret(ProjectItems):
    """``secrets/KEY``: its value, and removing it."""

    scheme = "secret"

    def get(self, segment: str) -> None:
        """The value, in base64."""
        project, key = self.named_in_query(), decode(segment)
        self.require(self.resource(project, key), Action.READ)
        secrets = self.platform.secrets
        value = secrets.value(self.platform.org, project, key)
        if value is None and secrets.exists(self.platform.org, project, key):
            self.fail(400, f"Secret {key!r} cannot be read: this platform's vault-key was replaced. Add it again.")
        if value is None:
            self._no_such(key)
        self.send_json({"value": base64.b64encode(value).decode()})

    def delete(self, segment: str) -> None:
        """Forget it, and who it was shared with."""
        project, key = self.named_in_query(), decode(segment)
        resource = self.resource(project, key)
        self.require(resource, Action.WRITE)
        if not self.platform.secrets.remove(self.platform.org, project, key):
            self._no_such(key)
        self.platform.permissions.forget(resource)
        self.platform.audit.write(self.user, self.address, "remove-secret", str(resource))
        self.set_status(204)

    def _no_such(self, key: str) -> NoReturn:
        self.fail(404, f"Secret {key!r} not found")


routes: list[tuple[str, type]] = [(SECRETS + r"/?", Secrets), (SECRETS + r"/([^/]+)", OneSecret)]
