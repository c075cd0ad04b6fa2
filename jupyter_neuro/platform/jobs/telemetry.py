"""What a running job uses: cores and memory of all its processes."""

from __future__ import annotations

import time

import psutil

from .supervisor import tree


class Sampler:
    """Measures the processes below a supervisor; the cores are those used since the sample before."""

    def __init__(self, supervisor: int) -> None:
        self._supervisor = supervisor
        self._used: dict[int, float] = {}
        self._at = time.monotonic()
        self._measure()

    def sample(self) -> dict[str, float | int]:
        """``cpu`` in cores, ``memory_bytes``, ``timestamp`` in seconds since the epoch."""
        before, then = self._used, self._at
        pids = self._measure()
        # a process that is new counts from its start, one that is gone not at all
        spent = sum(max(0.0, seconds - before.get(pid, 0.0)) for pid, seconds in self._used.items())
        passed = max(1e-6, self._at - then)
        return {
            "cpu": round(spent / passed, 3),
            "memory_bytes": tree.resident(pids),
            "timestamp": time.time(),
        }

    def _measure(self) -> list[int]:
        pids = tree.descendants(self._supervisor)
        self._used = {}
        for pid in pids:
            try:
                times = psutil.Process(pid).cpu_times()
            except psutil.Error:
                continue
            self._used[pid] = float(times.user + times.system)
        self._at = time.monotonic()
        return pids
