"""The storage shows and lets change exactly what was shared."""

from __future__ import annotations

import pytest

from .process import PlatformProcess


def test_what_is_not_shared_is_not_there(shared_platform: PlatformProcess, bob: str, alice: str, home: str) -> None:
    shared_platform.put(f"{home}/x", bob, b"secret")
    for path in (f"{home}/x", f"{home}/missing"):
        for method, op in [
            ("GET", "OPEN"),
            ("GET", "GETFILESTATUS"),
            ("GET", "LISTSTATUS"),
            ("GET", "GETDISKUSAGE"),
            ("PUT", "CREATE"),
            ("PUT", "MKDIRS"),
            ("PATCH", "WRITE"),
            ("DELETE", "DELETE"),
            ("POST", "RENAME&destination=/local/alice/x"),
        ]:
            answer = shared_platform.storage(
                method, op, path, alice, b"changed" if method in ("PUT", "PATCH") else None
            )
            assert answer.status == 404, (method, op)
            assert "does not exist or is not shared with you" in answer.error
            assert shared_platform.storage(method, op, path, "").status == 401
    assert shared_platform.get(f"{home}/x", bob).body == b"secret"
    assert set(shared_platform.names(home, bob)) == {"x"}


@pytest.mark.parametrize("level", ["read", "write"])
def test_levels(shared_platform: PlatformProcess, bob: str, alice: str, home: str, level: str) -> None:
    may_write = level == "write"
    shared_platform.put(f"{home}/d/x", bob, b"1")
    shared_platform.put(f"{home}/private", bob, b"")
    shared_platform.share(f"storage://default{home}/d", "alice", level, bob)
    assert shared_platform.get(f"{home}/d/x", alice).body == b"1"
    answer = shared_platform.put(f"{home}/d/x", alice, b"2")
    assert answer.status == (201 if may_write else 404)
    if not may_write:
        assert "write on" in answer.error
        assert "Ask bob" in answer.error
    assert shared_platform.get(f"{home}/d/x", bob).body == (b"2" if may_write else b"1")
    patched = shared_platform.storage("PATCH", "WRITE", f"{home}/d/x", alice, b"3", Content_Range="bytes 0-0/*")
    assert patched.status == (200 if may_write else 404)
    assert shared_platform.names(f"{home}/d", alice) == {"x": level}
    assert shared_platform.names(home, alice) == {"d": "read"} | ({"d": "write"} if may_write else {})
    up = home.rpartition("/")[0]
    assert set(shared_platform.names(up, alice)) == {home.rpartition("/")[2]}
    for way in ("/local/alice/x", f"{home}/x"):
        out = shared_platform.storage("POST", f"RENAME&destination={way}", f"{home}/d/x", alice)
        allowed = may_write and way.startswith("/local/alice")
        assert out.status == (204 if allowed else 404)
    uri = f"/users/alice/permissions?uri=storage://default{home}/d"
    assert shared_platform.request("DELETE", uri, bob).status == 204


def test_the_top_shows_only_what_one_may_see(shared_platform: PlatformProcess, bob: str, alice: str) -> None:
    assert shared_platform.names("/local", alice) == {"alice": "manage"}
    assert shared_platform.names("/", alice) == {"local": "read"}
