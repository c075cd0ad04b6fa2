"""Jobs: each command under both of its names, on running jobs, by their owner and by a colleague."""

from __future__ import annotations

import re
import signal
import socket
from collections.abc import Callable
from functools import partial

from ..platform.jobs import DEADLINE, eventually
from .conftest import Apolo
from .table import Scenario, Stage, Table, refuse

ID = re.compile(r"job-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
PRESET = ("--preset", "cpu-micro")
NOT_YET = "Not supported by this platform yet"


def start(apolo: Apolo, prefix: list[str], *words: str) -> str:
    """A job that runs in the background; its ID."""
    found = ID.search(apolo(*prefix, "run", *PRESET, "--detach", *words).stdout)
    assert found
    return found[0]


def follow(
    apolo: Apolo, table: Table, words: list[str], line: str, meanwhile: Callable[[], None] = lambda: None
) -> None:
    """A command that goes on until it is interrupted: what it shows, and that it ends when told to."""
    going = apolo.start(*words)
    assert going.stdout is not None
    try:
        seen = ""
        while line not in seen:
            read = going.stdout.readline()
            assert read, f"{' '.join(words)}: {seen}{going.stderr.read() if going.stderr else ''}"
            seen += read
        meanwhile()
    finally:
        going.send_signal(signal.SIGINT)
        going.communicate(timeout=DEADLINE)
    table.ran(" ".join(["apolo", *words[: 2 if words[0] == "job" else 1]]), going.returncode)


def living(stage: Stage) -> None:
    """From the start to the end of a job."""
    bob, alice, table = stage.bob, stage.alice, stage.table
    for prefix, listing in (([], "ps"), (["job"], "ls")):
        attached = bob(*prefix, "run", *PRESET, "this-computer", "--", "bash", "-c", "echo seen; exit 5", code=5)
        assert "seen" in attached.stdout
        job = start(bob, prefix, "--life-span", "1h", "this-computer", "--", "bash", "-c", "echo started; sleep 600")
        log = stage.platform.root / "jobs" / job / "log"
        eventually(lambda log=log: log.exists() and "started" in log.read_text(), "the first line")
        assert job in bob(*prefix, listing).stdout and job not in alice(*prefix, listing, "--all-projects").stdout
        assert f"Job {job}" in bob.lines(*prefix, "status", job)
        follow(bob, table, [*prefix, "logs", job], "started")
        refuse(alice, [*prefix, "logs", job], "is needed")
        refuse(alice, [*prefix, "kill", job], "Not enough permissions")
        bob(*prefix, "kill", job)
        assert "started" in bob(*prefix, "logs", job).stdout
        assert any(line.startswith("Status cancelled (UserRequested)") for line in bob.lines(*prefix, "status", job))
    for command in ("kill", "logs", "run", "status"):
        table.works(f"apolo {command}", f"apolo job {command}")
    table.works("apolo ps", "apolo job ls")


def following(stage: Stage) -> None:
    """Attaching, measuring, going on for longer, and repeating."""
    bob, alice, table = stage.bob, stage.alice, stage.table
    job = start(
        bob, [], "--life-span", "1h", "this-computer", "--", "bash", "-c", "while sleep 0.2; do echo tick; done"
    )
    for prefix in ([], ["job"]):
        follow(bob, table, [*prefix, "attach", job], "tick")
        table.works(" ".join(["apolo", *prefix, "attach"]), remark="begins with the last of the output so far")
        refuse(alice, [*prefix, "attach", job], "is needed")
        follow(bob, table, [*prefix, "top", job], job)
        refuse(alice, [*prefix, "top", job], "is needed")
    bob("job", "bump-life-span", job, "2h")
    assert any(line.startswith("Life span 3h") for line in bob.lines("status", job))
    refuse(alice, ["job", "bump-life-span", job, "2h"], "is needed")
    assert f"--preset {PRESET[1]}" in bob("job", "generate-run-command", job).stdout
    bob("kill", job)
    table.works("apolo job bump-life-span", "apolo job generate-run-command")
    # it goes on until it is interrupted
    table.works("apolo top", "apolo job top", code=130)


def later(stage: Stage) -> None:
    """What is refused."""
    bob, table = stage.bob, stage.table
    job = start(bob, [], "this-computer", "--", "sleep", "600")
    for prefix in ([], ["job"]):
        refuse(bob, [*prefix, "exec", job, "--", "true"], NOT_YET)
        table.refused(" ".join(["apolo", *prefix, "exec"]), "not supported yet")
        refuse(bob, [*prefix, "save", job, "image:saved:v1"], "not supported by this platform")
        table.refused(" ".join(["apolo", *prefix, "save"]), "a job is not saved as an image: build one")
        port = free_port()
        follow(bob, table, [*prefix, "port-forward", job, f"{port}:80"], "Press", meanwhile=partial(nothing_at, port))
        table.differs(" ".join(["apolo", *prefix, "port-forward"]), "not supported yet: every connection is closed")
    refuse(bob, ["job", "browse", job], "Cannot browse job URL")
    table.refused("apolo job browse", "jobs have no web pages yet")
    bob("kill", job)


def free_port() -> int:
    """A port on which nothing listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def nothing_at(port: int) -> None:
    """A connection through the tunnel is closed without an answer."""

    def reach() -> socket.socket | None:
        try:
            return socket.create_connection(("127.0.0.1", port), DEADLINE)
        except ConnectionRefusedError:
            return None

    with eventually(reach, "a listening client") as connection:
        connection.settimeout(DEADLINE)
        connection.sendall(b"hello")
        assert connection.recv(100) == b""


SCENARIOS = [
    Scenario(
        "a job's life",
        (
            *(f"apolo{twin} {c}" for twin in ("", " job") for c in ("kill", "logs", "run", "status")),
            *("apolo ps", "apolo job ls"),
        ),
        living,
    ),
    Scenario(
        "following a job",
        (
            *(f"apolo{twin} {c}" for twin in ("", " job") for c in ("attach", "top")),
            *("apolo job bump-life-span", "apolo job generate-run-command"),
        ),
        following,
    ),
    Scenario(
        "what jobs cannot",
        (
            *(f"apolo{twin} {c}" for twin in ("", " job") for c in ("exec", "port-forward", "save")),
            "apolo job browse",
        ),
        later,
    ),
]
