"""``jupyter neuro demo`` and ``jupyter neuro new``: the demo project."""

from __future__ import annotations

import argparse
from pathlib import Path

from .terminal import CommandError, Commands, out, say

DEFAULT = "awesome-project"


def add_commands(groups: Commands) -> None:
    """``demo`` and ``new``."""
    demo = groups.add_parser("demo", help="open JupyterLab on the demo project; jobs run on this computer")
    demo.add_argument(
        "directory", nargs="?", default=DEFAULT, metavar="DIR", help=f"where it lies (default: {DEFAULT})"
    )
    demo.add_argument(
        "jupyter", nargs="*", metavar="WORD", help="for JupyterLab, after '--': -- --no-browser --port=8889"
    )
    demo.set_defaults(run=demo_open)
    new = groups.add_parser("new", help="copy the demo project to a folder")
    new.add_argument("directory", metavar="DIR")
    new.set_defaults(run=project_new)


def demo_open(arguments: argparse.Namespace) -> int:
    """``demo``: becomes JupyterLab."""
    from ..demo.launch import run

    words = list(arguments.jupyter)
    directory = arguments.directory
    if directory.startswith("-"):  # everything after "--" when no directory was named
        directory, words = DEFAULT, [directory, *words]
    run(_place(directory), words)
    return 0


def project_new(arguments: argparse.Namespace) -> int:
    """``new DIR``: what is there already stays as it is."""
    from ..demo import copy_to

    place = copy_to(_place(arguments.directory))
    say("The project is in")
    out(str(place))
    return 0


def _place(text: str) -> Path:
    place = Path(text).expanduser().absolute()
    if place.exists() and not place.is_dir():
        raise CommandError(f"{place} is a file. Name a folder.")
    return place
