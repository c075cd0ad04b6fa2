"""Who and where, colleagues, signing in and out, through the routes."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import stat
import time

from jupyter_neuro.client import connection, embedded
from jupyter_neuro.client.connection import SERVER_VARIABLE


async def test_this_computer(api, platform_root, jp_serverapp):
    status, session = await api("GET", "session")
    assert (status, session["state"]) == (200, "ready"), session
    assert session["platform"]["kind"] == "local"
    assert session["platform"]["title"] == "This computer"
    assert session["platform"]["owner"] is True
    assert session["user"] == session["project"]
    assert session["images"] == ["this-computer"]
    assert "cpu-small" in [preset["name"] for preset in session["presets"]]
    token = embedded.owner_token(platform_root)
    assert token not in json.dumps(session)
    # what the kernels of this server read: no token in it either
    target = connection.read_entry(os.environ[SERVER_VARIABLE])
    assert target is not None and target.root == str(platform_root)


async def test_first_start_ends_when_a_page_looks(api):
    assert (await api("GET", "session"))[1].get("first_start") is True
    assert (await api("POST", "attention", {"visible": True}))[0] == 204
    assert not (await api("GET", "session"))[1].get("first_start", False)
    assert (await api("POST", "attention", {"visible": "yes"}))[1]["details"]["field"] == "visible"


async def test_a_colleague_signs_in_with_the_line(api, platform_root):
    await api("GET", "session")
    status, invite = await api("POST", "session/colleagues", {"name": "alice"})
    assert status == 201
    assert (await api("POST", "session/colleagues", {"name": "alice"}))[0] == 409
    for bad in ("", "Alice Smith", "a" * 41, "../x"):
        status, error = await api("POST", "session/colleagues", {"name": bad})
        assert status == 400 and error["details"]["field"] == "name", (bad, error)
    _, people = await api("GET", "session/colleagues")
    assert {"alice"} < {item["name"] for item in people["items"]}

    status, session = await api("POST", "session", {"line": invite["line"]})
    assert (status, session["user"], session["project"]) == (200, "alice", "alice"), session
    assert session["platform"]["kind"] == "local" and not session["platform"].get("owner", False)
    assert (await api("GET", "session/colleagues"))[0] == 403
    assert (await api("POST", "session/colleagues", {"name": "eve"}))[0] == 403

    status, session = await api("DELETE", "session")
    assert (status, session["state"]) == (200, "signed-out")
    assert (await api("GET", "jobs"))[1]["code"] == "not-signed-in"
    status, session = await api("POST", "session/local")
    assert session["state"] == "ready" and session["user"] != "alice"


async def test_a_wrong_line_keeps_what_was_there(api, platform_root):
    _, before = await api("GET", "session")
    url = before["platform"]["url"]
    token = embedded.owner_token(platform_root)
    head, _, signature = token.rpartition(".")
    forged = f"{head}.{signature[:-4]}AAAA"
    for line, code, field in [
        ("", "bad-request", "url"),
        ("not a line", "bad-request", "line"),
        ("x" * 140_000, "bad-request", "line"),
        ("a." * 4_000, "bad-request", "line"),
        (url, "bad-request", "line"),
        (f"{url} {forged}", "bad-token", "line"),
        (f"http://127.0.0.1:1/api/v1 {forged}", "not-a-platform", "line"),
    ]:
        status, error = await api("POST", "session", {"line": line})
        assert (status, error["code"], error["details"]["field"]) == (400, code, field), (line, error)
    _, after = await api("GET", "session")
    assert after["user"] == before["user"]


async def test_our_files_are_private(api, jp_data_dir):
    await api("GET", "session")
    ours = jp_data_dir / "neuro"
    assert stat.S_IMODE(ours.stat().st_mode) == 0o700
    for path in ours.rglob("*"):
        mode = stat.S_IMODE(path.lstat().st_mode)
        assert not path.is_file() or not mode & 0o077, path


async def test_project_switch_names_what_is_wrong(api):
    await api("GET", "session")
    status, error = await api("PUT", "session/project", {"project": "nope"})
    assert (status, error["details"]["field"]) == (404, "project")
    _, session = await api("GET", "session")
    assert (await api("PUT", "session/project", {"project": session["project"]}))[0] == 200


async def _until(check, seconds=30.0):
    end = time.monotonic() + seconds
    while not (found := await check()):
        assert time.monotonic() < end, "did not happen"
        await asyncio.sleep(0.1)
    return found


async def test_a_platform_that_broke_down_is_started_again(api, platform_root):
    _, before = await api("GET", "session")
    job = await api.submit("sleep 600")
    os.kill(embedded.runtime(platform_root).pid, signal.SIGKILL)

    async def running_again():
        status, page = await api("GET", "jobs")
        return status == 200 and page["items"][0]["status"] == "running" and not page.get("stale")

    await _until(running_again)
    status, after = await api("GET", f"jobs/{job['id']}")
    assert (status, after["status"]) == (200, "running")
    assert (await api("GET", "session"))[1]["platform"]["url"] == before["platform"]["url"]
    assert (await api("DELETE", f"jobs/{job['id']}"))[0] == 204


async def test_a_platform_that_was_stopped_stays_so_until_it_is_needed(api, platform_root, lab):
    await api("GET", "session")
    await api("GET", "jobs")
    embedded.stop(platform_root)
    lab.attend(True)

    async def stale():
        status, page = await api("GET", "jobs")
        return (status == 503 and page["code"] == "offline") or page.get("stale")

    await _until(stale)
    assert embedded.runtime(platform_root) is None
    assert (await api("GET", "session"))[1]["state"] == "ready"
    assert embedded.runtime(platform_root) is not None


async def test_a_platform_that_hangs_is_told_apart_from_one_that_answers(api, platform_root, lab, monkeypatch):
    from jupyter_neuro.services import poller

    monkeypatch.setattr(poller, "SILENCE", 1.0)
    await api("GET", "session")
    await api("GET", "jobs")
    lab.attend(True)
    pid = embedded.runtime(platform_root).pid

    async def stale():
        return (await api("GET", "jobs"))[1].get("stale") or None

    async def fresh():
        return not (await api("GET", "jobs"))[1].get("stale")

    job = await api.submit("sleep 100")
    os.kill(pid, signal.SIGSTOP)
    try:
        await _until(stale)
    finally:
        os.kill(pid, signal.SIGCONT)
    await _until(fresh)
    assert (await api("DELETE", f"jobs/{job['id']}"))[0] == 204
