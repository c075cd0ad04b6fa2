"""Uploads that are interrupted, too large for the disk, or large."""

from __future__ import annotations

import errno
import os
import re
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from .process import PlatformProcess, disk, refused


def half_an_upload(platform: PlatformProcess, path: str) -> socket.socket:
    """Sends the head and 3 MiB of 8 MiB, and waits until they have arrived on disk."""
    connection = socket.create_connection(("127.0.0.1", platform.port))
    connection.sendall(
        f"PUT /api/v1/storage{path}?op=CREATE HTTP/1.1\r\nHost: 127.0.0.1:{platform.port}\r\n"
        f"Authorization: Bearer {platform.owner_token}\r\nContent-Length: {8 * 2**20}\r\n\r\n".encode()
    )
    connection.sendall(os.urandom(3 * 2**20))
    incoming = disk(platform, "/.incoming")
    while sum(file.stat().st_size for file in incoming.iterdir()) < 2 * 2**20:
        time.sleep(0.01)
    return connection


def test_an_upload_whose_sender_hangs_up_leaves_nothing(platform: PlatformProcess) -> None:
    platform.put("/local/bob/x", platform.owner_token, b"old")
    half_an_upload(platform, "/local/bob/x").close()
    while list(disk(platform, "/.incoming").iterdir()):
        time.sleep(0.01)
    assert platform.get("/local/bob/x", platform.owner_token).body == b"old"
    assert set(platform.names("/local/bob", platform.owner_token)) == {"x"}


def test_an_upload_cut_by_kill_9_leaves_nothing(platform: PlatformProcess) -> None:
    platform.put("/local/bob/x", platform.owner_token, b"old")
    with half_an_upload(platform, "/local/bob/x"):
        platform.kill9()
    assert len(list(disk(platform, "/.incoming").iterdir())) == 1
    platform.start()
    assert list(disk(platform, "/.incoming").iterdir()) == []
    assert platform.get("/local/bob/x", platform.owner_token).body == b"old"
    assert set(platform.names("/local/bob", platform.owner_token)) == {"x"}


# a storage of 8 MiB, in a mount namespace of its own
SMALL_DISK = (
    *("unshare", "--user", "--map-root-user", "--mount", "sh", "-c"),
    'mount -t tmpfs -o size=8m,mode=700 none "$0" && exec "$@"',
)


def test_disk_full(make_platform: Callable[..., PlatformProcess], tmp_path: Path) -> None:
    storage = tmp_path / "small" / "storage"
    storage.parent.mkdir(mode=0o700)
    storage.mkdir(mode=0o700)
    if subprocess.run([*SMALL_DISK, str(storage), "true"], capture_output=True).returncode:
        pytest.skip("no user namespaces with mounts here")
    platform = make_platform("small", "--tier", "process", prefix=(*SMALL_DISK, str(storage))).start()
    bob = platform.owner_token
    assert platform.put("/local/bob/x", bob, b"old").status == 201
    for path in ("/local/bob/x", "/local/bob/new"):
        full = platform.put(path, bob, os.urandom(12 * 2**20))
        refused(full, errno.ENOSPC)
        assert "No space left" in full.error
    assert platform.get("/local/bob/x", bob).body == b"old"
    assert set(platform.names("/local/bob", bob)) == {"x"}
    content = os.urandom(6 * 2**20)
    assert platform.put("/local/bob/new", bob, content).status == 201, "nothing of the failed ones takes space"
    patch = platform.storage(
        "PATCH", "WRITE", "/local/bob/x", bob, os.urandom(4 * 2**20), Content_Range=f"bytes 0-{4 * 2**20 - 1}/*"
    )
    refused(patch, errno.ENOSPC)
    assert platform.get("/local/bob/new", bob).body == content


def test_a_large_file_never_lies_in_memory(platform: PlatformProcess) -> None:
    def peak() -> int:
        assert platform.process is not None
        text = Path(f"/proc/{platform.process.pid}/status").read_text()
        return int(re.findall(r"VmHWM:\s+(\d+) kB", text)[0]) * 1024

    before, size = peak(), 400 * 2**20
    content = bytes(size)
    assert platform.put("/local/bob/x", platform.owner_token, content).status == 201
    assert platform.get("/local/bob/x", platform.owner_token).body == content
    assert peak() - before < 64 * 2**20


def test_other_bodies_are_bounded(platform: PlatformProcess) -> None:
    with socket.create_connection(("127.0.0.1", platform.port)) as connection:
        connection.sendall(
            f"POST /api/v1/users HTTP/1.1\r\nHost: 127.0.0.1:{platform.port}\r\n"
            f"Authorization: Bearer {platform.owner_token}\r\nContent-Length: {2**30}\r\n\r\n".encode()
        )
        assert not connection.recv(100).startswith(b"HTTP/1.1 2")
    assert platform.request("GET", "/local/status", platform.owner_token).status == 200
