"""P3: from submitting a job to the first line of its log, beside what a user would run instead.

``python tests/bench/p3_submit_to_log.py [RUNS]``. Each run submits ``echo``, opens the log's websocket, and
stops the clock at the first bytes. Peers of the same run: ``podman run`` of the first image there is, where podman is
installed; the same program in the same sandbox without a platform; plain processes: what lies between is our cost.
Prints medians; goal: at most 1 × ``podman run`` (0.3 s where that was measured).
"""

from __future__ import annotations

import asyncio
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import websocket_connect

from jupyter_neuro.platform.executors.detect import supervisor_command
from jupyter_neuro.platform.executors.sandbox import SandboxExecutor
from jupyter_neuro.platform.executors.work import CannotRun, Work
from tests.platform.process import PlatformProcess

RUNS = 9


async def submit_to_log(platform: PlatformProcess) -> float:
    """Seconds from the submit to the log's first line."""
    headers = {"Authorization": f"Bearer {platform.owner_token}", "Content-Type": "application/json"}
    body = json.dumps({"image": "this-computer", "preset_name": "cpu-micro", "command": "echo hello"})
    base = f"127.0.0.1:{platform.port}/api/v1"
    start = time.perf_counter()
    answer = await AsyncHTTPClient().fetch(
        HTTPRequest(f"http://{base}/jobs?from_preset", "POST", headers=headers, body=body)
    )
    ident = json.loads(answer.body)["id"]
    log = await websocket_connect(HTTPRequest(f"ws://{base}/monitoring/{ident}/log_ws", headers=headers))
    first = await log.read_message()
    took = time.perf_counter() - start
    assert first == b"hello\n", first
    log.close()
    # the next run has the computer to itself
    while json.loads((await AsyncHTTPClient().fetch(f"http://{base}/jobs/{ident}", headers=headers)).body)[
        "status"
    ] in (
        "pending",
        "running",
    ):
        await asyncio.sleep(0.05)
    return took


def first_line(words: list[str]) -> float:
    """Seconds from starting a program to its first line."""
    start = time.perf_counter()
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        took = time.perf_counter() - start
    assert line == b"hello\n", (words, line)
    return took


def supervised(folder: Path) -> float:
    """Seconds of a whole sandboxed job without a platform: supervisor, sandbox, result on disk."""
    job = Path(tempfile.mkdtemp(dir=folder))
    (job / "spec.json").write_text(json.dumps(SandboxExecutor(folder).spec(Work("bench", ["echo", "hello"], job))))
    start = time.perf_counter()
    subprocess.run(supervisor_command(job), check=True)
    took = time.perf_counter() - start
    assert (job / "log").read_text() == "hello\n"
    return took


def peers(folder: Path) -> dict[str, Callable[[], float]]:
    """Name → one measurement."""
    found: dict[str, Callable[[], float]] = {}
    podman = shutil.which("podman")
    if podman:
        images = subprocess.run([podman, "images", "--quiet"], capture_output=True, text=True).stdout.split()
        if images:
            found["podman run"] = lambda: first_line([podman, "run", "--rm", images[0], "echo", "hello"])
    try:
        SandboxExecutor(folder).spec(Work("bench", ["echo"], folder))
        found["one sandboxed job, no platform"] = lambda: supervised(folder)
    except CannotRun:
        pass
    found["python -c, plain process"] = lambda: first_line([sys.executable, "-c", "print('hello')"])
    found["echo, plain process"] = lambda: first_line(["echo", "hello"])
    return found


def report(name: str, seconds: list[float], against: float | None = None) -> float:
    median = statistics.median(seconds)
    ratio = f"  {median / against:6.2f} x P3" if against else ""
    spread = f"{min(seconds) * 1000:.0f}-{max(seconds) * 1000:.0f}"
    print(f"  {name:42} {median * 1000:7.1f} ms  ({spread}, {len(seconds)} runs){ratio}", flush=True)
    return median


def main(runs: int) -> None:
    print("P3 submit -> first log line of echo")
    for tier in ("sandbox", "process"):
        with tempfile.TemporaryDirectory() as folder:
            platform = PlatformProcess(Path(folder) / "root", "--tier", tier)
            try:
                platform.start()
            except AssertionError:
                print(f"  {tier} tier: not on this computer")
                continue
            try:

                async def measure(platform: PlatformProcess = platform) -> list[float]:
                    await submit_to_log(platform)
                    return [await submit_to_log(platform) for _ in range(runs)]

                ours = report(f"P3, {tier} tier", asyncio.run(measure()))
            finally:
                platform.close()
        if tier == "sandbox":
            sandbox = ours
    with tempfile.TemporaryDirectory() as folder:
        found = peers(Path(folder))
        for name, peer in found.items():
            report(name, [peer() for _ in range(runs)], locals().get("sandbox", ours))
        if "podman run" not in found:
            print("  podman run: not installed here, or without an image; measured elsewhere: about 300 ms")


if __name__ == "__main__":
    main(max(5, int(sys.argv[1])) if len(sys.argv) > 1 else RUNS)
