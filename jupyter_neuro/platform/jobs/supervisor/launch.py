"""Starting the job's first process: pipes or a terminal, limits, then the sandbox's program or the job itself."""

# importing pathlib would take as long as all the rest of this program
# ruff: noqa: PTH123
from __future__ import annotations

import errno
import fcntl
import os
import resource
import signal
import struct
import termios

PIPE_SIZE = 1 << 20
TERMINAL = (24, 80)
"""Rows and columns of a job's terminal until somebody who attaches tells other ones."""
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 36, 38
NOT_FOUND, NOT_RUNNABLE = 127, 126
# only Linux can open a place without opening what is there; elsewhere at least never wait for it
O_PATH = getattr(os, "O_PATH", os.O_RDONLY | os.O_NONBLOCK)


class LaunchError(Exception):
    """The job's program could not be started. ``code`` is what a shell would answer, ``None`` if unknown."""

    def __init__(self, text: str, code: int | None = None) -> None:
        super().__init__(text)
        self.code = code


class Child:
    """The started process and this side of its channels."""

    def __init__(self, pid: int, outputs: dict[int, int], stdin: int, status: int | None, tty: bool) -> None:
        self.pid = pid
        self.outputs = outputs
        """Readable descriptor → channel (1 output, 2 errors)."""
        self.stdin = stdin
        self.status = status
        """Where the sandbox tells the pid inside and the exit code; ``None`` without a sandbox."""
        self.tty = tty


def resize(terminal: int, rows: int, columns: int) -> None:
    """Set the size of a terminal, in characters."""
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def become_reaper() -> None:
    """Have orphans of the job handed to this process, so that none of them gets away."""
    _prctl(PR_SET_CHILD_SUBREAPER, 1)


def launch(spec: dict[str, object]) -> Child:
    """Start the job of a spec. Raises `LaunchError`."""
    tty = bool(spec.get("tty"))
    sandbox = spec.get("sandbox")
    inherit: list[int] = []
    status: int | None = None
    argv = [str(word) for word in _list(spec["argv"])]
    environment = {str(name): str(value) for name, value in _dict(spec["env"]).items()}
    directory = str(spec["cwd"])
    if isinstance(sandbox, dict):
        status, status_end = os.pipe()
        options = _options(sandbox, environment, directory, inherit)
        inherit += [status_end, options]
        program = str(sandbox["program"])
        argv = [program, "--args", str(options), "--json-status-fd", str(status_end), "--", *argv]
        # the job's variables reach the job alone: the sandbox's own loader must not obey an LD_PRELOAD of the job
        environment, directory = {}, "/"
    ends = _terminal() if tty else _pipes()
    report, report_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        _become(argv, environment, directory, ends, tty, inherit, report_end, not isinstance(sandbox, dict))
    for fd in {*ends.theirs, *inherit, report_end}:
        os.close(fd)
    failure = os.read(report, 64)
    os.close(report)
    if failure:
        os.waitpid(pid, 0)
        number = int(failure)
        raise LaunchError(f"{argv[0]}: {os.strerror(number)}", NOT_FOUND if number == errno.ENOENT else NOT_RUNNABLE)
    for fd in [*ends.outputs, ends.stdin]:
        os.set_blocking(fd, False)
    return Child(pid, ends.outputs, ends.stdin, status, tty)


class _Ends:
    def __init__(self, theirs: tuple[int, int, int], outputs: dict[int, int], stdin: int) -> None:
        self.theirs = theirs
        self.outputs = outputs
        self.stdin = stdin


def _pipes() -> _Ends:
    in_read, in_write = os.pipe()
    out_read, out_write = os.pipe()
    err_read, err_write = os.pipe()
    for fd in (out_write, err_write):
        try:
            fcntl.fcntl(fd, getattr(fcntl, "F_SETPIPE_SZ", 1031), PIPE_SIZE)
        except OSError:
            break  # the user's share of pipe memory is used up: smaller pipes do as well
    return _Ends((in_read, out_write, err_write), {out_read: 1, err_read: 2}, in_write)


def _terminal() -> _Ends:
    master, slave = os.openpty()
    resize(slave, *TERMINAL)
    return _Ends((slave, slave, slave), {master: 1}, master)


def _options(sandbox: dict[str, object], environment: dict[str, str], directory: str, inherit: list[int]) -> int:
    """The sandbox's options in an anonymous file: neither paths nor variables show in a process list."""
    words = [str(word) for word in _list(sandbox["options"])]
    for volume in _list(sandbox["volumes"]):
        entry = _dict(volume)
        fd = open_beneath(str(entry["root"]), [str(part) for part in _list(entry["path"])])
        inherit.append(fd)
        words += ["--ro-bind-fd" if entry["read_only"] else "--bind-fd", str(fd), str(entry["mount"])]
    words.append("--clearenv")
    for name, value in environment.items():
        words += ["--setenv", name, value]
    words += ["--chdir", directory]
    fd = os.memfd_create("options")
    data = b"".join(os.fsencode(word) + b"\0" for word in words)
    while data:
        data = data[os.write(fd, data) :]
    os.lseek(fd, 0, os.SEEK_SET)
    return fd


def open_beneath(root: str, parts: list[str]) -> int:
    """A descriptor for ``root/parts``, no component of which is a link. Raises `LaunchError`.

    Jobs may write links into storage: a path checked earlier can lead elsewhere by now.
    """
    fd = os.open(root, O_PATH | os.O_DIRECTORY)
    for number, part in enumerate(parts):
        last = number == len(parts) - 1
        flags = O_PATH | os.O_NOFOLLOW | (0 if last else os.O_DIRECTORY)
        try:
            if part in ("", ".", "..") or "/" in part:
                raise OSError(errno.EINVAL, "not a name")
            below = os.open(part, flags, dir_fd=fd)
        except OSError as error:
            text = f"The volume {'/'.join(parts)} cannot be opened: {error.strerror}."
            raise LaunchError(text) from None
        finally:
            os.close(fd)
        fd = below
    if (os.fstat(fd).st_mode & 0o170000) == 0o120000:
        os.close(fd)
        raise LaunchError(f"The volume {'/'.join(parts)} is a link: links are not followed.")
    return fd


def _become(
    argv: list[str],
    environment: dict[str, str],
    directory: str,
    ends: _Ends,
    tty: bool,
    inherit: list[int],
    report: int,
    bare: bool,
) -> None:
    """The child between fork and exec; never returns."""
    try:
        os.setsid()
        for target, fd in enumerate(ends.theirs):
            os.dup2(fd, target)
        if tty and bare:
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        for fd in inherit:
            os.set_inheritable(fd, True)
        _limit()
        # as in a container; the platform itself keeps its files closed
        os.umask(0o022)
        if bare:
            # the sandbox's program sees to both itself
            _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            _prctl(PR_SET_NO_NEW_PRIVS, 1)
        for number in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        os.chdir(directory)
        os.execve(argv[0], argv, environment)
    except OSError as error:
        os.write(report, str(error.errno or errno.EIO).encode())
    finally:
        os._exit(NOT_RUNNABLE)


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(65536, hard), hard))
    try:
        # when the computer runs out of memory, a job goes before the platform and the user's own programs
        with open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
            file.write("500")
    except OSError:
        pass


def _prctl(option: int, value: int) -> None:
    try:
        import ctypes

        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)
    except (ImportError, OSError, AttributeError):
        pass  # not Linux: what there is no call for is not there either


def _list(value: object) -> list[object]:
    assert isinstance(value, list)
    return value


def _dict(value: object) -> dict[str, object]:
    assert isinstance(value, dict)
    return value
