"""Secrets: rights, limits, and that a value is found nowhere but in the answer to those who may read it."""

from __future__ import annotations

import base64
import json
import stat
from typing import Any

import pytest

from jupyter_neuro.platform.db import connect
from jupyter_neuro.platform.root import Root
from jupyter_neuro.platform.secrets import MAX_VALUE, Secrets

from .process import Answer, PlatformProcess

CANARY = b"canary-8d1f0b6c-value"
URI = "secret://default/local/bob"


def body(key: Any = "db", value: bytes = CANARY, **more: Any) -> dict[str, Any]:
    sent = {"key": key, "value": base64.b64encode(value).decode(), "org_name": "local", "project_name": "bob"}
    return sent | more


def add(platform: PlatformProcess, token: str, **more: Any) -> Answer:
    return platform.request("POST", "/secrets", token, body(**more))


def one(platform: PlatformProcess, token: str, key: str, method: str = "GET", project: str = "bob") -> Answer:
    return platform.request(method, f"/secrets/{key}?project_name={project}&org_name=local", token)


def value(answer: Answer) -> bytes:
    assert answer.status == 200, answer.body
    return base64.b64decode(answer.json["value"])


def keys(platform: PlatformProcess, token: str, query: str = "org_name=local") -> list[str]:
    return [item["key"] for item in platform.request("GET", f"/secrets?{query}", token).json]


def test_add_read_replace_remove(platform: PlatformProcess) -> None:
    bob = platform.owner_token
    assert add(platform, bob).status == 201
    assert value(one(platform, bob, "db")) == CANARY
    assert platform.request("GET", "/secrets?org_name=local&project_name=bob", bob).json == [
        {"key": "db", "owner": "bob", "org_name": "local", "project_name": "bob"}
    ]
    binary = bytes(range(256))
    assert add(platform, bob, value=binary).status == 201
    assert value(one(platform, bob, "db")) == binary
    assert add(platform, bob, key="empty", value=b"").status == 201
    assert value(one(platform, bob, "empty")) == b""
    assert one(platform, bob, "db", "DELETE").status == 204
    for method in ("GET", "DELETE"):
        assert (one(platform, bob, "db", method).status, keys(platform, bob)) == (404, ["empty"])
    assert keys(platform, bob, "org_name=other") == keys(platform, bob, "project_name=other") == []


def test_a_value_is_found_nowhere(platform: PlatformProcess) -> None:
    bob, alice = platform.owner_token, platform.add_user("alice")
    sealed = base64.b64encode(CANARY).decode()
    add(platform, bob)
    one(platform, bob, "db")
    answers = [
        add(platform, alice),
        add(platform, bob, key="not a key " + sealed),
        add(platform, bob, key="../" + CANARY.decode()),
        platform.request("POST", "/secrets", bob, body() | {"value": sealed + "*"}),
        platform.request("POST", "/secrets", bob, body() | {"value": [sealed]}),
        platform.request("POST", "/secrets", bob, body() | {"value": sealed + "\ud800"}),
        platform.request("POST", "/secrets", bob, b"{" + sealed.encode()),
        platform.request("POST", "/secrets", bob, body(project_name="../x")),
        platform.request("PATCH", "/secrets", bob, body()),
        one(platform, alice, "db"),
    ]
    assert {answer.status for answer in answers} <= {400, 403, 405}
    platform.stop()
    platform.start()
    assert value(one(platform, bob, "db")) == CANARY
    platform.stop()
    haystacks = {str(file): file.read_bytes() for file in platform.root.rglob("*") if file.is_file()}
    assert any(name.endswith("platform.db") for name in haystacks)
    haystacks |= {f"answer {number}": answer.body for number, answer in enumerate(answers)}
    for name, content in haystacks.items():
        for needle in (CANARY, sealed.encode(), CANARY.hex().encode()):
            assert needle not in content, name
    # the search itself finds what lies there
    (platform.root / "platform.log").write_bytes(CANARY)
    assert any(CANARY in file.read_bytes() for file in platform.root.rglob("*") if file.is_file())


def test_the_key_is_private_and_without_it_nothing_can_be_read(platform: PlatformProcess) -> None:
    bob = platform.owner_token
    add(platform, bob)
    key = platform.root / "vault-key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    platform.stop()
    key.unlink()
    platform.start()
    refused = one(platform, bob, "db")
    assert (refused.status, "Add it again" in refused.error) == (400, True)
    assert add(platform, bob).status == 201
    assert value(one(platform, bob, "db")) == CANARY


