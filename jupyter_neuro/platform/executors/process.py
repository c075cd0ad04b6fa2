"""The process tier: where the system allows no sandbox, a job is a plain process of the platform's own user.

There are no mounts: wherever the command, a variable or the working directory names the place of a volume, the
folder's real path is put there instead. Nothing is separated, and what is read-only is so by agreement alone.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import Any

from .environment import job_environment
from .work import GRACE, CannotRun, Mount, Work, not_executable, not_found

SCRATCH = "scratch"
"""Home and temporary directory of a job, in its own directory; removed when it has ended."""


class ProcessExecutor:
    """See the module."""

    tier = "process"
    isolates = False

    def taken(self, mount: str) -> str | None:
        """Nothing is really mounted, so only a path that would change every other one is refused."""
        return "that is the root directory itself" if mount == "/" else None

    def spec(self, work: Work) -> dict[str, Any]:
        """The command with real paths. Raises `CannotRun`."""
        scratch = work.directory / SCRATCH
        for folder in (scratch, scratch / "tmp"):
            folder.mkdir(mode=0o700, exist_ok=True)
        real = Substitution(work.mounts)
        own = {name: real(value) for name, value in work.env.items()}
        env = job_environment(work.id, str(scratch), own, tty=work.tty, temporary=str(scratch / "tmp"))
        directory = real(work.working_dir) if work.working_dir else str(scratch)
        if not Path(directory).is_dir():
            raise CannotRun(f"working_dir: {work.working_dir} does not exist")
        argv = [real(word) for word in work.argv]
        return {
            "job": work.id,
            "argv": [self._program(argv[0], work.argv[0], env.get("PATH", ""), directory), *argv[1:]],
            "env": env,
            "cwd": directory,
            "tty": work.tty,
            "memory": work.memory,
            "grace": GRACE,
            "banner": work.banner,
            "sandbox": None,
        }

    def _program(self, name: str, asked: str, path: str, directory: str) -> str:
        if "/" in name:
            file = Path(directory, name)
            if not file.is_file():
                raise not_found(asked)
            if not os.access(file, os.X_OK):
                raise not_executable(asked)
            return str(file)
        found = shutil.which(name, path=path)
        if found is None:
            raise not_found(asked)
        return str(Path(directory, found))


class Substitution:
    """Puts the real path in the place of a mounted one, where that stands as a whole path or begins one."""

    def __init__(self, mounts: list[Mount]) -> None:
        self._real = {mount.mount.rstrip("/"): str(mount.path) for mount in mounts}
        longest_first = sorted(self._real, key=len, reverse=True)
        # not in the middle of a word or of a longer path: /project/data, not /old/project/data or /project/database
        self._pattern = (
            re.compile(r"(?<![\w./~-])(" + "|".join(map(re.escape, longest_first)) + r")(?![\w.-])")
            if longest_first
            else None
        )

    def __call__(self, text: str) -> str:
        if self._pattern is None:
            return text
        return self._pattern.sub(lambda match: self._real[match.group(1)], text)
