"""What the whole suite shares: which tests belong to the full run only."""

from __future__ import annotations

from pathlib import Path

import pytest

SLOW = ("tests/conformance", "tests/faults", "tests/ui", "tests/magics/test_demo.py")
"""Whole command lines, kills by the dozen, a browser, a training: minutes, not seconds."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    top = Path(__file__).parent
    for item in items:
        if item.path.relative_to(top).as_posix().startswith(SLOW):
            item.add_marker(pytest.mark.slow)
