"""One job as an object: what ``%neuro run`` and ``status`` return."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from .amounts import clock
from .job_cards import ACTIVE, job_card, job_text
from .logs import LogBuffer, Logs, so_far
from .shown import Shown, where

if TYPE_CHECKING:
    from ..schemas import Job as JobData
    from ..services.neuro import Neuro

FRESH = 1.0
"""Seconds for which what is known of a running job is good enough to be shown."""


class Job(Shown):
    """One run. It is looked at again, at most once a second, while it goes on: ``job`` alone in a cell shows it now.

    ``data`` is everything the platform said (:class:`jupyter_neuro.schemas.Job`). Methods act on the platform the
    job came from, whatever the Lab shows meanwhile.
    """

    def __init__(
        self,
        neuro: Neuro,
        data: JobData,
        *,
        details: bool = False,
        extra: list[str] | None = None,
        place: str | None = None,
    ) -> None:
        self._neuro, self._data, self._details = neuro, data, details
        self._extra = extra or []
        self._looked = time.monotonic()
        self._as_of = datetime.now(UTC)
        self._log: LogBuffer | None = None
        self._log_of: tuple[str, float] | None = None
        self._rows = 5
        self.where = place or where(neuro)

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
