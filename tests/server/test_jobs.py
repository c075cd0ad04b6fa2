"""Jobs through the routes of a real Jupyter server and a real embedded platform."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from urllib.parse import quote

import pytest
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect


async def until(check, seconds=30.0):
    """Wait for what ``check`` (async) gives back to be true."""
    end = time.monotonic() + seconds
    while True:
        found = await check()
        if found:
            return found
        assert time.monotonic() < end, "did not happen"
        await asyncio.sleep(0.1)


async def ended(api, job_id):
    async def check():
        _, job = await api("GET", f"jobs/{job_id}")
        return job if job["status"] not in ("pending", "running", "suspended") else None

    return await until(check)


@pytest.fixture
def follow(jp_http_port, jp_base_url, jp_auth_header):
    async def run(job_id):
        url = f"ws://127.0.0.1:{jp_http_port}{jp_base_url}neuro/api/jobs/{job_id}/logs"
        socket = await websocket_connect(HTTPRequest(url, headers=jp_auth_header))
        log, control = b"", []
        while True:
            message = await asyncio.wait_for(socket.read_message(), 30)
            if message is None:
                return log, control
            if isinstance(message, bytes):
                log += message
                await socket.write_message(json.dumps({"ack": len(log)}))
            else:
                control.append(json.loads(message))

    return run


async def test_a_job_from_submit_to_its_log(api, follow):
    job = await api.submit("echo hello from a job", name="hello")
    assert (job["name"], job["image"], job.get("mine", True)) == ("hello", "this-computer", True)
    log, control = await follow(job["id"])
    assert b"hello from a job" in log
    assert [each["type"] for each in control] == ["start", "end"]
    assert control[-1]["status"] == "succeeded"
    job = await ended(api, job["id"])
    assert (job["status"], job["exit_code"]) == ("succeeded", 0)
    assert not any(tag.startswith("neuro-submit") for tag in job.get("tags", []))

    async def listed():
        _, page = await api("GET", "jobs")
        return page if page["items"] and page["items"][0]["status"] == "succeeded" else None

    page = await until(listed)
    assert [each["id"] for each in page["items"]] == [job["id"]]
    assert (page["running"], page["pending"], page["total"]) == (0, 0, 1)


async def test_the_same_tag_never_starts_a_second_job(api):
    tag = uuid.uuid4().hex
    form = {"submit_tag": tag, "command": "true"}
    answers = await asyncio.gather(*(api("POST", "jobs", form) for _ in range(5)))
    assert {status for status, _ in answers} == {201}
    assert len({job["id"] for _, job in answers}) == 1


async def test_sharing_that_failed_is_made_up_for_by_sending_again(api):
    await api("GET", "session")
    form = {"submit_tag": uuid.uuid4().hex, "command": "true", "share": {"nobody-here": "read"}}
    status, error = await api("POST", "jobs", form)
    assert (status, error["details"]["field"]) == (409, "share")
    assert (await api("POST", "session/colleagues", {"name": "alice"}))[0] == 201
    status, job = await api("POST", "jobs", {**form, "share": {"alice": "read"}})
    assert (status, [job["id"]]) == (201, error["details"]["jobs"])
    status, again = await api("POST", "session/colleagues", {"name": "alice"})
    assert (status, again["details"]["field"]) == (409, "name") and "user token alice" in again["hint"]


async def test_kill(api):
    job = await api.submit("sleep 600")

    async def running():
        _, found = await api("GET", f"jobs/{job['id']}")
        return found["status"] == "running"

    await until(running)
    status, _ = await api("DELETE", f"jobs/{job['id']}")
    assert status == 204
    found = await ended(api, job["id"])
    assert (found["status"], found["reason"]) == ("cancelled", "UserRequested")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"preset": "gpu-huge"}, "preset"),
        ({"name": "Bad Name"}, "name"),
        ({"name": "ab"}, "name"),
        ({"command": "echo 'open"}, "command"),
        ({"command": ""}, "command"),
        ({"command": "x" * 70_000}, "command"),
        ({"env": {f"A{number}": "x" * 100_000 for number in range(3)}}, "env"),
        ({"image": ""}, "image"),
        ({"image": "image:never-built:v1"}, "image"),
        ({"env": {"A B": "1"}}, "env"),
        ({"tags": ["a b"]}, "tags.0"),
        ({"life_span": 5}, "life_span"),
        ({"volumes": [{"storage": "storage:nowhere", "mount": "/data"}]}, "volumes.0"),
        ({"volumes": [{"storage": "storage:", "mount": "data"}]}, "volumes.0"),
        ({"volumes": [{"storage": "disk:x", "mount": "/data"}]}, "volumes.0"),
        (
            {"volumes": [{"storage": "storage:", "mount": "/a"}, {"storage": "storage:", "mount": "/a/"}]},
            "volumes.1",
        ),
        ({"volumes": [{"storage": "storage://default/bob/x", "mount": "/a"}]}, "volumes.0"),
        ({"volumes": [{"storage": "storage:"}]}, "volumes.0.mount"),
        ({"nonsense": 1}, "nonsense"),
        ({"env": {"A": 1}}, "env"),
    ],
)
async def test_bad_input_names_its_field(api, more, field):
    form = {"submit_tag": uuid.uuid4().hex, "command": "true", **more}
    status, error = await api("POST", "jobs", form)
    assert status == 400, error
    assert error["code"] == "bad-request"
    assert error["details"]["field"] == field or error["details"]["field"].startswith(f"{field}."), error
    assert error["message"].endswith(".")
    _, page = await api("GET", "jobs")
    assert page["total"] == 0


async def test_not_json_and_bad_lists(api, jp_fetch):
    assert (await api("GET", "jobs", limit="0"))[1]["details"]["field"] == "limit"
    assert (await api("GET", "jobs", limit="many"))[0] == 400
    assert (await api("GET", "jobs", status="bogus"))[1]["details"]["field"] == "status"
    assert (await api("GET", "jobs", owner="eve"))[0] == 400
    assert (await api("GET", "jobs", after="zz"))[0] == 400


@pytest.mark.parametrize("ref", ["%00", "%20", "..%2F..", "a%0Ab", "%E2%80%AE", "job:%2F%2F", "job%3A%00"])
async def test_odd_references_are_no_job(api, http_server_client, jp_base_url, jp_auth_header, ref):
    await ended(api, (await api.submit("true"))["id"])
    url = f"{jp_base_url}neuro/api/jobs/{ref}"
    answer = await http_server_client.fetch(url, headers=jp_auth_header, raise_error=False)
    assert answer.code in (400, 404), answer.body


async def test_unknown_job_is_404(api, follow):
    missing = f"job-{uuid.uuid4()}"
    for verb in ("GET", "DELETE"):
        status, error = await api(verb, f"jobs/{missing}")
        assert (status, error["code"]) == (404, "no-such-job")
    status, error = await api("GET", "jobs/no-such-name")
    assert (status, error["code"]) == (404, "no-such-job")
    log, control = await follow(missing)
    assert log == b""
    assert control[-1]["type"] == "error" and control[-1]["error"]["code"] == "no-such-job"


async def test_a_name_of_several_runs(api, http_server_client, jp_base_url, jp_auth_header):
    first = await api.submit("true", name="train")
    await ended(api, first["id"])
    second = await api.submit("true", name="train")
    await ended(api, second["id"])
    for ref in ("train", second["uri"], second["id"][:14]):
        url = f"{jp_base_url}neuro/api/jobs/{quote(ref, safe='')}"
        answer = await http_server_client.fetch(url, headers=jp_auth_header)
        assert json.loads(answer.body)["id"] == second["id"], ref
    status, error = await api("DELETE", "jobs/train")
    assert (status, error["code"]) == (409, "ambiguous")
    assert set(error["details"]["jobs"]) == {first["id"], second["id"]}


async def test_paging_and_etag(api, jp_fetch):
    for _ in range(3):
        await ended(api, (await api.submit("true"))["id"])

    async def all_there():
        _, page = await api("GET", "jobs")
        return page["total"] == 3 and all(job["status"] == "succeeded" for job in page["items"])

    await until(all_there)
    seen, after = [], None
    while True:
        query = {"limit": "2", **({"after": after} if after else {})}
        _, page = await api("GET", "jobs", **query)
        seen += [job["id"] for job in page["items"]]
        after = page.get("next")
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 3
    answer = await jp_fetch("neuro", "api", "jobs")
    tag = answer.headers["Etag"]
    again = await jp_fetch("neuro", "api", "jobs", headers={"If-None-Match": tag}, raise_error=False)
    assert again.code == 304


async def test_events_name_the_job(api, jp_serverapp):
    heard = []

    async def listen(logger, schema_id, data):
        heard.append((schema_id, data))

    from jupyter_neuro.events import JOB

    await api("GET", "jobs")
    jp_serverapp.event_logger.add_listener(schema_id=JOB, listener=listen)
    job = await api.submit("true")

    async def told():
        return any(data["id"] == job["id"] and data["status"] == "succeeded" for _, data in heard)

    await until(told)


async def test_the_whole_log_as_a_file(api, jp_fetch):
    job = await api.submit("echo one two three")
    await ended(api, job["id"])
    answer = await jp_fetch("neuro", "api", "jobs", job["id"], "log")
    assert b"one two three" in answer.body
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
