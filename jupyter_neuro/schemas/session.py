"""Who and where I am, on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec


class Platform(msgspec.Struct, omit_defaults=True):
    """The platform this Lab is connected to."""

    kind: Literal["local", "cluster"]
    url: str
    title: str
    """"This computer", or the cluster's name."""
    cluster: str = ""
    org: str = ""
    tier: Literal["engine", "sandbox", "process", ""] = ""
    """How jobs are separated; the embedded platform only."""
    owner: bool = False
    """The signed-in user owns this embedded platform and may add colleagues."""
    trust_users: bool = False


class Preset(msgspec.Struct, omit_defaults=True):
    """A size of machine."""

    name: str
    cpu: float
    memory: int
    gpu: int = 0
    gpu_model: str = ""
    credits_per_hour: str = "0"
    free: int | None = None
    """How many such jobs could start now; none = the platform does not tell."""


class Project(msgspec.Struct):
    """A project of the platform."""

    name: str
    org: str
    cluster: str
    role: str


class Folder(msgspec.Struct):
    """The folder that is open in the Lab."""

    name: str
    path: str
    is_project: bool


class Session(msgspec.Struct, omit_defaults=True):
    """Answer of ``GET session``."""

    state: Literal["ready", "signed-out", "choose", "failed"]
    """``choose``: a cluster sign-in was found and nobody has said yet which platform to use."""
    version: str
    folder: Folder
    platform: Platform | None = None
    user: str = ""
    project: str = ""
    projects: list[Project] = []
    presets: list[Preset] = []
    images: list[str] = []
    """Images to offer in the form, the default one first."""
    local_available: bool = True
    first_start: bool = False
    """Nobody has opened this Lab's sidebar yet."""
    message: str = ""
    hint: str = ""
    cluster_login: str = ""
    """"alice on default (https://…)" of a sign-in found on this account."""


class SignIn(msgspec.Struct, forbid_unknown_fields=True):
    """Sign in with one line (address and token), or with both apart."""

    line: Annotated[str, msgspec.Meta(max_length=8192)] = ""
    url: Annotated[str, msgspec.Meta(max_length=2048)] = ""
    token: Annotated[str, msgspec.Meta(max_length=4096)] = ""


class SwitchProject(msgspec.Struct, forbid_unknown_fields=True):
    """Make another project the current one."""

    project: str


class Colleague(msgspec.Struct):
    """A user of the embedded platform."""

    name: str
    created_at: str
    owner: bool


class ColleagueAdd(msgspec.Struct, forbid_unknown_fields=True):
    """A new user of the embedded platform."""

    name: Annotated[str, msgspec.Meta(max_length=40)]


class ColleagueInvite(msgspec.Struct):
    """Shown once: what the colleague pastes into the sign-in dialog."""

    name: str
    url: str
    line: str
