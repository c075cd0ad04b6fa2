"""The environment variables of a job: a short list, nothing of whoever started the platform."""

from __future__ import annotations

import os
import site
import sys
from pathlib import Path

SYSTEM_PATH = (
    "/usr/local/sbin",
    "/usr/local/bin",
    "/usr/sbin",
    "/usr/bin",
    "/sbin",
    "/bin",
)
# from the platform's own environment; everything else there (tokens, JUPYTER_…, agents) stays out of jobs
PASSED_ON = ("TZ", "LANG", "LC_ALL", "LC_CTYPE")


def user_base() -> Path | None:
    """Where ``pip install --user`` put packages that this environment uses."""
    if not site.ENABLE_USER_SITE or sys.prefix != sys.base_prefix:
        return None
    packages = Path(site.getusersitepackages())
    return Path(site.getuserbase()) if packages.is_dir() else None


def program_path() -> list[str]:
    """PATH of a job: the environment that Jupyter runs in comes first."""
    found = [str(Path(sys.prefix) / "bin")]
    base = user_base()
    if base is not None:
        found.append(str(base / "bin"))
    return [*found, *SYSTEM_PATH]


def job_environment(
    job_id: str,
    home: str,
    own: dict[str, str],
    *,
    tty: bool,
    temporary: str = "/tmp",  # noqa: S108 - inside the job
) -> dict[str, str]:
    """All variables of a job; ``own`` are those of its definition and win."""
    values = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    values.setdefault("LANG", "C.UTF-8")
    values |= {
        "PATH": os.pathsep.join(program_path()),
        "HOME": home,
        "TMPDIR": temporary,
        "SHELL": "/bin/bash" if Path("/bin/bash").exists() else "/bin/sh",
        "NEURO_JOB_ID": job_id,
        # a log that is followed should show a line when it is printed
        "PYTHONUNBUFFERED": "1",
    }
    if tty:
        values["TERM"] = "xterm-256color"
    if sys.prefix != sys.base_prefix:
        values["VIRTUAL_ENV"] = sys.prefix
    base = user_base()
    if base is not None:
        values["PYTHONUSERBASE"] = str(base)
    return values | own
