"""The unmodified official command line, as several users, against a real embedded platform."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ..platform.process import PlatformProcess, environment
from .commands import command_of

APOLO = shutil.which("apolo") or str(Path(sys.executable).with_name("apolo"))
# what the other tools start is the unmodified apolo, too, with the option that keeps it from reporting usage
WRAPPER = f"""#!/bin/sh
exec '{APOLO}' --skip-stats --disable-pypi-version-check "$@"
"""


class Apolo:
    """``apolo`` as one user, with a home and a configuration of the user's own."""

    def __init__(self, home: Path, platform: PlatformProcess, user: str, token: str) -> None:
        home.mkdir(mode=0o700)
        self.home = home
        self.user = user
        self.token = token
        self.platform = platform
        self.ran: Callable[[str, int], None] = lambda command, code: None
        """Told of every command that ended, and how."""
        tools = home / "tools"
        tools.mkdir()
        (tools / "apolo").write_text(WRAPPER)
        (tools / "apolo").chmod(0o700)
        self.env = environment(
            PATH=os.pathsep.join((str(tools), str(Path(APOLO).parent), os.environ["PATH"])),
            HOME=str(home),
            APOLO_CONFIG=str(home / "config"),
            # tests reach no other machine: neither for updates nor to report usage
            NEURO_CLI_DISABLE_PYPI_VERSION_CHECK="1",
            COLUMNS="200",
            NO_COLOR="1",
            TERM="dumb",
        )

    @property
    def argv(self) -> list[str]:
        """The program with the options of every call."""
        return [APOLO, "--skip-stats", "--disable-pypi-version-check", "--color=no"]

    def start(self, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        """Start a command that goes on while the test does something else."""
        pipes: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        return subprocess.Popen(
            [*self.argv, *arguments], cwd=self.home, env=self.env, text=True, **{**pipes, **options}
        )

    def __call__(
        self, *arguments: str, code: int | None = 0, timeout: float = 120
    ) -> subprocess.CompletedProcess[str]:
        """Run a command; its exit code must be ``code`` (``None``: any but 0)."""
        return self.run("apolo", *arguments, code=code, timeout=timeout)

    def run(
        self, program: str, *arguments: str, code: int | None = 0, timeout: float = 120
    ) -> subprocess.CompletedProcess[str]:
        """The same with one of the other tools."""
        argv = self.argv if program == "apolo" else [str(Path(APOLO).with_name(program))]
        done = subprocess.run(
            [*argv, *arguments],
            cwd=self.home,
            env=self.env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
        )
        self.ran(command_of(program, arguments), done.returncode)
        said = f"{program} {' '.join(arguments)}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        said += f"\n{self.platform.log[-3000:]}"
        assert done.returncode == code if code is not None else done.returncode != 0, said
        return done

    def log_in(self) -> Apolo:
        """Sign in with the user's token."""
        self("config", "login-with-token", self.token, self.platform.url)
        return self

    def lines(self, *arguments: str) -> list[str]:
        """The lines that a command prints, without what surrounds them."""
        return [re.sub(r"\s+", " ", line).strip() for line in self(*arguments).stdout.splitlines() if line.strip()]

    def file(self, name: str, content: bytes) -> Path:
        """A local file beneath the user's home."""
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def audit(self) -> list[dict[str, Any]]:
        """The platform's audit log."""
        return [json.loads(line) for line in (self.platform.root / "audit.log").read_text().splitlines()]


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlatformProcess]:
    """A running platform for the tests of a module; its owner is ``bob``."""
    running = PlatformProcess(tmp_path_factory.mktemp("conformance") / "platform").start()
    yield running
    running.close()


@pytest.fixture(scope="module")
def sign_in(platform: PlatformProcess, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Apolo]:
    """Makes the command line of a user, who is added if need be, signed in."""
    homes = tmp_path_factory.mktemp("homes")

    def make(user: str) -> Apolo:
        token = platform.owner_token if user == platform.owner else platform.add_user(user)
        return Apolo(homes / user, platform, user, token).log_in()

    return make


@pytest.fixture(scope="module")
def bob(sign_in: Callable[[str], Apolo]) -> Apolo:
    """The owner of the platform."""
    return sign_in("bob")


@pytest.fixture(scope="module")
def alice(sign_in: Callable[[str], Apolo]) -> Apolo:
    """A colleague."""
    return sign_in("alice")
