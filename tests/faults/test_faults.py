"""The fault programs, with short counts; run them by hand with long ones."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ..platform.jobs import TIERS, need_tier

REPO = Path(__file__).parents[2]


def program(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", f"tests.faults.{name}", *arguments],
        cwd=REPO,
        capture_output=True,
        text=True,
        timeout=280,
    )


@pytest.mark.parametrize("tier", TIERS)
def test_kill_9_of_the_platform_loses_no_job_and_runs_none_twice(tier: str) -> None:
    need_tier(tier)
    done = program("controller_kill", "--jobs", "50", "--kills", "12", "--tier", tier)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_negative_control_is_seen() -> None:
    done = program("controller_kill", "--jobs", "50", "--kills", "12", "--control")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the fault of the control was seen" in done.stdout


@pytest.mark.parametrize("tier", TIERS)
def test_a_full_disk(tier: str) -> None:
    need_tier(tier)
    done = program("disk_full", "--tier", tier)
    if done.returncode == 77:
        pytest.skip("no mount namespace here")
    assert done.returncode == 0, done.stdout + done.stderr
