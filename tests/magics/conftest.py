"""A kernel and the embedded platform it starts: everything here is real."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from jupyter_neuro.client import embedded

from .notebook_kernel import NotebookKernel

# no test may depend on how fast the machine is
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


def environment(home: Path, root: Path | None = None) -> dict[str, str]:
    """The environment of somebody with a home of his own, and of no Lab and no cluster."""
    dropped = ("JUPYTER", "APOLO", "NEURO", "JPY_")
    env = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    env |= {
        "HOME": str(home),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
    }
    return env | ({"JUPYTER_NEURO_ROOT": str(root)} if root else {})


@pytest.fixture(scope="session")
def platform_root(tmp_path_factory) -> Iterator[Path]:
    """Where the embedded platform of these tests lies; it is started by the first ``%neuro`` line."""
    root = tmp_path_factory.mktemp("magics") / "platform"
    yield root
    embedded.stop(root)


@pytest.fixture(scope="session")
def kernel(tmp_path_factory, platform_root) -> Iterator[NotebookKernel]:
    """The kernel of the platform's owner, in a folder of its own."""
    home = tmp_path_factory.mktemp("owner")
    kernel = NotebookKernel(environment(home, platform_root), str(home))
    yield kernel
    kernel.stop()


@pytest.fixture(scope="session")
def alice(tmp_path_factory, kernel) -> Iterator[NotebookKernel]:
    """The kernel of a second user of this computer, signed in with the line that the owner got."""
    kernel.run("invite = %neuro user add alice --exist-ok")
    line = kernel.value("invite.line")
    home = tmp_path_factory.mktemp("alice")
    kernel = NotebookKernel(environment(home), str(home))
    cell = kernel.run("%neuro login", answers=[line])
    assert "Signed in as alice" in cell.said, cell.said
    yield kernel
    kernel.stop()


@pytest.fixture(autouse=True)
def no_active_jobs(request):
    """Each test starts without running jobs: names of running jobs are taken."""
    yield
    if "kernel" in request.fixturenames:
        request.getfixturevalue("kernel").run("%neuro kill --all -y")
