"""Images: an empty registry, and what needs a Docker daemon."""

from __future__ import annotations

from .table import Scenario, Stage, refuse

DOCKER = "needs a Docker daemon: the client ends with *AssertionError* before it asks the platform"


def act(stage: Stage) -> None:
    """Nothing is built here yet: listing shows so, and every image is unknown."""
    bob, table = stage.bob, stage.table
    for words in (["image", "ls"], ["images"], ["image", "ls", "-l"]):
        assert not any("image:" in line for line in bob.lines(*words))
    table.works("apolo image ls", "apolo images", remark="no image is built or pushed here yet")
    for command, image in (("tags", "image:none"), ("digest", "image:none:v1"), ("size", "image:none:v1")):
        refuse(bob, ["image", command, image], "no such image" if command != "digest" else "ResourceNotFound")
        said = "; the client says only *ResourceNotFound*" if command == "digest" else ""
        table.refused(f"apolo image {command}", f"there is no image yet{said}")
    refuse(bob, ["image", "rm", "image:none:v1"], "ResourceNotFound")
    table.refused("apolo image rm", "there is no image yet; the client says only *ResourceNotFound*")
    for prefix in ([], ["image"]):
        for command, image in (("pull", "image:none:v1"), ("push", "none:v1")):
            refuse(bob, [*prefix, command, image], "AssertionError")
            table.differs(" ".join(["apolo", *prefix, command]), DOCKER)


SCENARIOS = [
    Scenario(
        "images",
        (
            *(f"apolo image {command}" for command in ("digest", "ls", "pull", "push", "rm", "size", "tags")),
            *("apolo images", "apolo pull", "apolo push"),
        ),
        act,
    )
]
