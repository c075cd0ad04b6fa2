"""The storage's REST API: ``…/storage/ORG/PROJECT/path?op=…``.

A missing right is answered like a missing file, 404: whoever may not see a thing does not learn whether it is
there. Whoever sees it and may not change it is told so, with the same status.
"""

from __future__ import annotations

import errno
import json
from collections.abc import Awaitable, Iterator
from itertools import islice
from typing import Any, NoReturn

from tornado.web import stream_request_body

from .context import STORAGE
from .handler import PlatformError, PlatformHandler, missing_text
from .permissions import Action
from .storage import Parts, Status, Storage
from .storage_transfer import NewFile, Patch, Receiver, allow_large_body, in_thread, parse_content_range, send_file
from .uri import Resource, split_path

NDJSON = "application/x-ndjson"
_BATCH = 500


def os_error(problem: OSError) -> PlatformError:
    """The answer for a failed operation: 404 when nothing is there, else 400 with the number's name."""
    number = problem.errno or errno.EIO
    text = problem.strerror or "Input/output error"
    if problem.filename:
        text = f"{text}: {problem.filename}"
    if number == errno.ENOENT:
        return PlatformError(404, text, number)
    return PlatformError(400, text, number)


@stream_request_body
class StoragePath(PlatformHandler):
    """One path of the storage; what is done with it is the query's ``op``."""

    path_parts: tuple[str, ...] = ()
    _receiver: Receiver | None = None

    @property
    def storage(self) -> Storage:
        """The tree on disk."""
        return Storage(self.platform.root.storage, self.platform.root.incoming)

    def prepare(self) -> Awaitable[None] | None:
        """Sign-in and the path; for uploads the right as well, before the first byte is taken."""
        super().prepare()
        # the raw path: a component that was encoded stays one component
        self.path_parts = split_path(self.request.path[len(STORAGE) :])
        self.operation = self.get_query_argument("op", "")
        if (self.request.method, self.operation) in (("PUT", "CREATE"), ("PATCH", "WRITE")):
            return self._prepare_upload()
        return None

    def resource(self, parts: Parts) -> Resource:
        """The URI of a path."""
        return Resource("storage", (self.platform.cluster, *parts))

    def allow(self, action: Action, parts: Parts | None = None) -> Action:
        """The user's level on a path, or 404 when it is less than ``action``."""
        resource = self.resource(self.path_parts if parts is None else parts)
        level = self.platform.permissions.action(self.user, resource)
        if level is not None and level >= action:
            return level
        if level is None:
            whom = f" Ask {resource.parts[2]}." if len(resource.parts) > 2 else ""
            self.fail(404, f"{resource} does not exist or is not shared with you.{whom}")
        self.fail(404, missing_text(resource, action, level))

    def no_such_operation(self) -> NoReturn:
        """The answer to an ``op`` that this method does not have."""
        self.fail(400, f"op: the storage has no operation {self.operation!r} by {self.request.method}.")

    # -- looking ---------------------------------------------------------------------------------------------

    async def get(self) -> None:
        """OPEN, LISTSTATUS, GETFILESTATUS, GETDISKUSAGE."""
        path = self.path_parts
        try:
            if self.operation == "OPEN":
                self.allow(Action.READ)
                await send_file(self, self.storage, path)
            elif self.operation == "LISTSTATUS":
                await self._list()
            elif self.operation == "GETFILESTATUS":
                level = self.allow(Action.LIST)
                status = await in_thread(self, lambda: self.storage.status(path))
                self.send_json({"FileStatus": _to_json(status, "/" + "/".join(path), level)})
            elif self.operation == "GETDISKUSAGE":
                self.allow(Action.READ)
                self.send_json(await in_thread(self, lambda: self.storage.usage(path)))
            else:
                self.no_such_operation()
        except OSError as problem:
            raise os_error(problem) from None

    async def _list(self) -> None:
        self.allow(Action.LIST)
        access = self.platform.permissions.access(self.user)
        entries = self.storage.list(self.path_parts)

        def batch() -> list[Status]:
            return list(islice(entries, _BATCH))

        def visible(found: list[Status]) -> Iterator[dict[str, Any]]:
            for status in found:
                level = access.action(self.resource((*self.path_parts, status.name)))
                if level is not None:
                    yield {"FileStatus": _to_json(status, status.name, level)}

        found = await in_thread(self, batch)  # also finds out whether it is a directory, before the first byte
        if NDJSON not in self.request.headers.get("Accept", ""):
            everything = [item["FileStatus"] for item in visible(found)]
            while found := await in_thread(self, batch):
                everything += [item["FileStatus"] for item in visible(found)]
            self.send_json({"FileStatuses": {"FileStatus": everything}})
            return
        self.set_header("Content-Type", NDJSON)
        while found:
            for item in visible(found):
                self.write(json.dumps(item) + "\n")
            await self.flush()
            found = await in_thread(self, batch)
        self.finish()

    # -- uploading -------------------------------------------------------------------------------------------

    async def _prepare_upload(self) -> None:
        self.allow(Action.WRITE)
        allow_large_body(self.request)
        path = self.path_parts
        try:
            if self.operation == "CREATE":
                upload = await in_thread(self, lambda: self.storage.begin(path))
                self._receiver = NewFile(self, upload)
                return
            wanted = parse_content_range(self.request.headers.get("Content-Range"))
            if wanted is None:
                self.fail(400, "Content-Range: WRITE needs one, such as bytes 0-1023/*.")
            fd = await in_thread(self, lambda: self.storage.open_for_patch(path))
            self._receiver = Patch(self, fd, *wanted)
        except OSError as problem:
            raise os_error(problem) from None

    async def data_received(self, chunk: bytes) -> None:
        """A piece of an upload; other operations have no body."""
        if self._receiver is not None:
            await self._receiver.data(chunk)

    def on_connection_close(self) -> None:
        """The sender is gone: nothing of a new file stays."""
        receiver, self._receiver = self._receiver, None
        if receiver is not None:
            receiver.drop()

    async def put(self) -> None:
        """CREATE, MKDIRS."""
        path = self.path_parts
        try:
            if self.operation == "CREATE":
                await self._finish_upload()
            elif self.operation == "MKDIRS":
                self.allow(Action.WRITE)
                await in_thread(self, lambda: self.storage.make_dirs(path))
            else:
                self.no_such_operation()
        except OSError as problem:
            raise os_error(problem) from None
        self.set_status(201)

    async def patch(self) -> None:
        """WRITE."""
        if self.operation != "WRITE":
            self.no_such_operation()
        try:
            await self._finish_upload()
        except OSError as problem:
            raise os_error(problem) from None

    async def _finish_upload(self) -> None:
        # from here on a sender that hangs up no longer matters: all has come
        receiver, self._receiver = self._receiver, None
        if receiver is None:
            self.fail(400, "The upload was interrupted.")
        await receiver.finish()

    # -- moving and removing ---------------------------------------------------------------------------------

    async def post(self) -> None:
        """RENAME."""
        if self.operation != "RENAME":
            self.no_such_operation()
        source = self.path_parts
        # encoded once in the query, as a whole, unlike the path of the address
        target = tuple(split_decoded(self.get_query_argument("destination", "", strip=False)))
        self.allow(Action.WRITE, source)
        self.allow(Action.WRITE, target)
        try:
            await in_thread(self, lambda: self.storage.status(source))
        except OSError as problem:
            raise os_error(problem) from None
        try:
            await in_thread(self, lambda: self.storage.rename(source, target))
        except OSError as problem:
            answer = os_error(problem)
            # the source is there, so it is the target's folder that is missing
            answer.status_code = 400
            raise answer from None
        self.platform.audit.write(
            self.user, self.address, "rename", str(self.resource(source)), to=str(self.resource(target))
        )
        self.set_status(204)

    async def delete(self) -> None:
        """DELETE: tells each removed entry as it goes, when asked for lines of JSON."""
        if self.operation != "DELETE":
            self.no_such_operation()
        self.allow(Action.WRITE)
        recursive = self.get_query_argument("recursive", "true") != "false"
        entries = self.storage.remove(self.path_parts, recursive=recursive)
        lines = NDJSON in self.request.headers.get("Accept", "")
        told = False
        try:
            while removed := await in_thread(self, lambda: list(islice(entries, _BATCH))):
                if lines:
                    told = True
                    self.set_header("Content-Type", NDJSON)
                    for path, is_dir in removed:
                        self.write(json.dumps({"path": "/" + "/".join(path), "is_dir": is_dir}) + "\n")
                    await self.flush()
        except OSError as problem:
            answer = os_error(problem)
            if not told:
                raise answer from None
            self.write(json.dumps(answer.body) + "\n")
        finally:
            self.platform.audit.write(
                self.user, self.address, "delete", str(self.resource(self.path_parts)), recursive=recursive
            )
        if not told:
            self.set_status(204)


def split_decoded(path: str) -> tuple[str, ...]:
    """The components of a path that is not percent-encoded. Raises `BadURI`."""
    from urllib.parse import quote

    return split_path(quote(path))


def _to_json(status: Status, path: str, level: Action) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "path": path,
        "length": status.length,
        "modificationTime": status.modified,
        # the client knows three levels; what can only be walked through is shown as readable
        "permission": max(level, Action.READ).word,
        "type": status.type,
    }
    if status.target is not None:
        answer["target"] = status.target
    return answer


routes: list[tuple[str, type]] = [(STORAGE + r"(?:/.*)?", StoragePath)]
