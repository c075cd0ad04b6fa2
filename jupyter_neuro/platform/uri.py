"""Resource URIs as whole path components.

Every comparison of rights is one of component tuples, never of strings: ``…/data`` does not cover ``…/data2``.
"""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote, unquote_to_bytes, urlsplit

SCHEMES = ("storage", "image", "job", "secret", "disk", "blob", "flow", "role")
# what the client's URL class leaves unquoted in a path component
_PLAIN = "-._~!$'()*+,;=:@&"
MAX_LENGTH = 8192


class BadURI(ValueError):
    """Not a resource URI; the text is for people."""


class Resource(NamedTuple):
    """A parsed URI: ``parts`` are the cluster and the decoded path components, none of them empty."""

    scheme: str
    parts: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.scheme}://" + "/".join(quote(part, safe=_PLAIN) for part in self.parts)

    def covers(self, other: Resource) -> bool:
        """Whether a right on this one holds for ``other``."""
        return self.scheme == other.scheme and other.parts[: len(self.parts)] == self.parts


def decode(component: str) -> str:
    """One percent-encoded path component as the name it stands for. Raises `BadURI`."""
    try:
        name = unquote_to_bytes(component).decode()
    except UnicodeDecodeError:
        raise BadURI(f"{component!r} is not UTF-8.") from None
    if "/" in name or "\0" in name or name in (".", ".."):
        raise BadURI(f"{component!r} cannot be part of a path.")
    return name


def split_path(path: str) -> tuple[str, ...]:
    """The components of a percent-encoded path; empty ones (``//``) are dropped. Raises `BadURI`."""
    if len(path) > MAX_LENGTH:
        raise BadURI("The path is too long.")
    return tuple(decode(part) for part in path.split("/") if part)


def parse(text: str) -> Resource:
    """A full URI ``scheme://cluster/org/project/…`` or a bare scheme ``storage:``. Raises `BadURI`."""
    if len(text) > MAX_LENGTH:
        raise BadURI("The URI is too long.")
    try:
        split = urlsplit(text)
    except ValueError:
        raise BadURI(f"{text!r} is not a URI.") from None
    if split.scheme not in SCHEMES:
        raise BadURI(f"{text!r} is not a URI of this platform: it begins with one of {', '.join(SCHEMES)}.")
    if split.query or split.fragment or "?" in text or "#" in text:
        raise BadURI(f"{text!r}: a question mark or hash sign in a path is written %3F or %23.")
    if not split.netloc:
        if split.path.strip("/"):
            raise BadURI(f"{text!r} names no cluster: use the full form {split.scheme}://cluster/org/project/….")
        return Resource(split.scheme, ())
    if "@" in split.netloc or ":" in split.netloc:
        raise BadURI(f"{text!r}: no user and no port belong into this URI.")
    return Resource(split.scheme, (decode(split.netloc), *split_path(split.path)))
