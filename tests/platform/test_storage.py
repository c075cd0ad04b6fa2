"""The storage's operations over REST, with their errors."""

from __future__ import annotations

import errno
import json
import os
import time

import pytest

from .process import Answer, PlatformProcess, disk, refused

NDJSON = "application/x-ndjson"


def test_create_read_replace(shared_platform: PlatformProcess, bob: str, home: str) -> None:
    for content in (b"first", b"", os.urandom(3 * 2**20 + 1)):
        assert shared_platform.put(f"{home}/new/deep/x", bob, content).status == 201
        answer = shared_platform.get(f"{home}/new/deep/x", bob)
        assert (answer.status, answer.body) == (200, content)
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "date" in answer.headers, "clients correct their clocks by it"
    assert list(disk(shared_platform, "/.incoming").iterdir()) == []


@pytest.mark.parametrize(
    ("header", "status", "expected"),
    [
        ("bytes=0-0", 206, slice(0, 1)),
        ("bytes=3-5", 206, slice(3, 6)),
        ("bytes=3-", 206, slice(3, 10)),
        ("bytes=8-99", 206, slice(8, 10)),
        ("bytes=-3", 206, slice(7, 10)),
        ("bytes=-99", 206, slice(0, 10)),
        ("bytes=10-", 416, None),
        ("bytes=-0", 416, None),
        ("bytes=5-3", 200, slice(0, 10)),
        ("bytes=1-2,4-5", 200, slice(0, 10)),
        ("lines=1-2", 200, slice(0, 10)),
        ("bytes=a-b", 200, slice(0, 10)),
    ],
)
def test_ranges(
    shared_platform: PlatformProcess, bob: str, home: str, header: str, status: int, expected: slice | None
) -> None:
    content = b"0123456789"
    shared_platform.put(f"{home}/x", bob, content)
    answer = shared_platform.get(f"{home}/x", bob, Range=header)
    assert answer.status == status
    if expected is not None:
        assert answer.body == content[expected]
    if status == 206 and expected is not None:
        assert answer.headers["content-range"] == f"bytes {expected.start}-{expected.stop - 1}/10"
    if status == 416:
        assert answer.headers["content-range"] == "bytes */10"


def test_write_patches_in_place(shared_platform: PlatformProcess, bob: str, home: str) -> None:
    shared_platform.put(f"{home}/x", bob, b"0123456789")

    def write(content: bytes, header: str, path: str = f"{home}/x") -> Answer:
        return shared_platform.storage("PATCH", "WRITE", path, bob, content, Content_Range=header)

    assert write(b"AB", "bytes 2-3/*").status == 200
    assert write(b"END", "bytes 10-12/*").status == 200
    assert shared_platform.get(f"{home}/x", bob).body == b"01AB456789END"
    big = os.urandom(5 * 2**20)
    assert write(big, f"bytes 13-{13 + len(big) - 1}/*").status == 200
    assert shared_platform.get(f"{home}/x", bob).body == b"01AB456789END" + big
    assert write(b"AB", "bytes 0-1/*", f"{home}/missing").status == 404
    assert not disk(shared_platform, f"{home}/missing").exists()
    for wrong in ("", "bytes 3-2/*", "bytes a-b/*", "0-1", "bytes 0-1", f"bytes 0-{'9' * 30}/*"):
        assert write(b"AB", wrong).status == 400
    refused(write(b"ABC", "bytes 0-1/*"), errno.EINVAL)
    refused(write(b"A", "bytes 0-1/*"), errno.EINVAL)
    refused(write(b"A", "bytes 0-0/*", home), errno.EISDIR)
    refused(write(b"A", f"bytes {'9' * 18}-{'9' * 18}/*"), errno.EFBIG)


