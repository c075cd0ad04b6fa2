"""Where our own files lie."""

from __future__ import annotations

import os
from pathlib import Path

from jupyter_core.paths import jupyter_data_dir


def private_dir(path: Path) -> Path:
    """Make ``path`` (and what is missing above it) and keep everybody else out of it (0700)."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.stat().st_mode & 0o077:
        path.chmod(0o700)
    return path


def data_dir() -> Path:
    """``neuro/`` in the user's Jupyter data directory, 0700."""
    return private_dir(Path(jupyter_data_dir()) / "neuro")


def write_private(path: Path, text: str) -> None:
    """Replace a file by one only its owner can read (0600); readers see the old or the new one, whole."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
