"""What every request to the platform goes through: host and origin, sign-in, rights, errors as JSON."""

from __future__ import annotations

import base64
import errno as errnos
import json
import logging
import sqlite3
from collections.abc import Awaitable
from typing import Any, NoReturn
from urllib.parse import urlsplit

from tornado.web import HTTPError, RequestHandler
from tornado.websocket import WebSocketHandler

from .context import Platform
from .permissions import Action
from .uri import BadURI, Resource, parse

log = logging.getLogger("jupyter_neuro.platform")


class PlatformError(HTTPError):
    """An answer with a status of 400 and above and ``{"error": text, …}`` as its body.

    ``headers`` go with it; headers that a handler set before do not.
    """

    def __init__(
        self,
        status: int,
        text: str,
        errno: str | int | None = None,
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(status)
        self.headers = headers or {}
        self.body: dict[str, Any] = {"error": text, **more}
        if errno is not None:
            # the client raises OSError with this number when the status is 400
            self.body["errno"] = errnos.errorcode.get(errno, errno) if isinstance(errno, int) else errno


class PlatformHandler(RequestHandler):
    """Base of every handler. ``self.user`` is the signed-in user, ``self.platform`` the context."""

    anonymous = False
    """Whether the handler also answers those who are not signed in (``self.user`` is then empty)."""
    user: str = ""

    @property
    def platform(self) -> Platform:
        """The context of this process."""
        context = self.settings["platform"]
        assert isinstance(context, Platform)
        return context

    @property
    def address(self) -> str:
        """Where the request came from."""
        return self.request.remote_ip or ""

    def set_default_headers(self) -> None:
        """Nothing served here is a page: no browser may render, sniff or keep it."""
        self.set_header("Server", "jupyter_neuro")
        self.set_header("Content-Type", "application/json")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Content-Security-Policy", "sandbox; default-src 'none'")
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("Cache-Control", "no-store")

    def prepare(self) -> Awaitable[None] | None:
        """Check host, origin and sign-in, before any body is read."""
        self._check_host()
        self._authenticate()
        return None

    # -- who and from where ----------------------------------------------------------------------------------

    def _check_host(self) -> None:
        port = self.platform.port
        hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")}
        if self.request.host.lower() not in hosts:
            # a foreign name that resolves to this computer: DNS rebinding
            self.fail(403, "This platform answers only under the name of this computer.")
        origins = self.request.headers.get_list("Origin") + self.request.headers.get_list("Sec-Websocket-Origin")
        for origin in origins:
            if urlsplit(origin).netloc.lower() not in hosts:
                self.fail(403, "Requests of web pages of another origin are refused.")

    def _authenticate(self) -> None:
        header = self.request.headers.get("Authorization", "")
        token, claimed = _credentials(header)
        user = self.platform.accounts.authenticate(token) if token else None
        if user is not None and claimed not in (None, user):
            user = None
        if user is None and header:
            wait = self.platform.sign_ins.failed(self.address)
            if wait:
                text = f"Too many failed sign-ins from here. Try again in {wait} seconds."
                self.fail(429, text, headers={"Retry-After": str(wait)})
        if user is None and not self.anonymous:
            text = "This token is not valid here: it was renewed, or belongs to another platform. Sign in again."
            self.fail(
                401,
                text if header else "Not signed in: send a token.",
                headers={"WWW-Authenticate": 'Bearer realm="jupyter_neuro"'},
            )
        self.user = user or ""

    def require(self, uri: str | Resource, action: Action | str) -> None:
        """Go on only if the user has ``action`` on ``uri``, else 403 with what is missing."""
        wanted = Action.of(action) if not isinstance(action, Action) else action
        resource = parse(uri) if isinstance(uri, str) else uri
        level = self.platform.permissions.action(self.user, resource)
        if level is None or level < wanted:
            self.fail(
                403,
                missing_text(resource, wanted, level),
                missing=[{"uri": str(resource), "action": wanted.word}],
            )

    # -- bodies and answers ----------------------------------------------------------------------------------

    def json_body(self) -> Any:
        """The request's JSON. Raises the 400 answer."""
        try:
            value = json.loads(self.request.body or b"null")
            # JSON can spell half a character (\\ud800); nothing behind could store, send or run such a text
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            self.fail(400, "The request holds text that is not Unicode.")
        except (ValueError, RecursionError):
            self.fail(400, "The request's body is not JSON.")
        return value

    def send_json(self, value: Any, status: int = 200) -> None:
        """Answer with JSON (lists as well)."""
        self.set_status(status)
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(value))

    def fail(
        self,
        status: int,
        text: str,
        errno: str | int | None = None,
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> NoReturn:
        """End the request with an error. ``errno`` (name or number) goes with status 400."""
        raise PlatformError(status, text, errno, headers, **more)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Every error is JSON and never a traceback."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        if isinstance(error, PlatformError):
            body = error.body
            for name, value in error.headers.items():
                self.set_header(name, value)
        elif isinstance(error, BadURI):
            self.set_status(400)
            body = {"error": str(error)}
        elif isinstance(error, HTTPError):
            body = {"error": error.log_message or self._reason}
        elif disk_full(error):
            self.set_status(400)
            body = {"error": "No space left on this computer's disk; nothing was changed.", "errno": "ENOSPC"}
        else:
            body = {"error": "The platform failed at this request; its log says more."}
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(body))

    def log_exception(self, typ: Any, value: BaseException | None, tb: Any) -> None:
        """Log what is our own fault, without query strings."""
        if isinstance(value, HTTPError | BadURI):
            return
        log.error("%s %s failed", self.request.method, self.request.path, exc_info=value)


