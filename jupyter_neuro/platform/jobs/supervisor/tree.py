"""The processes of a job, seen from outside: who they are, what memory they hold, how they are ended."""

# importing pathlib would take as long as all the rest of this program
# ruff: noqa: PTH123, PTH208
from __future__ import annotations

import os
import signal

PAGE = os.sysconf("SC_PAGE_SIZE")


def _children(pid: int) -> list[int]:
    found: list[int] = []
    try:
        tasks = os.listdir(f"/proc/{pid}/task")
    except OSError:
        return found
    for task in tasks:
        try:
            with open(f"/proc/{pid}/task/{task}/children", "rb") as file:
                found.extend(int(word) for word in file.read().split())
        except OSError:
            continue
    return found


def descendants(pid: int) -> list[int]:
    """Every process below ``pid``, parents first, without ``pid`` itself; nothing where there is no /proc."""
    found: list[int] = []
    waiting = _children(pid)
    seen = {pid}
    while waiting:
        child = waiting.pop()
        if child not in seen:
            seen.add(child)
            found.append(child)
            waiting.extend(_children(child))
    return found


def send(pids: list[int], number: int) -> None:
    """Signal processes; those that are gone are passed over."""
    for pid in pids:
        try:
            os.kill(pid, number)
        except (ProcessLookupError, PermissionError):
            continue


def kill_all_below(pid: int, rounds: int = 100) -> None:
    """Kill every descendant, those included that fork while they are being killed."""
    for _ in range(rounds):
        pids = descendants(pid)
        if not pids:
            return
        # stopped first: a process that forks faster than it is killed gets no further turn
        send(pids, signal.SIGSTOP)
        send(pids, signal.SIGKILL)
        while True:
            try:
                if os.waitpid(-1, os.WNOHANG)[0] == 0:
                    break
            except ChildProcessError:
                break


def resident(pids: list[int]) -> int:
    """Bytes of memory held by processes, shared pages counted for each: quick, never too small."""
    total = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/statm", "rb") as file:
                total += int(file.read().split()[1]) * PAGE
        except (OSError, IndexError, ValueError):
            continue
    return total


def proportional(pids: list[int]) -> int:
    """Bytes of memory held by processes, shared pages divided among them: exact, and slow to ask for."""
    total = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/smaps_rollup", "rb") as file:
                for line in file:
                    if line.startswith(b"Pss:"):
                        total += int(line.split()[1]) * 1024
                        break
        except (OSError, IndexError, ValueError):
            continue
    return total
