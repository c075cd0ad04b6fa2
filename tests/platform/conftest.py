"""The platform as a real process."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .job_fixtures import colleague, job_platform, owner, tier  # noqa: F401
from .process import PlatformProcess


@pytest.fixture
def make_platform(tmp_path: Path) -> Iterator[Callable[..., PlatformProcess]]:
    """Makes platforms that are not started yet, and ends them with the test."""
    made: list[PlatformProcess] = []

    def make(name: str = "platform", *options: str, **more: Any) -> PlatformProcess:
        made.append(PlatformProcess(tmp_path / name, *options, **more))
        return made[-1]

    yield make
    for platform in made:
        platform.close()


@pytest.fixture
def platform(make_platform: Callable[..., PlatformProcess]) -> PlatformProcess:
    """A running platform of a test's own; its owner is ``bob``."""
    return make_platform().start()


@pytest.fixture(scope="module")
def shared_platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlatformProcess]:
    """One running platform for all tests of a module that leave no trace for one another."""
    running = PlatformProcess(tmp_path_factory.mktemp("shared") / "platform").start()
    yield running
    running.close()


@pytest.fixture(scope="module")
def alice(shared_platform: PlatformProcess) -> str:
    return shared_platform.add_user("alice")


@pytest.fixture
def home(shared_platform: PlatformProcess, request: pytest.FixtureRequest) -> str:
    """A folder of bob's for one test."""
    name = "/local/bob/" + re.sub(r"\W", "_", request.node.name)
    assert shared_platform.storage("PUT", "MKDIRS", name, shared_platform.owner_token).status == 201
    return name


@pytest.fixture
def bob(shared_platform: PlatformProcess) -> str:
    return shared_platform.owner_token
