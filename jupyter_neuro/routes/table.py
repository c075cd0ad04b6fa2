"""All routes in one table: what is registered, what the OpenAPI document says, what the tests walk through."""

from __future__ import annotations

from typing import Any, NamedTuple

from tornado.web import RequestHandler

from ..schemas import (
    ColleagueAdd,
    ColleagueInvite,
    Job,
    JobPage,
    JobSubmit,
    LogControl,
    Session,
    SignIn,
    SwitchProject,
)
from . import job_logs, jobs, session


class Operation(NamedTuple):
    """One verb: what it does, the body it takes, what it answers (none: 204), its query parameters."""

    summary: str
    answer: type | None = None
    body: type | None = None
    status: int = 200
    query: tuple[tuple[str, dict[str, Any]], ...] = ()
    media: str = "application/json"


class Route(NamedTuple):
    """``path`` as OpenAPI writes it, below ``neuro/api/``; a ``{parameter}`` may hold anything but a slash."""

    path: str
    handler: type[RequestHandler]
    operations: dict[str, Operation]

    @property
    def pattern(self) -> str:
        """The regular expression for tornado."""
        parts = [r"([^/]+)" if part.startswith("{") else part for part in self.path.split("/")]
        return "/".join(parts)


_TEXT = {"type": "string"}
_LIST = (
    ("owner", {"type": "string", "enum": ["mine", "shared", "all"], "default": "mine"}),
    ("status", {"type": "array", "items": _TEXT}),
    ("q", _TEXT),
    ("limit", {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}),
    ("after", _TEXT),
)
_LOG = (("since", {"type": "string", "format": "date-time"}), ("timestamps", {"type": "boolean"}))

ROUTES: list[Route] = [
    Route(
        "session",
        session.SessionHandler,
        {
            "get": Operation("Who and where I am; connects the platform", Session),
            "post": Operation("Sign in with an address and a token", Session, SignIn),
            "delete": Operation("Sign out", Session),
        },
    ),
    Route("session/local", session.LocalHandler, {"post": Operation("Use this computer", Session)}),
    Route(
        "session/cluster",
        session.ClusterHandler,
        {"post": Operation("Use the command line's sign-in to a cluster", Session)},
    ),
    Route(
        "session/project",
        session.ProjectHandler,
        {"put": Operation("Make another project the current one", Session, SwitchProject)},
    ),
    Route(
        "session/colleagues",
        session.ColleaguesHandler,
        {
            "get": Operation("The accounts of this computer's platform", session.Colleagues),
            "post": Operation("Add a colleague", ColleagueInvite, ColleagueAdd, 201),
        },
    ),
    Route(
        "session/colleagues/{name}",
        session.ColleagueHandler,
        {"delete": Operation("End a colleague's account", status=204)},
    ),
    Route(
        "attention",
        session.AttentionHandler,
        {"post": Operation("Say whether the panel can be seen", None, session.Attention, 204)},
    ),
    Route(
        "jobs",
        jobs.JobsHandler,
        {
            "get": Operation("A page of jobs", JobPage, query=_LIST),
            "post": Operation("Start a job, once for its submit tag", Job, JobSubmit, 201),
        },
    ),
    Route(
        "jobs/{job}",
        jobs.JobHandler,
        {
            "get": Operation("One job by ID, name or URI", Job),
            "delete": Operation("Kill a job", status=204),
        },
    ),
    Route(
        "jobs/{job}/log",
        jobs.JobLogHandler,
        {"get": Operation("The whole log as a file", str, media="text/plain")},
    ),
    Route(
        "jobs/{job}/logs",
        job_logs.JobLogSocket,
        {"get": Operation("Websocket: the log, live", LogControl, status=101, query=_LOG)},
    ),
]
