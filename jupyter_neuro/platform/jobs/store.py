"""The record of all jobs: one table, one row a job, written before anything is done."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ..db import transaction

SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
    owner TEXT NOT NULL, org TEXT NOT NULL, project TEXT NOT NULL, name TEXT, submit_tag TEXT,
    stage TEXT NOT NULL, status TEXT NOT NULL, statuses TEXT NOT NULL,
    created REAL NOT NULL, started REAL, finished REAL, stage_since REAL NOT NULL,
    cpu REAL NOT NULL, memory INTEGER NOT NULL, gpu INTEGER NOT NULL, priority INTEGER NOT NULL,
    life_minutes INTEGER, request TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS job_tags (
    tag TEXT NOT NULL, seq INTEGER NOT NULL REFERENCES jobs(seq) ON DELETE CASCADE, PRIMARY KEY (tag, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS jobs_submitted ON jobs(owner, submit_tag) WHERE submit_tag IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS jobs_active_name ON jobs(org, project, name)
    WHERE name IS NOT NULL AND status IN ('pending', 'running', 'suspended');
CREATE INDEX IF NOT EXISTS jobs_project ON jobs(project, seq);
CREATE INDEX IF NOT EXISTS jobs_owner ON jobs(owner, seq);
CREATE INDEX IF NOT EXISTS jobs_name ON jobs(name, seq);
CREATE INDEX IF NOT EXISTS jobs_status ON jobs(status, seq);
CREATE INDEX IF NOT EXISTS jobs_created ON jobs(created);
CREATE INDEX IF NOT EXISTS jobs_stage ON jobs(stage) WHERE stage != 'ended';
"""

PENDING, STARTING, RUNNING, KILLING, ENDED = "pending", "starting", "running", "killing", "ended"
"""Stages: what the platform has to do about a job. Other than its status, which is what people are told:

``pending`` waits its turn · ``starting`` a supervisor may have been started · ``running`` one has the job ·
``killing`` people are told the end already, its processes are still there · ``ended`` nothing is left to do.
"""
TERMINAL = ("succeeded", "failed", "cancelled")


class Taken(Exception):
    """A name or a submit tag is in use; ``job`` is the one that uses it."""

    def __init__(self, what: str, job: Job) -> None:
        super().__init__(what)
        self.what = what
        self.job = job


@dataclass
class Job:
    """A job as it is recorded. Times are seconds since the epoch, ``memory`` is in bytes."""

    id: str
    owner: str
    org: str
    project: str
    name: str | None
    submit_tag: str | None
    stage: str
    status: str
    statuses: list[dict[str, Any]]
    created: float
    cpu: float
    memory: int
    gpu: int
    priority: int
    life_minutes: int | None
    request: dict[str, Any]
    """The checked submit: container, tags, description, preset_name, image_note …"""
    started: float | None = None
    finished: float | None = None
    stage_since: float = 0.0
    seq: int = 0
    tags: list[str] = field(default_factory=list)

    @property
    def last(self) -> dict[str, Any]:
        """The newest item of the status history."""
        return self.statuses[-1]


def _job(row: sqlite3.Row) -> Job:
    values = dict(row)
    values["statuses"] = json.loads(values["statuses"])
    values["request"] = json.loads(values["request"])
    return Job(**values, tags=values["request"]["tags"])


class Store:
    """Reads and writes jobs. Every method that writes is durable when it returns."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        db.executescript(SCHEMA)

    def add(self, job: Job) -> None:
        """Record a new job. Raises `Taken` for its submit tag or its name."""
        with transaction(self._db):
            if job.submit_tag is not None:
                same = self._one("owner = ? AND submit_tag = ?", (job.owner, job.submit_tag))
                if same is not None:
                    raise Taken("submit_tag", same)
            if job.name is not None:
                active = self._one(
                    "org = ? AND project = ? AND name = ? AND status IN ('pending', 'running', 'suspended')",
                    (job.org, job.project, job.name),
                )
                if active is not None:
                    raise Taken("name", active)
            cursor = self._db.execute(
                "INSERT INTO jobs (id, owner, org, project, name, submit_tag, stage, status, statuses, created, "
                "stage_since, cpu, memory, gpu, priority, life_minutes, request) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(job.id, job.owner, job.org, job.project, job.name, job.submit_tag, job.stage, job.status),
                    *(json.dumps(job.statuses), job.created, job.created, job.cpu, job.memory, job.gpu),
                    *(job.priority, job.life_minutes, json.dumps(job.request)),
                ),
            )
            assert cursor.lastrowid is not None
            job.seq = cursor.lastrowid
            job.stage_since = job.created
            self._db.executemany(
                "INSERT INTO job_tags (tag, seq) VALUES (?, ?)", [(tag, job.seq) for tag in job.tags]
            )

    def update(self, job: Job) -> None:
        """Write down what may change in a job's life."""
        self._db.execute(
            "UPDATE jobs SET stage = ?, status = ?, statuses = ?, started = ?, finished = ?, stage_since = ?, "
            "life_minutes = ? WHERE seq = ?",
            (
                *(job.stage, job.status, json.dumps(job.statuses), job.started, job.finished, job.stage_since),
                *(job.life_minutes, job.seq),
            ),
        )

    def by_id(self, job_id: str) -> Job | None:
        """The job of an ID."""
        return self._one("id = ?", (job_id,))

    def by_submit_tag(self, owner: str, tag: str) -> Job | None:
        """The job that this user submitted under a tag."""
        return self._one("owner = ? AND submit_tag = ?", (owner, tag))

    def named(self, name: str, condition: str, values: Iterable[Any]) -> Job | None:
        """The latest job of a name among those that fit an SQL condition."""
        return self._one(f"name = ? AND ({condition})", (name, *values))

    def unfinished(self) -> list[Job]:
        """Jobs with something left to do, oldest first."""
        rows = self._db.execute("SELECT * FROM jobs WHERE stage != 'ended' ORDER BY seq")
        return [_job(row) for row in rows]

    def select(self, conditions: list[str], values: list[Any], *, newest_first: bool, limit: int | None) -> list[Job]:
        """Jobs that fit all SQL conditions, by the order in which they were submitted."""
        where = " AND ".join(f"({condition})" for condition in conditions) or "1"
        order = "DESC" if newest_first else "ASC"
        rows = self._db.execute(
            f"SELECT * FROM jobs WHERE {where} ORDER BY seq {order} LIMIT ?",  # noqa: S608 - conditions are our own
            (*values, -1 if limit is None else limit),
        )
        return [_job(row) for row in rows]

    def count(self) -> int:
        """How many jobs there ever were."""
        return int(self._db.execute("SELECT count(*) FROM jobs").fetchone()[0])

    def _one(self, condition: str, values: Iterable[Any]) -> Job | None:
        row = self._db.execute(
            f"SELECT * FROM jobs WHERE {condition} ORDER BY seq DESC LIMIT 1",  # noqa: S608 - as above
            tuple(values),
        ).fetchone()
        return None if row is None else _job(row)
