"""Who can reach what: share, take back, list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from ..client.session import PlatformSession
from ..errors import BadRequest, NoSuchUser, NotFound, translate
from .job_submit import _USER, old_uri_hint
from .job_view import ACTIVE
from .jobs import JOB_ID, JobsService

if TYPE_CHECKING:
    import apolo_sdk
    from yarl import URL

LEVELS = ("read", "write", "manage")
SCHEMES = ("job", "storage", "image", "secret", "disk", "blob", "role", "flow")
Covers = Literal["run", "runs", "project", "folder", "file", "image", "role", "other"]


class Grant(msgspec.Struct, frozen=True):
    """A right. ``covers`` says in a sentence what it reaches, ``warning`` what one might not expect of it."""

    user: str
    uri: str
    action: str
    covers: str = ""
    warning: str | None = None


class SharingService:
    """Sharing as one user. ``session`` lives on the loop the methods are awaited on."""

    def __init__(self, session: PlatformSession, jobs: JobsService) -> None:
        self._session = session
        self._jobs = jobs

    async def share(self, text: str, user: str, action: str) -> Grant:
        """Give ``user`` (or a role) ``action`` on ``text``.

        Raises :class:`NotFound` for an object that does not exist (the platform would not mind: apolo-cli #2432),
        :class:`NoSuchUser` for an unknown name, :class:`BadRequest` for a level that is none.
        """
        if action not in LEVELS:
            raise BadRequest(f"'{action}' is no level.", field="action", hint="read, write or manage.")
        if not _USER.fullmatch(user):
            raise BadRequest(f"'{user}' cannot be the name of a user.", field="user")
        client = await self._session.client()
        uri = self._parse(client, text)
        covers, warning = await self._look(client, uri, user, action)
        import apolo_sdk

        try:
            given = await client.users.share(user, apolo_sdk.Permission(uri, apolo_sdk.Action(action)))
        except Exception as exc:
            error = translate(exc, action="Sharing")
            if isinstance(error, NoSuchUser) or (error.status == 404 and "user" in error.message):
                raise NoSuchUser(
                    f"There is no user '{user}' on this platform. Nothing was shared.",
                    field="user",
                    hint="Check the name. On this computer, add a colleague first.",
                ) from exc
            raise error from exc
        if given.action.value != action:
            higher = f"{user} already had {given.action.value} and keeps it."
            warning = f"{higher} {warning}" if warning else higher
        return Grant(user=user, uri=str(given.uri), action=given.action.value, covers=covers, warning=warning)

    async def revoke(self, text: str, user: str) -> Grant:
        """Take back what ``user`` has on ``text``. Raises :class:`NotFound` where there is nothing to take."""
        client = await self._session.client()
        uri = self._parse(client, text)
        try:
            await client.users.revoke(user, uri)
        except Exception as exc:
            error = translate(exc, action="Revoking")
            if "no effect" in error.message:
                raise NotFound(f"{user} has no right of its own on {uri}. Nothing was changed.") from exc
            raise error from exc
        return Grant(user=user, uri=str(uri), action="none")

    async def reachable(self, scheme: str | None = None) -> list[Grant]:
        """What I can reach (``acl ls``)."""
        client = await self._session.client()
        me = client.config.username
        try:
            rows = await client.users.get_acl(me, self._scheme(scheme))
        except Exception as exc:
            raise translate(exc) from exc
        return [Grant(user=me, uri=str(row.uri), action=row.action.value) for row in rows]

    async def given(self, scheme: str | None = None) -> list[Grant]:
        """What I gave (``acl ls --shared``)."""
        client = await self._session.client()
        try:
            rows = await client.users.get_shares(client.config.username, self._scheme(scheme))
        except Exception as exc:
            raise translate(exc) from exc
        return [Grant(user=row.user, uri=str(row.permission.uri), action=row.permission.action.value) for row in rows]

    def _scheme(self, scheme: str | None) -> str | None:
        if scheme is not None and scheme not in SCHEMES:
            raise BadRequest(
                f"'{scheme}' is no kind of object.", field="scheme", hint=f"One of {', '.join(SCHEMES)}."
            )
        return scheme

    def _parse(self, client: apolo_sdk.Client, text: str) -> URL:
        text = f"job:{text}" if JOB_ID.fullmatch(text) else text
        try:
            uri = client.parse.str_to_uri(text, allowed_schemes=SCHEMES)
        except ValueError as exc:
            raise BadRequest(
                f"'{text}' is not an address: {exc}", field="uri", hint="For example job:train or storage:data."
            ) from exc
        hint = old_uri_hint(text, client.config.cluster_name, client.config.org_name or "")
        if hint:
            raise BadRequest(f"{text} does not resolve.", field="uri", hint=hint)
        return uri

    async def _look(self, client: apolo_sdk.Client, uri: URL, user: str, action: str) -> tuple[str, str | None]:
        """That the object exists, what the right covers, and what one might not expect of it."""
        if uri.scheme == "storage":
            return await self._look_at_storage(client, uri)
        if uri.scheme == "job":
            return await self._look_at_jobs(client, uri, user, action)
        return f"everything under {uri}", None

    async def _look_at_storage(self, client: apolo_sdk.Client, uri: URL) -> tuple[str, str | None]:
        try:
            status = await client.storage.stat(uri)
        except Exception as exc:
            error = translate(exc)
            if error.status == 404:
                raise NotFound(f"{uri} does not exist or is not shared with you. Nothing was shared.") from exc
            raise error from exc
        return ("this folder and everything in it" if status.is_dir() else "this file"), None

    async def _look_at_jobs(
        self, client: apolo_sdk.Client, uri: URL, user: str, action: str
    ) -> tuple[str, str | None]:
        parts = [part for part in uri.path.split("/") if part]
        if len(parts) < 3:
            project = parts[-1] if parts else client.config.project_name
            return f"all jobs of project {project}, past and future", _all_jobs_warning(action)
        runs = await self._jobs.find(str(uri))
        covers = "this run" if JOB_ID.fullmatch(parts[-1]) else f"every run named {parts[-1]}, future ones too"
        if action == "read":
            return covers, None
        writable = sorted({v.storage for job in runs if job.status in ACTIVE for v in job.volumes if not v.read_only})
        if writable:
            return covers, f"With {action}, {user} can change files in {', '.join(writable)} through this job."
        return covers, None


def _all_jobs_warning(action: str) -> str | None:
    if action == "read":
        return None
    return f"With {action}, every job of the project can be entered and stopped, and the files it mounts changed."