def test_listing(shared_platform: PlatformProcess, bob: str, home: str) -> None:
    for name in ("b", "a%20%C3%A9", ".hidden", "%25"):
        shared_platform.put(f"{home}/{name}", bob, b"12345")
    shared_platform.storage("PUT", "MKDIRS", f"{home}/dir", bob)
    folder = disk(shared_platform, home)
    (folder / "link").symlink_to("/etc/passwd")
    os.mkfifo(folder / "pipe")
    (folder / os.fsdecode(b"\xff")).write_text("")
    lines = shared_platform.storage("GET", "LISTSTATUS", home, bob, Accept=NDJSON)
    assert lines.headers["content-type"] == NDJSON
    found = {item["path"]: item for item in (json.loads(line)["FileStatus"] for line in lines.body.splitlines())}
    whole = shared_platform.storage("GET", "LISTSTATUS", home, bob).json["FileStatuses"]["FileStatus"]
    assert whole == list(found.values())
    types = {name: item["type"] for name, item in found.items()}
    files = dict.fromkeys(("b", "a é", ".hidden", "%"), "FILE")
    assert types == {**files, "dir": "DIRECTORY", "link": "SYMLINK", "pipe": "UNKNOWN"}
    assert found["link"]["target"] == "/etc/passwd"
    assert found["b"]["length"] == 5
    assert abs(found["b"]["modificationTime"] - time.time()) < 3600
    assert {item["permission"] for item in found.values()} == {"manage"}


def test_a_long_listing_is_whole(shared_platform: PlatformProcess, bob: str, home: str) -> None:
    for number in range(1234):
        (disk(shared_platform, home) / str(number)).write_text("")
    assert set(shared_platform.names(home, bob)) == {str(number) for number in range(1234)}


def test_status(shared_platform: PlatformProcess, bob: str, home: str) -> None:
    shared_platform.put(f"{home}/a%20b", bob, b"123")
    status = shared_platform.storage("GET", "GETFILESTATUS", f"{home}/a%20b", bob).json["FileStatus"]
    assert (status["path"], status["length"], status["type"]) == (f"{home}/a b", 3, "FILE")
    top = shared_platform.storage("GET", "GETFILESTATUS", "/", bob).json["FileStatus"]
    assert (top["path"], top["type"]) == ("/", "DIRECTORY")
    usage = shared_platform.storage("GET", "GETDISKUSAGE", "/local/bob", bob).json
    assert usage["total"] >= usage["used"] + usage["free"] > 0


def test_make_dirs(shared_platform: PlatformProcess, bob: str, home: str) -> None:
    for _ in range(2):
        assert shared_platform.storage("PUT", "MKDIRS", f"{home}/a/b/c", bob).status == 201
    shared_platform.put(f"{home}/file", bob, b"")
    refused(shared_platform.storage("PUT", "MKDIRS", f"{home}/file", bob), errno.EEXIST)
    refused(shared_platform.storage("PUT", "MKDIRS", f"{home}/file/x", bob), errno.ENOTDIR)


def test_what_cannot_be_where_it_should_go(shared_platform: PlatformProcess, bob: str, home: str) -> None:
    shared_platform.put(f"{home}/file", bob, b"kept")
    refused(shared_platform.put(home, bob, b"x"), errno.EISDIR)
    refused(shared_platform.put("/local/bob", bob, b"x"), errno.EISDIR)
    refused(shared_platform.put(f"{home}/file/x", bob, b"x"), errno.ENOTDIR)
    refused(shared_platform.put(f"{home}/{'n' * 300}", bob, b"x"), errno.ENAMETOOLONG)
    refused(shared_platform.get(home, bob), errno.EISDIR)
    refused(shared_platform.storage("GET", "LISTSTATUS", f"{home}/file", bob), errno.ENOTDIR)
    for op in ("OPEN", "LISTSTATUS", "GETFILESTATUS", "GETDISKUSAGE"):
        assert shared_platform.storage("GET", op, f"{home}/missing", bob).status == 404
    assert shared_platform.get(f"{home}/file", bob).body == b"kept"
    assert list(disk(shared_platform, "/.incoming").iterdir()) == []


