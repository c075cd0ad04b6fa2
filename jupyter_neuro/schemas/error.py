"""What the page gets when something did not work."""

from __future__ import annotations

import msgspec


class ErrorDetails(msgspec.Struct, omit_defaults=True):
    """More about an error, where there is more."""

    field: str | None = None
    """The field of the request that is wrong, as the request calls it (``preset``, ``volumes.0.storage``)."""
    jobs: list[str] = []
    """The job IDs that an ambiguous name fits."""
    missing: list[str] = []
    """Rights that are missing, ``"write job://cluster/org/project/job-…"``."""
    owner: str | None = None
    """Whom to ask."""
    upstream: str | None = None
    """The platform's own words."""


class ErrorBody(msgspec.Struct, omit_defaults=True):
    """Body of every answer with a status of 400 and above."""

    message: str
    """What happened, in the user's words."""
    code: str
    """Stable and for programs: see the table in ``jupyter_neuro/errors.py``."""
    retryable: bool = False
    hint: str | None = None
    """What to do next."""
    details: ErrorDetails | None = None
