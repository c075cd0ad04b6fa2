"""The error table, with the SDK's and the file system's own exceptions."""

from __future__ import annotations

import errno

import aiohttp
import apolo_sdk
import pytest

from jupyter_neuro import errors


@pytest.mark.parametrize(
    ("raised", "kind", "status", "field"),
    [
        (apolo_sdk.IllegalArgumentError("preset_name: there is no preset 'x'"), errors.BadRequest, 400, "preset"),
        (
            apolo_sdk.IllegalArgumentError("volumes.0: storage:x is missing"),
            errors.BadRequest,
            400,
            "volumes.0",
        ),
        (apolo_sdk.IllegalArgumentError("no such job job-1"), errors.NoSuchJob, 404, None),
        (apolo_sdk.IllegalArgumentError("Not supported by this platform"), errors.Unsupported, 501, None),
        (apolo_sdk.IllegalArgumentError("job: no space left on device"), errors.DiskFull, 507, "job"),
        (apolo_sdk.ResourceNotFound('user "eve" was not found'), errors.NoSuchUser, 404, "user"),
        (apolo_sdk.ResourceNotFound("nope"), errors.NotFound, 404, None),
        (apolo_sdk.AuthenticationError("bad"), errors.NotSignedIn, 409, None),
        (apolo_sdk.ServerNotAvailable("down"), errors.Offline, 503, None),
        (apolo_sdk.BadGateway("down"), errors.PlatformError, 502, None),
        (aiohttp.ServerDisconnectedError(), errors.Offline, 503, None),
        (TimeoutError(), errors.Offline, 503, None),
        (OSError(errno.ENOSPC, "No space left on device"), errors.DiskFull, 507, None),
        (FileNotFoundError(errno.ENOENT, "No such file", "a.txt"), errors.NotFound, 404, None),
        (FileExistsError(errno.EEXIST, "File exists", "a.txt"), errors.Conflict, 409, None),
        (ValueError("odd"), errors.BadRequest, 400, None),
        (ZeroDivisionError("division by zero"), errors.PlatformError, 502, None),
    ],
)
def test_table(raised, kind, status, field):
    found = errors.translate(raised)
    assert type(found) is kind
    assert (found.status, found.field) == (status, field)
    assert found.message


def test_a_missing_right_says_which_and_whom_to_ask():
    uri = "job://default/local/bob/job-1"
    cluster = f'{{"missing": [{{"uri": "{uri}", "action": "write"}}]}}'
    embedded = f"write on {uri} is needed, and you have read there. Ask bob for it."
    for body, have in ((cluster, "nothing"), (embedded, "read")):
        found = errors.translate(apolo_sdk.AuthorizationError(body), action="Kill")
        assert isinstance(found, errors.Forbidden)
        assert found.message == f"Kill needs level write; you have {have} on {uri}."
        assert (found.details.owner, found.details.missing) == ("bob", [f"write {uri}"])


def test_our_own_errors_pass_through():
    error = errors.AmbiguousJob("two", jobs=["a", "b"])
    assert errors.translate(error) is error
    assert error.body().details.jobs == ["a", "b"]


def test_ipython_shows_two_lines():
    assert errors.Offline("Gone.", hint="Wait.")._render_traceback_() == ["Offline: Gone.", "Wait."]
