"""Platforms of both tiers, with two users each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .jobs import TIERS, Jobs, need_tier
from .process import PlatformProcess


@pytest.fixture(scope="module", params=TIERS)
def tier(request: pytest.FixtureRequest) -> str:
    """Every test with it runs once in each tier."""
    need_tier(request.param)
    return str(request.param)


@pytest.fixture(scope="module")
def job_platform(tier: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlatformProcess]:
    """A running platform of that tier, for all tests of a module; its owner is ``bob``."""
    running = PlatformProcess(tmp_path_factory.mktemp(tier) / "platform", "--tier", tier).start()
    yield running
    running.close()


@pytest.fixture(scope="module")
def owner(job_platform: PlatformProcess) -> Jobs:
    """The owner."""
    return Jobs(job_platform, job_platform.owner_token, "bob")


@pytest.fixture(scope="module")
def colleague(job_platform: PlatformProcess) -> Jobs:
    """A colleague."""
    return Jobs(job_platform, job_platform.add_user("alice"), "alice")
