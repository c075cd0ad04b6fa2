"""From the SDK's description of a job to ours."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from ..schemas import Job, StatusItem, Volume
from ..schemas.job import Action, Status

if TYPE_CHECKING:
    from apolo_sdk import JobDescription, RemoteImage

SUBMIT_TAG = "neuro-submit:"
"""Prefix of the tag that makes a submit recognisable; not shown to users."""

ACTIVE: tuple[Status, ...] = ("pending", "running", "suspended")

LOST_TEXT = (
    "The computer, or the process that watched this job, stopped before the job's result was written. "
    "It was not started again."
)


def iso(time: datetime | None) -> str | None:
    """ISO 8601 in UTC, or none."""
    return time.astimezone(UTC).isoformat() if time else None


def image_name(image: RemoteImage) -> str:
    """The image as a user writes it; ``:latest`` says nothing and is left out."""
    if image._is_in_apolo_registry:
        tag = f":{image.tag}" if image.tag else ""
        return f"image://{image.cluster_name}/{image.org_name}/{image.project_name}/{image.name}{tag}"
    return image.as_docker_url().removesuffix(":latest")


def _status(status: str, reason: str) -> Status:
    # the platform's API has no word for it: the embedded platform says failed with this reason
    if status == "failed" and reason == "Lost":
        return "lost"
    return cast(Status, status)


def job_view(found: JobDescription, me: str, access: Action | None = None) -> Job:
    """One job. ``access`` is what ``me`` may do; the owner may do everything."""
    history, container = found.history, found.container
    statuses = [
        StatusItem(
            status=_status(item.status.value, item.reason or ""),
            time=iso(item.transition_time) or "",
            reason=item.reason or "",
            description=item.description or "",
            exit_code=item.exit_code,
        )
        for item in history.transitions
    ]
    status = _status(found.status.value, history.reason or "")
    mine = found.owner == me
    words = [part for part in (container.entrypoint, container.command) if part]
    created = history.created_at
    notes = [item.description for item in statuses if item.description.startswith("host system instead of")]
    return Job(
        id=found.id,
        uri=str(found.uri),
        owner=found.owner,
        status=status,
        created_at=iso(created) or (statuses[0].time if statuses else ""),
        image=image_name(container.image),
        name=found.name,
        preset=found.preset_name,
        project=found.project_name,
        cluster=found.cluster_name,
        command=" ".join(words) or None,
        description=found.description,
        started_at=iso(history.started_at),
        finished_at=iso(history.finished_at),
        exit_code=None if status == "lost" else history.exit_code,
        reason=history.reason or "",
        message=LOST_TEXT if status == "lost" else (history.description or ""),
        tags=[tag for tag in found.tags if not tag.startswith(SUBMIT_TAG)],
        env=dict(container.env),
        secret_env={name: str(uri) for name, uri in container.secret_env.items()},
        volumes=[
            Volume(storage=str(item.storage_uri), mount=item.container_path, read_only=item.read_only)
            for item in container.volumes
        ],
        life_span=int(found.life_span) if found.life_span else None,
        restarts=history.restarts,
        cpu=container.resources.cpu,
        memory=container.resources.memory,
        http_url=str(found.http_url) or None,
        statuses=statuses,
        mine=mine,
        access="manage" if mine else (access or "read"),
        image_note=notes[0] if notes else None,
    )
