"""What the flow tool keeps on the platform in its live mode: its projects, and the jobs that a flow knows."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from .db import transaction

MAX_FLOWS = 1000
"""Flows of one project."""
MAX_LIVE_JOBS = 1000
"""Jobs that one flow knows."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS flows (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, owner TEXT NOT NULL, org TEXT NOT NULL, project TEXT NOT NULL,
    UNIQUE (org, project, name)
) STRICT;
CREATE TABLE IF NOT EXISTS live_jobs (
    id TEXT PRIMARY KEY, flow TEXT NOT NULL REFERENCES flows(id) ON DELETE CASCADE, yaml_id TEXT NOT NULL,
    multi INTEGER NOT NULL, tags TEXT NOT NULL, raw_id TEXT, UNIQUE (flow, yaml_id)
) STRICT;
"""


class FlowError(Exception):
    """It cannot be kept; the text begins with the field and is for people."""


class FlowExists(FlowError):
    """The project has a flow of that name."""


@dataclass(frozen=True)
class Flow:
    """A flow: what the tool calls a project, named in its own configuration."""

    id: str
    name: str
    owner: str
    org: str
    project: str


@dataclass(frozen=True)
class LiveJob:
    """A job that a flow's configuration describes, with the tags by which its runs are found."""

    id: str
    flow: str
    yaml_id: str
    multi: bool
    tags: Sequence[str]
    raw_id: str | None


class Flows:
    """The flows of one platform."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._db.executescript(SCHEMA)

    def create(self, org: str, project: str, name: str, owner: str) -> Flow:
        """A new flow. Raises `FlowError` (`FlowExists`)."""
        flow = Flow(str(uuid.uuid4()), name, owner, org, project)
        with transaction(self._db):
            if self.named(org, project, name) is not None:
                raise FlowExists(f"name: there is already a flow {name!r} in project {project}.")
            if len(self.list(org, project)) >= MAX_FLOWS:
                raise FlowError(f"project_name: {project} has {MAX_FLOWS} flows already; delete some first.")
            self._db.execute(
                "INSERT INTO flows (id, name, owner, org, project) VALUES (?, ?, ?, ?, ?)",
                (flow.id, name, owner, org, project),
            )
        return flow

    def list(self, org: str, project: str | None = None) -> Sequence[Flow]:
        """The flows of an organization, or of one project, by project and name."""
        rows = self._db.execute(
            "SELECT * FROM flows WHERE org = ? AND ? IN ('', project) ORDER BY project, name", (org, project or "")
        )
        return [Flow(**row) for row in rows]

    def named(self, org: str, project: str, name: str) -> Flow | None:
        """The flow of a name."""
        values = (org, project, name)
        row = self._db.execute("SELECT * FROM flows WHERE org = ? AND project = ? AND name = ?", values).fetchone()
        return None if row is None else Flow(**row)

    def by_id(self, ident: str) -> Flow | None:
        """The flow of an ID."""
        row = self._db.execute("SELECT * FROM flows WHERE id = ?", (ident,)).fetchone()
        return None if row is None else Flow(**row)

    def remove(self, flow: Flow) -> None:
        """Forget a flow; runs of its jobs stay what they are."""
        self._db.execute("DELETE FROM flows WHERE id = ?", (flow.id,))

    def remove_project(self, org: str, project: str) -> None:
        """Forget all flows of a project."""
        self._db.execute("DELETE FROM flows WHERE org = ? AND project = ?", (org, project))

    def replace_live_job(
        self, flow: Flow, yaml_id: str, multi: bool, tags: Sequence[str], raw_id: str | None
    ) -> LiveJob:
        """Keep what the flow says of a job now; its ID stays. Raises `FlowError`."""
        with transaction(self._db):
            known = self.live_jobs(flow)
            if len(known) >= MAX_LIVE_JOBS and all(job.yaml_id != yaml_id for job in known):
                raise FlowError(f"yaml_id: the flow has {MAX_LIVE_JOBS} jobs already.")
            self._db.execute(
                "INSERT INTO live_jobs (id, flow, yaml_id, multi, tags, raw_id) VALUES (?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (flow, yaml_id) DO UPDATE SET multi = excluded.multi, tags = excluded.tags, "
                "raw_id = excluded.raw_id",
                (str(uuid.uuid4()), flow.id, yaml_id, int(multi), json.dumps(list(tags)), raw_id),
            )
            return next(job for job in self.live_jobs(flow) if job.yaml_id == yaml_id)

    def live_jobs(self, flow: Flow) -> Sequence[LiveJob]:
        """The jobs that a flow knows, by name."""
        rows = self._db.execute("SELECT * FROM live_jobs WHERE flow = ? ORDER BY yaml_id", (flow.id,))
        return [
            LiveJob(
                row["id"], row["flow"], row["yaml_id"], bool(row["multi"]), json.loads(row["tags"]), row["raw_id"]
            )
            for row in rows
        ]
