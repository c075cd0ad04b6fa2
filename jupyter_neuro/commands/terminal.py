"""What the groups of commands share: the grammar's pieces, what is printed where, how a command ends."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from ..platform.accounts import Accounts

FAILED, NOT_RUNNING = 1, 3
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


class CommandError(Exception):
    """Ends a command with a text and an exit code."""

    def __init__(self, text: str, code: int = FAILED) -> None:
        super().__init__(text)
        self.code = code


def out(text: str) -> None:
    """Print what was asked for: all that a command writes to standard output."""
    sys.stdout.write(f"{text}\n")


def say(text: str) -> None:
    """Explain something to people, on standard error."""
    sys.stderr.write(f"{text}\n")


def add_command(
    commands: Commands, name: str, run: Callable[[argparse.Namespace], int], help_: str
) -> argparse.ArgumentParser:
    """One command with its ``--root``; ``run`` gets the arguments and returns the exit code."""
    parser = commands.add_parser(name, help=help_, description=help_[0].upper() + help_[1:] + ".")
    parser.add_argument(
        "--root", type=Path, metavar="DIR", help="the platform's directory (default: in the Jupyter data directory)"
    )
    parser.set_defaults(run=run)
    return parser


def root_of(arguments: argparse.Namespace) -> Path:
    """The platform's directory that a command is about."""
    from ..client.embedded import root_dir

    return root_dir(arguments.root)


def port(text: str) -> int:
    """A port number of the command line."""
    if not text.isdecimal() or not 1024 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError("a port is a number from 1024 to 65535")
    return int(text)


def error_text(answer: Any) -> str:
    """The platform's own words in an answer."""
    return str(answer["error"]) if isinstance(answer, dict) and "error" in answer else "no reason was given."


def open_accounts(root: Path, *, make_owner: bool = True) -> Accounts:
    """The accounts of the platform at ``root``, running or not. Raises ``RootError``."""
    from ..platform.__main__ import os_user
    from ..platform.accounts import Accounts, legal_name
    from ..platform.root import Root

    Root(root).ensure()
    accounts = Accounts(root)
    if make_owner:
        # the first user is the owner, also when a colleague is added before the first start
        accounts.ensure_owner(legal_name(os_user()))
    return accounts
