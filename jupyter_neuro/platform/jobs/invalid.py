"""Why a request about jobs is refused."""

from __future__ import annotations

from ..permissions import Action
from ..uri import Resource


class Invalid(ValueError):
    """One field of a request is wrong; the text names it first: ``"name: …"``."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(f"{field}: {text}" if field else text)
        self.field = field


class Forbidden(Exception):
    """A right is missing. ``text`` instead of the usual sentence about it."""

    READ, WRITE = Action.READ, Action.WRITE

    def __init__(self, resource: Resource, action: Action, text: str | None = None) -> None:
        super().__init__(text or f"{action.word} on {resource} is needed")
        self.resource = resource
        self.action = action
        self.text = text


class NoSuchJob(Exception):
    """No job of that ID or name, or none that the user may see."""


class Finished(Exception):
    """The job is over, and what was asked needs one that is not."""


class NoSpace(Exception):
    """The disk of the platform's directory is full."""
