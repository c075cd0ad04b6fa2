"""``apolo run``, ``ps``, ``status``, ``logs``, ``kill``, sharing of jobs: the unmodified client, in both tiers."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import time
from collections.abc import Iterator

import pytest

from ..platform.jobs import DEADLINE, TIERS, eventually, need_tier
from ..platform.process import PlatformProcess
from .conftest import Apolo

ID = re.compile(r"job-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
RUN = ("run", "--preset", "cpu-micro")


@pytest.fixture(scope="module", params=TIERS)
def platform(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlatformProcess]:
    """A platform of each tier; everybody may start jobs."""
    need_tier(request.param)
    root = tmp_path_factory.mktemp(request.param) / "platform"
    running = PlatformProcess(root, "--tier", request.param, "--trust-users").start()
    yield running
    running.close()


def detached(apolo: Apolo, *words: str) -> str:
    """Start a job; its ID."""
    found = ID.search(apolo(*RUN, "--detach", *words).stdout)
    assert found
    return found[0]


def shown(apolo: Apolo, job: str) -> dict[str, str]:
    """What ``apolo status`` shows: name of the line → rest of it."""
    return {
        line.split("  ")[0].strip(): line.strip().partition("  ")[2].strip()
        for line in apolo("status", job).stdout.splitlines()
    }


def listed(apolo: Apolo, *options: str) -> set[str]:
    """The IDs that ``apolo ps`` lists."""
    return set(ID.findall(apolo("-q", "ps", *options).stdout))


def test_attached_run_shows_the_output_and_gives_the_exit_code(bob: Apolo) -> None:
    done = bob(*RUN, "this-computer", "--", "bash", "-c", "echo first; sleep 1; echo second >&2; exit 5", code=5)
    assert "first" in done.stdout and "second" in done.stdout + done.stderr
    assert "failed (Error)" in done.stdout


def test_attached_run_of_the_shortest_job_shows_its_output(bob: Apolo) -> None:
    assert "shortest" in bob(*RUN, "this-computer", "--", "echo", "shortest").stdout
    assert "failing" in bob(*RUN, "this-computer", "--", "bash", "-c", "echo failing; exit 3", code=3).stdout


def test_a_missing_program(bob: Apolo) -> None:
    done = bob(*RUN, "this-computer", "--", "no-such-program", code=127)
    assert "ContainerCannotRun" in done.stdout + done.stderr
    job = ID.search(done.stdout)
    assert job and 'command: "no-such-program" was not found in image this-computer' in bob("status", job[0]).stdout


class Terminal:
    """``apolo`` in a terminal, typed at."""

    def __init__(self, apolo: Apolo, *words: str) -> None:
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(
            [*apolo.argv, *words],
            cwd=apolo.home,
            env={**apolo.env, "TERM": "xterm"},
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)
        self.text = ""

    def until(self, pattern: str) -> None:
        """Read on until the pattern came."""
        end = time.monotonic() + DEADLINE
        while not re.search(pattern, self.text):
            assert time.monotonic() < end, self.text
            if not self.read():
                assert re.search(pattern, self.text), self.text

    def read(self) -> bool:
        if not select.select([self.master], [], [], 0.2)[0]:
            return True
        try:
            data = os.read(self.master, 65536)
        except OSError:
            return False
        self.text += data.decode(errors="replace")
        return bool(data)

    def type(self, text: str) -> None:
        os.write(self.master, text.encode())

    def end(self) -> int:
        deadline = time.monotonic() + DEADLINE
        try:
            while self.read() and self.process.poll() is None:
                assert time.monotonic() < deadline, self.text
            return self.process.wait(DEADLINE)
        finally:
            self.process.kill()
            os.close(self.master)


def test_a_terminal_typed_into_and_its_exit_code(bob: Apolo) -> None:
    terminal = Terminal(bob, *RUN, "--tty", "this-computer", "--", "bash", "--norc", "-i")
    terminal.until("terminal mode")
    terminal.type("echo $((20+22))-answer; tty\r")
    terminal.until("42-answer")
    terminal.until(r"/dev/")
    terminal.type("exit 6\r")
    assert terminal.end() == 6, terminal.text


def test_detach_from_a_terminal_and_attach_again(bob: Apolo) -> None:
    terminal = Terminal(bob, *RUN, "--tty", "--name", "shell", "this-computer", "--", "bash", "--norc", "-i")
    terminal.until("terminal mode")
    terminal.type("echo $((20+22))-left\r")
    terminal.until("42-left")
    terminal.type("\x10\x11")
    assert terminal.end() == 0
    assert "running" in bob("status", "shell").stdout
    again = Terminal(bob, "attach", "shell")
    again.until("42-left")
    # the client passes its detach keys on to the shell, which brings back the last command for them
    again.type("\x15exit 0\r")
    assert again.end() == 0, again.text


def test_detached_run_list_status_and_logs(bob: Apolo) -> None:
    job = detached(
        bob, "--name", "steps", "--tag", "blue", "--env", "WORD=hello", "--life-span", "1h", "--description", "said",
        "this-computer", "--", "bash", "-c", "echo $WORD; sleep 60",
    )  # fmt: skip
    assert job in listed(bob) and job in listed(bob, "--tag", "blue") and job not in listed(bob, "--tag", "red")
    assert job not in listed(bob, "--status", "succeeded")
    lines = shown(bob, "steps")
    assert (lines["Job"], lines["Owner"], lines["Status"], lines["Life span"]) == (job, "bob", "running", "1h")
    following = bob.start("logs", "steps")
    assert following.stdout is not None
    assert following.stdout.readline() == "hello\n"
    bob("kill", "steps")
    assert following.wait(DEADLINE) == 0
    following.communicate()
    assert shown(bob, job)["Status"].startswith("cancelled (UserRequested)")
    assert "hello" in bob("logs", job).stdout and "hello" in bob("logs", "--timestamps", job).stdout
    assert "hello" not in bob("logs", "--since", "0s", job).stdout
    assert job not in listed(bob) and job in listed(bob, "--all")


def test_volumes(bob: Apolo) -> None:
    bob.file("in/a.txt", b"content\n")
    bob("mkdir", "-p", "storage:vol/out")
    bob("cp", "-r", "in", "storage:vol/in")
    bob(
        *RUN, "--volume", "storage:vol/in:/project/in:ro", "--volume", "storage:vol/out:/project/out:rw",
        "this-computer", "--", "cp", "/project/in/a.txt", "/project/out/b.txt",
    )  # fmt: skip
    bob("cp", "storage:vol/out/b.txt", "b.txt")
    assert (bob.home / "b.txt").read_bytes() == b"content\n"
    refused = bob(*RUN, "--volume", "storage:none:/project/in:ro", "this-computer", "--", "true", code=None)
    assert "volumes.0: storage://default/local/bob/none does not exist" in refused.stderr


def test_bad_words_are_refused_with_the_field(bob: Apolo) -> None:
    assert "image: there is no image" in bob(*RUN, "image:none:v1", "--", "true", code=None).stderr
    job = detached(bob, "--name", "twice", "this-computer", "--", "sleep", "60")
    refused = bob(*RUN, "--name", "twice", "this-computer", "--", "true", code=None).stderr
    assert f"name: there is an active job named 'twice' in this project: {job}" in refused
    bob("kill", job)
    assert "command: say what to run" in bob(*RUN, "this-computer", code=None).stderr
    assert "preset" in bob("run", "--preset", "none", "this-computer", "--", "true", code=None).stderr
    assert "no such job none" in bob("status", "none", code=None).stderr


def test_a_foreign_image_is_said(bob: Apolo) -> None:
    done = bob(*RUN, "ubuntu", "--", "echo", "mapped")
    assert "host system instead of ubuntu" in done.stdout and "mapped" in done.stdout


def test_capacity_is_in_config_show(bob: Apolo) -> None:
    assert any(line.startswith("cpu-micro ") for line in bob.lines("config", "show"))


def test_two_users_see_of_each_other_exactly_what_was_shared(bob: Apolo, alice: Apolo) -> None:
    shared = detached(bob, "this-computer", "--", "bash", "-c", "echo shared; sleep 60")
    private = detached(bob, "this-computer", "--", "bash", "-c", "echo private; sleep 60")
    everybody = ("--all-projects", "--all")
    assert not {shared, private} & listed(alice, *everybody)
    assert "is needed" in alice("logs", shared, code=None).stderr

    bob("share", f"job:{shared}", "alice", "read")
    assert {shared, private} & listed(alice, *everybody) == {shared}
    eventually(lambda: "shared" in (bob.platform.root / "jobs" / shared / "log").read_text(), "the first line")
    assert shown(alice, shared)["Owner"] == "bob"
    following = alice.start("logs", shared)
    assert following.stdout is not None and following.stdout.readline() == "shared\n"
    for words in (["kill", shared], ["attach", shared], ["bump-life-span", shared, "1h"]):
        refused = alice("job", *words, code=None)
        said = refused.stdout + refused.stderr
        assert "Not enough permissions" in said or "write on" in said, said
    assert shown(bob, shared)["Status"] == "running"
    for words in (["status", private], ["logs", private], ["kill", private]):
        alice(*words, code=None)

    bob("share", f"job:{shared}", "alice", "write")
    alice("kill", shared)
    assert shown(bob, shared)["Status"].startswith("cancelled")
    following.communicate(timeout=DEADLINE)
    assert [line for line in bob.lines("acl", "ls", "--shared") if shared in line and "alice" in line]
    bob("acl", "revoke", f"job:{shared}", "alice")
    assert shared not in listed(alice, *everybody)
    alice("status", shared, code=None)
    bob("kill", private)


def test_sharing_a_name_shares_every_run_of_it(bob: Apolo, alice: Apolo) -> None:
    first = detached(bob, "--name", "nightly", "this-computer", "--", "sleep", "60")
    bob("share", "job:nightly", "alice", "read")
    bob("kill", first)
    second = detached(bob, "--name", "nightly", "this-computer", "--", "sleep", "60")
    assert {first, second} <= listed(alice, "--all-projects", "--all")
    assert shown(alice, "job://default/local/bob/nightly")["Job"] == second
    bob("kill", second)


def test_share_at_the_start(bob: Apolo, alice: Apolo) -> None:
    job = detached(bob, "--share", "alice", "this-computer", "--", "sleep", "60")
    alice("kill", job)
    assert shown(bob, job)["Status"].startswith("cancelled")


def test_the_command_that_repeats_a_job(bob: Apolo) -> None:
    job = detached(bob, "--env", "A=b", "this-computer", "--", "echo", "again")
    said = bob("job", "generate-run-command", job).stdout
    for part in ("--preset cpu-micro", "--env A=b", "this-computer:latest -- echo again"):
        assert part in said
