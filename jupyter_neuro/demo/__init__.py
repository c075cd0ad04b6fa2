"""The demo project, and how it gets to a folder of the user's."""

from __future__ import annotations

import shutil
from pathlib import Path

PROJECT = Path(__file__).resolve().parent / "project"

_LEFT_OUT = frozenset({"__pycache__", ".ipynb_checkpoints"})


def copy_to(directory: Path) -> Path:
    """Copy the demo project to ``directory`` (made with its parents) and return it.

    A file that is there already stays as it is, whatever is in it. A copy that is cut short leaves no half file:
    each is written beside its place and renamed. Raises :class:`OSError`.
    """
    directory = Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    for source in sorted(PROJECT.rglob("*")):
        place = source.relative_to(PROJECT)
        if _LEFT_OUT & set(place.parts):
            continue
        target = directory / place
        if source.is_dir():
            target.mkdir(exist_ok=True)
        elif not target.exists():
            part = target.with_name(f".{target.name}.part")
            shutil.copyfile(source, part)
            part.rename(target)
    return directory
