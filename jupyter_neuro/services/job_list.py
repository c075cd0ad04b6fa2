"""Filter, order and page a list of jobs: the same rules for the page and for ``%neuro ps``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from ..errors import BadRequest
from ..schemas import Job, JobPage
from ..schemas.job import Status

MAX_PAGE = 1000


class JobFilter(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which jobs, and how many.

    ``owner`` mine, shared (of others), all in reach, or a user's name; ``statuses`` none = all; ``q`` fits a part of
    name, ID or tag; ``name`` and ``tags`` fit exactly; ``since`` by creation; ``limit`` 1–1000; ``after`` the
    ``next`` of the page before.
    """

    owner: str = "mine"
    statuses: tuple[Status, ...] = ()
    q: str = ""
    name: str | None = None
    tags: tuple[str, ...] = ()
    since: datetime | None = None
    limit: int = 100
    after: str | None = None
    project: str | None = None


_RANK = {"running": 0, "pending": 1, "suspended": 1}


def _key(job: Job) -> tuple[int, str]:
    """Running, then pending, then finished; within each the newest first (with ``reverse=True``)."""
    rank = _RANK.get(job.status, 2)
    moment = job.created_at if rank < 2 else (job.finished_at or job.created_at)
    return 2 - rank, f"{moment} {job.id}"


def in_scope(job: Job, wanted: JobFilter) -> bool:
    """Whose job, whatever the filter says."""
    if wanted.owner == "mine":
        return job.mine
    if wanted.owner == "shared":
        return not job.mine
    return wanted.owner == "all" or job.owner == wanted.owner


def fits(job: Job, wanted: JobFilter) -> bool:
    """Whether ``job`` passes the filter."""
    if wanted.statuses and job.status not in wanted.statuses:
        return False
    if wanted.name is not None and job.name != wanted.name:
        return False
    if wanted.project is not None and job.project != wanted.project:
        return False
    if wanted.tags and not set(wanted.tags) <= set(job.tags):
        return False
    if wanted.since is not None and datetime.fromisoformat(job.created_at) < wanted.since:
        return False
    if wanted.q:
        text = wanted.q.casefold()
        places = (job.name or "", job.id, *job.tags)
        return any(text in place.casefold() for place in places)
    return True


def page(jobs: Iterable[Job], wanted: JobFilter, as_of: datetime) -> JobPage:
    """One page of ``jobs``. Raises :class:`BadRequest` for a limit or key that cannot be."""
    if not 1 <= wanted.limit <= MAX_PAGE:
        raise BadRequest(f"limit must be from 1 to {MAX_PAGE}.", field="limit")
    jobs = list(jobs)
    scope = [job for job in jobs if in_scope(job, wanted)]
    found = sorted((job for job in scope if fits(job, wanted)), key=_key, reverse=True)
    total = len(found)
    if wanted.after:
        rank, _, moment = wanted.after.partition(" ")
        if rank not in {"0", "1", "2"} or not moment:
            raise BadRequest("after is not the key of a page.", field="after")
        border = (int(rank), moment)
        found = [job for job in found if _key(job) < border]
    items = found[: wanted.limit]
    more = len(found) > wanted.limit
    last = _key(items[-1]) if items else None
    return JobPage(
        items=items,
        running=sum(job.status == "running" for job in scope),
        pending=sum(job.status in ("pending", "suspended") for job in scope),
        total=total,
        hidden=len(scope) - total,
        as_of=as_of.isoformat(),
        shared=sum(not job.mine for job in jobs),
        next=f"{last[0]} {last[1]}" if more and last else None,
    )
