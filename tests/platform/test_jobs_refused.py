"""Bad input: a clear error that names the field, and nothing recorded."""

from __future__ import annotations

from typing import Any

import pytest

from .jobs import Jobs, volume
from .process import PlatformProcess


@pytest.fixture(scope="module")
def bob(shared_platform: PlatformProcess) -> Jobs:
    jobs = Jobs(shared_platform, shared_platform.owner_token, "bob")
    jobs.mkdir("data")
    jobs.put("data/file", b"x")
    return jobs


@pytest.fixture(scope="module")
def alice(shared_platform: PlatformProcess) -> Jobs:
    return Jobs(shared_platform, shared_platform.add_user("alice"), "alice")


DATA = "storage://default/local/bob/data"
CASES: list[tuple[str, dict[str, Any], str]] = [
    ("preset_name", {"preset_name": "x"}, "there is no preset 'x'. Choose one of cpu-micro, cpu-small, cpu-large"),
    ("preset_name", {"preset_name": None}, "a preset is needed"),
    ("name", {"name": "A"}, "3 to 40 small letters"),
    ("name", {"name": "ab"}, "3 to 40"),
    ("name", {"name": "a--b"}, "hyphens"),
    ("name", {"name": "a\n"}, "letters"),
    ("name", {"name": "job-0c2a2678-1f29-4caa-87cd-05a494c82741"}, "ID of a job"),
    ("name", {"name": 5}, "letters"),
    ("image", {"image": None}, "an image is needed"),
    ("image", {"image": "../x"}, "not the name of an image"),
    ("image", {"image": "a b"}, "not the name of an image"),
    ("image", {"image": "image://default/local/bob/mine:v1"}, "there is no image"),
    ("command", {"command": None}, "say what to run"),
    ("command", {"command": "  "}, "say what to run"),
    ("command", {"command": "echo 'x"}, "no closing quotation"),
    ("command", {"command": "echo \0"}, "text"),
    ("command", {"command": ["echo"]}, "text"),
    ("command", {"command": "x" * 200_000}, "longer than 65536 characters"),
    ("env", {"env": {f"A{number}": "x" * 100_000 for number in range(3)}}, "longer than 256 KiB"),
    ("entrypoint", {"entrypoint": '"'}, "no closing quotation"),
    ("working_dir", {"working_dir": "here"}, "absolute"),
    ("working_dir", {"working_dir": "/a/../../b"}, ".."),
    ("env.1A", {"env": {"1A": "x"}}, "name"),
    ("env.A=B", {"env": {"A=B": "x"}}, "name"),
    ("env.A", {"env": {"A": 1}}, "text"),
    ("env.A", {"env": {"A": "x" * 200_000}}, "longer"),
    ("env", {"env": ["A=1"]}, "object"),
    ("tags", {"tags": ["a b"]}, "tag"),
    ("tags", {"tags": [""]}, "tag"),
    ("tags", {"tags": "a"}, "list"),
    ("tags", {"tags": ["neuro-submit:aaaaaaaa1", "neuro-submit:bbbbbbbb1"]}, "only one"),
    ("volumes", {"volumes": {}}, "list"),
    ("volumes.0", {"volumes": ["x"]}, "object"),
    ("volumes.0", {"volumes": [volume(f"{DATA}/none", "/d")]}, "does not exist. Create it with `neuro mkdir`"),
    ("volumes.0", {"volumes": [volume("storage://default/local/alice/x", "/d")]}, "not shared with you"),
    ("volumes.0", {"volumes": [volume("storage://other/local/bob/data", "/d")]}, "not storage of this platform"),
    ("volumes.0", {"volumes": [volume("storage:data", "/d")]}, "names no cluster"),
    ("volumes.0", {"volumes": [volume(f"{DATA}/%2e%2e/alice", "/d")]}, "cannot be part"),
    ("volumes.0", {"volumes": [volume(DATA, "data")]}, "absolute"),
    ("volumes.0", {"volumes": [volume(DATA, "/a/../usr")]}, ".."),
    ("volumes.1", {"volumes": [volume(DATA, "/d"), volume(DATA, "/d/")]}, "mounted at /d already"),
    ("volumes.1", {"volumes": [volume(DATA, "/d", True), volume(DATA, "/d/new")]}, "inside the volume at /d"),
    ("volumes.0", {"volumes": [volume(DATA, "/d/new"), volume(DATA, "/d")]}, "inside the volume at /d"),
    ("max_run_time_minutes", {"max_run_time_minutes": 0}, "at least 1"),
    ("schedule_timeout", {"schedule_timeout": -1}, "above 0"),
    ("restart_policy", {"restart_policy": "always"}, "yet"),
    ("priority", {"priority": "urgent"}, "choose one of"),
    ("priority", {"priority": [[]]}, "choose one of"),
    ("pass_config", {"pass_config": True}, "not supported by this platform yet"),
    ("privileged", {"privileged": True}, "not supported by this platform yet"),
    ("secret_env", {"secret_env": {"A": "secret:x"}}, "not supported by this platform yet"),
    ("disk_volumes", {"disk_volumes": [{}]}, "not supported by this platform yet"),
    ("http", {"http": {"port": 0}}, "port"),
    ("cluster_name", {"cluster_name": "other"}, "one cluster"),
    ("org_name", {"org_name": "other"}, "one organization"),
]


@pytest.mark.parametrize(("field", "change", "says"), CASES, ids=[f"{n}-{c[0]}" for n, c in enumerate(CASES)])
def test_bad_input_is_refused_by_field(bob: Jobs, field: str, change: dict[str, Any], says: str) -> None:
    text = bob.refused(**{"command": "true", **change})
    assert text.startswith(f"{field}: ") and says in text


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'"x"', b"null", b'{"container": 5}', b"[" * 100_000])
def test_what_is_no_job_is_refused(bob: Jobs, body: bytes) -> None:
    answer = bob.platform.request("POST", "/jobs?from_preset", bob.token, body)
    assert answer.status == 400 and answer.error


def test_a_project_of_somebody_else_needs_a_right(bob: Jobs, alice: Jobs) -> None:
    answer = alice.request("POST", "/jobs?from_preset", {"command": "true", "project_name": "bob"})
    assert answer.status == 403
    assert answer.json["missing"] == [{"uri": "job://default/local/bob", "action": "write"}]
    assert "Ask bob" in answer.error


def test_a_volume_that_may_only_be_read_is_mounted_read_only(bob: Jobs, alice: Jobs) -> None:
    bob.platform.share(DATA, "alice", "read", bob.token)
    text = alice.refused(status=403, volumes=[volume(DATA, "/d")])
    assert text.startswith("volumes.0: you may read") and "read-only" in text


def test_unknown_jobs_and_no_token(bob: Jobs) -> None:
    for method, path in (("GET", "/jobs/none"), ("DELETE", "/jobs/none"), ("POST", "/monitoring/none/kill")):
        answer = bob.request(method, path)
        assert (answer.status, answer.error) == (400, "no such job none")
        assert bob.platform.request(method, path, "wrong").status == 401
        assert bob.platform.request(method, path).status == 401
