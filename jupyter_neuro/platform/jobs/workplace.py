"""A job's own directory: what the platform puts there before the start, and takes away after the end."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

from ..executors.process import SCRATCH
from ..executors.work import Executor, Mount, Work
from . import volumes
from .files import write_spec
from .store import Job
from .supervisor.record import LOG, PRIVATE


class Workplace:
    """The directories of all jobs, in ``root``; ``storage`` is where volumes come from."""

    def __init__(self, executor: Executor, root: Path, storage: Path) -> None:
        self._executor = executor
        self._root = root
        self._storage = storage

    def directory(self, job: Job) -> Path:
        """The job's directory; it may not exist yet."""
        return self._root / job.id

    def prepare(self, job: Job) -> Path:
        """Write down what the supervisor is to run. Raises `CannotRun` or `OSError`."""
        directory = self.directory(job)
        directory.mkdir(mode=0o700, exist_ok=True)
        write_spec(directory, self._executor.spec(self._work(job, directory)))
        return directory

    def _work(self, job: Job, directory: Path) -> Work:
        container = job.request["container"]
        note = job.request.get("image_note")
        return Work(
            id=job.id,
            argv=job.request["argv"],
            directory=directory,
            env=container["env"],
            working_dir=container.get("working_dir"),
            tty=container["tty"],
            memory=job.memory,
            gpu=job.gpu > 0,
            mounts=[
                Mount(self._storage, volumes.parts(item["src_storage_uri"]), item["dst_path"], item["read_only"])
                for item in container["volumes"]
            ],
            banner=f"[{note}: this platform has no container engine]" if note else None,
        )

    def log_line(self, job: Job, text: str) -> None:
        """A line of the platform's own in the log of a job that has no supervisor. A full disk is passed over."""
        directory = self.directory(job)
        with contextlib.suppress(OSError):
            directory.mkdir(mode=0o700, exist_ok=True)
            flags = os.O_CREAT | os.O_APPEND | os.O_WRONLY | os.O_CLOEXEC | os.O_NOFOLLOW
            with os.fdopen(os.open(directory / LOG, flags, PRIVATE), "ab") as file:
                file.write(f"{text}\n".encode())

    def last_words(self, job: Job) -> str:
        """The last line that the job's supervisor itself had to say."""
        try:
            lines = (self.directory(job) / "supervisor.log").read_text(errors="replace").strip().splitlines()
        except OSError:
            return ""
        return lines[-1] if lines else ""

    def clean(self, job: Job) -> None:
        """Remove what is of no use after the job. May take a while."""
        shutil.rmtree(self.directory(job) / SCRATCH, ignore_errors=True)
