"""Copying between this machine and platform storage, by the rules of the command line's ``cp``."""

from __future__ import annotations

import time
from collections.abc import Callable
from fnmatch import fnmatch
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from ..errors import BadRequest, NotFound, translate

if TYPE_CHECKING:
    import apolo_sdk
    from yarl import URL

    from .storage import StorageService

IGNORE_FILES = frozenset({".apoloignore", ".neuroignore"})


class Progress(msgspec.Struct):
    """How far a copy is. Totals are none while they are not known."""

    files_done: int = 0
    bytes_done: int = 0
    files_total: int | None = None
    bytes_total: int | None = None
    path: str = ""


class TransferResult(msgspec.Struct, frozen=True):
    """What a copy did. ``seconds`` by the wall clock."""

    sources: list[str]
    target: str
    files: int
    bytes: int
    skipped: int
    seconds: float


ProgressCallback = Callable[[Progress], None]


def absolute_sources(sources: list[str], target: str) -> list[str]:
    """Local paths made absolute from the caller's working directory, storage URIs as they are."""
    places = []
    for place in [*sources, target]:
        if _is_storage(place):
            places.append(place)
        elif place.startswith("file:"):
            places.append(str(Path(place.removeprefix("file://").removeprefix("file:")).absolute()))
        elif "://" in place:
            raise BadRequest(f"Cannot copy {place}: only local paths and storage: addresses.", field="path")
        else:
            places.append(str(Path(place).expanduser().absolute()) + ("/" if place.endswith("/") else ""))
    return places


def _is_storage(place: str) -> bool:
    return place.startswith("storage:")


async def copy(
    service: StorageService,
    sources: list[str],
    target: str,
    *,
    recursive: bool,
    update: bool,
    continue_: bool,
    into: bool | None,
    exclude: tuple[str, ...],
    progress: ProgressCallback | None,
) -> TransferResult:
    """See :meth:`StorageService.copy`."""
    started = time.monotonic()
    client = await service._client()
    down = any(_is_storage(source) for source in sources)
    if down == _is_storage(target) or (down and not all(_is_storage(source) for source in sources)):
        raise BadRequest(
            "One side must be on storage and the other here.",
            field="path",
            hint="For example: cp -r data storage:",
        )
    places = await _expand(service, sources, down)
    folder = await _is_folder(client, target)
    if into is True and not folder:
        raise NotFound(f"{target} is not a folder.")
    inside = folder if into is None else into
    if len(places) > 1 and not inside:
        raise BadRequest(f"{target} is not a folder, and there are {len(places)} things to copy.", field="path")
    watch = _Watch(progress)
    for place in places:
        await _one(client, place, target, down, inside, recursive, update, continue_, exclude, watch)
    return TransferResult(
        sources=sources,
        target=target,
        files=watch.state.files_done,
        bytes=watch.state.bytes_done,
        skipped=watch.skipped,
        seconds=time.monotonic() - started,
    )


async def _expand(service: StorageService, sources: list[str], down: bool) -> list[str]:
    places: list[str] = []
    for source in sources:
        if down:
            places.extend(await service.expand(source))
        elif any(sign in source for sign in "*?[") and not Path(source).exists():
            found = sorted(glob(source, recursive=True))
            if not found:
                raise NotFound(f"No file here fits {source}.")
            places.extend(found)
        else:
            places.append(source)
    return places


async def _is_folder(client: apolo_sdk.Client, place: str) -> bool:
    from .storage import storage_uri

    if not _is_storage(place):
        return Path(place).is_dir()
    try:
        return (await client.storage.stat(storage_uri(client, place))).is_dir()
    except Exception as exc:
        error = translate(exc)
        if error.status == 404 or "directory" in error.message.lower():
            return False
        raise error from exc


async def _one(
    client: apolo_sdk.Client,
    source: str,
    target: str,
    down: bool,
    inside: bool,
    recursive: bool,
    update: bool,
    continue_: bool,
    exclude: tuple[str, ...],
    watch: _Watch,
) -> None:
    from yarl import URL

    from .storage import explain, storage_uri

    here = Path(target if down else source)
    there = storage_uri(client, source if down else target)
    if not down and not here.exists():
        raise NotFound(f"There is no file {source} here.")
    is_dir = await _is_folder(client, source)
    if inside:
        here, there = (here / there.name, there) if down else (here, there / here.name)
    if is_dir and not recursive:
        raise BadRequest(f"{source} is a folder.", field="path", hint="Copy folders with -r.")

    async def wanted(path: str) -> bool:
        names = [part for part in path.split("/") if part]
        skip = any(fnmatch(path.rstrip("/"), pattern) or fnmatch(names[-1], pattern) for pattern in exclude)
        watch.skipped += skip
        return not skip

    local: URL = URL(here.as_uri())
    storage = client.storage
    try:
        if down and is_dir:
            await storage.download_dir(
                there, local, update=update, continue_=continue_, filter=wanted, progress=watch.files()
            )
        elif down:
            await storage.download_file(there, local, update=update, continue_=continue_, progress=watch.files())
        elif is_dir:
            await storage.upload_dir(
                local,
                there,
                update=update,
                continue_=continue_,
                filter=wanted,
                ignore_file_names=IGNORE_FILES,
                progress=watch.files(),
            )
        else:
            await storage.upload_file(local, there, update=update, continue_=continue_, progress=watch.files())
    except Exception as exc:
        raise explain(exc, str(there), client) if down else _local_error(exc) from exc
    if watch.failed:
        raise BadRequest(watch.failed[0])


def _local_error(exc: Exception) -> Exception:
    error = translate(exc)
    if error.status == 404:
        return NotFound(f"{error.message} Or you may not write there.")
    return error


class _Watch:
    """Adds up what the SDK tells file by file."""

    def __init__(self, callback: ProgressCallback | None) -> None:
        self.state = Progress()
        self.skipped = 0
        self.failed: list[str] = []
        self._callback = callback
        self._current: dict[Any, int] = {}

    def step(self, source: URL, current: int) -> None:
        self.state.bytes_done += current - self._current.get(source, 0)
        self._current[source] = current
        self.state.path = source.name
        if self._callback:
            self._callback(self.state)

    def done(self, source: URL, size: int) -> None:
        self.step(source, size)
        self.state.files_done += 1
        self._current.pop(source, None)
        if self._callback:
            self._callback(self.state)

    def files(self) -> apolo_sdk.AbstractRecursiveFileProgress:
        import apolo_sdk

        watch = self

        class Files(apolo_sdk.AbstractRecursiveFileProgress):
            def start(self, data: apolo_sdk.StorageProgressStart) -> None:
                watch.step(data.src, 0)

            def step(self, data: apolo_sdk.StorageProgressStep) -> None:
                watch.step(data.src, data.current)

            def complete(self, data: apolo_sdk.StorageProgressComplete) -> None:
                watch.done(data.src, data.size)

            def enter(self, data: apolo_sdk.StorageProgressEnterDir) -> None:
                pass

            def leave(self, data: apolo_sdk.StorageProgressLeaveDir) -> None:
                pass

            def fail(self, data: apolo_sdk.StorageProgressFail) -> None:
                watch.failed.append(data.message)

        return Files()
