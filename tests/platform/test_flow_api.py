"""The flow API: what the flow tool asks for in live mode, and who may."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .process import Answer, PlatformProcess

NEW = {"name": "my_flow", "cluster": "default", "org_name": "local", "project_name": "bob"}
WHERE = "name=my_flow&cluster=default&owner=bob&org_name=local&project_name=bob"


def by_name(platform: PlatformProcess, token: str, query: str = WHERE) -> Answer:
    return platform.request("GET", f"/flow/projects/by_name?{query}", token)


def create(platform: PlatformProcess, token: str, **more: Any) -> Answer:
    return platform.request("POST", "/flow/projects", token, NEW | more)


def replace(platform: PlatformProcess, token: str, flow: str, **more: Any) -> Answer:
    job = {"project_id": flow, "yaml_id": "train", "multi": False, "tags": ["a", "b"]}
    return platform.request("PUT", "/flow/live_jobs/replace", token, job | more)


def lines(answer: Answer) -> list[Any]:
    assert answer.status == 200, answer.body
    return [json.loads(line) for line in answer.body.splitlines()]


def test_make_find_and_forget(platform: PlatformProcess) -> None:
    bob = platform.owner_token
    assert by_name(platform, bob).status == 404
    made = create(platform, bob)
    assert (made.status, made.json) == (201, NEW | {"owner": "bob", "id": made.json["id"]})
    assert by_name(platform, bob).json == made.json
    assert create(platform, bob).status == 409
    path = f"/flow/projects/{made.json['id']}"
    assert platform.request("GET", path, bob).json == made.json
    for query, count in [
        ("", 1),
        ("?name=my_flow", 1),
        ("?name=other", 0),
        ("?cluster=x", 0),
        ("?project_name=x", 0),
    ]:
        assert len(lines(platform.request("GET", f"/flow/projects{query}", bob))) == count
    assert platform.request("DELETE", path, bob).status == 204
    assert by_name(platform, bob).status == platform.request("GET", path, bob).status == 404


def test_live_jobs_are_replaced_and_keep_their_id(platform: PlatformProcess) -> None:
    bob = platform.owner_token
    flow = create(platform, bob).json["id"]
    first = replace(platform, bob, flow).json
    assert first == {"id": first["id"], "yaml_id": "train", "project_id": flow, "multi": False, "tags": ["a", "b"],
                     "raw_id": None}  # fmt: skip
    second = replace(platform, bob, flow, multi=True, tags=[], raw_id="job-1").json
    assert second == first | {"multi": True, "tags": [], "raw_id": "job-1"}
    replace(platform, bob, flow, yaml_id="other")
    told = lines(platform.request("GET", f"/flow/live_jobs?project_id={flow}", bob))
    assert [job["yaml_id"] for job in told] == ["other", "train"]
    platform.request("DELETE", f"/flow/projects/{flow}", bob)
    again = create(platform, bob).json["id"]
    assert lines(platform.request("GET", f"/flow/live_jobs?project_id={again}", bob)) == []


def test_rights(platform: PlatformProcess) -> None:
    bob, alice = platform.owner_token, platform.add_user("alice")
    flow = create(platform, bob).json["id"]
    path, uri = f"/flow/projects/{flow}", "flow://default/local/bob/my_flow"
    for answer in (
        by_name(platform, alice),
        platform.request("GET", path, alice),
        platform.request("DELETE", path, alice),
        platform.request("GET", f"/flow/live_jobs?project_id={flow}", alice),
        replace(platform, alice, flow),
        replace(platform, alice, "none"),
    ):
        assert (answer.status, answer.error) == (404, "There is no such flow.")
    assert create(platform, alice, name="hers").status == 403
    assert lines(platform.request("GET", "/flow/projects", alice)) == []
    platform.share(uri, "alice", "read", bob)
    assert by_name(platform, alice).json["id"] == flow
    assert len(lines(platform.request("GET", "/flow/projects", alice))) == 1
    assert replace(platform, alice, flow).status == platform.request("DELETE", path, alice).status == 403
    platform.share(uri, "alice", "write", bob)
    assert replace(platform, alice, flow).status == 200
    assert platform.request("DELETE", path, alice).status == 204
    create(platform, bob)
    assert by_name(platform, alice).status == 404


@pytest.mark.parametrize(
    ("more", "field"),
    [({"name": name}, "name") for name in (None, "", "a/b", "..", "x" * 257, 7)]
    + [({"project_name": None}, "project_name"), ({"cluster": "x"}, "cluster"), ({"org_name": "x"}, "org_name")],
)
def test_bad_flows(shared_platform: PlatformProcess, more: dict[str, Any], field: str) -> None:
    answer = create(shared_platform, shared_platform.owner_token, **more)
    assert (answer.status, answer.error.startswith(field)) == (400, True), answer.error


def test_bad_live_jobs(platform: PlatformProcess) -> None:
    bob = platform.owner_token
    flow = create(platform, bob).json["id"]
    for more in (
        {"yaml_id": ""}, {"yaml_id": None}, {"multi": 1}, {"multi": None}, {"tags": "a"}, {"tags": [1]},
        {"tags": ["x"] * 101}, {"raw_id": 1},
    ):  # fmt: skip
        answer = replace(platform, bob, flow, **more)
        assert (answer.status, answer.error.partition(":")[0]) == (400, next(iter(more))), answer.error
    assert replace(platform, bob, "none", project_id=[]).status == 404
    assert lines(platform.request("GET", f"/flow/live_jobs?project_id={flow}", bob)) == []


def test_batch_mode_is_refused_in_a_sentence(shared_platform: PlatformProcess) -> None:
    for path in ("bakes?project_id=x", "cache_entries", "bakes/by_name", "attempts/by_number"):
        answer = shared_platform.request("GET", f"/flow/{path}", shared_platform.owner_token)
        assert (answer.status, answer.error) == (400, "Not supported by this platform")