def test_a_key_file_that_others_can_read_is_refused(platform: PlatformProcess) -> None:
    platform.stop()
    (platform.root / "vault-key").chmod(0o640)
    with pytest.raises(AssertionError, match="can be read by other users"):
        platform.start()


def test_a_value_moved_to_another_row_cannot_be_read_there(platform: PlatformProcess) -> None:
    add(platform, platform.owner_token)
    add(platform, platform.owner_token, key="other", value=b"x")
    platform.stop()
    db = connect(platform.root / "platform.db")
    db.execute("UPDATE secrets SET value = (SELECT value FROM secrets WHERE key = 'db') WHERE key = 'other'")
    secrets = Secrets(Root(platform.root), db)
    assert secrets.value("local", "bob", "db") == CANARY
    assert secrets.value("local", "bob", "other") is None
    assert secrets.value("local", "bob", "none") is None
    db.close()


def test_rights(platform: PlatformProcess) -> None:
    bob, alice = platform.owner_token, platform.add_user("alice")
    for key in ("db", "db2"):
        add(platform, bob, key=key)
    unknown, hidden = one(platform, alice, "none"), one(platform, alice, "db")
    assert (unknown.status, hidden.status) == (403, 403)
    assert unknown.error.replace("/none ", "/db ") == hidden.error
    assert keys(platform, alice) == []
    platform.share(f"{URI}/db", "alice", "read", bob)
    assert keys(platform, alice) == ["db"]
    assert value(one(platform, alice, "db")) == CANARY
    assert one(platform, alice, "db2").status == 403
    assert one(platform, alice, "db", "DELETE").status == 403
    assert add(platform, alice, value=b"changed").status == 403
    assert value(one(platform, bob, "db")) == CANARY
    platform.share(URI, "alice", "write", bob)
    assert add(platform, alice, key="hers").status == 201
    assert one(platform, alice, "db", "DELETE").status == 204
    # whoever gets a secret of the same key later does not inherit who read the old one
    platform.request("DELETE", f"/users/alice/permissions?uri={URI}", bob)
    add(platform, bob)
    assert one(platform, alice, "db").status == 403


def test_a_user_who_comes_again_does_not_find_the_old_ones_secrets(platform: PlatformProcess) -> None:
    bob, alice = platform.owner_token, platform.add_user("alice")
    assert add(platform, alice, project_name="alice").status == 201
    assert platform.request("DELETE", "/local/users/alice", bob).status == 204
    again = platform.add_user("alice")
    assert keys(platform, again) == []
    assert one(platform, again, "db", project="alice").status == 404


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        (body(key=key), "key") for key in (None, 1, "", ".", "..", "a/b", "a b", "a\n", "ü", "x" * 254)
    ] + [
        (body() | {"value": None}, "value"),
        (body() | {"value": "not base64!"}, "value"),
        (body(value=bytes(MAX_VALUE + 1)), "value"),
        (body(project_name=""), "project_name"),
        (body(project_name=None), "project_name"),
        (body(project_name="a/b"), "project_name"),
        (body(org_name="other"), "org_name"),
        ([], "object"),
        (b"{", "JSON"),
    ],
)  # fmt: skip
def test_refused_with_the_field(shared_platform: PlatformProcess, sent: Any, field: str) -> None:
    answer = shared_platform.request("POST", "/secrets", shared_platform.owner_token, sent)
    assert (answer.status, field in answer.error) == (400, True), answer.error
    assert keys(shared_platform, shared_platform.owner_token) == []


def test_the_longest_that_fit(shared_platform: PlatformProcess) -> None:
    bob, key = shared_platform.owner_token, "x" * 253
    assert add(shared_platform, bob, key=key, value=bytes(MAX_VALUE)).status == 201
    assert value(one(shared_platform, bob, key)) == bytes(MAX_VALUE)
    assert one(shared_platform, bob, key, "DELETE").status == 204
    assert one(shared_platform, bob, "a%2Fb").status == 400


def test_every_change_leaves_a_line(platform: PlatformProcess) -> None:
    add(platform, platform.owner_token)
    one(platform, platform.owner_token, "db", "DELETE")
    lines = [json.loads(line) for line in (platform.root / "audit.log").read_text().splitlines()]
    assert [(line["user"], line["act"], line["on"]) for line in lines] == [
        ("bob", act, f"{URI}/db") for act in ("set-secret", "remove-secret")
    ]
