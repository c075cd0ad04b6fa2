"""Looking up a path as a job will see it, before the job exists."""

from __future__ import annotations

import os
import stat
from collections import deque
from pathlib import Path, PurePosixPath

MAX_LINKS = 40


class View:
    """What a sandbox shows: ``shown`` path in the job → path here, ``links`` path in the job → its target."""

    def __init__(self, shown: dict[str, str], links: dict[str, str]) -> None:
        self._shown = {PurePosixPath(path): Path(source) for path, source in shown.items()}
        self._links = {PurePosixPath(path): target for path, target in links.items()}

    def find_program(self, name: str, path: str, directory: str) -> bool | None:
        """Whether a program is there and may be executed; ``None`` when there is nothing of that name."""
        if "/" in name:
            candidates = [PurePosixPath(directory, name)]
        else:
            candidates = [PurePosixPath(directory, folder, name) for folder in path.split(os.pathsep)]
        found: bool | None = None
        for candidate in candidates:
            file = self._resolve(candidate)
            if file is None or not file.is_file():
                continue
            if os.access(file, os.X_OK):
                return True
            found = False
        return found

    def _resolve(self, path: PurePosixPath) -> Path | None:
        """The place here of a path in the job, every link followed inside the job's own world."""
        waiting = deque(path.parts[1:])
        current = PurePosixPath("/")
        links = 0
        while waiting:
            part = waiting.popleft()
            if part == "..":
                current = current.parent
                continue
            below = current / part
            target = self._links.get(below)
            here = None if target is not None else self._here(below)
            if here is not None:
                try:
                    mode = here.lstat().st_mode
                except OSError:
                    return None
                if stat.S_ISLNK(mode):
                    target = str(here.readlink())
            elif target is None and not any(shown.is_relative_to(below) for shown in self._shown):
                return None
            if target is None:
                current = below
                continue
            links += 1
            if links > MAX_LINKS:
                return None
            parts = PurePosixPath(target).parts
            if target.startswith("/"):
                current, parts = PurePosixPath("/"), parts[1:]
            waiting.extendleft(reversed(parts))
        return self._here(current)

    def _here(self, path: PurePosixPath) -> Path | None:
        for above in (path, *path.parents):
            if above in self._shown:
                return self._shown[above] / path.relative_to(above)
        return None
