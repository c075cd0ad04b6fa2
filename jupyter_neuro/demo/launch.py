"""``jupyter neuro demo``: JupyterLab on a copy of the demo project, always on the embedded platform."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

NOTEBOOK = "notebooks/demo.ipynb"


def lab_command(directory: Path, more: Sequence[str] = ()) -> list[str]:
    """The command line of JupyterLab on ``directory``.

    ``NeuroExtension.platform=local``: nothing of the demo may go to a cluster that the account happens to be signed
    in to. ``more``: words for JupyterLab itself, such as ``--no-browser`` or ``--port=8889``.
    """
    words = [
        sys.executable,
        # not the folder one stands in: in a clone, its sources would be imported instead of what is installed
        "-P",
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={directory}",
        f"--LabApp.default_url=/lab/tree/{NOTEBOOK}",
        "--NeuroExtension.platform=local",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        words.append("--allow-root")
    return [*words, *more]


def run(directory: Path, more: Sequence[str] = ()) -> None:
    """Copy the demo project to ``directory`` (what is there stays as it is) and become JupyterLab on it."""
    from . import copy_to

    place = copy_to(directory.absolute())
    sys.stderr.write(f"The demo project is in {place}. Jobs run on this computer.\n")
    words = lab_command(place, more)
    os.execv(words[0], words)
