"""``jupyter neuro …``: puts the groups of commands together.

Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 the platform is not running.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from ._version import __version__
from .commands import platform, project, user
from .commands.terminal import FAILED, CommandError, say

GROUPS = (platform, user, project)


def build_parser() -> argparse.ArgumentParser:
    """The grammar; each group adds its commands."""
    parser = argparse.ArgumentParser(prog="jupyter neuro", description="The Neu.ro / Apolo platform in JupyterLab.")
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for group in GROUPS:
        group.add_commands(commands)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line; returns the exit code."""
    from .client.embedded import PlatformNotStarted
    from .platform.root import RootError

    arguments = build_parser().parse_args(argv)
    run: Callable[[argparse.Namespace], int] = arguments.run
    try:
        return run(arguments)
    except CommandError as problem:
        say(str(problem))
        return problem.code
    except (PlatformNotStarted, RootError) as problem:
        say(str(problem))
        return FAILED
    except Exception as problem:
        # a full disk, a folder that is a file, a broken database: one line, not our frames
        if not _of_the_system(problem):
            raise
        say(f"Failed: {problem}")
        return FAILED
    except KeyboardInterrupt:
        return 130


def _of_the_system(problem: Exception) -> bool:
    """An error of files or of the database, whose module is loaded only where a command needs it."""
    database = sys.modules.get("sqlite3")
    return isinstance(problem, OSError) or (database is not None and isinstance(problem, database.Error))


if __name__ == "__main__":
    sys.exit(main())
