"""``API/flow``: what the flow tool asks for in its live mode. Batch mode (bakes) is not supported."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from .context import API
from .flow import Flow, FlowError, FlowExists, LiveJob
from .handler import NotSupported
from .permissions import Action
from .project_items import ProjectItems
from .uri import BadURI, Resource, decode

FLOW = f"{API}/flow"
_MAX_NAME = 256
_MAX_TAGS = 100


class FlowHandler(ProjectItems):
    """What the handlers below share."""

    scheme = "flow"

    def uri(self, flow: Flow) -> Resource:
        """The URI of a flow."""
        return self.resource(flow.project, flow.name)

    def found(self, flow: Flow | None, action: Action) -> Flow:
        """The flow, if the user has a right on it. One of which nothing is shared does not exist."""
        if flow is None or not self.platform.permissions.allows(self.user, self.uri(flow), Action.READ):
            self.no_such()
        self.require(self.uri(flow), action)
        return flow

    def no_such(self) -> NoReturn:
        """404."""
        self.fail(404, "There is no such flow.")

    def text(self, value: Any, field: str) -> str:
        """A name that can stand in a URI, else 400."""
        try:
            if isinstance(value, str) and value and len(value) <= _MAX_NAME and decode(value) == value:
                return value
        except BadURI:
            pass
        self.fail(400, f"{field}: a name of 1 to {_MAX_NAME} characters without slashes is needed.")

    def cluster(self, value: Any) -> None:
        """400 for another cluster."""
        if value not in (None, "", self.platform.cluster):
            self.fail(400, f"cluster: this platform has one cluster, {self.platform.cluster}.")

    def json(self, flow: Flow) -> dict[str, Any]:
        """A flow as the tool reads it."""
        return {
            "id": flow.id,
            "name": flow.name,
            "owner": flow.owner,
            "cluster": self.platform.cluster,
            "org_name": flow.org,
            "project_name": flow.project,
        }

    def lines(self, items: list[dict[str, Any]]) -> None:
        """A list, one object a line."""
        self.set_header("Content-Type", "application/x-ndjson")
        self.finish("".join(json.dumps(item) + "\n" for item in items))


class Projects(FlowHandler):
    """``flow/projects``."""

    def get(self) -> None:
        """The flows that the user may read."""
        org, project = self.asked_for()
        name = self.get_query_argument("name", "")
        if self.get_query_argument("cluster", self.platform.cluster) != self.platform.cluster:
            return self.lines([])
        access = self.platform.permissions.access(self.user)
        self.lines(
            [
                self.json(flow)
                for flow in self.platform.flows.list(org, project)
                if name in ("", flow.name) and access.allows(self.uri(flow), Action.READ)
            ]
        )

    def post(self) -> None:
        """Make one."""
        body = self.object_body()
        project = self.project_of(body)
        self.cluster(body.get("cluster"))
        name = self.text(body.get("name"), "name")
        self.require(self.resource(project, name), Action.WRITE)
        try:
            flow = self.platform.flows.create(self.platform.org, project, name, self.user)
        except FlowExists as problem:
            self.fail(409, str(problem))
        except FlowError as problem:
            self.fail(400, str(problem))
        self.platform.audit.write(self.user, self.address, "create-flow", str(self.uri(flow)))
        self.send_json(self.json(flow), 201)


class ByName(FlowHandler):
    """``flow/projects/by_name``."""

    def get(self) -> None:
        """The flow of a name in a project; who made it makes no difference."""
        project = self.named_in_query()
        self.cluster(self.get_query_argument("cluster", None))
        name = self.text(self.get_query_argument("name", None), "name")
        flow = self.found(self.platform.flows.named(self.platform.org, project, name), Action.READ)
        self.send_json(self.json(flow))


class OneProject(FlowHandler):
    """``flow/projects/ID``."""

    def get(self, ident: str) -> None:
        """Tell it."""
        self.send_json(self.json(self.found(self.platform.flows.by_id(ident), Action.READ)))

    def delete(self, ident: str) -> None:
        """Forget it, and who it was shared with. Jobs run on."""
        flow = self.found(self.platform.flows.by_id(ident), Action.WRITE)
        self.platform.flows.remove(flow)
        self.platform.permissions.forget(self.uri(flow))
        self.platform.audit.write(self.user, self.address, "remove-flow", str(self.uri(flow)))
        self.set_status(204)


class LiveJobs(FlowHandler):
    """``flow/live_jobs``."""

    def get(self) -> None:
        """The jobs that a flow knows."""
        ident = self.get_query_argument("project_id", "")
        flow = self.found(self.platform.flows.by_id(ident), Action.READ)
        self.lines([_job(job) for job in self.platform.flows.live_jobs(flow)])


class ReplaceLiveJob(FlowHandler):
    """``flow/live_jobs/replace``."""

    def put(self) -> None:
        """Keep what the flow's configuration says of a job now."""
        body = self.object_body()
        ident, multi, raw = body.get("project_id"), body.get("multi"), body.get("raw_id")
        flow = self.found(self.platform.flows.by_id(ident) if isinstance(ident, str) else None, Action.WRITE)
        yaml_id = self.text(body.get("yaml_id"), "yaml_id")
        if not isinstance(multi, bool):
            self.fail(400, "multi: true or false is needed.")
        tags = body.get("tags")
        if (
            not isinstance(tags, list)
            or len(tags) > _MAX_TAGS
            or not all(isinstance(tag, str) and len(tag) <= _MAX_NAME for tag in tags)
        ):
            self.fail(400, f"tags: a list of at most {_MAX_TAGS} texts of at most {_MAX_NAME} characters is needed.")
        if raw is not None and (not isinstance(raw, str) or len(raw) > _MAX_NAME):
            self.fail(400, "raw_id: the ID of a job is needed, or nothing.")
        try:
            job = self.platform.flows.replace_live_job(flow, yaml_id, multi, tags, raw)
        except FlowError as problem:
            self.fail(400, str(problem))
        self.send_json(_job(job))


def _job(job: LiveJob) -> dict[str, Any]:
    return {
        "id": job.id,
        "yaml_id": job.yaml_id,
        "project_id": job.flow,
        "multi": job.multi,
        "tags": list(job.tags),
        "raw_id": job.raw_id,
    }


routes: list[tuple[str, type]] = [
    (FLOW + r"/projects", Projects),
    (FLOW + r"/projects/by_name", ByName),
    (FLOW + r"/projects/([^/]+)", OneProject),
    (FLOW + r"/live_jobs", LiveJobs),
    (FLOW + r"/live_jobs/replace", ReplaceLiveJob),
    (FLOW + r"(?:/.*)?", NotSupported),
]
