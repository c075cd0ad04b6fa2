"""No path and no link leads out of what a user was given."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jupyter_neuro.platform.storage import Storage

from .process import PlatformProcess

CANARY = b"canary: not for alice"

CLIMBING = (
    "..",
    ".",
    "",
    "%2e%2e",
    "%2E.",
    "..%2f",
    "%2f",
    "%5c..%5c",
    "..\\",
    "%00",
    "%c0%ae%c0%ae",
    "%252e%252e",
    "..;",
)
PLACES = (
    "a",
    "alice",
    "bob",
    "local",
    ".incoming",
    "canary",
    "etc",
    "storage",
    "platform.db",
    "secret",
    "link",
    "up",
    "~",
)
ODD = ("e%CC%81", "%C3%A9", "%E2%80%A8", "%ff", "x" * 300, "%", "%zz", "a%0d%0aX-Evil:%201", "CON", "a:b", "*", "[a]")
parts = st.sampled_from([*CLIMBING, *PLACES, *ODD])
paths = st.lists(parts, max_size=9).map("/".join)
bases = st.sampled_from(["/local/alice/", "/local/alice/link/", "/", "", "/local/", "//", "/local/alice/../"])


@pytest.fixture(scope="module")
def alice(shared_platform: PlatformProcess) -> str:
    token = shared_platform.add_user("alice")
    top = shared_platform.root / "storage" / "local"
    (top / "bob" / "canary").write_bytes(CANARY)
    (shared_platform.root / "canary").write_bytes(CANARY)
    return token


def plant_links(platform: PlatformProcess, token: str) -> None:
    """What a job of hers could leave in her project."""
    own = platform.root / "storage" / "local" / "alice"
    for name, target in (("link", str(own.parent / "bob")), ("up", "../..")):
        platform.storage("DELETE", "DELETE&recursive=true", f"/local/alice/{name}", token)
        (own / name).symlink_to(target)


def outside(platform: PlatformProcess) -> dict[str, str]:
    """Everything in the root that is not alice's and does not change by itself."""
    own = platform.root / "storage" / "local" / "alice"
    changing = ("platform.db", "platform.log", "audit.log")
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "directory"
        for path in sorted(platform.root.rglob("*"))
        if own not in path.parents and not path.name.startswith(changing)
    }


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(base=bases, path=paths, target=paths)
def test_no_path_leads_out(shared_platform: PlatformProcess, alice: str, base: str, path: str, target: str) -> None:
    plant_links(shared_platform, alice)
    before = outside(shared_platform)
    raw = base + path
    answers = [
        shared_platform.get(raw, alice),
        shared_platform.storage("GET", "LISTSTATUS", raw, alice),
        shared_platform.storage("GET", "GETFILESTATUS", raw, alice),
        shared_platform.put(raw, alice, b"written"),
        shared_platform.storage("PATCH", "WRITE", raw, alice, b"w", Content_Range="bytes 0-0/*"),
        shared_platform.storage("PUT", "MKDIRS", raw, alice),
        shared_platform.storage("POST", f"RENAME&destination={quote(base + target)}", raw, alice),
        shared_platform.storage("POST", f"RENAME&destination={base + target}", raw, alice),
    ]
    if path.strip("/."):
        answers.append(shared_platform.storage("DELETE", "DELETE&recursive=true", raw, alice))
    for answer in answers:
        assert answer.status in (200, 201, 204, 400, 404), answer
        assert CANARY not in answer.body
        assert "x-evil" not in answer.headers
    assert outside(shared_platform) == before


@pytest.mark.parametrize("link", ["link", "up", "link/canary", "up/local/bob/canary", "up/.incoming", "link/.."])
def test_links_are_never_followed(shared_platform: PlatformProcess, alice: str, link: str) -> None:
    plant_links(shared_platform, alice)
    before = outside(shared_platform)
    path = f"/local/alice/{link}"
    for method, op in [("GET", "OPEN"), ("GET", "LISTSTATUS"), ("PUT", "MKDIRS"), ("PUT", "CREATE")]:
        below = path + ("/x" if op in ("MKDIRS", "CREATE") else "")
        answer = shared_platform.storage(method, op, below, alice, b"" if method == "PUT" else None)
        assert answer.status in (400, 404)
        assert CANARY not in answer.body
    assert outside(shared_platform) == before


def test_the_text_says_that_it_is_a_link(shared_platform: PlatformProcess, alice: str) -> None:
    plant_links(shared_platform, alice)
    for path in ("/local/alice/link", "/local/alice/link/canary"):
        answer = shared_platform.get(path, alice)
        assert answer.json["errno"] == "ELOOP"
        assert "symbolic link" in answer.error


SWAPPER = """
import os, sys
os.chdir(sys.argv[1])
while True:
    os.rename("d", "kept"); os.symlink("../outside", "d")
    os.unlink("d"); os.rename("kept", "d")
"""


@pytest.fixture
def swapped(tmp_path: Path) -> Iterator[Path]:
    """``storage/local/d`` is by turns a folder and a link to a folder outside, as fast as a process can."""
    inside, out = tmp_path / "storage" / "d", tmp_path / "outside"
    inside.mkdir(parents=True)
    out.mkdir()
    (tmp_path / "incoming").mkdir()
    (inside / "x").write_bytes(b"inside")
    (out / "x").write_bytes(CANARY)
    swapper = subprocess.Popen([sys.executable, "-c", SWAPPER, str(tmp_path / "storage")])
    yield tmp_path
    swapper.kill()
    swapper.wait()


def test_swapping_a_folder_for_a_link_gains_nothing(swapped: Path) -> None:
    storage = Storage(swapped / "storage", swapped / "incoming")
    seen: dict[str, int] = {}
    for _ in range(20_000):
        try:
            fd = storage.open(("d", "x"))
        except OSError as problem:
            seen[problem.strerror or ""] = seen.get(problem.strerror or "", 0) + 1
            continue
        content = os.read(fd, 100)
        os.close(fd)
        assert content == b"inside"
        seen["read"] = seen.get("read", 0) + 1
    assert len(seen) > 1 and seen["read"], "the race never took place"


def test_opening_by_name_would_fall_for_it(swapped: Path) -> None:
    """What the test above guards against does happen to whoever opens by name."""
    deadline = time.monotonic() + 60
    path = swapped / "storage" / "d" / "x"
    while time.monotonic() < deadline:
        try:
            if path.read_bytes() == CANARY:
                return
        except OSError:
            continue
    pytest.fail("the swapper does not swap")
