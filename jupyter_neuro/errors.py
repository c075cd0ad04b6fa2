"""One table: what went wrong → HTTP status, stable code, hint, whether trying again may help.

The platform's SDK raises its own exceptions; they are translated here, once, into :class:`NeuroError`. Services,
routes and magics know only these. The SDK is not imported: the table goes by class name, so that a kernel that
never talked to a platform does not pay for the import.
"""

from __future__ import annotations

import errno
import json
import re
import sqlite3
from typing import Any, ClassVar

from .schemas import ErrorBody, ErrorDetails


class NeuroError(Exception):
    """Something the user should hear about, in the user's words.

    Parameters: ``message`` what happened; ``hint`` what to do next; ``field`` the wrong field of the request;
    ``upstream`` the platform's own words; the rest as in :class:`jupyter_neuro.schemas.ErrorDetails`.
    """

    code: ClassVar[str] = "platform-error"
    status: ClassVar[int] = 502
    retryable: ClassVar[bool] = False
    default_hint: ClassVar[str | None] = None

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        field: str | None = None,
        jobs: list[str] | None = None,
        missing: list[str] | None = None,
        owner: str | None = None,
        upstream: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint or self.default_hint
        self.details = ErrorDetails(
            field=field, jobs=jobs or [], missing=missing or [], owner=owner, upstream=upstream
        )

    def __str__(self) -> str:
        return f"{self.message} {self.hint}" if self.hint else self.message

    @property
    def field(self) -> str | None:
        """The wrong field of the request, where there is one."""
        return self.details.field

    def _render_traceback_(self) -> list[str]:
        """What IPython shows: our sentence, not the frames of our code; the exception still stops a notebook."""
        lines = [f"{type(self).__name__}: {self.message}"]
        if self.hint:
            lines.append(self.hint)
        return lines

    def body(self) -> ErrorBody:
        """The error as the page gets it."""
        details = self.details if self.details != ErrorDetails() else None
        return ErrorBody(
            message=self.message, code=self.code, retryable=self.retryable, hint=self.hint, details=details
        )


class PlatformError(NeuroError):
    """The platform answered something that is not an answer."""

    retryable = True


class BadRequest(NeuroError):
    code, status = "bad-request", 400


class BadToken(NeuroError):
    code, status = "bad-token", 400
    default_hint = "Ask for a new token, or copy the whole line again."


class NotAPlatform(NeuroError):
    code, status = "not-a-platform", 400


class NotSignedIn(NeuroError):
    code, status = "not-signed-in", 409
    default_hint = "Sign in again, or use this computer."


class Forbidden(NeuroError):
    code, status = "forbidden", 403


class NotFound(NeuroError):
    code, status = "not-found", 404


class NoSuchJob(NotFound):
    code = "no-such-job"
    default_hint = "Check the ID, or ask its owner to share it with you."


class NoSuchUser(NotFound):
    code = "no-such-user"


class AmbiguousJob(NeuroError):
    code, status = "ambiguous", 409
    default_hint = "Use an ID, or --latest."


class Conflict(NeuroError):
    code, status = "conflict", 409


class TooMany(NeuroError):
    code, status, retryable = "too-many", 429, True


class Unsupported(NeuroError):
    code, status = "unsupported", 501


class Offline(NeuroError):
    """The platform cannot be reached and nothing was sent."""

    code, status, retryable = "offline", 503, True


class UnknownOutcome(NeuroError):
    """Sent, but no answer came: whether it happened is not known."""

    code, status = "unknown-outcome", 504


class DiskFull(NeuroError):
    code, status = "disk-full", 507
    default_hint = "Free some space, then try again."


class JobEnded(NeuroError):
    """A job that was waited for did not succeed. ``job`` is its last known state."""

    code, status = "job-ended", 409

    def __init__(self, message: str, job: Any = None, **more: Any) -> None:
        super().__init__(message, **more)
        self.job = job


class JobFailed(JobEnded):
    code = "job-failed"


class JobKilled(JobEnded):
    code = "job-killed"


class JobLost(JobEnded):
    """The process that watched the job stopped before the result was written; it was not started again."""

    code = "job-lost"


# fields of a submit as the platform calls them → as the Lab calls them
_FIELDS = {"preset_name": "preset", "container.image": "image"}
_FIELD = re.compile(r"^([a-z_]+(?:\.[a-z0-9_]+)*): (.+)$", re.DOTALL)

# what the embedded platform says of a missing right; the SDK keeps only this text of the answer
_NEEDED = re.compile(r"^(read|write|manage) on (\S+) is needed, and (?:you have (\w+) there)?")

