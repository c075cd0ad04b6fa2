"""The root directory, the single instance, starting on demand."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jupyter_neuro.client import embedded
from jupyter_neuro.platform.root import Root, RootError, process_start_time

from .process import PlatformProcess, environment


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "root"
    yield path
    embedded.stop(path)


def test_everything_is_closed_to_others(platform: PlatformProcess) -> None:
    token = platform.add_user("alice")
    platform.share("storage://default/local/bob/data", "alice", "read", platform.owner_token)
    platform.put("/local/alice/a/b", token, b"x")
    platform.storage("PUT", "MKDIRS", "/local/alice/c/d", token)
    seen = [platform.root, *platform.root.rglob("*")]
    for path in seen:
        expected = 0o700 if path.is_dir() else 0o600
        # the log is opened by whoever starts the platform: here by the tests
        if path.name != "platform.log" and not path.is_symlink():
            assert stat.S_IMODE(path.stat().st_mode) == expected, path
    assert {"platform.db", "secret", "owner-token", "port", "runtime.json", "lock", "audit.log"} <= {
        path.name for path in seen
    }


def test_a_root_open_to_others_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "root"
    path.mkdir(mode=0o755)
    Root(path).ensure()
    assert stat.S_IMODE(path.stat().st_mode) == 0o700, "an empty one is closed"
    path.chmod(0o750)
    with pytest.raises(RootError, match="chmod 700"):
        Root(path).ensure()


def test_a_secret_that_others_could_read_is_refused(tmp_path: Path) -> None:
    root = Root(tmp_path / "root")
    root.ensure()
    root.secret()
    root.ensure()
    root.secret_file.chmod(0o640)
    with pytest.raises(RootError, match="secret"):
        root.ensure()


def test_a_file_is_no_root(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RootError):
        Root(tmp_path / "file").ensure()


def test_only_one_platform_runs_on_a_root(platform: PlatformProcess) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "jupyter_neuro.platform", "--root", str(platform.root)],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert second.returncode == 3
    assert "already running" in second.stderr
    assert platform.request("GET", "/local/status", platform.owner_token).json["pid"] == platform.process.pid


def test_it_listens_on_loopback_alone(platform: PlatformProcess) -> None:
    addresses = [
        line.split()[1]
        for line in Path("/proc/net/tcp").read_text().splitlines()
        if line.split()[1].endswith(f":{platform.port:04X}") and line.split()[3] == "0A"
    ]
    assert addresses == [f"0100007F:{platform.port:04X}"]
    assert f":{platform.port:04X} 0000" not in Path("/proc/net/tcp6").read_text()


def test_no_token_on_a_command_line(platform: PlatformProcess) -> None:
    token = platform.add_user("alice")
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            text = entry.read_bytes()
        except OSError:
            continue
        assert token.encode() not in text
        assert platform.owner_token.encode() not in text


def test_a_taken_port_is_said(make_platform: Callable[..., PlatformProcess], root: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(embedded.PlatformNotStarted, match=f"Port {port} cannot be used"):
            embedded.ensure_started(root, port=port)
    assert embedded.ensure_started(root, port=port).port == port


def test_an_asked_port_is_kept(root: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert embedded.ensure_started(root, port=port).port == port
    assert embedded.stop(root)
    assert embedded.ensure_started(root).port == port


# -- started on demand ---------------------------------------------------------------------------------------


def test_started_found_and_stopped(root: Path) -> None:
    assert embedded.runtime(root) is None
    started = embedded.ensure_started(root, owner="bob")
    assert embedded.runtime(root) == started
    assert embedded.ensure_started(root).pid == started.pid
    assert (started.owner, started.org, started.cluster) == ("bob", "local", "default")
    code, status = embedded.request(started, "GET", "/local/status", embedded.owner_token(root))
    assert (code, status["pid"]) == (200, started.pid)
    assert embedded.stop(root) is True
    assert embedded.runtime(root) is None
    assert process_start_time(started.pid) is None
    assert embedded.stop(root) is False


def _start(path: str) -> int:
    return embedded.ensure_started(Path(path)).pid


def test_many_that_start_at_once_get_one_platform(root: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        assert len(set(pool.map(_start, [str(root)] * 8, chunksize=1))) == 1


def test_it_survives_who_started_it(root: Path) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path; from jupyter_neuro.client import embedded;"
        "embedded.ensure_started(Path(sys.argv[1])); os.killpg(0, signal.SIGKILL)"
    )
    starter = subprocess.run(
        [sys.executable, "-c", code, str(root)], env=environment(), start_new_session=True, timeout=60
    )
    assert starter.returncode == -signal.SIGKILL
    found = embedded.runtime(root)
    assert found is not None
    assert os.getsid(found.pid) != os.getsid(0), "in a session of its own, so that no terminal ends it"


def test_after_a_kill_it_starts_again_with_the_same_address(root: Path) -> None:
    first = embedded.ensure_started(root)
    os.kill(first.pid, signal.SIGKILL)
    while process_start_time(first.pid) is not None:
        time.sleep(0.01)
    assert embedded.runtime(root) is None, "its runtime file is still there and is not believed"
    second = embedded.ensure_started(root)
    assert (second.url, second.pid != first.pid) == (first.url, True)


def test_a_runtime_file_of_another_process_is_not_believed(platform: PlatformProcess) -> None:
    file = platform.root / "runtime.json"
    values = json.loads(file.read_text())
    assert embedded.runtime(platform.root) is not None
    for wrong in [{"pid": os.getpid()}, {"start_time": 1.0}, {"port": 1}]:
        file.write_text(json.dumps(values | wrong))
        assert embedded.runtime(platform.root) is None, wrong
    for text in ["", "[]", "{}", "null"]:
        file.write_text(text)
        assert embedded.runtime(platform.root) is None, text


def test_why_it_did_not_start_is_told(root: Path) -> None:
    embedded.ensure_started(root)
    embedded.stop(root)
    (root / "platform.db").write_bytes(b"this is no database" * 100)
    with pytest.raises(embedded.PlatformNotStarted, match=r"(?s)not a database.*platform\.log"):
        embedded.ensure_started(root)


def test_the_starters_credentials_are_not_passed_on(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_TOKEN", "canary-one")
    monkeypatch.setenv("JPY_API_TOKEN", "canary-two")
    monkeypatch.setenv("ORDINARY", "kept")
    started = embedded.ensure_started(root)
    env = Path(f"/proc/{started.pid}/environ").read_text()
    assert "canary" not in env
    assert "ORDINARY=kept" in env


def test_without_a_first_start_there_is_no_token(root: Path) -> None:
    with pytest.raises(embedded.PlatformNotStarted, match="platform start"):
        embedded.owner_token(root)


def test_finding_a_platform_imports_nothing_heavy() -> None:
    code = "import jupyter_neuro.client.embedded, jupyter_neuro.cli, sys; print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert loaded.isdisjoint({"apolo_sdk", "aiohttp", "tornado", "jupyter_server", "psutil", "nbformat", "sqlite3"})
