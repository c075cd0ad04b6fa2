"""The presets, cut from the machine this runs on."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import psutil

GIB = 2**30
MIB = 2**20


def cpu_count() -> float:
    """Cores this process may use: its affinity, less where a control group says so."""
    try:
        cores = float(len(os.sched_getaffinity(0)))
    except AttributeError:  # not on macOS
        cores = float(os.cpu_count() or 1)
    quota, _, period = _read("/sys/fs/cgroup/cpu.max").partition(" ")
    if quota.isdigit() and period.isdigit() and int(period):
        cores = min(cores, int(quota) / int(period))
    return max(0.1, round(cores, 1))


def memory_bytes() -> int:
    """Memory of the machine, less where a control group says so."""
    total = int(psutil.virtual_memory().total)
    limit = _read("/sys/fs/cgroup/memory.max")
    return min(total, int(limit)) if limit.isdigit() else total


@functools.cache
def gpus() -> tuple[str, ...]:
    """The models of the NVIDIA GPUs that answer, one for each."""
    program = shutil.which("nvidia-smi")
    if not program:
        return ()
    try:
        done = subprocess.run(
            [program, "--query-gpu=name", "--format=csv,noheader"],
            capture_output=True, text=True, timeout=10, check=True, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return ()
    return tuple(line.strip() for line in done.stdout.splitlines() if line.strip())


def presets() -> list[dict[str, Any]]:
    """The presets as ``/config`` lists them, smallest first: cores, memory in bytes, and a GPU where there is one.

    ``cpu-large`` leaves a part of the memory to JupyterLab and the system beside it.
    """
    cores, memory = cpu_count(), memory_bytes()
    found = [
        _preset("cpu-micro", min(cores, 0.5), max(memory // 16, min(memory, GIB))),
        _preset("cpu-small", min(cores, max(1.0, cores // 4)), memory // 4),
        _preset("cpu-large", cores, memory * 3 // 4),
    ]
    models = gpus()
    if models:
        gpu = _preset("gpu-small", min(cores, max(1.0, cores // len(models))), memory // 2)
        found.append({**gpu, "nvidia_gpu": {"count": 1, "model": models[0]}})
    return found


def _preset(name: str, cpu: float, memory: int) -> dict[str, Any]:
    return {
        "name": name,
        "credits_per_hour": "0",
        "cpu": cpu,
        "memory": max(MIB, memory // MIB * MIB),
        "scheduler_enabled": False,
        "preemptible_node": False,
        "resource_pool_names": ["this-computer"],
        "available_resource_pool_names": ["this-computer"],
    }


def _read(path: str) -> str:
    try:
        return Path(path).read_text().strip()
    except OSError:
        return ""
