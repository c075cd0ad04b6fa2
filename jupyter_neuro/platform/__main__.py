"""``python -m jupyter_neuro.platform``: the platform's process.

Runs in the foreground, or, with ``--detach``, leaves the terminal and the process that started it before
anything heavy is imported, and logs to ``platform.log`` in its root.
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from pathlib import Path

from .root import AlreadyRunning, Root, RootError

EXIT_REFUSED = 2
EXIT_ALREADY_RUNNING = 3


def parse(argv: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m jupyter_neuro.platform", description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=Path, required=True, help="directory with everything the platform keeps")
    parser.add_argument("--port", type=int, help="port on 127.0.0.1; chosen once and kept when not given")
    parser.add_argument("--owner", help="name of the first user (default: the name of this computer's user)")
    parser.add_argument("--tier", choices=("auto", "sandbox", "process"), default="auto")
    parser.add_argument("--trust-users", action="store_true", help="let every user start jobs in the process tier")
    parser.add_argument("--detach", action="store_true", help="run by itself, logging to platform.log")
    return parser.parse_args(argv)


def detach(root: Root) -> None:
    """Go on as a process of its own, in its own session, that nobody has to wait for."""
    child = os.fork()
    if child:
        # whoever starts the platform watches this process
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        os._exit(0)
    os.setsid()
    from .log import rotate

    rotate(root.log_file)
    log = os.open(root.log_file, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(nothing)
    os.close(log)


def os_user() -> str:
    """The name of the user of the operating system, or nothing."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


def main(argv: list[str]) -> int:
    """Run; returns the exit code."""
    os.umask(0o077)
    arguments = parse(argv)
    root = Root(arguments.root.expanduser().absolute())
    try:
        root.ensure()
        if arguments.detach:
            detach(root)
        os.chdir(root.path)
        root.acquire()
        import asyncio

        from . import log
        from .accounts import AccountError, legal_name
        from .app import Options, serve
        from .executors.detect import NoSuchTier

        log.set_up()
        options = Options(
            root=root,
            owner=arguments.owner or legal_name(os_user()),
            port=arguments.port,
            tier=arguments.tier,
            trust_users=arguments.trust_users,
        )
        listener = root.bind(arguments.port)
        try:
            asyncio.run(serve(options, listener))
        except (AccountError, NoSuchTier) as problem:
            sys.stderr.write(f"{problem}\n")
            return EXIT_REFUSED
    except RootError as problem:
        sys.stderr.write(f"{problem}\n")
        return EXIT_ALREADY_RUNNING if isinstance(problem, AlreadyRunning) else EXIT_REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
