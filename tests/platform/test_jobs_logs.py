"""Logs over the websocket: while a job runs and after it, from a moment on, with times, and for slow readers."""

from __future__ import annotations

import asyncio
import hashlib
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tornado.httpclient import HTTPClientError

from .jobs import DEADLINE, Jobs, eventually, volume
from .process import PlatformProcess

STAMP = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z) (.*)")


@pytest.fixture(scope="module")
def bob(shared_platform: PlatformProcess) -> Jobs:
    return Jobs(shared_platform, shared_platform.owner_token, "bob")


@pytest.fixture
def steps(bob: Jobs) -> tuple[Jobs, Path]:
    """A folder with files by which a test lets a job go on."""
    bob.mkdir("steps")
    folder = bob.platform.root / "storage/local/bob/steps"
    for file in folder.iterdir():
        file.unlink()
    return bob, folder


WAITING = "bash -c 'for step in 1 2 3; do until [ -e /project/s/$step ]; do sleep 0.02; done; echo line $step; done'"
STEPS = {"volumes": [volume("storage://default/local/bob/steps", "/project/s", True)]}


def test_a_live_log_comes_line_by_line_and_ends_with_the_job(steps: tuple[Jobs, Path]) -> None:
    bob, folder = steps
    job = bob.submit(WAITING, **STEPS)

    async def follow() -> None:
        connection = await bob.connect(f"/monitoring/{job['id']}/log_ws?separator=x")
        for step in "123":
            (folder / step).touch()
            piece = await asyncio.wait_for(connection.read_message(), DEADLINE)
            assert piece == f"line {step}\n".encode()
        assert await asyncio.wait_for(connection.read_message(), DEADLINE) is None
        assert connection.close_code == 1000

    asyncio.run(follow())
    assert bob.log(job) == "line 1\nline 2\nline 3\n"


def test_since_and_timestamps(steps: tuple[Jobs, Path]) -> None:
    bob, folder = steps
    job = bob.submit(WAITING, **STEPS)
    log = bob.platform.root / "jobs" / job["id"] / "log"
    moments = [datetime.now(UTC)]
    for step in "123":
        (folder / step).touch()
        eventually(lambda line=f"line {step}\n": log.exists() and log.read_text().endswith(line), f"line {step}")
        moments.append(datetime.now(UTC))
    bob.wait(job)
    for number, moment in enumerate(moments):
        expected = "".join(f"line {step}\n" for step in range(number + 1, 4))
        assert bob.log(job, f"since={moment.isoformat().replace('+', '%2B')}") == expected
    stamped = [STAMP.fullmatch(line) for line in bob.log(job, "timestamps=true").splitlines()]
    for number, match in enumerate(stamped):
        assert match is not None and match[2] == f"line {number + 1}"
        assert moments[number] <= datetime.fromisoformat(match[1]) <= moments[number + 1]


def test_much_output_arrives_whole_also_at_a_slow_reader(bob: Jobs) -> None:
    program = "import sys; [sys.stdout.write(f'{n:09d}' * 100 + chr(10)) for n in range(40_000)]"
    job = bob.submit(f'python -c "{program}"')

    async def follow() -> tuple[int, str]:
        connection = await bob.connect(f"/monitoring/{job['id']}/log_ws")
        size, digest = 0, hashlib.sha256()
        while (piece := await asyncio.wait_for(connection.read_message(), DEADLINE)) is not None:
            assert isinstance(piece, bytes)
            size += len(piece)
            digest.update(piece)
            await asyncio.sleep(0)
        return size, digest.hexdigest()

    expected = "".join(f"{n:09d}" * 100 + "\n" for n in range(40_000)).encode()
    assert asyncio.run(follow()) == (len(expected), hashlib.sha256(expected).hexdigest())


def test_long_lines_and_bytes_that_are_no_text_come_through(bob: Jobs) -> None:
    program = "import sys; sys.stdout.buffer.write(bytes([255, 0, 13]) + b'x' * 300_000)"
    job = bob.wait(bob.submit(f'python -c "{program}"'))
    raw = asyncio.run(bob._log(job["id"], ""))
    assert raw == b"\xff\x00\r" + b"x" * 300_000
    stamped = asyncio.run(bob._log(job["id"], "timestamps=true"))
    assert stamped[28:] == raw, "one line, one time"


def test_the_log_of_a_job_that_was_killed_while_waiting_is_empty(bob: Jobs) -> None:
    busy = bob.submit("sleep 60", preset_name="cpu-large")
    waiting = bob.submit("echo never", preset_name="cpu-large")

    async def follow() -> bytes | str | None:
        connection = await bob.connect(f"/monitoring/{waiting['id']}/log_ws")
        await asyncio.to_thread(bob.kill, waiting["id"])
        return await asyncio.wait_for(connection.read_message(), DEADLINE)

    assert asyncio.run(follow()) is None
    bob.kill(busy["id"])


def test_refusals_say_why_in_the_header(bob: Jobs) -> None:
    job, _ = bob.run("true")
    stranger = Jobs(bob.platform, bob.platform.add_user("stranger"), "stranger")
    for jobs, path, code in (
        (bob, "/monitoring/job-none/log_ws", 400),
        (bob, f"/monitoring/{job['id']}/log_ws?since=never", 400),
        (bob, f"/monitoring/{job['id']}/exec?cmd=ls", 400),
        (bob, f"/monitoring/{job['id']}/port_forward/80", 400),
        (bob, f"/monitoring/{job['id']}/attach", 404),
        (stranger, f"/monitoring/{job['id']}/log_ws", 403),
        (stranger, f"/monitoring/{job['id']}/top", 403),
        (Jobs(bob.platform, "wrong", "bob"), f"/monitoring/{job['id']}/log_ws", 401),
    ):
        with pytest.raises(HTTPClientError) as refused:
            asyncio.run(jobs.connect(path))
        assert refused.value.code == code
        assert refused.value.response is not None
        assert '"error"' in refused.value.response.headers["X-Error"]
