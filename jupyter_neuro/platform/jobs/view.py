"""A job as the API tells it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ..uri import Resource
from .store import TERMINAL, Job

RESTARTS = "Restarting"


def uri(job: Job, cluster: str) -> Resource:
    """The job's own URI."""
    return Resource("job", (cluster, job.org, job.project, job.id))


def named_uri(job: Job, cluster: str) -> Resource | None:
    """The URI that every run of the job's name shares."""
    return Resource("job", (cluster, job.org, job.project, job.name)) if job.name else None


def iso(moment: float) -> str:
    """A time as the API writes it: ISO 8601 in UTC."""
    return datetime.fromtimestamp(moment, UTC).isoformat()


def to_json(job: Job, cluster: str, now: float) -> dict[str, Any]:
    """The job JSON of ``platform-api``. ``now`` in seconds since the epoch, for the run time so far."""
    request = job.request
    answer: dict[str, Any] = {
        "id": job.id,
        "owner": job.owner,
        "cluster_name": cluster,
        "org_name": job.org,
        "project_name": job.project,
        "namespace": "",
        "status": job.status,
        "statuses": [_item(item) for item in job.statuses],
        "history": _history(job, now),
        "container": request["container"],
        "uri": str(uri(job, cluster)),
        "tags": job.tags,
        "scheduler_enabled": False,
        "preemptible_node": False,
        "pass_config": False,
        "privileged": False,
        "materialized": True,
        "being_dropped": False,
        "logs_removed": False,
        "restart_policy": "never",
        "priority": request["priority"],
        "total_price_credits": "0",
        "price_credits_per_hour": "0",
    }
    for key in ("preset_name", "description", "image_note", "schedule_timeout"):
        if request.get(key) is not None:
            answer[key] = request[key]
    if job.name:
        answer["name"] = job.name
    if job.life_minutes is not None:
        answer["max_run_time_minutes"] = job.life_minutes
    return answer


def _history(job: Job, now: float) -> dict[str, Any]:
    last = job.last
    history: dict[str, Any] = {
        "status": job.status,
        "reason": last.get("reason") or "",
        "description": last.get("description") or "",
        "created_at": iso(job.created),
        "run_time_seconds": 0,
        "restarts": sum(item.get("reason") == RESTARTS for item in job.statuses),
    }
    if job.started is not None:
        history["started_at"] = iso(job.started)
        end = job.finished if job.finished is not None else now
        history["run_time_seconds"] = max(0, int(end - job.started))
    if job.status in TERMINAL and job.finished is not None:
        # a job that never ran started when it ended, as on a cluster
        history.setdefault("started_at", iso(job.finished))
        history["finished_at"] = iso(job.finished)
    if last.get("exit_code") is not None:
        history["exit_code"] = last["exit_code"]
    return history


def _item(item: dict[str, Any]) -> dict[str, Any]:
    answer = {
        "status": item["status"],
        "transition_time": iso(item["time"]),
        "reason": item.get("reason") or "",
        "description": item.get("description") or "",
    }
    if item.get("exit_code") is not None:
        answer["exit_code"] = item["exit_code"]
    return answer
