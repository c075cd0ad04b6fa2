"""Storage: list, look, make, move, remove."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from ..client.session import PlatformSession
from ..errors import BadRequest, NeuroError, NotFound, translate
from .job_submit import old_uri_hint
from .storage_copy import Progress, ProgressCallback, TransferResult, absolute_sources, copy

if TYPE_CHECKING:
    import apolo_sdk
    from yarl import URL

__all__ = ["FileInfo", "Progress", "StorageService", "TransferResult", "Usage"]


class FileInfo(msgspec.Struct, frozen=True):
    """A file or folder on storage. ``size`` in bytes (0 for folders), ``modified_at`` ISO 8601 in UTC."""

    name: str
    uri: str
    size: int
    modified_at: str
    is_dir: bool
    access: str


class Usage(msgspec.Struct, frozen=True):
    """Space of the storage a project lies on, in bytes."""

    total: int
    used: int
    free: int


Files = list[FileInfo]  # names of their own: inside the class ``list`` is a method
Texts = list[str]


class StorageService:
    """Platform storage of one user. ``session`` lives on the loop the methods are awaited on."""

    def __init__(self, session: PlatformSession) -> None:
        self._session = session

    async def _client(self) -> apolo_sdk.Client:
        return await self._session.client()

    async def _uri(self, text: str) -> tuple[apolo_sdk.Client, URL]:
        client = await self._client()
        return client, storage_uri(client, text)

    async def resolve_uri(self, text: str) -> str:
        """The full URI of ``storage:x``. Raises :class:`BadRequest` with the address to write instead."""
        return str((await self._uri(text))[1])

    async def list(self, text: str = "storage:") -> Files:
        """What lies in a folder, folders first; of a file, the file itself."""
        client, uri = await self._uri(text)
        try:
            status = await client.storage.stat(uri)
            if not status.is_dir():
                return [_info(status)]
            async with client.storage.list(uri) as items:
                found = [_info(item) async for item in items]
        except Exception as exc:
            raise self._explain(exc, text, client) from exc
        return sorted(found, key=lambda item: (not item.is_dir, item.name))

    async def stat(self, text: str) -> FileInfo:
        """One file or folder."""
        client, uri = await self._uri(text)
        try:
            return _info(await client.storage.stat(uri))
        except Exception as exc:
            raise self._explain(exc, text, client) from exc

    async def mkdir(self, text: str, *, parents: bool = False, exist_ok: bool = False) -> str:
        """Make a folder; returns its full URI."""
        client, uri = await self._uri(text)
        try:
            await client.storage.mkdir(uri, parents=parents, exist_ok=exist_ok)
        except Exception as exc:
            raise self._explain(exc, text, client) from exc
        return str(uri)

    async def remove(self, text: str, *, recursive: bool = False) -> AsyncIterator[str]:
        """Remove files (``*`` and ``?`` fit names) or, with ``recursive``, folders; yields what is gone."""
        client, _ = await self._uri(text)
        for uri in await self.expand(text):
            gone = _Deleted()
            try:
                await client.storage.rm(storage_uri(client, uri), recursive=recursive, progress=gone.progress())
            except Exception as exc:
                raise self._explain(exc, uri, client) from exc
            for path in gone.paths or [uri]:
                yield path

    async def move(self, source: str, target: str) -> str:
        """Rename or move; into ``target`` where that is a folder. Returns the new URI."""
        client, src = await self._uri(source)
        dst = storage_uri(client, target)
        try:
            if (await client.storage.stat(dst)).is_dir():
                dst = dst / src.name
        except Exception as exc:
            if translate(exc).status != 404:
                raise self._explain(exc, target, client) from exc
        try:
            await client.storage.mv(src, dst)
        except Exception as exc:
            raise self._explain(exc, source, client) from exc
        return str(dst)

    async def expand(self, text: str) -> Texts:
        """The URIs that a pattern fits; of a plain URI, itself. Raises :class:`NotFound` where none fits."""
        client, uri = await self._uri(text)
        if not any(sign in text for sign in "*?["):
            return [str(uri)]
        try:
            async with client.storage.glob(uri) as items:
                found = [str(item) async for item in items]
        except Exception as exc:
            raise self._explain(exc, text, client) from exc
        if not found:
            raise NotFound(f"Nothing on storage fits {text}.")
        return sorted(found)

    async def disk_usage(self) -> Usage:
        """Space of the current project's storage."""
        client = await self._client()
        try:
            usage = await client.storage.disk_usage()
        except Exception as exc:
            raise translate(exc) from exc
        return Usage(total=usage.total, used=usage.used, free=usage.free)

    def copy(
        self,
        sources: Texts,
        target: str,
        *,
        recursive: bool = False,
        update: bool = False,
        continue_: bool = False,
        into: bool | None = None,
        exclude: tuple[str, ...] | Texts = (),
        progress: ProgressCallback | None = None,
    ) -> Any:
        """Copy between this machine and storage; returns a coroutine of :class:`TransferResult`.

        Local paths are taken from the caller's working directory. ``into``: True = ``target`` is a folder to copy
        into, False = it is the copy itself, none = the command line's rule (into an existing folder). ``update``
        copies only what is newer, ``continue_`` goes on with what was cut short. ``exclude``: name patterns.
        """
        places = absolute_sources(sources, target)
        return copy(
            self,
            places[:-1],
            places[-1],
            recursive=recursive,
            update=update,
            continue_=continue_,
            into=into,
            exclude=tuple(exclude),
            progress=progress,
        )

    def _explain(self, exc: Exception, text: str, client: apolo_sdk.Client) -> NeuroError:
        return explain(exc, text, client)


def explain(exc: Exception, text: str, client: apolo_sdk.Client) -> NeuroError:
    """The error in the user's words: the platform answers 404 also for what one may not see."""
    error = translate(exc)
    if error.status != 404:
        return error
    uri = str(storage_uri(client, text)) if text.startswith("storage:") else text
    parts = uri.removeprefix("storage://").split("/")
    owner = parts[2] if len(parts) > 2 else ""
    if owner and owner not in (client.config.project_name, client.config.username):
        return NotFound(f"{uri} does not exist or is not shared with you.", hint=f"Ask {owner}.", owner=owner)
    return NotFound(f"{uri} does not exist.")


def storage_uri(client: apolo_sdk.Client, text: str) -> URL:
    """Parse ``storage:x`` or a full URI. Raises :class:`BadRequest`."""
    try:
        uri = client.parse.str_to_uri(text, allowed_schemes=("storage",))
    except ValueError as exc:
        raise BadRequest(f"'{text}' is not a storage address: {exc}", field="uri") from exc
    hint = old_uri_hint(text, client.config.cluster_name, client.config.org_name or "")
    if hint:
        raise BadRequest(f"{text} does not resolve.", field="uri", hint=hint)
    return uri


def _info(status: apolo_sdk.FileStatus) -> FileInfo:
    return FileInfo(
        name=status.name,
        uri=str(status.uri),
        size=0 if status.is_dir() else status.size,
        modified_at=datetime.fromtimestamp(status.modification_time, UTC).isoformat(),
        is_dir=status.is_dir(),
        access=status.permission.value,
    )


class _Deleted:
    """Collects what the platform says it removed."""

    def __init__(self) -> None:
        self.paths: list[str] = []

    def progress(self) -> apolo_sdk.AbstractDeleteProgress:
        import apolo_sdk

        paths = self.paths

        class Collect(apolo_sdk.AbstractDeleteProgress):
            def delete(self, data: apolo_sdk.StorageProgressDelete) -> None:
                paths.append(str(data.uri))

        return Collect()
