"""The supervisor's life: claim the job, start it, write down what it says, write down how it ended."""

# importing pathlib would take as long as all the rest of this program
# ruff: noqa: PTH110
from __future__ import annotations

import json
import os
import select
import signal
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING or __package__:
    from . import launch, record, tree
    from .audience import Audience
    from .output import Log
else:
    import launch
    import record
    import tree
    from audience import Audience
    from output import Log

READ = 1 << 18
LOOK = 0.5
"""Seconds between two looks at the job's memory."""
AGAIN = 0.05
"""Seconds until a job that was still being started is asked again to end."""
LOCK_WAIT = 5.0
"""Seconds: longer than the platform ever holds the lock while it looks at a job."""


def supervise(directory: str, notify: int | None) -> int:
    """Run the job of a directory, once and for all; the process's exit status says nothing about the job's."""
    if notify is not None:
        os.set_inheritable(notify, False)
    os.chdir(directory)
    lock = record.take_lock(".", LOCK_WAIT)
    if lock is None or os.path.exists(record.STARTED):
        return 0
    spec = record.read(".", record.SPEC)
    if spec is None:
        sys.stderr.write("spec.json cannot be read\n")
        return 1
    wake = _listen_to_signals()
    record.reserve_exit(".")
    log = Log(".")
    if not spec.get("sandbox"):
        launch.become_reaper()
    if not record.claim("."):
        return 0
    if spec.get("banner"):
        log.line(str(spec["banner"]))
    try:
        child = launch.launch(spec)
    except (launch.LaunchError, OSError) as error:
        log.line(str(error))
        code = error.code if isinstance(error, launch.LaunchError) else None
        _finish({"code": code, "time": time.time(), "problem": str(error)}, log)
        return 0
    if notify is not None:
        try:
            os.write(notify, b"started")
        except OSError:
            pass  # the platform is gone; it finds the file
        os.close(notify)
    Watch(spec, child, log, wake).run()
    return 0


def _listen_to_signals() -> int:
    """A descriptor on which the numbers of signals arrive as bytes."""
    wake, wake_end = os.pipe()
    for fd in (wake, wake_end):
        os.set_blocking(fd, False)
    signal.set_wakeup_fd(wake_end, warn_on_full_buffer=False)
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    return wake


def _finish(result: dict[str, object], log: Log) -> None:
    log.close()
    result["lost_output"] = log.lost
    while True:
        try:
            record.write_exit(".", result)
            return
        except OSError as error:
            # as long as it is not written the lock is held and the job counts as running: true, if late
            sys.stderr.write(f"the result cannot be written: {error}\n")
            time.sleep(1.0)


