"""``jupyter neuro``: what it prints where, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_neuro.client import embedded

from .process import PlatformProcess, environment


class CommandLine:
    """Runs ``jupyter neuro … --root DIR`` as a process."""

    def __init__(self, root: Path, *prefix: str) -> None:
        self.root = root
        self.base = [*prefix, sys.executable, "-m", "jupyter_neuro.cli"]

    def __call__(self, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [*self.base, *arguments, "--root", str(self.root)],
            env=environment(),
            capture_output=True,
            text=True,
            timeout=90,
        )
        assert done.returncode == code, done.stderr
        return done


@pytest.fixture
def neuro(tmp_path: Path) -> Iterator[CommandLine]:
    line = CommandLine(tmp_path / "root")
    yield line
    embedded.stop(line.root)


def test_start_status_url_stop(neuro: CommandLine) -> None:
    stopped = neuro("platform", "status", "--json", code=3)
    assert json.loads(stopped.stdout)["running"] is False
    assert "not running" in neuro("platform", "status", code=3).stdout
    url = neuro("platform", "start", "--owner", "bob").stdout.strip()
    assert neuro("platform", "url").stdout == url + "\n"
    status = json.loads(neuro("platform", "status", "--json").stdout)
    assert status["url"] == url
    assert status["owner"] == "bob"
    assert os.path.exists(f"/proc/{status['pid']}")
    assert status["tier"] in ("sandbox", "process")
    assert set(status["jobs"]) >= {"pending", "running", "total"}
    assert url in neuro("platform", "status").stdout
    again = neuro("platform", "start")
    assert (again.stdout.strip(), "Already running" in again.stderr) == (url, True)
    assert "Stopped" in neuro("platform", "stop").stderr
    assert "not running" in neuro("platform", "stop").stderr
    kept = neuro("platform", "url")
    assert (kept.stdout.strip(), "not running" in kept.stderr) == (url, True)


def test_url_before_the_first_start(neuro: CommandLine) -> None:
    assert "platform start" in neuro("platform", "url", code=3).stderr


def test_starting_otherwise_than_it_runs_is_refused(neuro: CommandLine) -> None:
    neuro("platform", "start", "--owner", "bob", "--tier", "process")
    for options in [("--trust-users",), ("--port", "1234"), ("--tier", "sandbox"), ("--owner", "carol")]:
        refused = neuro("platform", "start", *options, code=1)
        assert "Stop it first" in refused.stderr
    neuro("platform", "start", "--tier", "process")


def test_the_owner_is_chosen_at_the_first_start_only(neuro: CommandLine) -> None:
    assert "cannot be a user name" in neuro("platform", "start", "--owner", "B B", code=1).stderr
    neuro("platform", "start", "--owner", "bob")
    neuro("platform", "stop")
    assert "belongs to bob" in neuro("platform", "start", "--owner", "carol", code=1).stderr
    neuro("platform", "start")
    assert json.loads(neuro("platform", "status", "--json").stdout)["owner"] == "bob"


def test_the_tier_and_trust_hold_for_that_run_only(neuro: CommandLine) -> None:
    neuro("platform", "start", "--tier", "process", "--trust-users")
    status = json.loads(neuro("platform", "status", "--json").stdout)
    assert (status["tier"], status["trust_users"]) == ("process", True)
    neuro("platform", "stop")
    neuro("platform", "start")
    assert json.loads(neuro("platform", "status", "--json").stdout)["trust_users"] is False


def test_a_tier_that_cannot_be_had_is_said(neuro: CommandLine) -> None:
    script = 'cd /proc/sys/user && echo 0 > max_user_namespaces && echo 0 > max_mnt_namespaces && cd / && exec "$@"'
    prefix = ("unshare", "--user", "--map-root-user", "sh", "-c", script, "sh")
    if subprocess.run([*prefix, "true"], capture_output=True).returncode:
        pytest.skip("no user namespaces here to take away")
    locked = CommandLine(neuro.root, *prefix)
    refused = locked("platform", "start", "--tier", "sandbox", code=1)
    assert "No sandbox can be made on this computer" in refused.stderr
    assert "Traceback" not in refused.stderr
    locked("platform", "start")
    status = json.loads(neuro("platform", "status", "--json").stdout)
    assert status["tier"] == "process"
    assert any("no sandbox" in note for note in status["tier_notes"])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_foreground_ends_by_signal(neuro: CommandLine, number: int) -> None:
    process = subprocess.Popen(
        [*neuro.base, "platform", "start", "--foreground", "--root", str(neuro.root)],
        env=environment(),
        stderr=subprocess.DEVNULL,
    )
    while embedded.runtime(neuro.root) is None:
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(number)
    assert process.wait(30) == 0
    assert not (neuro.root / "runtime.json").exists()


def test_tokens_stand_alone_on_standard_output(neuro: CommandLine) -> None:
    added = neuro("user", "add", "alice")
    assert added.stdout.count("\n") == 1
    assert added.stdout.count(".") == 2
    assert "alice" in added.stderr
    renewed = neuro("user", "token", "alice")
    assert renewed.stdout.count("\n") == 1
    assert renewed.stdout != added.stdout


@pytest.mark.parametrize("running", [True, False])
def test_users_beside_a_running_platform_and_without_one(neuro: CommandLine, running: bool) -> None:
    if running:
        neuro("platform", "start", "--owner", "bob")
    first = neuro("user", "add", "alice").stdout.strip()
    second = neuro("user", "token", "alice").stdout.strip()
    started = embedded.ensure_started(neuro.root)

    def state(token: str) -> int:
        return embedded.request(started, "GET", "/local/status", token)[0]

    assert (state(first), state(second)) == (401, 200), "a running platform sees it at once"
    users = json.loads(neuro("user", "ls", "--json").stdout)
    assert [user["name"] for user in users][1:] == ["alice"]
    assert users[0]["owner"] is True
    assert "alice" in neuro("user", "ls").stdout
    if not running:
        embedded.stop(neuro.root)
    neuro("user", "rm", "alice")
    started = embedded.ensure_started(neuro.root)
    assert state(second) == 401
    audit = [json.loads(line)["act"] for line in (neuro.root / "audit.log").read_text().splitlines()]
    assert audit == ["add-user", "renew-token", "remove-user"]


@pytest.mark.parametrize("running", [True, False])
def test_a_removed_users_jobs_end(neuro: CommandLine, running: bool) -> None:
    token = neuro("user", "add", "alice").stdout.strip()
    neuro("platform", "start", "--trust-users")
    started = embedded.ensure_started(neuro.root)
    job = {"image": "this-computer", "command": "sleep 600", "preset_name": "cpu-micro", "project_name": "alice"}
    code, answer = embedded.request(started, "POST", "/jobs?from_preset", token, job)
    assert code == 202, answer

    def wait_for(running: int) -> None:
        deadline = time.monotonic() + 60
        while json.loads(neuro("platform", "status", "--json").stdout)["jobs"]["running"] != running:
            assert time.monotonic() < deadline

    wait_for(running=1)
    if not running:
        neuro("platform", "stop")
    neuro("user", "rm", "alice")
    neuro("platform", "start")
    wait_for(running=0)


def test_user_errors(neuro: CommandLine) -> None:
    neuro("user", "add", "alice")
    assert "already a user" in neuro("user", "add", "alice", code=1).stderr
    assert "cannot be a user name" in neuro("user", "add", "Al ice", code=1).stderr
    assert "no user 'carol'" in neuro("user", "rm", "carol", code=1).stderr
    assert "no user 'carol'" in neuro("user", "token", "carol", code=1).stderr
    owner = json.loads(neuro("user", "ls", "--json").stdout)[0]["name"]
    assert "owns this platform" in neuro("user", "rm", owner, code=1).stderr
    neuro("platform", "start")
    assert "owns this platform" in neuro("user", "rm", owner, code=1).stderr
    assert "no user 'carol'" in neuro("user", "rm", "carol", code=1).stderr


@pytest.mark.parametrize(
    "words", [(), ("platform",), ("user", "add"), ("platform", "start", "--port", "x"), ("nope",)]
)
def test_wrong_usage(neuro: CommandLine, words: tuple[str, ...]) -> None:
    assert "usage:" in neuro(*words, code=2).stderr


def test_help(neuro: CommandLine) -> None:
    assert "--trust-users" in neuro("platform", "start", "--help").stdout


def test_a_broken_root_is_a_plain_error(neuro: CommandLine, platform: PlatformProcess) -> None:
    neuro.root.write_text("a file")
    for words in [("platform", "start"), ("user", "ls"), ("user", "add", "x")]:
        failed = neuro(*words, code=1)
        assert "Traceback" not in failed.stderr
        assert str(neuro.root) in failed.stderr
    neuro.root.unlink()
