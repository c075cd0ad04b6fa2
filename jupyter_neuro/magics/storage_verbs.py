"""``ls``, ``cp``, ``mkdir``, ``rm``, ``mv``."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine
from typing import TYPE_CHECKING, Any

from IPython.core.error import UsageError

from .amounts import number
from .call import Call
from .grammar import Argument, Option, Verb
from .screen import INTERVAL
from .shown import Note
from .storage_objects import Listing, Transfer

if TYPE_CHECKING:
    from ..services.storage import FileInfo, Progress, TransferResult


def _on_storage(call: Call, paths: list[str]) -> list[str]:
    for path in paths:
        if not path.startswith("storage:"):
            raise UsageError(f"{call.given.verb.name}: {path!r} is not on storage. Did you mean 'storage:{path}'?")
    return paths


def _ls(call: Call) -> Listing:
    given = call.given
    paths = _on_storage(call, given.many("paths") or ["storage:"])
    storage = call.neuro.storage

    async def look() -> tuple[list[FileInfo], list[str]]:
        found: list[FileInfo] = []
        folders = []
        for path in paths:
            if given.flag("directory"):
                found.append(await storage.stat(path))
            else:
                found.extend(await storage.list(path))
            folders.append(await storage.resolve_uri(path))
        return found, folders

    items, folders = call.run(look())
    if not given.flag("all"):
        items = [item for item in items if not item.name.startswith(".") or given.flag("directory")]
    order = given.text("sort") or "name"
    if order == "size":
        items.sort(key=lambda item: -item.size)
    elif order == "time":
        items.sort(key=lambda item: item.modified_at, reverse=True)
    return Listing(items, folder=" ".join(folders), where=call.where)


async def _copying(
    copy: Coroutine[Any, Any, TransferResult], latest: list[Progress]
) -> AsyncIterator[Progress | TransferResult]:
    """How far the copy is, twice a second, and last what it did. Left early, the copy is cancelled."""
    task = asyncio.ensure_future(copy)
    try:
        while not task.done():
            await asyncio.wait({task}, timeout=INTERVAL)
            if latest and not task.done():
                yield latest[0]
        yield task.result()
    finally:
        task.cancel()
        await asyncio.wait({task})


def _places(call: Call) -> tuple[list[str], str, bool | None]:
    """Sources, target, and whether the target is a folder to copy into (none: the command line's rule)."""
    given = call.given
    places = [*given.many("sources"), *([given.word("destination")] if given.text("destination") else [])]
    folder = given.text("target-directory")
    into: bool | None
    if folder is not None and given.flag("no-target-directory"):
        raise UsageError(f"{given.verb.name}: -t and -T contradict each other.")
    if folder is not None:
        target, into = folder, True
    else:
        if len(places) < 2:
            raise UsageError(f"{given.verb.name}: DESTINATION is missing. For example %neuro cp -r data storage:data")
        target, into = places.pop(), False if given.flag("no-target-directory") else None
    if not places:
        raise UsageError(f"{given.verb.name}: SOURCES are missing.")
    return places, target, into


def _cp(call: Call) -> Transfer:
    from ..services.storage import TransferResult

    given = call.given
    sources, target, into = _places(call)
    flags: dict[str, object] = {
        "recursive": given.flag("recursive"),
        "update": given.flag("update"),
        "continue_": given.flag("continue"),
        "into": into,
        "exclude": given.many("exclude"),
    }
    if flags["update"] and flags["continue_"]:
        raise UsageError("cp: -u and --continue contradict each other.")
    transfer = Transfer(sources, target, call.where)
    live = call.screen.live()
    started = time.monotonic()
    latest: list[Progress] = []

    def progress(state: Progress) -> None:
        latest[:] = [state]

    # made here and not on the platform's thread: local paths are meant from this thread's working directory
    copy = call.neuro.storage.copy(sources, target, progress=progress, **flags)  # type: ignore[arg-type]
    for state in call.neuro.iterate(_copying(copy, latest)):
        if isinstance(state, TransferResult):
            transfer.finish(state)
        else:
            transfer.learn(state, time.monotonic() - started)
            live.show(transfer)
    live.done(transfer)
    return transfer


def _mkdir(call: Call) -> Note:
    paths = _on_storage(call, call.given.many("paths"))
    parents = call.given.flag("parents")

    async def make() -> list[str]:
        made = []
        for path in paths:
            await call.neuro.storage.mkdir(path, parents=parents, exist_ok=parents)
            made.append(await call.neuro.storage.resolve_uri(path))
        return made

    made = call.run(make())
    return Note(
        "\n".join(f"{uri} is there." if parents else f"Made {uri}" for uri in made), call.where, {"made": made}
    )


def _rm(call: Call) -> Note:
    paths = _on_storage(call, call.given.many("paths"))
    recursive = call.given.flag("recursive")

    async def remove() -> list[str]:
        gone: list[str] = []
        for path in paths:
            async for uri in call.neuro.storage.remove(path, recursive=recursive):
                gone.append(uri)
        return gone

    gone = call.run(remove())
    named = (
        gone[-1]
        if len(gone) == 1
        else f"{number(len(gone), 'file or folder', 'files and folders')}: {', '.join(paths)}"
    )
    return Note(f"Removed {named}", call.where, {"removed": len(gone), "paths": gone[:100]})


def _mv(call: Call) -> Note:
    sources, target, into = _places(call)
    _on_storage(call, [*sources, target])
    storage = call.neuro.storage
    if into is False and len(sources) > 1:
        raise UsageError("mv: with -T there is one SOURCE.")

    async def move() -> list[str]:
        moved = []
        expanded = [uri for source in sources for uri in await storage.expand(source)]
        folder = into or len(expanded) > 1
        if folder and not (await storage.stat(target)).is_dir:
            raise UsageError(f"mv: {target} is not a folder.")
        for source in expanded:
            moved.append(await storage.move(source, target))
        return moved

    moved = call.run(move())
    return Note("\n".join(f"Moved to {uri}" for uri in moved), call.where, {"moved": moved})


_INTO = Option(("-t", "--target-directory"), "Folder to copy all SOURCES into", "DIRECTORY", complete="path")
_AS = Option(("-T", "--no-target-directory"), "DESTINATION is the copy itself, not a folder to copy into")
_GLOB = Option(("--glob",), "Signs like * in storage addresses fit names (what happens anyway)")
_PATHS = (
    Argument("sources", many=True, complete="path"),
    Argument("destination", optional=True, complete="path"),
)
_STORAGE_PATHS = Argument("paths", many=True, complete="storage")

VERBS = (
    Verb(
        "ls",
        "List what lies on storage",
        _ls,
        arguments=(Argument("paths", many=True, optional=True, complete="storage"),),
        options=(
            Option(("-d", "--directory"), "The folder itself, not what is in it"),
            Option(("-l",), "No effect: size and date are always shown"),
            Option(("-h", "--human-readable"), "No effect: sizes are always so"),
            Option(("-a", "--all"), "Also names that begin with a dot"),
            Option(("--sort",), "Order", "BY", choices=("name", "size", "time"), complete="choice"),
        ),
        examples=("%neuro ls storage:data", "files = %neuro ls -a storage:"),
    ),
    Verb(
        "cp",
        "Copy between this machine and storage",
        _cp,
        arguments=_PATHS,
        options=(
            Option(("-r", "--recursive"), "Folders with what is in them"),
            Option(("-u", "--update"), "Only what is newer here or missing there"),
            Option(("--continue",), "Go on with files that were cut short"),
            _INTO,
            _AS,
            Option(("--exclude",), "Leave out names like that (*.tmp)", "PATTERN", many=True),
            Option(
                ("--include",), "", "PATTERN", many=True, refused="not supported by %neuro yet. `apolo cp` has it."
            ),
            Option(("--exclude-from-files",), "", "FILES", refused="not supported by %neuro yet. `apolo cp` has it."),
            Option(("-p", "--progress"), "Show progress (what happens anyway)", off=("-P", "--no-progress")),
            _GLOB,
        ),
        examples=("%neuro cp -r data storage:data", "%neuro cp -r -T storage:results results"),
    ),
    Verb(
        "mkdir",
        "Make folders on storage",
        _mkdir,
        arguments=(_STORAGE_PATHS,),
        options=(Option(("-p", "--parents"), "With the folders above; no error where it is there already"),),
        examples=("%neuro mkdir -p storage:demo/results",),
    ),
    Verb(
        "rm",
        "Remove files and folders from storage",
        _rm,
        arguments=(_STORAGE_PATHS,),
        options=(
            Option(("-r", "--recursive"), "Folders with what is in them"),
            Option(("-p", "--progress"), "No effect", off=("-P", "--no-progress")),
            _GLOB,
        ),
        examples=("%neuro rm -r storage:demo/results",),
    ),
    Verb(
        "mv",
        "Move or rename on storage",
        _mv,
        arguments=_PATHS,
        options=(_INTO, _AS, _GLOB),
        examples=("%neuro mv storage:a.csv storage:data/b.csv",),
    ),
)
