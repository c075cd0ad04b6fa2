"""A real Jupyter server with the extension, connected to a real embedded platform."""

# Imported here, not named in pytest_plugins of the root conftest: its autouse event-loop
# fixtures clash with the loop that playwright's sync API keeps running in tests/ui.
from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from pytest_jupyter.jupyter_core import *  # noqa: F403
from pytest_jupyter.jupyter_server import *  # noqa: F403
from tornado.httpclient import HTTPClientError

from jupyter_neuro.client import embedded


@pytest.fixture
def platform_root(tmp_path):
    """Where the embedded platform of this test lies; it is stopped at the end."""
    root = tmp_path / "platform"
    yield root
    embedded.stop(root)


@pytest.fixture
def jp_server_config(platform_root):
    return {
        "ServerApp": {
            "jpserver_extensions": {"jupyter_neuro": True},
            "allow_unauthenticated_access": False,
        },
        "NeuroExtension": {"platform": "local", "root": str(platform_root)},
    }


@pytest.fixture
def lab(jp_serverapp):
    """The extension's own state, to look behind the routes."""
    [extension] = jp_serverapp.extension_manager.extension_apps["jupyter_neuro"]
    return extension.lab


class Api:
    """Calls routes below ``neuro/api/`` and gives back status and JSON."""

    def __init__(self, jp_fetch: Any) -> None:
        self._fetch = jp_fetch

    async def __call__(self, method: str, path: str, body: Any = None, **query: Any) -> tuple[int, Any]:
        text = None if body is None and method in ("GET", "DELETE") else json.dumps(body if body is not None else {})
        try:
            answer = await self._fetch(
                "neuro", "api", *path.split("/"), method=method, body=text, params=query, request_timeout=60
            )
        except HTTPClientError as error:
            return error.code, json.loads(error.response.body)
        return answer.code, json.loads(answer.body) if answer.body else None

    async def submit(self, command: str, **more: Any) -> dict[str, Any]:
        form = {"submit_tag": uuid.uuid4().hex, "command": command, **more}
        status, job = await self("POST", "jobs", form)
        assert status == 201, job
        return job


@pytest.fixture
def api(jp_fetch, jp_serverapp):
    return Api(jp_fetch)
