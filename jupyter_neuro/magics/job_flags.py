"""The words of ``%neuro run``: volumes, environment, sharing, the command."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, cast
from uuid import uuid4

from IPython.core.error import UsageError

from ..schemas import JobSubmit, VolumeSpec
from ..schemas.job import Action
from .amounts import read_span
from .grammar import Given, did_you_mean
from .words import refuse_operators

if TYPE_CHECKING:
    from collections.abc import Iterable

_VOLUME = re.compile(r"(?P<source>[a-z]+:.*?):(?P<mount>/[^:]*)(?::(?P<mode>[^:/]*))?")
_LEVELS = ("read", "write", "manage")


def read_volume(text: str) -> VolumeSpec:
    """``storage:data:/project/data[:ro|:rw]``; read and write where nothing is said, as in the command line.

    Raises :class:`UsageError`.
    """
    scheme = text.partition(":")[0]
    if scheme in {"secret", "disk"}:
        raise UsageError(f"run: -v {text}: {scheme} volumes are not supported by %neuro yet. `apolo run` has them.")
    match = _VOLUME.fullmatch(text)
    if match is None:
        raise UsageError(f"run: -v {text!r}: write it as storage:data:/project/data:ro")
    mode = match["mode"]
    if mode not in (None, "ro", "rw"):
        raise UsageError(f"run: -v {text!r}: the last part is ro or rw, not {mode!r}.")
    if scheme != "storage":
        raise UsageError(f"run: -v {text!r}: only storage: can be mounted.{did_you_mean(scheme, ['storage'])}")
    return VolumeSpec(storage=match["source"], mount=match["mount"], read_only=mode == "ro")


def _variable(text: str, where: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        # as the command line: a bare name passes this process's own value on
        value = os.environ.get(name, "")
    if value.startswith("secret:"):
        raise UsageError(f"run: {where} {name}: secrets are not supported by %neuro yet. `apolo run` has them.")
    return name, value


def read_env(pairs: Iterable[str], files: Iterable[str]) -> dict[str, str]:
    """``K=V`` words over the lines of files (``#`` comments and blank lines are left out)."""
    env: dict[str, str] = {}
    for name in files:
        try:
            body = Path(name).expanduser().read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as exc:
            raise UsageError(f"run: --env-file {name}: {getattr(exc, 'strerror', None) or exc}") from None
        for line in body.splitlines():
            if line.strip() and not line.lstrip().startswith("#"):
                key, value = _variable(line.strip(), f"--env-file {name}:")
                env[key] = value
    for pair in pairs:
        key, value = _variable(pair, "-e")
        env[key] = value
    return env


def read_shares(texts: Iterable[str]) -> tuple[dict[str, Action], list[str]]:
    """``USER`` (write, as in the command line) or ``USER:LEVEL`` (ours): levels, and those who got write unsaid."""
    levels: dict[str, Action] = {}
    unsaid = []
    for text in texts:
        user, colon, level = text.partition(":")
        if colon and level not in _LEVELS:
            raise UsageError(f"run: --share {text}: the level is one of {', '.join(_LEVELS)}.")
        levels[user] = cast(Action, level or "write")
        if not colon:
            unsaid.append(user)
    return levels, unsaid


def read_command(given: Given) -> str:
    """The command as one string for the platform, which splits it as a shell splits words."""
    if given.flag("shell"):
        if len(given.command) == 1 and not given.command[0].bare:
            return given.command[0].text
        return given.command_text or " ".join(word.text for word in given.command)
    refuse_operators(given.command)
    words = [word.text for word in given.command]
    return words[0] if len(words) == 1 else shlex.join(words)


def read_submit(given: Given, cell: str | None) -> tuple[JobSubmit, list[str]]:
    """The new job that a ``run`` line asks for, and the sentences to say with it. Raises :class:`UsageError`."""
    shares, unsaid = read_shares(given.many("share"))
    life_span = given.text("life-span")
    seconds = 86400 if life_span is None else read_span(life_span, "run: --life-span")
    command, shell = read_command(given), given.flag("shell")
    if cell is not None:
        if given.command:
            raise UsageError("run: the cell's body is the command: leave out what stands after --.")
        command, shell = cell, True
    form = JobSubmit(
        submit_tag=str(uuid4()),
        image=given.word("image"),
        preset=given.text("preset") or "",
        command=command,
        shell=shell,
        name=given.text("name"),
        description=given.text("description"),
        tags=given.many("tag"),
        volumes=[read_volume(text) for text in given.many("volume")],
        env=read_env(given.many("env"), given.many("env-file")),
        working_dir=given.text("workdir"),
        life_span=seconds or None,
        share=shares,
    )
    warnings = [
        f"{user} has write, as the command line's --share gives. For read only: --share {user}:read"
        for user in unsaid
    ]
    return form, warnings
