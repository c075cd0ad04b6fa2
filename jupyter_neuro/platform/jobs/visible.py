"""Which jobs a user may see, as a condition on the table of jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..uri import parse

if TYPE_CHECKING:
    from ..context import Platform


def visible_jobs(platform: Platform, user: str) -> tuple[str, list[Any]]:
    """An SQL condition and its values, true for the jobs on which the user has at least ``read``.

    A right holds through the job's own URI, the URI of its name, its project, its organization or the cluster.
    """
    projects: list[Any] = []
    leaves: list[Any] = []
    for permission in platform.permissions.visible_roots(user, "job"):
        cluster, *parts = parse(permission.uri).parts or ("",)
        if cluster != platform.cluster or len(parts) > 3:
            continue
        if not parts:
            return "1", []
        if len(parts) == 1:
            if parts[0] == platform.org:
                return "1", []
        elif len(parts) == 2:
            projects += parts
        else:
            leaves += parts
    conditions, values = ["0"], []
    if projects:
        conditions.append(f"(org, project) IN (VALUES {_rows(projects, 2)})")
        values += projects
    if leaves:
        rows = _rows(leaves, 3)
        conditions.append(f"(org, project, id) IN (VALUES {rows}) OR (org, project, name) IN (VALUES {rows})")
        values += [*leaves, *leaves]
    return " OR ".join(conditions), values


def _rows(values: list[Any], width: int) -> str:
    row = "(" + ", ".join("?" * width) + ")"
    return ", ".join([row] * (len(values) // width))
