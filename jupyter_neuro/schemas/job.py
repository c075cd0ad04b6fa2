"""Jobs on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from .error import ErrorBody

Status = Literal["pending", "running", "suspended", "succeeded", "failed", "cancelled", "lost", "unknown"]
Action = Literal["read", "write", "manage"]


class Volume(msgspec.Struct):
    """A storage folder that a job sees."""

    storage: str
    """Full URI, ``storage://cluster/org/project/path``."""
    mount: str
    read_only: bool


class StatusItem(msgspec.Struct, omit_defaults=True):
    """One step of a job's history."""

    status: Status
    time: str
    reason: str = ""
    description: str = ""
    exit_code: int | None = None


class Job(msgspec.Struct, omit_defaults=True):
    """One run. ``name`` is not unique, ``id`` is."""

    id: str
    uri: str
    owner: str
    status: Status
    created_at: str
    image: str
    name: str | None = None
    preset: str | None = None
    project: str | None = None
    cluster: str | None = None
    command: str | None = None
    description: str | None = None
    started_at: str | None = None
    finished_at: str | None = None
    exit_code: int | None = None
    reason: str = ""
    """Machine word of the last change: ``UserRequested``, ``OOMKilled``, ``LifeSpanEnded`` …"""
    message: str = ""
    """The platform's sentence about the last change."""
    tags: list[str] = []
    env: dict[str, str] = {}
    secret_env: dict[str, str] = {}
    """Name → secret URI; never a value."""
    volumes: list[Volume] = []
    life_span: int | None = None
    """Seconds a job may run; none = no end."""
    restarts: int = 0
    cpu: float | None = None
    memory: int | None = None
    http_url: str | None = None
    statuses: list[StatusItem] = []
    mine: bool = True
    access: Action = "manage"
    """What the signed-in user may do."""
    image_note: str | None = None
    """Said where the platform runs something other than the image asked for."""


class JobPage(msgspec.Struct, omit_defaults=True):
    """One page of the list: running, pending, then finished, each newest first."""

    items: list[Job]
    running: int
    pending: int
    total: int
    """How many fit the filter."""
    hidden: int
    """How many the filter hides."""
    as_of: str
    shared: int = 0
    """How many jobs of others can be seen, whatever the filter says."""
    next: str | None = None
    """Key of the next page, to be sent as ``after``; none at the end."""
    stale: bool = False
    """The platform cannot be reached: the list is as of ``as_of``."""
    error: str | None = None
    """Why it is stale."""


class VolumeSpec(msgspec.Struct, forbid_unknown_fields=True):
    """A volume of a new job."""

    storage: str
    """``storage:data`` or a full URI."""
    mount: str
    read_only: bool = True


class JobSubmit(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A new job."""

    submit_tag: Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9-]{8,64}$")]
    """Unique for each press of the button: the same tag never starts a second job."""
    image: str = "this-computer"
    preset: str = ""
    """Empty = the platform's first preset."""
    command: Annotated[str, msgspec.Meta(max_length=65536)] = ""
    """One string, split as a shell splits words; no shell runs it unless ``shell`` says so."""
    shell: bool = False
    """Run ``command`` by ``bash -c``."""
    name: str | None = None
    description: str | None = None
    tags: Annotated[list[str], msgspec.Meta(max_length=100)] = []
    volumes: Annotated[list[VolumeSpec], msgspec.Meta(max_length=100)] = []
    env: Annotated[dict[str, str], msgspec.Meta(max_length=1000)] = {}
    working_dir: str | None = None
    life_span: int | None = 86400
    """Seconds; null = no end."""
    share: Annotated[dict[str, Action], msgspec.Meta(max_length=100)] = {}
    """User → level, granted right after the submit."""


class LogControl(msgspec.Struct, omit_defaults=True):
    """A text frame on the log's websocket; the log itself comes in binary frames."""

    type: Literal["start", "end", "error"]
    status: Status | None = None
    error: ErrorBody | None = None
