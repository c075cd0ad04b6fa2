"""What the signed-in user may do with what others shared, from the platform's own list."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, cast

from ..schemas.job import Action

if TYPE_CHECKING:
    import apolo_sdk

_ORDER = {"read": 1, "write": 2, "manage": 3}
_FRESH = 3.0


def covers(granted: str, uri: str) -> bool:
    """Whether a right on ``granted`` reaches ``uri``: by whole path components (platform-API semantics)."""
    return uri == granted or uri.startswith(granted.rstrip("/") + "/")


class Rights:
    """The user's own permissions, asked for at most every 3 s."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._at = -_FRESH

    async def on(self, client: apolo_sdk.Client, uri: str, name: str | None = None) -> Action:
        """The highest level on a job's URI, or on the URI of its name; ``read`` where the list says nothing
        (whoever sees a job has at least that)."""
        now = time.monotonic()
        if now - self._at > _FRESH:
            rows = await client.users.get_acl(client.config.username, "job")
            self._known = {str(row.uri): row.action.value for row in rows}
            self._at = now
        uris = [uri]
        if name:
            uris.append(f"{uri.rpartition('/')[0]}/{name}")
        best = "read"
        for granted, action in self._known.items():
            if any(covers(granted, each) for each in uris) and _ORDER.get(action, 0) > _ORDER[best]:
                best = action
        return cast(Action, best)
