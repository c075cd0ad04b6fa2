"""What every route shares: the error body, reading the request, writing the answer."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any, TypeVar

import msgspec
from jupyter_server.base.handlers import APIHandler
from tornado import web

from ..errors import BadRequest, NeuroError
from ..schemas import ErrorBody
from ..services.lab import Lab

T = TypeVar("T")

RESOURCE = "neuro"

_CODES = {400: "bad-request", 403: "forbidden", 404: "not-found", 405: "not-allowed", 413: "too-large"}
_PATH = re.compile(r" - at `\$(.*)`$")
_SECRET = re.compile(r"(?i)(token=|authorization: \w+ )[^&\s]+")


class NeuroHandler(APIHandler):
    """A route below ``neuro/api/``. Answers JSON always, errors as :class:`ErrorBody`."""

    auth_resource = RESOURCE

    def initialize(self, lab: Lab) -> None:
        """``lab``: the platform of this server."""
        self.lab = lab

    def decode(self, kind: type[T]) -> T:
        """The request's body. Raises :class:`BadRequest` naming the field that is wrong."""
        try:
            return msgspec.json.decode(self.request.body or b"{}", type=kind)
        except msgspec.ValidationError as exc:
            raise wrong_body(exc) from exc
        except msgspec.DecodeError as exc:
            raise BadRequest("The request is not JSON.", hint=str(exc)) from exc

    def answer(self, value: object, status: int = 200) -> None:
        """Finish with ``value`` (a struct) as JSON."""
        self.set_status(status)
        self.set_header("Content-Type", "application/json")
        self.set_header("Cache-Control", "no-store")
        self.finish(msgspec.json.encode(value))

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        exc = kwargs.get("exc_info", (None, None, None))[1]
        if isinstance(exc, NeuroError):
            self.set_status(exc.status)
            body = exc.body()
        else:
            message = getattr(exc, "log_message", None) if isinstance(exc, web.HTTPError) else None
            try:
                words = HTTPStatus(status_code).phrase
            except ValueError:
                words = "Error"
            code = _CODES.get(status_code, "server-error" if status_code >= 500 else "bad-request")
            # the words of an unknown exception may hold anything: they go to the log, not to the page
            text = message if message and status_code < 500 else f"{words}."
            body = ErrorBody(message=text, code=code, retryable=status_code >= 500)
        self.set_header("Content-Type", "application/json")
        self.finish(msgspec.json.encode(body))

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        if isinstance(value, NeuroError):
            if value.status >= 500:
                upstream = _SECRET.sub(r"\1…", value.details.upstream or "")
                self.log.warning("%s %s: %s %s", self.request.method, self.request.path, value.message, upstream)
            return
        super().log_exception(typ, value, tb)


def wrong_body(exc: msgspec.ValidationError) -> BadRequest:
    """ "Expected `int`, got `str` - at `$.volumes[0].mount`" → the field ``volumes.0.mount``."""
    text = str(exc)
    match = _PATH.search(text)
    field = re.sub(r"\[(\d+|\.\.\.)\]", r".\1", match[1]).strip(".") if match else None
    unknown = re.search(r"unknown field `(\w+)`|missing required field `(\w+)`", text)
    if unknown:
        name = unknown[1] or unknown[2]
        field = f"{field}.{name}" if field else name
    return BadRequest(_PATH.sub("", text) + ".", field=field)
