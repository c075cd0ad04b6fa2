"""The wire types between the page and the server extension.

The OpenAPI document (``docs/openapi.json``) and the TypeScript types (``labextension/src/api/types.ts``) are
generated from these structs; the magics return objects built on the same ones. Times are ISO 8601 in UTC, sizes
are bytes, durations are seconds.
"""

from .error import ErrorBody, ErrorDetails
from .job import Job, JobPage, JobSubmit, LogControl, StatusItem, Volume, VolumeSpec
from .session import (
    Colleague,
    ColleagueAdd,
    ColleagueInvite,
    Folder,
    Platform,
    Preset,
    Project,
    Session,
    SignIn,
    SwitchProject,
)

__all__ = [
    "Colleague",
    "ColleagueAdd",
    "ColleagueInvite",
    "ErrorBody",
    "ErrorDetails",
    "Folder",
    "Job",
    "JobPage",
    "JobSubmit",
    "LogControl",
    "Platform",
    "Preset",
    "Project",
    "Session",
    "SignIn",
    "StatusItem",
    "SwitchProject",
    "Volume",
    "VolumeSpec",
]
