"""The platform dies and comes back: its jobs are there, none runs twice, nothing about their end is invented."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from .jobs import TIERS, Jobs, eventually, need_tier, volume
from .process import PlatformProcess


@pytest.fixture(params=TIERS)
def bob(make_platform: Callable[..., PlatformProcess], request: pytest.FixtureRequest) -> Jobs:
    need_tier(request.param)
    platform = make_platform("platform", "--tier", request.param).start()
    return Jobs(platform, platform.owner_token, "bob")


def supervisor(jobs: Jobs, ident: str) -> int:
    """The process that watches a job."""
    return int(json.loads((jobs.platform.root / "jobs" / ident / "started").read_text())["pid"])


def test_a_running_job_is_adopted_and_its_log_goes_on(bob: Jobs) -> None:
    uri = bob.mkdir("go")
    go = bob.platform.root / "storage/local/bob/go/now"
    command = "bash -c 'echo before; until [ -e /project/go/now ]; do sleep 0.02; done; echo after; exit 3'"
    job = bob.wait(bob.submit(command, volumes=[volume(uri, "/project/go")]), "running")
    started = job["history"]["started_at"]
    bob.platform.kill9()
    bob.platform.start()
    again = bob.get(job["id"])
    assert (again["status"], again["history"]["started_at"]) == ("running", started)
    go.touch()
    over = bob.wait(job)
    assert (over["status"], over["history"]["exit_code"]) == ("failed", 3)
    assert bob.log(job) == "before\nafter\n"


def test_a_job_that_ended_meanwhile_has_its_own_exit_code(bob: Jobs) -> None:
    uri = bob.mkdir("go")
    go = bob.platform.root / "storage/local/bob/go/now"
    command = "bash -c 'until [ -e /project/go/now ]; do sleep 0.02; done; exit 9'"
    job = bob.wait(bob.submit(command, volumes=[volume(uri, "/project/go")]), "running")
    bob.platform.kill9()
    go.touch()
    result = bob.platform.root / "jobs" / job["id"] / "exit"
    eventually(result.exists, "the result, without a platform")
    bob.platform.start()
    assert bob.wait(job)["history"]["exit_code"] == 9


def test_an_adopted_job_can_be_attached_to_and_killed(bob: Jobs) -> None:
    job = bob.wait(bob.submit("bash -c 'read a; echo got $a; sleep 60'"), "running")
    bob.platform.kill9()
    bob.platform.start()

    async def talk() -> None:
        connection = await bob.connect(f"/monitoring/{job['id']}/attach?stdin=1&stdout=1")
        await connection.write_message(b"\0it\n", binary=True)
        assert await asyncio.wait_for(connection.read_message(), 60) == b"\1got it\n"

    asyncio.run(talk())
    pid = supervisor(bob, job["id"])
    bob.kill(job["id"])
    eventually(lambda: not alive(pid), "the end of the supervisor")


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_job_whose_supervisor_was_killed_is_lost_and_never_run_again(bob: Jobs) -> None:
    uri = bob.mkdir("count")
    command = "bash -c 'echo x >> /project/c/runs; sleep 300'"
    job = bob.wait(bob.submit(command, volumes=[volume(uri, "/project/c")]), "running")
    runs = bob.platform.root / "storage/local/bob/count/runs"
    eventually(lambda: runs.exists() and runs.read_text() == "x\n", "the job's mark")
    os.kill(supervisor(bob, job["id"]), signal.SIGKILL)
    over = bob.wait(job)
    assert (over["status"], over["history"]["reason"]) == ("failed", "Lost")
    assert "exit_code" not in over["history"] and "exit_code" not in over["statuses"][-1]
    assert over["history"]["description"] == (
        "The computer, or the process that watched this job, stopped before the job's result was written. "
        "It was not started again."
    )
    bob.platform.kill9()
    bob.platform.start()
    assert bob.get(job["id"])["statuses"] == over["statuses"]
    assert runs.read_text() == "x\n"
    eventually(lambda: not left_over(job["id"]), "the end of what the job had started")


def left_over(ident: str) -> list[str]:
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            environment = Path(f"/proc/{pid}/environ").read_bytes()
        except OSError:
            continue
        if f"NEURO_JOB_ID={ident}".encode() in environment.split(b"\0"):
            found.append(pid)
    return found


def test_both_killed_is_lost_too(bob: Jobs) -> None:
    job = bob.wait(bob.submit("sleep 300"), "running")
    pid = supervisor(bob, job["id"])
    bob.platform.kill9()
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: not alive(pid), "the end of the supervisor")
    bob.platform.start()
    assert bob.wait(job)["history"]["reason"] == "Lost"


def test_a_job_that_was_recorded_and_not_started_is_started(bob: Jobs) -> None:
    busy = bob.wait(bob.submit("sleep 300", preset_name="cpu-large"), "running")
    waiting = bob.submit("echo at last", preset_name="cpu-large")
    bob.platform.kill9()
    # as if it had been killed between writing down that it starts the job, and starting it
    with sqlite3.connect(bob.platform.root / "platform.db") as db:
        db.execute("UPDATE jobs SET stage = 'starting' WHERE id = ?", (waiting["id"],))
    db.close()
    bob.platform.start()
    over = bob.wait(waiting)
    assert (over["status"], bob.log(over)) == ("succeeded", "at last\n")
    bob.kill(busy["id"])


def test_a_kill_that_was_told_is_done_after_a_restart(bob: Jobs) -> None:
    job = bob.wait(bob.submit("sleep 300"), "running")
    pid = supervisor(bob, job["id"])
    bob.platform.kill9()
    with sqlite3.connect(bob.platform.root / "platform.db") as db:
        db.execute("UPDATE jobs SET stage = 'killing', status = 'cancelled' WHERE id = ?", (job["id"],))
    db.close()
    bob.platform.start()
    eventually(lambda: not alive(pid), "the end of the job's processes")
    assert bob.get(job["id"])["status"] == "cancelled"


def test_a_life_span_ends_also_when_it_passed_without_the_platform(bob: Jobs) -> None:
    job = bob.wait(bob.submit("sleep 300", max_run_time_minutes=10), "running")
    other = bob.wait(bob.submit("sleep 300", max_run_time_minutes=10), "running")
    answer = bob.request("PUT", f"/jobs/{other['id']}/max_run_time_minutes", {"additional_max_run_time_minutes": 10})
    assert answer.status == 204 and bob.get(other["id"])["max_run_time_minutes"] == 20
    bob.platform.kill9()
    with sqlite3.connect(bob.platform.root / "platform.db") as db:
        db.execute("UPDATE jobs SET started = started - 900")
    db.close()
    bob.platform.start()
    over = bob.wait(job)
    assert (over["status"], over["history"]["reason"]) == ("cancelled", "LifeSpanEnded")
    assert bob.get(other["id"])["status"] == "running", "its life was made longer"
    bob.kill(other["id"])
