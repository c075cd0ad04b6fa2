"""Several jobs as an object: what ``%neuro ps`` and ``kill`` return."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from . import cards
from .amounts import clock, span
from .job_cards import ACTIVE, run_time, short_id, sign
from .job_object import Job
from .shown import ShownList, where

if TYPE_CHECKING:
    from ..schemas import Job as JobData
    from ..services.neuro import Neuro
    from ..services.sharing import Grant


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
        self.where = where(neuro)
        super().__init__(Job(neuro, job, place=self.where) for job in jobs)
        self._neuro, self._total, self._grants, self._empty = neuro, total, list(grants), empty
        self._as_of = datetime.now(UTC)

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
                    cards.mono(short_id(job.id), whole=True),
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
