"""``GET API/config``: where everything is, and what the signed-in user may use."""

from __future__ import annotations

import shutil
from typing import Any

from .._version import __version__
from .context import API, BUCKETS, DISKS, MONITORING, SECRETS, STORAGE, VCLUSTER
from .handler import PlatformHandler
from .jobs.presets import cpu_count, gpus, memory_bytes, presets
from .permissions import Action
from .uri import parse

_ROLES = {Action.WRITE: "writer", Action.MANAGE: "manager"}


class Config(PlatformHandler):
    """The configuration.

    Clusters and projects go to the signed-in alone: a client that is not signed in and sees a cluster takes the
    platform for one without accounts and makes up a token.
    """

    anonymous = True

    def get(self) -> None:
        """Answer what the client's parser requires, and our version."""
        url = self.platform.url
        answer: dict[str, Any] = {
            "authorized": bool(self.user),
            # required by the client; people sign in with a token, and these pages say so
            "auth_url": f"{url}/sign-in",
            "token_url": f"{url}/sign-in",
            "logout_url": f"{url}/sign-in",
            "headless_callback_url": f"{url}/sign-in",
            "client_id": "jupyter_neuro",
            "audience": "jupyter_neuro",
            # clients without it fail on an assertion; there, they are told that it is not supported
            "vcluster_url": url + VCLUSTER,
            "clusters": [],
            "projects": [],
            "embedded_platform": {"version": __version__},
        }
        if self.user:
            answer["clusters"] = [self._cluster()]
            answer["projects"] = self._projects()
        self.send_json(answer)

    def _cluster(self) -> dict[str, Any]:
        platform = self.platform
        pool: dict[str, Any] = {
            "name": "this-computer",
            "min_size": 1,
            "max_size": 1,
            "cpu": cpu_count(),
            "memory": memory_bytes(),
            "disk_size": shutil.disk_usage(platform.root.storage).total,
        }
        models = gpus()
        if models:
            pool["nvidia_gpu"] = {"count": len(models), "model": models[0]}
        return {
            "name": platform.cluster,
            "orgs": [platform.org],
            "registry_url": platform.url,
            "storage_url": platform.url + STORAGE,
            "users_url": platform.api_url,
            "monitoring_url": platform.url + MONITORING,
            "secrets_url": platform.url + SECRETS,
            "disks_url": platform.url + DISKS,
            "buckets_url": platform.url + BUCKETS,
            "resource_pool_types": [pool],
            "resource_presets": presets(),
        }

    def _projects(self) -> list[dict[str, str]]:
        """The user's own project, and those in which he may do everything that working there takes.

        Not every project of which something is shared: a client signing in makes the first one by name its
        current project, and would run a newcomer's jobs in a colleague's.
        """
        platform, user = self.platform, self.user
        found = {user: "owner"}
        for permission in platform.permissions.visible_roots(user, "storage"):
            resource = parse(permission.uri)
            if len(resource.parts) != 3 or resource.parts[2] == user:
                continue
            jobs = platform.permissions.action(user, resource._replace(scheme="job"))
            level = min(permission.action, jobs or Action.DENY)
            if level in _ROLES:
                found[resource.parts[2]] = _ROLES[level]
        return [
            {"name": name, "cluster_name": platform.cluster, "org_name": platform.org, "role": role}
            for name, role in found.items()
        ]


class SignInPage(PlatformHandler):
    """Where a client's browser sign-in ends up."""

    anonymous = True

    def get(self) -> None:
        """Say how it is done here."""
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(
            "This platform has no sign-in page. Sign in with a token:\n\n"
            f"  apolo config login-with-token TOKEN {self.platform.api_url}\n\n"
            "The owner of this computer's platform makes one with: jupyter neuro user add NAME\n"
        )


routes: list[tuple[str, type]] = [(API + r"/config", Config), (r"/sign-in", SignInPage)]