def test_rename(shared_platform: PlatformProcess, bob: str, home: str) -> None:
    def rename(source: str, target: str) -> Answer:
        return shared_platform.storage("POST", f"RENAME&destination={home}{target}", f"{home}{source}", bob)

    shared_platform.put(f"{home}/a", bob, b"A")
    shared_platform.put(f"{home}/b", bob, b"B")
    shared_platform.put(f"{home}/dir/x", bob, b"X")
    assert rename("/a", "/b").status == 204
    assert shared_platform.get(f"{home}/b", bob).body == b"A"
    assert rename("/dir", "/other%20dir").status == 204
    assert shared_platform.get(f"{home}/other%20dir/x", bob).body == b"X"
    assert rename("/missing", "/x").status == 404
    refused(rename("/b", "/missing/x"), errno.ENOENT)
    refused(rename("/b", "/other%20dir"), errno.EISDIR)
    refused(rename("/other%20dir", "/b"), errno.ENOTDIR)
    refused(rename("/other%20dir", "/other%20dir/below"), errno.EINVAL)
    shared_platform.put(f"{home}/full/x", bob, b"")
    refused(rename("/other%20dir", "/full"), errno.ENOTEMPTY)
    assert rename("/b", "/b").status == 204
    for target in ("/local/bob", "/local", "/"):
        answer = shared_platform.storage("POST", f"RENAME&destination={target}", f"{home}/b", bob)
        assert answer.status in (400, 404)
    refused(shared_platform.storage("POST", f"RENAME&destination={home}/p", "/local/bob", bob), errno.EBUSY)
    assert set(shared_platform.names(home, bob)) == {"b", "full", "other dir"}


def test_delete(shared_platform: PlatformProcess, bob: str, home: str) -> None:
    for name in ("d/a", "d/e/b", "d/e/f/c", "file"):
        shared_platform.put(f"{home}/{name}", bob, b"")
    outside = disk(shared_platform, home) / "target"
    outside.mkdir()
    (outside / "kept").write_text("")
    (disk(shared_platform, home) / "d/link").symlink_to(outside)
    flat = shared_platform.storage("DELETE", "DELETE&recursive=false", f"{home}/d", bob)
    refused(flat, errno.EISDIR)
    assert flat.error == "Target is a directory"
    gone = shared_platform.storage("DELETE", "DELETE&recursive=true", f"{home}/d", bob, Accept=NDJSON)
    removed = {item["path"]: item["is_dir"] for item in map(json.loads, gone.body.splitlines())}
    expected = {
        "d": True,
        "d/a": False,
        "d/e": True,
        "d/e/b": False,
        "d/e/f": True,
        "d/e/f/c": False,
        "d/link": False,
    }
    assert removed == {f"{home}/{name}": is_dir for name, is_dir in expected.items()}
    assert (outside / "kept").exists()
    assert shared_platform.storage("DELETE", "DELETE&recursive=false", f"{home}/file", bob).status == 204
    assert shared_platform.storage("DELETE", "DELETE", f"{home}/file", bob).status == 404
    assert set(shared_platform.names(home, bob)) == {"target"}


def test_a_project_is_emptied_and_stays(platform: PlatformProcess) -> None:
    bob = platform.owner_token
    platform.put("/local/bob/d/x", bob, b"")
    assert platform.storage("DELETE", "DELETE&recursive=true", "/local/bob", bob).status == 204
    assert platform.names("/local/bob", bob) == {}
    assert platform.put("/local/bob/again", bob, b"").status == 201


def test_a_very_deep_folder_can_be_removed(shared_platform: PlatformProcess, bob: str, home: str) -> None:
    fd = os.open(disk(shared_platform, home), os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("d", dir_fd=fd)
        below = os.open("d", os.O_RDONLY, dir_fd=fd)
        os.close(fd)
        fd = below
    os.close(fd)
    assert shared_platform.storage("DELETE", "DELETE&recursive=true", f"{home}/d", bob).status == 204
    assert shared_platform.names(home, bob) == {}


def test_unknown_operations(shared_platform: PlatformProcess, bob: str, home: str) -> None:
    for method in ("GET", "PUT", "PATCH", "POST", "DELETE"):
        for op in ("", "NOPE", "open"):
            answer = shared_platform.storage(method, op, home, bob)
            assert (answer.status, answer.error[:3]) == (400, "op:")
