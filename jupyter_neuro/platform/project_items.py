"""What the handlers of things that belong to a project (secrets, disks) share: which project, which URI."""

from __future__ import annotations

from typing import Any

from .handler import PlatformHandler
from .uri import BadURI, Resource, decode


class ProjectItems(PlatformHandler):
    """Items of a project, with rights on ``SCHEME://CLUSTER/ORG/PROJECT/ITEM``."""

    scheme: str

    def resource(self, project: str, *item: str) -> Resource:
        """The URI of a project or of an item in it."""
        return Resource(self.scheme, (self.platform.cluster, self.platform.org, project, *item))

    def object_body(self) -> dict[str, Any]:
        """The request's JSON object, else 400."""
        body = self.json_body()
        if not isinstance(body, dict):
            self.fail(400, "The request's body is not an object.")
        return body

    def asked_for(self) -> tuple[str, str | None]:
        """Organization and, if given, project of a listing."""
        org = self.get_query_argument("org_name", "") or self.platform.org
        return org, self.get_query_argument("project_name", "") or None

    def named_in_query(self) -> str:
        """The project that the query names, else 400."""
        return self._project(self.get_query_argument("project_name", None), self.get_query_argument("org_name", None))

    def project_of(self, body: dict[str, Any]) -> str:
        """The project that a body names, else 400."""
        return self._project(body.get("project_name"), body.get("org_name"))

    def _project(self, project: Any, org: Any) -> str:
        if org not in (None, "", self.platform.org):
            self.fail(400, f"org_name: this platform has one organization, {self.platform.org}.")
        try:
            if isinstance(project, str) and project and decode(project) == project:
                return project
        except BadURI:
            pass
        self.fail(400, "project_name: say which project.")
