"""Kill -9 of the platform at random instants: no acknowledged job lost, none run twice, every exit code right.

``python -m tests.faults.controller_kill [--jobs N] [--kills M] [--tier T] [--control]``

A client submits jobs and writes each acknowledged ID to a file of its own, synced. Every job appends its number to
one file (``O_APPEND``: one line, one run) and ends with an exit code that follows from the number. Meanwhile the
platform is killed again and again and started again. A submit without an answer is repeated under its submit tag.
At the end: each acknowledged job is there, is over, has the exit code of its number, and stands in the file once.

``--control`` is the negative control: between a kill and the restart it does to the files what the obvious program
does ("what was running is run again": the record says pending again, and the job's directory is put aside).
Jobs must then run twice; if they do not, this test could not see it, and the program fails.

Exit code 0: as it has to be. The figures are printed.
"""

from __future__ import annotations

import argparse
import collections
import http.client
import json
import os
import random
import signal
import sqlite3
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from tests.platform.process import PlatformProcess

CODES = 7
"""Exit codes are the number modulo this."""
PATIENCE = 300.0


class Client(threading.Thread):
    """Submits the numbers one after another, and writes down what was acknowledged."""

    def __init__(self, platform: PlatformProcess, token: str, jobs: int, acks: Path, seed: str) -> None:
        super().__init__(daemon=True)
        self._platform, self._token, self._jobs, self._seed = platform, token, jobs, seed
        self._acks = os.open(acks, os.O_CREAT | os.O_APPEND | os.O_WRONLY)
        self.repeated = 0
        self.trouble: list[str] = []

    def run(self) -> None:
        for number in range(self._jobs):
            while True:
                try:
                    answer = self._platform.request("POST", "/jobs?from_preset", self._token, self._body(number))
                except (OSError, http.client.HTTPException):
                    # no answer: it may or may not have been taken
                    self.repeated += 1
                    time.sleep(0.02)
                    continue
                if answer.status not in (200, 202):
                    self.trouble.append(f"{number}: {answer.status} {answer.body!r}")
                    break
                os.write(self._acks, f"{number} {answer.json['id']}\n".encode())
                os.fsync(self._acks)
                break

    def _body(self, number: int) -> dict[str, Any]:
        text = f"echo {number} >> /project/marks/file; sleep 0.0{number % 10}; exit {number % CODES}"
        return {
            "image": "this-computer",
            "preset_name": "cpu-micro",
            "entrypoint": "/bin/sh -c",
            "command": f"'{text}'",
            "tags": [f"neuro-submit:{self._seed}-{number:06d}"],
            "volumes": [
                {
                    "src_storage_uri": "storage://default/local/bob/marks",
                    "dst_path": "/project/marks",
                    "read_only": False,
                }
            ],
        }


def naive_restart(root: Path) -> None:
    """The negative control: forget that what is recorded as running was ever begun."""
    with sqlite3.connect(root / "platform.db") as db:
        running = [row[0] for row in db.execute("SELECT id FROM jobs WHERE stage IN ('starting', 'running')")]
        db.execute("UPDATE jobs SET stage = 'pending', status = 'pending' WHERE stage IN ('starting', 'running')")
    db.close()
    for ident in running:
        folder = root / "jobs" / ident
        if folder.is_dir():
            folder.rename(folder.with_name(f"{ident}.forgotten-{time.time_ns()}"))


