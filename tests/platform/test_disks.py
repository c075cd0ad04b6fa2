"""Disks: what is told of them, rights, and when they end."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jupyter_neuro.platform.db import connect
from jupyter_neuro.platform.disks import Disks, used_bytes
from jupyter_neuro.platform.root import Root

from .process import Answer, PlatformProcess

URI = "disk://default/local/bob"
MIB = 2**20


def make(platform: PlatformProcess, token: str, **more: Any) -> Answer:
    sent = {"storage": MIB, "life_span": None, "name": None, "project_name": "bob", "org_name": "local"}
    return platform.request("POST", "/disks", token, sent | more)


def one(platform: PlatformProcess, token: str, ident: str, method: str = "GET") -> Answer:
    return platform.request(method, f"/disks/{ident}?project_name=bob&org_name=local", token)


def ids(platform: PlatformProcess, token: str) -> list[str]:
    return [disk["id"] for disk in platform.request("GET", "/disks?org_name=local", token).json]


def folder(platform: PlatformProcess, ident: str) -> Path:
    return platform.root / "disks/local/bob" / ident


def test_make_tell_and_remove(platform: PlatformProcess) -> None:
    bob = platform.owner_token
    made = make(platform, bob, name="cache", life_span=90.5)
    assert made.status == 201
    disk = made.json
    told = {key: disk[key] for key in ("name", "storage", "owner", "status", "life_span", "org_name", "project_name")}
    assert told == {
        "name": "cache", "storage": MIB, "owner": "bob", "status": "Ready", "life_span": 91, "org_name": "local",
        "project_name": "bob",
    }  # fmt: skip
    assert one(platform, bob, "cache").json == one(platform, bob, disk["id"]).json == disk
    (folder(platform, disk["id"]) / "deep").mkdir()
    (folder(platform, disk["id"]) / "deep/file").write_bytes(b"x" * 100_000)
    assert 100_000 <= one(platform, bob, "cache").json["used_bytes"] < 200_000
    assert make(platform, bob, name="cache").status == 409
    assert one(platform, bob, "cache", "DELETE").status == 204
    assert not list((platform.root / "disks").rglob("*disk-*"))
    for method in ("GET", "DELETE"):
        assert one(platform, bob, "cache", method).status == 404
    assert make(platform, bob, name="cache").status == 201


def test_a_disk_whose_folder_is_gone_is_broken_and_can_be_removed(platform: PlatformProcess) -> None:
    ident = make(platform, platform.owner_token).json["id"]
    folder(platform, ident).rmdir()
    assert one(platform, platform.owner_token, ident).json["status"] == "Broken"
    assert one(platform, platform.owner_token, ident, "DELETE").status == 204


def test_rights(platform: PlatformProcess) -> None:
    bob, alice = platform.owner_token, platform.add_user("alice")
    named, other = make(platform, bob, name="cache").json["id"], make(platform, bob).json["id"]
    assert make(platform, alice).status == 403
    assert ids(platform, alice) == []
    unknown, hidden = one(platform, alice, "none"), one(platform, alice, "cache")
    assert (unknown.status, hidden.status) == (403, 403)
    assert unknown.error.replace("/none ", "/cache ") == hidden.error
    platform.share(f"{URI}/cache", "alice", "read", bob)
    assert ids(platform, alice) == [named]
    assert one(platform, alice, named).status == one(platform, alice, "cache").status == 200
    assert one(platform, alice, other).status == 403
    assert one(platform, alice, named, "DELETE").status == 403
    # an ID says which disk, whatever project is named beside it; a right on one's own project is none on the disk
    elsewhere = "project_name=alice&org_name=local"
    assert platform.request("GET", f"/disks/{named}?{elsewhere}", alice).json["project_name"] == "bob"
    assert platform.request("DELETE", f"/disks/{named}?{elsewhere}", alice).status == 403
    for ident in (other, "cache", "none"):
        for method in ("GET", "DELETE"):
            assert platform.request(method, f"/disks/{ident}?{elsewhere}", alice).status == 404
    platform.share(f"{URI}/{named}", "alice", "write", bob)
    assert one(platform, alice, "cache", "DELETE").status == 204
    # a new disk of that name was shared with nobody
    make(platform, bob, name="cache")
    assert one(platform, alice, "cache").status == 403
    assert platform.request("GET", "/users/bob/permissions/shared", bob).json == []


@pytest.mark.parametrize(
    ("sent", "field"),
    [({"storage": size}, "storage") for size in (None, 0, -1, 1.5, "1G", True, 2**61, 2**80)]
    + [({"life_span": life}, "life_span") for life in (0, -1, "1d", True, 1e300)]
    + [({"name": name}, "name") for name in ("", "ab", "Cache", "a_b", "-ab", "x" * 41, 7)]
    + [({"project_name": name}, "project_name") for name in ("", None, "a/b", "..")]
    + [({"org_name": "other"}, "org_name")],
)
def test_refused_with_the_field(shared_platform: PlatformProcess, sent: dict[str, Any], field: str) -> None:
    answer = make(shared_platform, shared_platform.owner_token, **sent)
    assert (answer.status, answer.error.startswith(field)) == (400, True), answer.error
    assert ids(shared_platform, shared_platform.owner_token) == []


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection = connect(tmp_path / "db")
    yield connection
    connection.close()


@pytest.fixture
def disks(tmp_path: Path, db: sqlite3.Connection) -> Disks:
    root = Root(tmp_path / "root")
    root.ensure()
    return Disks(root, db)


def test_a_disk_ends_when_it_was_not_used_for_its_life_span(disks: Disks) -> None:
    stays = disks.create("local", "bob", "bob", MIB, None, None)
    disk = disks.create("local", "bob", "bob", MIB, 100.0, "cache")
    start = disk.created
    assert disks.expire([], start + 99) == []
    # a job has it mounted: its time begins again when the job is over
    assert disks.expire([disk.id], start + 1000) == []
    assert disks.expire([], start + 1099) == []
    assert [gone.id for gone in disks.expire([], start + 1100)] == [disk.id]
    assert [left.id for left in disks.list("local")] == [stays.id]
    assert disks.path("local", "bob", "cache") is None


def test_mounting_is_a_use(disks: Disks) -> None:
    disk = disks.create("local", "bob", "bob", MIB, 100.0, "cache")
    assert disks.path("local", "bob", disk.id) == disks.path("local", "bob", "cache") == disks.directory(disk)
    used = disks.find("local", "bob", "cache")
    assert used is not None and used.last_usage is not None and disk.created <= used.last_usage <= time.time()
    assert disks.path("local", "alice", disk.id) is None, (
        "a job may mount it by the address that rights were checked on"
    )


def test_content_is_deleted_whatever_a_job_made_of_it(disks: Disks, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").touch()
    disk = disks.create("local", "bob", "bob", MIB, None, None)
    here = disks.directory(disk)
    (here / "link").symlink_to(outside, target_is_directory=True)
    (here / "closed/inner").mkdir(parents=True)
    (here / "closed/inner/file").touch()
    (here / "closed").chmod(0)
    disks.remove(disk)
    assert disks.path("local", "bob", disk.id) is None
    disks.clean()
    assert (outside / "kept").exists()
    assert not list((tmp_path / "root/disks").rglob(disk.id))


def test_a_hard_link_is_counted_once_and_no_link_is_followed(tmp_path: Path) -> None:
    here = tmp_path / "here"
    here.mkdir()
    (tmp_path / "big").write_bytes(b"x" * MIB)
    (here / "file").write_bytes(b"x" * MIB)
    (here / "again").hardlink_to(here / "file")
    (here / "out").symlink_to(tmp_path / "big")
    assert MIB <= used_bytes(here) < MIB + 100_000
    assert used_bytes(tmp_path / "none") == 0
