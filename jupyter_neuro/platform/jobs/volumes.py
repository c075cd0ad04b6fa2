"""Storage in a job: which folders may be mounted where."""

from __future__ import annotations

import os
import posixpath
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from ..permissions import Action
from ..uri import BadURI, Resource, parse
from .invalid import Forbidden, Invalid
from .supervisor.launch import LaunchError, open_beneath

if TYPE_CHECKING:
    from ..context import Platform
    from ..executors.work import Executor

MAX_VOLUMES = 100
MAX_PATH = 1024


def absolute(value: Any, field: str) -> str:
    """An absolute path in a job, in its plain form. Raises `Invalid`."""
    if not isinstance(value, str) or not value.startswith("/") or "\0" in value or len(value) > MAX_PATH:
        raise Invalid(field, f"{value!r} is not an absolute path")
    if ".." in PurePosixPath(value).parts:
        raise Invalid(field, f"{value!r} contains ..")
    plain = posixpath.normpath(value)
    # two leading slashes are kept by normpath, as POSIX wants it
    return "/" + plain.lstrip("/")


def check(platform: Platform, executor: Executor, user: str, value: Any) -> list[dict[str, Any]]:
    """The volumes as the job's JSON shows them. Raises `Invalid` or `Forbidden`."""
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > MAX_VOLUMES:
        raise Invalid("volumes", f"a list of at most {MAX_VOLUMES} volumes is needed")
    found: list[dict[str, Any]] = []
    for number, item in enumerate(value):
        field = f"volumes.{number}"
        if not isinstance(item, dict):
            raise Invalid(field, "it has to be an object")
        read_only = bool(item.get("read_only", True))
        mount = absolute(item.get("dst_path"), field)
        why = executor.taken(mount)
        if why:
            raise Invalid(field, f"nothing can be mounted at {mount}: {why}")
        if any(other["dst_path"] == mount for other in found):
            raise Invalid(field, f"something is mounted at {mount} already")
        resource = _source(platform, user, item.get("src_storage_uri"), read_only, field)
        found.append({"src_storage_uri": str(resource), "dst_path": mount, "read_only": read_only})
    if executor.isolates:
        _refuse_nesting(found)
    return found


def parts(uri: str) -> tuple[str, ...]:
    """Where the folder of a checked volume lies beneath the storage's directory: org, project, path."""
    return parse(uri).parts[1:]


def _source(platform: Platform, user: str, value: Any, read_only: bool, field: str) -> Resource:
    try:
        resource = parse(value if isinstance(value, str) else "")
    except BadURI as problem:
        raise Invalid(field, str(problem)) from None
    if resource.scheme != "storage" or len(resource.parts) < 3 or resource.parts[0] != platform.cluster:
        raise Invalid(field, f"{value!r} is not storage of this platform: storage://{platform.cluster}/…")
    level = platform.permissions.action(user, resource) or Action.DENY
    if level < Action.READ:
        # what is not shared looks as if it did not exist
        raise Invalid(field, f"{resource} does not exist or is not shared with you")
    try:
        os.close(open_beneath(str(platform.root.storage), list(resource.parts[1:])))
    except (LaunchError, OSError):
        hint = " Create it with `neuro mkdir`." if level >= Action.WRITE else ""
        raise Invalid(field, f"{resource} does not exist.{hint}") from None
    if not read_only and level < Action.WRITE:
        whom = f" Ask {resource.parts[2]} for write, or" if len(resource.parts) > 2 else " Else"
        text = f"{field}: you may read {resource}, not write to it.{whom} mount it read-only."
        raise Forbidden(resource, Action.WRITE, text)
    return resource


def _refuse_nesting(found: list[dict[str, Any]]) -> None:
    """No volume inside another: whoever writes to the outer one could put a link at the inner one's place, and lead
    the mount out of the sandbox."""
    for number, volume in enumerate(found):
        inner = PurePosixPath(volume["dst_path"])
        for outer in found:
            top = PurePosixPath(outer["dst_path"])
            if outer is not volume and inner.is_relative_to(top):
                raise Invalid(
                    f"volumes.{number}", f"{inner} lies inside the volume at {top}. Mount them side by side"
                )
