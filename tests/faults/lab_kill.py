"""Kill -9 of the Jupyter server while it submits: no job twice, none lost.

``python tests/faults/lab_kill.py [SUBMITS] [--control]``. A client submits one job after another through the Lab's
routes; the server is killed and started again during about every other submit; the client then sends the same form
again, with the same submit tag, as the page does. Every job writes its number once. At the end each number must stand
there exactly once.

A kill comes either at a random instant, or as soon as the job has run, with the answer thrown away: the worst moment,
which chance alone rarely finds. The first submit of a run always meets it.

The negative control sends the form again under a new tag each time: a job must then run twice, else this program
would not notice if the real thing did.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import json
import os
import random
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from pathlib import Path

from jupyter_neuro.client import embedded

NAMES = {"CONFIG_DIR": "config", "DATA_DIR": "data", "RUNTIME_DIR": "runtime"}


class Server:
    """A Jupyter server with the extension, on a fixed port."""

    def __init__(self, home: Path) -> None:
        self.home, self.root = home, home / "platform"
        self.token = secrets.token_hex(16)
        with socket.socket() as sock:
            sock.bind(("127.0.0.1", 0))
            self.port = sock.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        env = {**os.environ, "HOME": str(self.home)}
        env.update({f"JUPYTER_{name}": str(self.home / part) for name, part in NAMES.items()})
        words = [
            "--ServerApp.jpserver_extensions={'jupyter_neuro': True}",
            "--allow-root",
            "--no-browser",
            f"--port={self.port}",
            "--ServerApp.port_retries=0",
            f"--IdentityProvider.token={self.token}",
            f"--ServerApp.root_dir={self.home}",
            "--NeuroExtension.platform=local",
            f"--NeuroExtension.root={self.root}",
        ]
        with (self.home / "server.log").open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "jupyter_server", *words], env=env, stdout=log, stderr=log
            )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                self.call("GET", "session")
                return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
        raise RuntimeError((self.home / "server.log").read_text())

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def call(self, method: str, path: str, body: object = None) -> dict:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/neuro/api/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"token {self.token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read()
        return json.loads(text) if text else {}


def count(marks: Path) -> collections.Counter[str]:
    """How often each number was written by a job."""
    done = marks / "done"
    return collections.Counter(done.read_text().split() if done.exists() else [])


def duplicates(marks: Path) -> bool:
    return any(times > 1 for times in count(marks).values())


def lose_the_answer(server: Server, form: object, has_run: Callable[[], bool]) -> None:
    """Submit, kill the server once the job has run, and throw the answer away; then start the server again."""

    def send() -> None:
        with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            server.call("POST", "jobs", form)

    sender = threading.Thread(target=send)
    sender.start()
    deadline = time.monotonic() + 60
    while not has_run():
        if time.monotonic() > deadline:
            raise RuntimeError("the job did not run within 60 s")
        time.sleep(0.01)
    server.kill()
    sender.join()
    server.start()


def run(submits: int, control: bool, seed: int) -> tuple[int, int, int]:
    """Returns how many kills there were, how many jobs ran twice, and how many are lost."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as top:
        server = Server(Path(top))
        server.start()
        session = server.call("GET", "session")
        marks = server.root / "storage" / session["platform"]["org"] / session["project"] / "marks"
        marks.mkdir(parents=True)
        kills = 0
        acknowledged: set[int] = set()
        try:
            for number in range(submits):
                if control and duplicates(marks):
                    break
                tag = uuid.uuid4().hex
                while number not in acknowledged:
                    form = {
                        "submit_tag": uuid.uuid4().hex if control else tag,
                        "command": f"echo {number} >> /marks/done",
                        "shell": True,
                        "preset": "cpu-micro",
                        "volumes": [{"storage": "storage:marks", "mount": "/marks", "read_only": False}],
                    }
                    if kills == 0 or chance.random() < 0.2:
                        lose_the_answer(server, form, lambda number=number: count(marks)[str(number)] > 0)
                        kills += 1
                        continue
                    killer = None
                    if chance.random() < 0.4:
                        killer = threading.Timer(chance.uniform(0, 0.12), server.kill)
                        killer.start()
                    try:
                        server.call("POST", "jobs", form)
                        acknowledged.add(number)
                    except (urllib.error.URLError, ConnectionError, TimeoutError):
                        pass
                    if killer is not None:
                        killer.join()
                        kills += 1
                        server.start()
            deadline = time.monotonic() + 120
            while time.monotonic() < deadline:
                page = server.call("GET", "jobs?status=running&status=pending")
                if page["total"] == 0:
                    break
                time.sleep(0.2)
            counts = count(marks)
        finally:
            server.kill()
            embedded.stop(server.root)
    twice = sum(count > 1 for count in counts.values())
    lost = sum(str(number) not in counts for number in acknowledged)
    return kills, twice, lost


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("submits", nargs="?", type=int, default=40)
    parser.add_argument("--control", action="store_true", help="only the negative control, which must fail")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options = parser.parse_args()
    bad = 0
    if not options.control:
        kills, twice, lost = run(options.submits, False, options.seed)
        print(f"{options.submits} submits, {kills} kills of the Jupyter server: {twice} twice, {lost} lost")
        bad = twice + lost
    kills, twice, lost = run(options.submits, True, options.seed)
    print(f"control (a new tag each time), {kills} kills: {twice} twice, {lost} lost (seed {options.seed})")
    if twice == 0:
        print("the control started nothing twice: this run proves nothing")
        bad += 1
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
