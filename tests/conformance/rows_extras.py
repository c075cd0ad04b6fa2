"""``apolo-extras``."""

from __future__ import annotations

import base64
import json

import yaml

from .table import Scenario, Stage, refuse

NOT_YET = "not supported yet: the job of the build starts, and fails because its program is not here"


def act(stage: Stage) -> None:
    """What it writes for other tools."""
    bob, table = stage.bob, stage.table
    made = bob.run("apolo-extras", "config", "build-registy-auth", "registry.test", "me", "pass").stdout
    assert base64.b64decode(json.loads(made)["auths"]["registry.test"]["auth"]) == b"me:pass"
    bob.run("apolo-extras", "config", "save-registry-auth", "auth.json")
    (auth,) = json.loads((bob.home / "auth.json").read_text())["auths"].values()
    assert base64.b64decode(auth["auth"]).decode() == f"bob:{bob.token}"
    bob.run("apolo-extras", "init-aliases")
    assert "apolo-extras image build" in (bob.home / ".neuro.toml").read_text()
    (bob.home / ".neuro.toml").unlink()
    for name in ("generate-secret", "generate-registry-secret"):
        assert yaml.safe_load(bob.run("apolo-extras", "k8s", name).stdout)["kind"] == "Secret"
        table.works(f"apolo-extras k8s {name}", remark="there is no Kubernetes here to use it with")
    table.works(
        "apolo-extras config build-registy-auth",
        "apolo-extras config save-registry-auth",
        "apolo-extras init-aliases",
    )


def images(stage: Stage) -> None:
    """Building and copying images."""
    bob, table = stage.bob, stage.table
    bob.file("image/Dockerfile", b"FROM this-computer\n")
    refuse(bob, ["image", "build", "image", "image:built:v1"], "Failed to build image", program="apolo-extras")
    table.differs("apolo-extras image build", NOT_YET)
    refuse(bob, ["image", "transfer", "image:a:v1", "image:b:v1"], "Failed to build image", program="apolo-extras")
    table.differs("apolo-extras image transfer", NOT_YET)
    refuse(bob, ["image", "local-build", "image", "image:built:v1"], "Failed to build image", program="apolo-extras")
    table.differs("apolo-extras image local-build", "needs a Docker daemon; the platform has no part in it")


def data(stage: Stage) -> None:
    """Between clusters, and from object storage: both start a job of another maker's image."""
    bob, table = stage.bob, stage.table
    bob.file("data.txt", b"x")
    done = bob.run("apolo-extras", "data", "cp", "s3://bucket/x", "storage:x", code=None)
    assert "pass_config: not supported" in done.stderr
    table.differs("apolo-extras data cp", "not supported yet; the client ends with a traceback around the sentence")
    other = "storage://other/local/bob/x"
    done = bob.run("apolo-extras", "data", "transfer", "storage:x", other, code=None)
    assert "Cluster other doesn't exist" in done.stderr
    table.differs("apolo-extras data transfer", "there is one cluster; the client ends with a traceback that says so")


SCENARIOS = [
    Scenario(
        "extras",
        (
            *(f"apolo-extras config {command}" for command in ("build-registy-auth", "save-registry-auth")),
            *("apolo-extras init-aliases", "apolo-extras k8s generate-secret"),
            "apolo-extras k8s generate-registry-secret",
        ),
        act,
    ),
    Scenario(
        "extras: images",
        tuple(f"apolo-extras image {command}" for command in ("build", "local-build", "transfer")),
        images,
    ),
    Scenario("extras: data", ("apolo-extras data cp", "apolo-extras data transfer"), data),
]
