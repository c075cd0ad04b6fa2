"""The platform's disk runs full while a job prints: the job goes on, its result is kept, submits are refused cleanly.

``python -m tests.faults.disk_full [--tier T]``. Makes a mount namespace of its own with a small file system for the
platform's root, so that nothing else of the computer is touched. Exit code 0: as it has to be; 77: no such namespace.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.platform.jobs import Jobs, eventually, volume
from tests.platform.process import PlatformProcess

SIZE = 48 * 2**20
UNABLE = 77
INSIDE = "--inside"


def fill(root: Path) -> Path:
    """Take every byte that is left."""
    path = root / "filler"
    with path.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
    return path


def inside(folder: Path, tier: str) -> None:
    """On the small file system."""
    platform = PlatformProcess(folder / "root", "--tier", tier).start()
    try:
        exercise(platform)
    finally:
        platform.close()


def exercise(platform: PlatformProcess) -> None:
    jobs = Jobs(platform, platform.owner_token, "bob")
    uri = jobs.mkdir("steps")
    steps = platform.root / "storage/local/bob/steps"
    for name in ("print", "end"):
        (steps / f"no-{name}").touch()
    waiting = "until [ -e /project/s/{} ]; do sleep 0.02; done"
    # prints more than the disk takes, and goes on
    command = (
        f"echo begin; {waiting.format('print')}; head -c 1000000 /dev/zero; {waiting.format('end')}; echo end; exit 5"
    )
    job = jobs.wait(jobs.submit(f"bash -c '{command}'", volumes=[volume(uri, "/project/s")]), "running")
    folder = platform.root / "jobs" / job["id"]
    filler = None
    try:
        first = folder / "log"
        eventually(lambda: first.exists() and first.read_bytes() == b"begin\n", "the first line")
        filler = fill(platform.root)
        # renamed, as a new file would want room
        (steps / "no-print").rename(steps / "print")
        before = len(jobs.list())
        answer = jobs.request(
            "POST", "/jobs?from_preset", {"image": "this-computer", "command": "true", "preset_name": "cpu-micro"}
        )
        assert answer.status == 400 and answer.json["errno"] == "ENOSPC", answer.body
        assert "disk of this platform is full" in answer.error
        assert len(jobs.list()) == before, "nothing half"
        (steps / "no-end").rename(steps / "end")
        result = folder / "exit"
        eventually(result.exists, "the result, on a full disk")
        assert json.loads(result.read_text())["code"] == 5
    finally:
        if filler is not None:
            filler.unlink()
    over = jobs.wait(job)
    assert (over["status"], over["history"]["exit_code"]) == ("failed", 5), over["history"]
    log = (folder / "log").read_bytes()
    assert log.startswith(b"begin\n")
    assert len(log) < 1_000_000, "the disk was full"
    assert "could not be written to the disk" in over["history"]["description"], over["history"]
    again, text = jobs.run("echo after")
    assert (again["status"], text) == ("succeeded", "after\n")
    print(f"log {len(log)} bytes; {over['history']['description']}")
    platform.kill9()
    platform.start()
    assert [job["status"] for job in jobs.list()] == ["failed", "succeeded"]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--tier", default="auto")
    parser.add_argument(INSIDE, type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.inside:
        if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(options.inside)]).returncode:
            return UNABLE
        inside(options.inside, options.tier)
        return 0
    with tempfile.TemporaryDirectory(prefix="neuro-full-") as folder:
        unshare = ["unshare", "--user", "--map-root-user", "--mount"]
        if subprocess.run([*unshare, "true"], capture_output=True).returncode:
            print("this system gives no mount namespace")
            return UNABLE
        words = [sys.executable, "-m", "tests.faults.disk_full", "--tier", options.tier, INSIDE, folder]
        return subprocess.run([*unshare, *words], env=os.environ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
