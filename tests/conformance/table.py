"""What a run showed of every command, and the page of the documentation that says it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from ..platform.process import REPO, PlatformProcess
from .conftest import Apolo

PAGE = REPO / "docs" / "conformance.md"
WORKS, DIFFERS, REFUSED = "works", "differs", "refused cleanly"

HEAD = """# The official tools against the embedded platform

Every command of the unmodified `apolo`, `apolo-flow` and `apolo-extras`, run against the platform on one computer
(sandbox tier). This page is made from that run: `tests/conformance` runs each command, and fails when a command has
no row here or behaves otherwise than its row says. To make the page anew after a change:
`WRITE_CONFORMANCE=1 python -m pytest tests/conformance/test_commands.py`.

* **works**: it does what its documentation shows.
* **refused cleanly**: it ends with an exit code other than 0 and a sentence, and nothing is changed.
* **differs**: it does something else than on a cluster; the remark says what.
"""


class Row(NamedTuple):
    """One line of the table."""

    verdict: str
    remark: str


@dataclass
class Stage:
    """A platform with two users, and the table that grows while they act."""

    platform: PlatformProcess
    bob: Apolo
    alice: Apolo
    sign_in: Callable[[str], Apolo]
    table: Table


@dataclass
class Table:
    """The rows so far, each backed by commands that were run, with the exit codes that they gave."""

    rows: dict[str, Row] = field(default_factory=dict)
    codes: dict[str, set[int]] = field(default_factory=dict)

    def ran(self, command: str, code: int) -> None:
        """A command ended."""
        self.codes.setdefault(command, set()).add(code)

    def works(self, *commands: str, remark: str = "", code: int = 0) -> None:
        """These do what they should: each was run and ended with ``code``."""
        for command in commands:
            assert code in self.codes.get(command, ()), f"{command} never ended with {code}"
            self._note(command, WORKS, remark)

    def differs(self, command: str, remark: str) -> None:
        """This one was run, and does something else than on a cluster."""
        assert self.codes.get(command), f"{command} was never run"
        self._note(command, DIFFERS, remark)

    def refused(self, command: str, remark: str) -> None:
        """This one was run and never ended well."""
        codes = self.codes.get(command)
        assert codes and 0 not in codes, f"{command} ended with {codes}"
        self._note(command, REFUSED, remark)

    def _note(self, command: str, verdict: str, remark: str) -> None:
        assert command not in self.rows, f"{command} has a row already"
        self.rows[command] = Row(verdict, remark)


class Scenario(NamedTuple):
    """Something the users do, and the commands of which it shows how they behave."""

    name: str
    commands: tuple[str, ...]
    act: Callable[[Stage], None]


def refuse(apolo: Apolo, words: Sequence[str], said: str, *, program: str = "apolo") -> None:
    """Run a command that has to be refused cleanly: with a sentence, and not as a crash."""
    done = apolo.run(program, *words, code=None)
    text = done.stdout + done.stderr
    assert said in text, f"{program} {' '.join(words)}: {text}"
    assert "Traceback" not in text, f"{program} {' '.join(words)}: {text}"


def lines(table: Table) -> list[str]:
    """The rows as the page shows them."""
    return [f"| `{command}` | {row.verdict} | {row.remark} |" for command, row in sorted(table.rows.items())]


def page(table: Table) -> str:
    """The whole page."""
    parts = [HEAD]
    verdicts = [row.verdict for row in table.rows.values()]
    counts = ", ".join(f"{verdicts.count(verdict)} {verdict}" for verdict in (WORKS, DIFFERS, REFUSED))
    tools = ", ".join(f"{name} {version(name)}" for name in ("apolo-cli", "apolo-flow", "apolo-extras"))
    parts.append(f"Measured with {tools}: {len(verdicts)} commands, {counts}.\n")
    for program in ("apolo", "apolo-flow", "apolo-extras"):
        own = [line for line in lines(table) if line.startswith(f"| `{program} ")]
        parts.append("\n".join([f"## {program}\n", "| command | result | remark |", "|---|---|---|", *own]) + "\n")
    return "\n".join(parts)


def write(table: Table, path: Path = PAGE) -> None:
    """Make the page anew."""
    path.write_text(page(table))