def exercise(root: Path, jobs: int, kills: int, tier: str, control: bool, seed: int) -> dict[str, Any]:
    """Run it all; the figures."""
    chance = random.Random(seed)
    platform = PlatformProcess(root, "--tier", tier).start()
    token = platform.owner_token
    assert platform.storage("PUT", "MKDIRS", "/local/bob/marks", token).status == 201
    acks = root.parent / "acks"
    client = Client(platform, token, jobs, acks, f"{seed:08d}")
    began = time.monotonic()
    client.start()
    restarts = []
    done = 0
    deadline = time.monotonic() + PATIENCE + jobs
    while done < kills or client.is_alive() or _unfinished(root):
        assert time.monotonic() < deadline, "the jobs did not come to their end"
        # from far shorter than a submit to longer than a job: also within a start of the platform
        time.sleep(chance.choice((0.0, 0.005, 0.05, 0.3)) * chance.random() if done < kills else 0.1)
        if done >= kills:
            continue
        assert platform.process is not None
        platform.process.send_signal(signal.SIGKILL)
        platform.process.wait(30)
        done += 1
        if control:
            naive_restart(root)
        start = time.monotonic()
        if done < kills and chance.random() < 0.15:
            _start_and_kill_early(platform, chance)
            done += 1
        platform.start()
        restarts.append(time.monotonic() - start)
        if chance.random() < 0.7:
            time.sleep(chance.random() * 0.4)
    client.join(PATIENCE)
    took = time.monotonic() - began
    figures = judge(platform, token, root, acks, jobs)
    platform.stop()
    with sqlite3.connect(root / "platform.db") as db:
        figures["integrity"] = db.execute("PRAGMA integrity_check").fetchone()[0]
    db.close()
    restarts.sort()
    return figures | {
        "kills": done,
        "seconds": round(took, 1),
        "restart_median": round(restarts[len(restarts) // 2], 3) if restarts else None,
        "submits repeated": client.repeated,
        "refused": client.trouble,
    }


def _start_and_kill_early(platform: PlatformProcess, chance: random.Random) -> None:
    """A platform that is killed while it is starting, adopting jobs perhaps."""
    import subprocess

    from tests.platform.process import environment

    words = [sys.executable, "-m", "jupyter_neuro.platform", "--root", str(platform.root), "--owner", platform.owner]
    with (platform.root / "platform.log").open("ab") as log:
        process = subprocess.Popen(
            [*words, *platform.options], env=environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    time.sleep(0.2 + chance.random() * 0.6)
    process.kill()
    process.wait(30)


def _unfinished(root: Path) -> bool:
    db = sqlite3.connect(root / "platform.db", timeout=10)
    try:
        return db.execute("SELECT 1 FROM jobs WHERE stage != 'ended' LIMIT 1").fetchone() is not None
    finally:
        db.close()


def judge(platform: PlatformProcess, token: str, root: Path, acks: Path, jobs: int) -> dict[str, Any]:
    """Compare what was acknowledged with what is recorded and with what really ran."""
    acknowledged = dict(line.split() for line in acks.read_text().splitlines())
    marks = root / "storage/local/bob/marks/file"
    ran = collections.Counter(marks.read_text().split() if marks.exists() else [])
    answer = platform.request("GET", "/jobs?owner=bob", token, headers={"Accept": "application/x-ndjson"})
    recorded = {job["id"]: job for job in map(json.loads, answer.body.splitlines())}
    wrong_code, unfinished = [], []
    for number, ident in acknowledged.items():
        job = recorded.get(ident, {"status": "missing", "history": {}})
        if job["status"] in ("pending", "running"):
            unfinished.append(ident)
        elif job["history"].get("exit_code") != int(number) % CODES:
            wrong_code.append((number, job["status"], job["history"]))
    return {
        "jobs": jobs,
        "acknowledged": len(acknowledged),
        "recorded": len(recorded),
        "lost": sorted(number for number in acknowledged if not ran[number])[:10],
        "twice": sorted(number for number, times in ran.items() if times > 1),
        "not recorded": [ident for ident in acknowledged.values() if ident not in recorded][:10],
        "unfinished": unfinished[:10],
        "wrong exit code": wrong_code[:10],
    }


def verdict(figures: dict[str, Any], control: bool) -> bool:
    """Whether all is as it has to be; for the control: whether its fault was seen."""
    if control:
        return bool(figures["twice"])
    clean = not any(
        figures[key] for key in ("lost", "twice", "not recorded", "unfinished", "wrong exit code", "refused")
    )
    whole = figures["acknowledged"] == figures["recorded"] == figures["jobs"]
    return clean and whole and figures["integrity"] == "ok"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--jobs", type=int, default=400)
    parser.add_argument("--kills", type=int, default=110)
    parser.add_argument("--tier", default="auto")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--control", action="store_true", help="the naive restart, which has to run jobs twice")
    options = parser.parse_args(arguments)
    seed = options.seed if options.seed is not None else int.from_bytes(os.urandom(3))
    with tempfile.TemporaryDirectory(prefix="neuro-faults-") as folder:
        figures = exercise(
            Path(folder) / "platform", options.jobs, options.kills, options.tier, options.control, seed
        )
    good = verdict(figures, options.control)
    twice = figures.pop("twice")
    print(f"{'control: ' if options.control else ''}seed {seed}, run twice: {len(twice)}", end="")
    print("".join(f"\n  {key}: {value}" for key, value in figures.items()))
    if options.control:
        print("the fault of the control was seen" if good else "THE CONTROL DID NOT FAIL: this test proves nothing")
    else:
        print("0 lost, 0 twice, every exit code right" if good else "FAILED")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
