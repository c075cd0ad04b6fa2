"""A short run of ``lab_kill.py``; the program itself takes more submits and prints figures."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
def test_no_job_twice_when_the_jupyter_server_is_killed():
    words = [sys.executable, "-m", "tests.faults.lab_kill", "10"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=280, cwd=Path(__file__).parents[2])
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
