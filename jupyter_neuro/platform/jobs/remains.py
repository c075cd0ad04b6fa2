"""Processes of a job whose supervisor was killed."""

from __future__ import annotations

import os

import psutil

ROUNDS = 20


def kill(job_id: str) -> None:
    """Kill every process of this user that carries the job's ID in its environment."""
    for _ in range(ROUNDS):
        found = [process for process in psutil.process_iter() if _belongs(process, job_id)]
        if not found:
            return
        for process in found:
            try:
                process.kill()
            except psutil.Error:
                continue
        psutil.wait_procs(found, timeout=1)


def _belongs(process: psutil.Process, job_id: str) -> bool:
    try:
        return process.pid != os.getpid() and bool(process.environ().get("NEURO_JOB_ID") == job_id)
    except (psutil.Error, OSError):
        return False
