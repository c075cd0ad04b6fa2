"""``apolo-flow`` in live mode on a small project of its own; batch mode is refused."""

from __future__ import annotations

import re
from typing import Any

from .conftest import Apolo
from .rows_jobs import ID
from .table import Scenario, Stage, refuse

NOT_HERE = "Not supported by this platform"
LIVE = b"""kind: live
title: small
volumes:
  data:
    remote: storage:small-data
    mount: /project/data
    local: data
images:
  img:
    ref: image:small:v1
    context: context
    dockerfile: context/Dockerfile
jobs:
  hello:
    image: this-computer
    preset: cpu-micro
    volumes: ["${{ volumes.data.ref_rw }}"]
    cmd: cp /project/data/a.txt /project/data/b.txt
  sleeper:
    image: this-computer
    preset: cpu-micro
    detach: true
    life_span: 1h
    cmd: bash -c "echo awake; sleep 600"
"""
BATCH = b"""kind: batch
tasks:
- id: one
  image: this-computer
  preset: cpu-micro
  cmd: echo one
"""
BAKES = {
    "bake": ["nightly"],
    "bakes": [],
    "cancel": ["some-bake"],
    "clear-cache": ["nightly"],
    "execute": ["some-bake"],
    "inspect": ["some-bake"],
    "restart": ["some-bake"],
    "show": ["some-bake", "one"],
}


def project(apolo: Apolo) -> None:
    """The project's files."""
    apolo.file(".apolo/project.yml", b"id: small\nproject_name: bob\n")
    apolo.file(".apolo/live.yml", LIVE)
    apolo.file(".apolo/nightly.yml", BATCH)
    apolo.file("data/a.txt", b"content")
    apolo.file("context/Dockerfile", b"FROM this-computer\n")


def live(stage: Stage) -> None:
    """Volumes up, jobs run, look, kill, volumes down, forget."""
    bob, table = stage.bob, stage.table
    project(bob)

    def flow(*words: str, **options: Any) -> str:
        return bob.run("apolo-flow", *words, **options).stdout

    assert re.search(r"hello\W+unknown", flow("ps"))
    flow("mkvolumes")
    flow("upload", "data")
    flow("run", "hello")
    assert re.search(r"hello\W+succeeded", flow("ps"))
    assert "succeeded" in flow("status", "hello")
    flow("run", "sleeper")
    shown = flow("ps")
    assert re.search(r"sleeper\W+running", shown)
    job = next(found for line in shown.splitlines() if "sleeper" in line for found in ID.findall(line))
    assert "job:sleeper" in bob("status", job).stdout
    assert "Killed job sleeper" in flow("kill", "sleeper")
    assert "awake" in flow("logs", "sleeper")
    assert "not running" in flow("kill", "sleeper")
    refuse(bob, ["run", "nothing"], "nothing", program="apolo-flow")
    flow("download", "data")
    assert (bob.home / "data/b.txt").read_bytes() == b"content"
    flow("clean", "data")
    assert "small-data" not in bob.lines("ls", "storage:")
    for command in ("clean", "download", "kill", "logs", "mkvolumes", "ps", "run", "status", "upload"):
        table.works(f"apolo-flow {command}")
    assert "COMPLETE" in flow("completion", "generate", "bash")
    flow("completion", "patch", "bash")
    table.works("apolo-flow completion generate", "apolo-flow completion patch")
    _batch(stage)
    refuse(bob, ["init", "barebone"], "cookiecutter", program="apolo-flow")
    table.differs("apolo-flow init", "needs `cookiecutter` and GitHub; the platform has no part in it")
    flow("delete-flow", "small")
    refuse(bob, ["delete-flow", "small"], "no such flow", program="apolo-flow")
    table.works("apolo-flow delete-flow")


def _batch(stage: Stage) -> None:
    for command, words in BAKES.items():
        refuse(stage.bob, [command, *words], NOT_HERE, program="apolo-flow")
        stage.table.refused(f"apolo-flow {command}", "live mode only; batch mode needs a cluster")


def build(stage: Stage) -> None:
    """The image of a flow."""
    project(stage.bob)
    refuse(stage.bob, ["build", "img"], "Failed to build image", program="apolo-flow")
    stage.table.differs(
        "apolo-flow build",
        "not supported yet: the job of the build starts, and fails because its program is not here",
    )


SCENARIOS = [
    Scenario(
        "flow",
        (
            *(f"apolo-flow {c}" for c in ("clean", "download", "kill", "logs", "mkvolumes", "ps", "run", "status")),
            *("apolo-flow upload", "apolo-flow init", "apolo-flow delete-flow"),
            *("apolo-flow completion generate", "apolo-flow completion patch"),
            *(f"apolo-flow {command}" for command in BAKES),
        ),
        live,
    ),
    Scenario("a flow's image", ("apolo-flow build",), build),
]