# class names of apolo_sdk (26.9) and aiohttp → ours
_BY_NAME: dict[str, type[NeuroError]] = {
    "IllegalArgumentError": BadRequest,
    "AuthenticationError": NotSignedIn,
    "AuthorizationError": Forbidden,
    "AuthError": NotSignedIn,
    "ResourceNotFound": NotFound,
    "BadGateway": PlatformError,
    "ServerNotAvailable": Offline,
    "ConfigError": NotSignedIn,
    "ConfigLoadException": NotSignedIn,
    "NotSupportedError": Unsupported,
    "NDJSONError": PlatformError,
    "ClientError": PlatformError,
    "ClientConnectorError": Offline,
    "ClientConnectionError": Offline,
    "ServerTimeoutError": Offline,
    "ClientPayloadError": PlatformError,
    "ContentTypeError": PlatformError,
    "InvalidURL": BadRequest,
    # the SDK's word for a cluster or project that it does not know
    "RuntimeError": BadRequest,
}


def _missing(text: str) -> list[str]:
    """The rights named in a 403 body ``{"missing": [{"uri", "action"}]}``."""
    try:
        rows = json.loads(text).get("missing", [])
        return [f"{row['action']} {row['uri']}" for row in rows]
    except (ValueError, AttributeError, KeyError, TypeError):
        return []


def _forbidden(text: str, action: str | None) -> Forbidden:
    missing = _missing(text)
    said = _NEEDED.match(text)
    if said:
        missing = [f"{said[1]} {said[2]}"]
    need, _, uri = missing[0].partition(" ") if missing else ("", "", "")
    have = said[3] if said and said[3] else "nothing"
    what = action or "This"
    if need:
        message = f"{what} needs level {need}; you have {have} on {uri}."
        parts = uri.split("/")
        owner = parts[4] if len(parts) > 4 else None
        hint = f"Ask {owner} to share it with you." if owner else "Ask its owner to share it with you."
        return Forbidden(message, hint=hint, missing=missing, owner=owner, upstream=text)
    return Forbidden(text if text and not text.startswith("{") else f"{what} is not allowed.", upstream=text)


def _from_os_error(exc: OSError) -> NeuroError:
    text = exc.strerror or str(exc)
    if exc.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(f"No space left: {text}.")
    name = f" {exc.filename}" if exc.filename else ""
    if exc.errno == errno.ENOENT:
        return NotFound(f"{text}:{name}." if name else f"{text}.")
    if exc.errno in (errno.EEXIST, errno.ENOTEMPTY):
        return Conflict(f"{text}{name}")
    return BadRequest(f"{text}{name}")


def translate(exc: BaseException, *, action: str | None = None) -> NeuroError:
    """Turn any exception of the SDK, its HTTP client or the file system into a :class:`NeuroError`.

    ``action`` names in a word or two what was tried ("Kill"), for sentences about missing rights. An exception
    that is not known becomes a :class:`PlatformError` with its class name; nothing is swallowed.
    """
    if isinstance(exc, NeuroError):
        return exc
    names = [cls.__name__ for cls in type(exc).__mro__]
    text = str(exc).strip()
    if "ClientOSError" in names or "ServerDisconnectedError" in names or isinstance(exc, ConnectionError):
        return Offline("The platform cannot be reached.", upstream=text)
    if isinstance(exc, TimeoutError):
        return Offline("The platform did not answer in time.", upstream=text)
    for name in names:
        found = _BY_NAME.get(name)
        if found is None:
            continue
        return _build(found, text, action)
    if isinstance(exc, sqlite3.OperationalError) and "full" in text:
        return DiskFull("No space left on this computer's disk.")
    if isinstance(exc, OSError):
        return _from_os_error(exc)
    if isinstance(exc, (ValueError, TypeError)):
        return BadRequest(text or type(exc).__name__)
    return PlatformError(f"Unexpected answer: {type(exc).__name__}: {text}" if text else type(exc).__name__)


def _build(kind: type[NeuroError], text: str, action: str | None) -> NeuroError:
    if kind is Forbidden:
        return _forbidden(text, action)
    if kind is BadRequest:
        if text.startswith("no such job"):
            return NoSuchJob(f"There is no job {text.removeprefix('no such job').strip()} that you may see.")
        if text.lower().startswith("not supported"):
            return Unsupported(text)
        if "too many" in text.lower():
            return TooMany(text)
        match = _FIELD.match(text)
        if match:
            field = _FIELDS.get(match[1], match[1])
            said = match[2]
            # an address at the beginning stays as it is written
            message = said if "://" in said.partition(" ")[0] else said[:1].upper() + said[1:]
            message = message if message.endswith((".", "?", "!")) else f"{message}."
            wrong = DiskFull if "no space left" in text.lower() else BadRequest
            return wrong(message, field=field, upstream=text)
        if "no space left" in text.lower():
            return DiskFull(text)
    if kind is NotFound and text.startswith('user "'):
        return NoSuchUser(f"There is no {text.replace(' was not found', '')} on this platform.", field="user")
    if kind is NotSignedIn:
        return NotSignedIn("Your sign-in is not valid on this platform any more.", upstream=text)
    if kind is Offline:
        return Offline("The platform cannot be reached.", upstream=text)
    if kind is PlatformError:
        return PlatformError("The platform gave an answer that cannot be read.", upstream=text[:2000])
    return kind(text or "The platform refused.", upstream=text)
