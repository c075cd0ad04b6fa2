"""Watching a job: its log as it comes, its end. Ctrl-C stops the watching and never the job."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from ..errors import JobEnded, JobFailed, JobKilled, JobLost
from .job_cards import ACTIVE, short_id, state_text
from .logs import SHOWN_LINES, LogBuffer, Logs, close, so_far, ticking
from .screen import INTERVAL, Screen, current_screen
from .shown import where

if TYPE_CHECKING:
    from datetime import datetime

    from ..schemas import Job as JobData
    from ..services.neuro import Neuro
    from .job_object import Job

LIVE_LINES = 40
"""So many lines while it goes on; the whole card is sent again at each update."""
STOPPED = "Stopped watching. The job goes on."
STILL_RUNNING = "It still runs: this is the log so far. -f follows it."


class StoppedWatching(KeyboardInterrupt):
    """Ctrl-C while a cell waited for a job. The cells after it do not run; the job goes on."""

    def _render_traceback_(self) -> list[str]:
        return [STOPPED]


async def _log_and_state(
    neuro: Neuro, job_id: str, since: datetime | None, timestamps: bool
) -> AsyncIterator[JobData | bytes | None]:
    """The job when it leaves the queue, its log as it comes (none = time to redraw), the job when it has ended."""
    states = neuro.jobs.wait(job_id)
    async for job in ticking(states, INTERVAL):
        yield job
        if job is not None and job.status not in {"pending", "suspended"}:
            break
    await close(states)
    async for chunk in ticking(neuro.jobs.logs(job_id, since, timestamps), INTERVAL):
        yield chunk
    async for job in neuro.jobs.wait(job_id):
        yield job


def _watch(
    neuro: Neuro, job: Job, screen: Screen, since: datetime | None, timestamps: bool
) -> tuple[LogBuffer, bool]:
    """Show the job and its log until it has ended; (log, whether the watching was stopped)."""
    live = screen.live()
    buffer = LogBuffer()
    printed = 0
    stopped = False
    job.show_log(LIVE_LINES)
    try:
        for item in neuro.iterate(_log_and_state(neuro, job.id, since, timestamps)):
            if isinstance(item, bytes):
                buffer.add(item)
                if not screen.rich:
                    fresh = buffer.tail(min(buffer.total - printed, SHOWN_LINES))
                    printed = buffer.total
                    live.write("".join(f"{row}\x1b[0m\n" if "\x1b" in row else f"{row}\n" for row in fresh))
                    continue
            elif item is not None:
                job.learn(item, buffer)
            if screen.rich:
                job.learn(job._data, buffer)
                live.show(job, idle=item is None)
    except KeyboardInterrupt:
        stopped = True
    job.learn(job._data, buffer)
    if stopped:
        job.remark(STOPPED)
    job.show_log(SHOWN_LINES if screen.rich else 0)
    live.done(job)
    return buffer, stopped


def follow_logs(
    neuro: Neuro,
    job: Job,
    screen: Screen | None = None,
    since: datetime | None = None,
    timestamps: bool = False,
) -> Logs:
    """The log until the job ends, shown as it comes; after Ctrl-C what has come until then."""
    screen = screen or current_screen()
    buffer, stopped = _watch(neuro, job, screen, since, timestamps)
    logs = Logs(
        buffer.all(),
        job=job._data,
        total=buffer.total,
        where=where(neuro),
        remark=STOPPED if stopped else "",
    )
    if screen.rich:
        logs.seen()
    else:
        logs.printed()
    return logs


def read_logs(neuro: Neuro, job: JobData, since: datetime | None = None, timestamps: bool = False) -> Logs:
    """The log so far, at once."""
    waiting = job.status == "pending"
    going_on = job.status in ACTIVE
    buffer = LogBuffer()
    if not waiting:
        quiet = 0.3 if going_on else 30.0
        most = 20.0 if going_on else 600.0
        reading = so_far(neuro.jobs.logs(job.id, since, timestamps), first=2.0, quiet=quiet, most=most)
        buffer = neuro.call(reading)
    remark = "It waits to be started: no log yet." if waiting else STILL_RUNNING if going_on else ""
    return Logs(buffer.all(), job=job, total=buffer.total, where=where(neuro), remark=remark)


def wait_for(neuro: Neuro, job: Job, screen: Screen | None = None) -> Job:
    """Show the job's log until it has ended. Raises what its end calls for, and :class:`StoppedWatching`."""
    if job.data.status in ACTIVE:
        buffer, stopped = _watch(neuro, job, screen or current_screen(), None, False)
        if stopped:
            raise StoppedWatching(STOPPED)
    else:
        buffer = job._tail()
    raise_for_end(job._data, buffer)
    return job


def raise_for_end(job: JobData, log: LogBuffer) -> None:
    """Raise :class:`JobFailed`, :class:`JobKilled` or :class:`JobLost` for a job that did not succeed."""
    if job.status == "succeeded":
        return
    name = f"{job.name} ({short_id(job.id)})" if job.name else short_id(job.id)
    kinds: dict[str, type[JobEnded]] = {"failed": JobFailed, "cancelled": JobKilled, "lost": JobLost}
    state = state_text(job)
    message = f"Job {name} {state[:1].lower()}{state[1:]}."
    why = " ".join(part for part in (job.reason if job.reason not in {"Error", "Lost"} else "", job.message) if part)
    hint = f"%neuro logs {short_id(job.id)} shows what it wrote." if log.total else None
    raise kinds.get(job.status, JobEnded)(f"{message} {why}".strip(), job, hint=hint)