def disk_full(error: BaseException | None) -> bool:
    """Whether the database or a file could not be written for want of space."""
    if isinstance(error, OSError):
        return error.errno in (errnos.ENOSPC, errnos.EDQUOT)
    return isinstance(error, sqlite3.OperationalError) and "full" in str(error)


class PlatformSocket(PlatformHandler, WebSocketHandler):
    """A websocket. Until it is open, errors are answers like any other, and repeated in ``X-Error``,
    because clients see only the headers of a refused handshake."""

    def check_origin(self, origin: str) -> bool:
        """Checked for every request in `PlatformHandler.prepare`."""
        return True

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """As `PlatformHandler.write_error`, and in the header."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        body = error.body if isinstance(error, PlatformError) else {"error": str(error) or self._reason}
        self.set_header("X-Error", json.dumps(body))
        super().write_error(status_code, **kwargs)

    def get_compression_options(self) -> None:
        """No compression: loopback."""
        return


class NotFound(PlatformHandler):
    """Every address that nothing else serves."""

    def prepare(self) -> None:
        """401 without a sign-in, else 404."""
        super().prepare()
        self.fail(404, f"There is nothing at {self.request.path}.")


class NotSupported(PlatformHandler):
    """Parts of the API that this platform does not have."""

    def prepare(self) -> None:
        """A clean refusal for every method; in the header, too, for what asks by websocket."""
        super().prepare()
        text = "Not supported by this platform"
        self.fail(400, text, headers={"X-Error": json.dumps({"error": text})})


def missing_text(resource: Resource, wanted: Action, level: Action | None) -> str:
    """What is missing and whom to ask, in a sentence."""
    have = f"you have {level.word} there" if level is not None else "nothing of it is shared with you"
    whom = f" Ask {resource.parts[2]} for it." if len(resource.parts) > 2 else ""
    return f"{wanted.word} on {resource} is needed, and {have}.{whom}"


def _credentials(header: str) -> tuple[str, str | None]:
    """Token and, with Basic, the user named beside it."""
    scheme, _, value = header.strip().partition(" ")
    if scheme.lower() == "bearer":
        return value.strip(), None
    if scheme.lower() == "basic":
        try:
            user, _, token = base64.b64decode(value, validate=True).decode().partition(":")
        except ValueError:
            return "", None
        return token, user
    return "", None
