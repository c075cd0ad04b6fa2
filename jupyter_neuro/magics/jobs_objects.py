"""Jobs as objects: what ``%neuro run``, ``status`` and ``ps`` return."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from . import cards
from .amounts import clock, span
from .job_cards import ACTIVE, job_card, job_text, run_time, short_id, sign
from .logs import LogBuffer, Logs, so_far
from .shown import Shown, ShownList, where

if TYPE_CHECKING:
    from ..schemas import Job as JobData
    from ..services.neuro import Neuro
    from ..services.sharing import Grant

FRESH = 1.0
"""Seconds for which what is known of a running job is good enough to be shown."""


class Job(Shown):
    """One run. It is looked at again, at most once a second, while it goes on: ``job`` alone in a cell shows it now.

    ``data`` is everything the platform said (:class:`jupyter_neuro.schemas.Job`). Methods act on the platform the
    job came from, whatever the Lab shows meanwhile.
    """

    def __init__(self, neuro: Neuro, data: JobData, *, details: bool = False, extra: list[str] | None = None) -> None:
        self._neuro, self._data, self._details = neuro, data, details
        self._extra = extra or []
        self._looked = time.monotonic()
        self._as_of = datetime.now(UTC)
        self._log: LogBuffer | None = None
        self._log_of: tuple[str, float] | None = None
        self._rows = 5
        self.where = where(neuro)

    def _neuro_words_(self) -> list[str]:
        return [self._data.id]

    def learn(self, data: JobData, log: LogBuffer | None = None) -> None:
        """Take over newer knowledge (and a log that was read already)."""
        self._data, self._looked, self._as_of = data, time.monotonic(), datetime.now(UTC)
        if log is not None:
            self._log, self._log_of = log, self._stamp(data)

    def _stamp(self, data: JobData) -> tuple[str, float]:
        """Changes when the log may have grown."""
        return data.status, self._looked if data.status in ACTIVE else 0.0

    def _look(self) -> JobData:
        """Newer knowledge if the job goes on; what was known where the platform does not answer at once."""
        from ..errors import NeuroError

        if self._data.status in ACTIVE and time.monotonic() - self._looked > FRESH:
            self._looked = time.monotonic()
            try:
                self.learn(self._neuro.call(self._neuro.jobs.get(self._data.id), timeout=2.0))
            except (NeuroError, TimeoutError):
                pass  # the card says as of when it is
        return self._data

    def _tail(self) -> LogBuffer:
        """The log for the card, read again only when the job has gone on."""
        from ..errors import NeuroError

        data = self._look()
        stamp = self._stamp(data)
        if self._log is None or self._log_of != stamp:
            if data.status in {"pending", "unknown"}:
                return LogBuffer()
            try:
                reading = so_far(self._neuro.jobs.logs(data.id), first=1.0, quiet=0.15, most=2.0)
                self._log = self._neuro.call(reading, timeout=3.0)
            except (NeuroError, TimeoutError):
                self._log = self._log or LogBuffer()
            self._log_of = stamp
        return self._log

    @property
    def data(self) -> JobData:
        """Everything the platform says of the job."""
        return self._look()

    @property
    def id(self) -> str:
        """The unique ID."""
        return self._data.id

    @property
    def name(self) -> str | None:
        """The name, which other runs may have too."""
        return self._data.name

    @property
    def uri(self) -> str:
        """The full URI, with which others reach it once it is shared."""
        return self._data.uri

    @property
    def status(self) -> str:
        """pending, running, suspended, succeeded, failed, cancelled, lost or unknown: now."""
        return self._look().status

    @property
    def exit_code(self) -> int | None:
        """The exit code; none while it runs and where none is known."""
        return self._look().exit_code

    def logs(self, follow: bool = False) -> Logs:
        """The log so far; with ``follow`` until the job ends (Ctrl-C stops watching, not the job)."""
        from .watching import follow_logs, read_logs

        return follow_logs(self._neuro, self) if follow else read_logs(self._neuro, self._look())

    def wait(self) -> Job:
        """Wait until the job has ended, showing its log.

        Raises :class:`JobFailed`, :class:`JobKilled` or :class:`JobLost` unless it succeeds. Ctrl-C stops the
        waiting, not the job.
        """
        from .watching import wait_for

        return wait_for(self._neuro, self)

    def kill(self) -> Job:
        """Stop the job."""
        self._neuro.call(self._neuro.jobs.kill(self.id))
        self.learn(self._neuro.call(self._neuro.jobs.get(self.id)))
        return self

    def share(self, user: str, action: str = "read") -> Any:
        """Give ``user`` read, write or manage on this run; returns the grant, which has ``revoke()``."""
        from .sharing_objects import Given

        return Given(self._neuro, self._neuro.call(self._neuro.sharing.share(self.uri, user, action)))

    def _forms(self) -> tuple[JobData, list[str], int]:
        log = self._tail()
        return self._data, log.tail(self._rows), log.total

    def text(self) -> str:
        data, rows, total = self._forms()
        return job_text(data, rows, total, details=self._details, extra=self._extra)

    def html(self) -> str:
        data, rows, total = self._forms()
        as_of = f"as of {clock(self._as_of)}" if data.status in ACTIVE else ""
        return job_card(
            data,
            rows,
            total,
            where=self.where,
            as_of=as_of,
            details=self._details,
            tall=self._rows > 5,
            extra=self._extra,
        )

    def show_log(self, rows: int) -> None:
        """Show up to ``rows`` last lines of the log in the card, instead of 5."""
        self._rows = rows

    def remark(self, text: str) -> None:
        """Put a sentence into the card."""
        self._extra = [text]

    def json(self) -> Any:
        data = msgspec.to_builtins(self._data)
        # values may be secret: names only
        return {**data, "env": sorted(self._data.env), "secret_env": sorted(self._data.secret_env)}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Job) and other.id == self.id

    def __hash__(self) -> int:
        return hash(self.id)


class Jobs(ShownList[Job]):
    """A list of jobs; ``jobs["job-…"]`` or ``jobs["train"]`` finds one."""

    def __init__(
        self,
        neuro: Neuro,
        jobs: Iterable[JobData],
        *,
        total: int | None = None,
        grants: Iterable[Grant] = (),
        empty: str = "No jobs.",
    ) -> None:
        super().__init__(Job(neuro, job) for job in jobs)
        self._neuro, self._total, self._grants, self._empty = neuro, total, list(grants), empty
        self._as_of = datetime.now(UTC)
        self.where = where(neuro)

    def _neuro_words_(self) -> list[str]:
        return [job.id for job in self]

    def keys_of(self, item: Job) -> tuple[str | None, ...]:
        return item.id, short_id(item.id), item.name

    def kill(self) -> Jobs:
        """Stop every one of them that still runs or waits."""
        for job in self:
            if job._data.status in ACTIVE:
                job.kill()
        return self

    def shared_with(self, job: JobData) -> list[Grant]:
        """The grants that reach a job: on its ID, on its name, or on all of the project."""
        uris = [job.uri]
        if job.name:
            uris.append(f"{job.uri.rpartition('/')[0]}/{job.name}")
        return [
            grant
            for grant in self._grants
            if any(uri == grant.uri or uri.startswith(grant.uri.rstrip("/") + "/") for uri in uris)
        ]

    def rows(self) -> Iterator[dict[str, Any]]:
        for item in self:
            job = item._data
            yield {
                "status": job.status,
                "name": job.name,
                "id": job.id,
                "owner": job.owner,
                "preset": job.preset,
                "image": job.image,
                "created_at": job.created_at,
                "seconds": run_time(job),
                "exit_code": job.exit_code,
                "shared_with": [f"{grant.user}:{grant.action}" for grant in self.shared_with(job)],
            }

    def text(self) -> str:
        if not self:
            return self._empty
        lines = [
            (
                f"{sign(job.status)} {job.status}",
                job.name or "-",
                short_id(job.id),
                job.preset or "-",
                span(run_time(job)),
                " ".join([*([] if job.mine else [f"of {job.owner}"]), *self._people(job)]),
            )
            for job in (item._data for item in self)
        ]
        widths = [max(len(line[column]) for line in lines) for column in range(5)]
        return "\n".join(
            "  ".join([*(cell.ljust(width) for cell, width in zip(line, widths, strict=False)), line[5]]).rstrip()
            for line in lines
        )

    def _people(self, job: JobData) -> list[str]:
        return [f"{grant.user}:{grant.action}" for grant in self.shared_with(job)]

    def html(self) -> str:
        if not self:
            return cards.card(cards.row(f"<span>{cards.faint(self._empty)}</span>"), where=self.where)
        others = any(not item._data.mine for item in self)
        head = ["State", "Name", "ID", *(["Owner"] if others else []), "Preset", "Time", "Shared with"]
        rows = []
        for item in self:
            job = item._data
            state = (
                '<span style="display:inline-flex;align-items:center;gap:6px">'
                f"{cards.state_icon(job.status)}{cards.faint(cards.state_word(job.status))}</span>"
            )
            people = ", ".join(f"{grant.user} {grant.action}" for grant in self.shared_with(job))
            rows.append(
                [
                    state,
                    cards.strong(job.name) if job.name else cards.faint("–"),
                    cards.mono(short_id(job.id)),
                    *([cards.faint(job.owner)] if others else []),
                    cards.faint(job.preset or "–"),
                    cards.faint(span(run_time(job))),
                    cards.faint(people or "–"),
                ]
            )
        total = len(self) if self._total is None else self._total
        foot = f"{len(self)} of {total} · as of {clock(self._as_of)} · _ is a list: _[0].logs(), _.df"
        time_column = head.index("Time")
        return cards.card(cards.table(head, rows, right=(time_column,)), where=self.where, foot=foot, framed=False)
