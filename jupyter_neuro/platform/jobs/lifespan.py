"""When a job's time is over."""

from __future__ import annotations

from .outcome import Outcome
from .store import PENDING, Job

MINUTE = 60.0


def overdue(job: Job, now: float) -> Outcome | None:
    """How a job ends that ran, or waited, longer than it may; ``None`` while it may go on. ``now`` as `time.time`."""
    if job.stage == PENDING:
        limit = job.request.get("schedule_timeout")
        if limit and now - job.created > limit:
            text = f"The job could not be started within {limit:g} s: this computer was busy with other jobs."
            return Outcome("failed", "ClusterScaleUpFailed", text)
        return None
    if job.life_minutes is None or job.started is None or now - job.started < job.life_minutes * MINUTE:
        return None
    return Outcome("cancelled", "LifeSpanEnded", f"The job's life span of {job.life_minutes} min is over.")
