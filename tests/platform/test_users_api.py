"""Sharing over REST: who may, what it changes, what is left behind."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .process import PlatformProcess

DATA = "storage://default/local/bob/data"


@pytest.fixture
def people(platform: PlatformProcess) -> dict[str, str]:
    """Tokens of three users."""
    tokens = {name: platform.add_user(name) for name in ("alice", "carol")}
    return {"bob": platform.owner_token, **tokens}


def listed(platform: PlatformProcess, path: str, token: str) -> list[Any]:
    answer = platform.request("GET", path, token)
    assert answer.status == 200, answer.body
    return list(answer.json)


def test_share_use_and_revoke(platform: PlatformProcess, people: dict[str, str]) -> None:
    platform.put("/local/bob/data/x", people["bob"], b"content")
    assert platform.get("/local/bob/data/x", people["alice"]).status == 404
    given = platform.share(DATA, "alice", "read", people["bob"])
    assert (given.status, given.json) == (201, [{"uri": DATA, "action": "read"}])
    assert platform.get("/local/bob/data/x", people["alice"]).body == b"content"
    assert {"uri": DATA, "action": "read"} in listed(platform, "/users/alice/permissions", people["alice"])
    assert listed(platform, "/users/bob/permissions/shared", people["bob"]) == [
        {"user": "alice", "uri": DATA, "action": "read"}
    ]
    assert platform.request("DELETE", f"/users/alice/permissions?uri={DATA}", people["bob"]).status == 204
    assert platform.get("/local/bob/data/x", people["alice"]).status == 404
    again = platform.request("DELETE", f"/users/alice/permissions?uri={DATA}", people["bob"])
    assert (again.status, again.error) == (400, "Operation has no effect")


def test_a_higher_level_stays_and_is_told(platform: PlatformProcess, people: dict[str, str]) -> None:
    platform.share(DATA, "alice", "write", people["bob"])
    assert platform.share(DATA, "alice", "read", people["bob"]).json == [{"uri": DATA, "action": "write"}]
    below = platform.share(DATA + "/x", "alice", "read", people["bob"])
    assert below.json == [{"uri": DATA + "/x", "action": "write"}]
    assert platform.share(DATA, "alice", "manage", people["bob"]).json == [{"uri": DATA, "action": "manage"}]


@pytest.mark.parametrize("level", ["read", "write"])
def test_only_managers_share_and_revoke(platform: PlatformProcess, people: dict[str, str], level: str) -> None:
    platform.share(DATA, "alice", level, people["bob"])
    before = listed(platform, "/users/bob/permissions/shared", people["bob"])
    refused = platform.share(DATA, "carol", "read", people["alice"])
    assert refused.status == 403
    assert refused.json["missing"] == [{"uri": DATA, "action": "manage"}]
    assert "bob" in refused.error
    for user, token in [("alice", people["alice"]), ("alice", people["carol"])]:
        assert platform.request("DELETE", f"/users/{user}/permissions?uri={DATA}", token).status == 403
    assert platform.share("storage://default", "alice", "manage", people["alice"]).status == 403
    assert listed(platform, "/users/bob/permissions/shared", people["bob"]) == before


def test_a_manager_shares_on_and_the_owner_sees_it(platform: PlatformProcess, people: dict[str, str]) -> None:
    platform.share(DATA, "alice", "manage", people["bob"])
    assert platform.share(DATA + "/x", "carol", "read", people["alice"]).status == 201
    shares = listed(platform, "/users/bob/permissions/shared?uri=storage:", people["bob"])
    assert {"user": "carol", "uri": DATA + "/x", "action": "read"} in shares


def test_all_or_nothing(platform: PlatformProcess, people: dict[str, str]) -> None:
    body = [{"uri": DATA, "action": "read"}, {"uri": "storage://default/local/carol/x", "action": "read"}]
    assert platform.request("POST", "/users/alice/permissions", people["bob"], body).status == 403
    assert listed(platform, "/users/bob/permissions/shared", people["bob"]) == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ([{"uri": DATA, "action": "own"}], "action"),
        ([{"uri": DATA, "action": "deny"}], "action"),
        ([{"uri": DATA}], "action"),
        ([{"action": "read"}], "uri"),
        ([{"uri": 1, "action": "read"}], "uri"),
        ([{"uri": "storage://elsewhere/local/bob", "action": "read"}], "elsewhere"),
        ([{"uri": "storage:", "action": "read"}], ""),
        ([{"uri": "storage://default/local/bob/../x", "action": "read"}], ".."),
        ([], "list"),
        ({}, "list"),
        (b"{", "JSON"),
        (b"[" * 100_000, "JSON"),
    ],
)
def test_bad_grants(shared_platform: PlatformProcess, body: Any, field: str) -> None:
    answer = shared_platform.request("POST", "/users/public/permissions", shared_platform.owner_token, body)
    assert answer.status in (400, 403)
    assert field in answer.error
    assert listed(shared_platform, "/users/bob/permissions/shared", shared_platform.owner_token) == []


def test_unknown_people(shared_platform: PlatformProcess) -> None:
    owner = shared_platform.owner_token
    for method, path in [("GET", ""), ("DELETE", f"?uri={DATA}"), ("GET", "/shared")]:
        answer = shared_platform.request(method, f"/users/nobody-here/permissions{path}", owner)
        assert (answer.status, answer.error) == (404, 'user "nobody-here" was not found')
    assert shared_platform.share(DATA, "nobody-here", "read", owner).status == 404


def test_what_others_have_is_not_shown(platform: PlatformProcess, people: dict[str, str]) -> None:
    for path in ("permissions", "permissions/shared", "subroles"):
        assert platform.request("GET", f"/users/bob/{path}", people["alice"]).status == 403


def test_public_is_for_everybody(platform: PlatformProcess, people: dict[str, str]) -> None:
    platform.put("/local/bob/data/x", people["bob"], b"content")
    assert platform.share(DATA, "public", "read", people["bob"]).status == 201
    for name in ("alice", "carol"):
        assert platform.get("/local/bob/data/x", people[name]).status == 200
    assert platform.get("/local/bob/data/x", "").status == 401, "who is not signed in is nobody"
    assert platform.put("/local/bob/data/x", people["alice"], b"").status == 404


def test_roles(platform: PlatformProcess, people: dict[str, str]) -> None:
    bob, alice = people["bob"], people["alice"]
    platform.put("/local/bob/data/x", bob, b"content")
    assert platform.request("POST", "/users", bob, {"name": "bob/roles/team"}).status == 201
    assert platform.request("POST", "/users", bob, {"name": "bob/roles/team"}).status == 400
    assert platform.request("POST", "/users", alice, {"name": "bob/roles/mine"}).status == 403
    for bad in ("bob", "bob/", "bob//x", "../x", "bob/roles/X", 1, None):
        assert platform.request("POST", "/users", bob, {"name": bad}).status == 400
    assert listed(platform, "/users/bob/subroles", bob) == ["subroles"]
    assert platform.request("GET", "/users/bob/subroles", bob).json == {"subroles": ["bob/roles/team"]}
    assert platform.share(DATA, "bob:roles:team", "read", bob).status == 201
    assert platform.get("/local/bob/data/x", alice).status == 404
    assert platform.share("role://bob/roles/team", "alice", "read", alice).status == 403
    assert platform.share("role://bob/roles/team", "alice", "read", bob).status == 201
    assert platform.get("/local/bob/data/x", alice).status == 200
    assert platform.request("DELETE", "/users/bob:roles:team", alice).status == 403
    assert platform.request("DELETE", "/users/bob:roles:team", bob).status == 204
    assert platform.get("/local/bob/data/x", alice).status == 404
    assert platform.request("DELETE", "/users/alice", bob).status == 400, "people are not roles"


def test_a_role_that_is_made_again_is_empty(platform: PlatformProcess, people: dict[str, str]) -> None:
    bob = people["bob"]
    for _ in range(2):
        platform.request("POST", "/users", bob, {"name": "bob/roles/team"})
        assert listed(platform, "/users/bob:roles:team/permissions", bob) == []
        platform.share(DATA, "bob:roles:team", "read", bob)
        platform.request("DELETE", "/users/bob:roles:team", bob)


def test_a_whole_project_shared_for_work_is_in_the_config(platform: PlatformProcess, people: dict[str, str]) -> None:
    def projects() -> dict[str, str]:
        found = platform.request("GET", "/config", people["alice"]).json["projects"]
        return {item["name"]: item["role"] for item in found}

    assert projects() == {"alice": "owner"}
    platform.share("storage://default/local/bob", "alice", "manage", people["bob"])
    assert projects() == {"alice": "owner"}
    platform.share("job://default/local/bob", "alice", "write", people["bob"])
    assert projects() == {"alice": "owner", "bob": "writer"}


def test_changes_leave_one_line_each(platform: PlatformProcess, people: dict[str, str]) -> None:
    bob = people["bob"]
    start = len((platform.root / "audit.log").read_text().splitlines())
    platform.share(DATA, "alice", "read", bob)
    platform.share(DATA, "alice", "read", people["carol"])  # refused
    platform.request("DELETE", f"/users/alice/permissions?uri={DATA}", bob)
    platform.put("/local/bob/data/x%0Ay", bob, b"")
    platform.storage("DELETE", "DELETE", "/local/bob/data/x%0Ay", bob)
    lines = [json.loads(line) for line in (platform.root / "audit.log").read_text().splitlines()[start:]]
    assert [(line["user"], line["from"], line["act"]) for line in lines] == [
        ("bob", "127.0.0.1", act) for act in ("grant", "revoke", "delete")
    ]
    assert lines[0]["to"] == "alice"
    assert lines[2]["on"] == "storage://default/local/bob/data/x%0Ay"


def test_what_there_is_not_is_said_cleanly(shared_platform: PlatformProcess) -> None:
    owner = shared_platform.owner_token
    for method, path, base in [
        ("GET", "/buckets/buckets", "/api/v1"),
        ("POST", "/service_accounts", "/api/v1"),
        ("GET", "/apis/apps/v2/x", ""),
        ("GET", "/apps/x/log_ws", "/api/v1"),
        ("POST", "/clusters/default/orchestrator/resource_presets", "/api/v1"),
        ("GET", "/vcluster/config", "/api/v1"),
    ]:
        answer = shared_platform.request(method, path, owner, base=base)
        assert (answer.status, "Not supported" in answer.error) == (400, True)
        # where a websocket was asked for, clients see this header alone
        assert json.loads(answer.headers["x-error"]) == answer.json
        assert shared_platform.request(method, path, base=base).status == 401
    assert shared_platform.request("GET", "/v2/local/bob/x/tags/list", owner, base="").status == 404
    assert shared_platform.request("GET", "/nothing/here", owner).status == 404
