"""Every command of the official tools against one platform, and the page of the documentation that is made from it.

The scenarios share one platform and one table: the last tests look at what all of them have shown.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest

from ..platform.jobs import need_tier
from ..platform.process import PlatformProcess
from . import rows_account, rows_extras, rows_flow, rows_images, rows_jobs, rows_storage, rows_unsupported
from .commands import commands
from .conftest import Apolo
from .table import PAGE, Scenario, Stage, Table, lines, page, write

MODULES = (rows_account, rows_storage, rows_jobs, rows_images, rows_flow, rows_extras, rows_unsupported)
SCENARIOS: list[Scenario] = [scenario for module in MODULES for scenario in module.SCENARIOS]


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlatformProcess]:
    """A platform of the tier of which the page speaks."""
    need_tier("sandbox")
    running = PlatformProcess(tmp_path_factory.mktemp("commands") / "platform", "--tier", "sandbox").start()
    yield running
    running.close()


@pytest.fixture(scope="module")
def stage(platform: PlatformProcess, bob: Apolo, alice: Apolo, sign_in: Callable[[str], Apolo]) -> Stage:
    table = Table()

    def watched(user: str) -> Apolo:
        found = sign_in(user)
        found.ran = table.ran
        return found

    bob.ran = alice.ran = table.ran
    return Stage(platform, bob, alice, watched, table)


def test_every_command_has_one_row() -> None:
    declared = [command for scenario in SCENARIOS for command in scenario.commands]
    assert sorted(declared) == sorted(set(declared)), "a command in two scenarios"
    assert set(declared) == commands()


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name.replace(" ", "-"))
def test_scenario(stage: Stage, scenario: Scenario) -> None:
    before = set(stage.table.rows)
    try:
        scenario.act(stage)
    finally:
        # one that failed leaves nothing that takes the next one's share of the computer
        unfinished = stage.platform.request("GET", "/jobs?status=running&status=pending", stage.bob.token)
        for job in unfinished.json["jobs"]:
            stage.platform.request("DELETE", f"/jobs/{job['id']}", stage.bob.token)
    assert set(stage.table.rows) - before == set(scenario.commands)


def test_the_page_says_what_the_run_showed(stage: Stage) -> None:
    """All rows of it, or, when only some scenarios ran, the rows of those."""
    complete = set(stage.table.rows) == commands()
    if complete and os.environ.get("WRITE_CONFORMANCE"):
        write(stage.table)
    told = PAGE.read_text().splitlines()
    assert [line for line in lines(stage.table) if line not in told] == []
    assert not complete or page(stage.table).splitlines() == told