class Watch:
    """The loop over one running job."""

    def __init__(self, spec: dict[str, object], child: launch.Child, log: Log, wake: int) -> None:
        self._child = child
        self._log = log
        self._wake = wake
        self._memory = _number(spec.get("memory"))
        self._grace = _number(spec.get("grace")) or 0.0
        self._poll = select.poll()
        self._audience = Audience(self._poll, child, log)
        self._inside: int | None = None
        """The first process in the sandbox, as seen from outside."""
        self._told_code = False
        self._status_text = b""
        self._code: int | None = None
        self._over = False
        self._kill_at: float | None = None
        self._asked = False
        self._stopped = self._oom = False
        self._look_at = 0.0
        for fd in (*child.outputs, wake):
            self._poll.register(fd, select.POLLIN)
        if child.status is not None:
            os.set_blocking(child.status, False)
            self._poll.register(child.status, select.POLLIN)

    def run(self) -> None:
        """Until the job and all its processes are gone, and the result is on disk."""
        while not self._over:
            for fd, event in self._poll.poll(self._timeout()):
                self._handle(fd, event)
            self._reap()
            self._stop()
            self._look()
        self._end_of_tree()
        self._audience.close_door()
        problem = None
        if self._child.status is not None and not self._told_code and not (self._stopped or self._oom):
            # the sandbox's program ended and told no code: it never came to run the job
            problem, self._code = "The sandbox could not start the command.", None
        result: dict[str, object] = {
            "code": self._code,
            "time": time.time(),
            "stopped": self._stopped,
            "oom": self._oom,
            "problem": problem,
        }
        _finish(result, self._log)
        self._audience.say_goodbye(self._code)

    def _timeout(self) -> float | None:
        """Milliseconds until there is something to do without being called; ``None``: nothing."""
        now = time.monotonic()
        moments = [now + AGAIN] if self._stopped and not self._asked else []
        if self._kill_at is not None:
            moments.append(self._kill_at)
        if self._memory:
            moments.append(self._look_at)
        return max(0.0, min(moments) - now) * 1000 + 1 if moments else None

    def _handle(self, fd: int, event: int) -> None:
        if fd in self._child.outputs:
            if event & (select.POLLIN | select.POLLHUP | select.POLLERR):
                self._read_output(fd)
            if event & select.POLLOUT:
                self._audience.write_input()
        elif fd == self._wake:
            self._read_wake()
        elif fd == self._child.status:
            self._read_status()
        else:
            self._audience.handle(fd, event)

    def _read_output(self, fd: int) -> bool:
        try:
            data = os.read(fd, READ)
        except BlockingIOError:
            return False
        except OSError:
            data = b""  # a terminal without a program behind it
        if not data:
            del self._child.outputs[fd]
            self._poll.unregister(fd)
            if not self._child.tty:
                os.close(fd)
            return False
        channel = self._child.outputs[fd]
        self._log.write(channel, data)
        self._audience.output(channel, data)
        return True

    def _read_wake(self) -> None:
        try:
            numbers = os.read(self._wake, 512)
        except BlockingIOError:
            return
        if signal.SIGTERM in numbers and not self._stopped:
            self._stopped = True
            self._kill_at = time.monotonic() + self._grace

    def _read_status(self) -> None:
        assert self._child.status is not None
        try:
            data = os.read(self._child.status, 4096)
        except BlockingIOError:
            return
        if not data:
            try:
                self._poll.unregister(self._child.status)
            except KeyError:
                pass
            return
        *lines, self._status_text = (self._status_text + data).split(b"\n")
        for line in lines:
            try:
                told = json.loads(line)
            except ValueError:
                continue
            self._inside = told.get("child-pid", self._inside)
            if "exit-code" in told:
                self._told_code = True

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if pid == self._child.pid:
                code = os.waitstatus_to_exitcode(status)
                self._code = 128 - code if code < 0 else code
                self._over = True

    def _stop(self) -> None:
        """Ask the job to end when that was wished, and kill it when it does not."""
        if not self._stopped or self._over:
            return
        if not self._asked:
            pids = self._processes()
            tree.send(pids, signal.SIGTERM)
            self._asked = bool(pids)
        if self._kill_at is not None and time.monotonic() >= self._kill_at:
            self._kill()
            self._kill_at = time.monotonic() + 1.0

    def _look(self) -> None:
        """Kill a job that holds more memory than it was given."""
        now = time.monotonic()
        if self._memory and now >= self._look_at:
            self._look_at = now + LOOK
            pids = self._processes()
            if tree.resident(pids) > self._memory and tree.proportional(pids) > self._memory:
                self._oom = True
                self._memory = None
                self._kill()

    def _processes(self) -> list[int]:
        """The job's own processes, without those of the sandbox's program."""
        if self._child.status is None:
            return tree.descendants(os.getpid()) or ([] if self._over else [self._child.pid])
        if self._inside is None:
            self._read_status()
        return tree.descendants(self._inside) if self._inside is not None else []

    def _kill(self) -> None:
        if self._child.status is None:
            _kill_group(self._child.pid)
            tree.send(tree.descendants(os.getpid()), signal.SIGKILL)
        else:
            # the first process of the job's own process table goes with it, and every other one with that
            tree.send([self._child.pid], signal.SIGKILL)

    def _end_of_tree(self) -> None:
        """No process of the job is left, and all that they printed is in the log."""
        if self._child.status is None:
            _kill_group(self._child.pid)
            tree.kill_all_below(os.getpid())
        else:
            self._read_status()
            if self._inside is not None:
                _wait_for_end(self._inside)
        for fd in list(self._child.outputs):
            while self._read_output(fd):
                pass


def _kill_group(leader: int) -> None:
    try:
        os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass


def _wait_for_end(pid: int) -> None:
    """Until a process that is not a child has ended; all of the job's end before it."""
    try:
        fd = os.pidfd_open(pid)
    except (OSError, AttributeError):
        return
    try:
        poll = select.poll()
        poll.register(fd, select.POLLIN)
        poll.poll(5000)
    finally:
        os.close(fd)


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) and value > 0 else None
