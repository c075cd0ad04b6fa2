"""What the computer has, and what jobs may have of it at the same time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .presets import cpu_count, gpus, memory_bytes, presets
from .store import Job

EPSILON = 1e-6


@dataclass(frozen=True)
class Resources:
    """Cores, bytes of memory, GPUs."""

    cpu: float
    memory: int
    gpu: int

    def left(self, jobs: Iterable[Job]) -> Resources:
        """What remains when these jobs have theirs."""
        cpu, memory, gpu = self.cpu, self.memory, self.gpu
        for job in jobs:
            cpu, memory, gpu = cpu - job.cpu, memory - job.memory, gpu - job.gpu
        return Resources(cpu, memory, gpu)

    def missing(self, job: Job) -> list[str]:
        """What there is too little of for a job; empty when it fits."""
        found = []
        if job.cpu > self.cpu + EPSILON:
            found.append("CPU")
        if job.memory > self.memory:
            found.append("memory")
        if job.gpu > self.gpu:
            found.append("GPU")
        return found

    def times(self, cpu: float, memory: int, gpu: int) -> int:
        """How many jobs of that size fit at once."""
        counts = [int((self.cpu + EPSILON) / cpu), self.memory // memory]
        if gpu:
            counts.append(self.gpu // gpu)
        return max(0, min(counts))


def machine() -> Resources:
    """All that jobs may use. No preset is larger."""
    return Resources(cpu_count(), memory_bytes(), len(gpus()))


def capacity(jobs: Iterable[Job]) -> dict[str, int]:
    """Preset → how many more jobs of it could start now."""
    left = machine().left(jobs)
    return {
        preset["name"]: left.times(preset["cpu"], preset["memory"], preset.get("nvidia_gpu", {}).get("count", 0))
        for preset in presets()
    }
