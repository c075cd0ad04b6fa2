"""Which tier this computer allows: found out by running a job, not by looking for a program."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from .process import ProcessExecutor
from .sandbox import SandboxExecutor, python_runs_here
from .work import CannotRun, Executor, Mount, Work

SUPERVISOR = Path(__file__).parent.parent / "jobs" / "supervisor"
TIMEOUT = 30.0
MOUNT = "/project/trial"
VARIABLE = "NEURO_TIER"
"""Set to ``sandbox`` or ``process``, it decides instead of ``auto``."""
SHARED_NETWORK = "Jobs share this computer's network: a port that is taken here is taken in a job, too."
NOT_SEPARATED = (
    "Jobs here run as your own user and are not separated from your files: they could read all that you can. "
    "Only the owner of this platform may start or enter jobs, unless it was started with --trust-users."
)
SUBSTITUTED = "Mount paths are put into a job's command and variables as real paths, and read-only is not enforced."


class NoSuchTier(Exception):
    """The wanted tier cannot be had on this computer; the text says why."""


def detect(preferred: str = "auto") -> tuple[str, list[str]]:
    """The tier, ``sandbox`` or ``process``, and sentences on what it does not give.

    ``preferred`` other than ``auto`` asks for one tier and raises `NoSuchTier` when it cannot be had. Takes some
    tenths of a second, blocking.
    """
    wanted = preferred if preferred != "auto" else os.environ.get(VARIABLE, "auto")
    if wanted not in ("auto", "sandbox", "process"):
        raise NoSuchTier(f"{wanted!r} is not a tier: choose auto, sandbox or process.")
    notes = [NOT_SEPARATED, SUBSTITUTED]
    if wanted != "process":
        trouble = _try(sandbox=True)
        if trouble is None:
            return "sandbox", [SHARED_NETWORK]
        if wanted == "sandbox":
            raise NoSuchTier(f"No sandbox can be made on this computer: {trouble}")
        notes.append(f"Why there is no sandbox: {trouble}")
    trouble = _try(sandbox=False)
    if trouble is not None:
        raise NoSuchTier(f"No job can be run on this computer: {trouble}")
    return "process", notes


def make_executor(tier: str, root: Path) -> Executor:
    """The executor of a tier for the platform in ``root``."""
    return SandboxExecutor(root) if tier == "sandbox" else ProcessExecutor()


def supervisor_command(directory: Path, *more: str) -> list[str]:
    """How the supervisor of a job's directory is started."""
    return [sys.executable, "-I", "-S", str(SUPERVISOR), str(directory), *more]


def _try(*, sandbox: bool) -> str | None:
    """Run a job that writes into its volume; what went wrong, or ``None``."""
    folder = Path(tempfile.mkdtemp(prefix="neuro-trial-"))
    try:
        job, data = folder / "job", folder / "data"
        job.mkdir(mode=0o700)
        data.mkdir()
        python, flag, code = python_runs_here()
        work = Work(
            id="trial",
            argv=[python, flag, f"{code}; open({MOUNT + '/written'!r}, 'w').close()"],
            directory=job,
            mounts=[Mount(folder, ("data",), MOUNT, read_only=False)],
        )
        executor: Executor = SandboxExecutor(folder) if sandbox else ProcessExecutor()
        (job / "spec.json").write_text(json.dumps(executor.spec(work)), encoding="utf-8")
        done = subprocess.run(
            supervisor_command(job), stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT, check=False
        )
        if (data / "written").exists() and json.loads((job / "exit").read_text()).get("code") == 0:
            return None
        said = (job / "log").read_text(errors="replace") if (job / "log").exists() else ""
        return (said or done.stderr.decode(errors="replace") or "a trial job failed").strip().splitlines()[-1]
    except (OSError, ValueError, subprocess.SubprocessError, CannotRun) as error:
        return str(error)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
