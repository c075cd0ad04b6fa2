"""``jupyter neuro platform start | stop | status | url``."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .terminal import (
    FAILED,
    NOT_RUNNING,
    CommandError,
    Commands,
    add_command,
    error_text,
    open_accounts,
    out,
    port,
    root_of,
    say,
)

if TYPE_CHECKING:
    from ..client.embedded import Runtime


def add_commands(groups: Commands) -> None:
    """``platform start | stop | status | url``."""
    group = groups.add_parser("platform", help="the platform on this computer: start, stop, status, url")
    commands = group.add_subparsers(metavar="COMMAND", required=True)
    start = add_command(commands, "start", platform_start, "start the platform; it goes on when this terminal closes")
    start.add_argument("--port", type=port, metavar="P", help="port on 127.0.0.1 (default: chosen once, then kept)")
    start.add_argument("--foreground", action="store_true", help="run here until Ctrl-C")
    start.add_argument(
        "--trust-users",
        action="store_true",
        help="let every user start jobs in the process tier, where jobs run as your own user and can read your files",
    )
    start.add_argument(
        "--tier",
        choices=("auto", "sandbox", "process"),
        default="auto",
        help="how jobs are separated (default: the best one that works here)",
    )
    start.add_argument("--owner", metavar="NAME", help="your name on the platform; at the first start only")
    add_command(commands, "stop", platform_stop, "stop the platform; running jobs go on")
    status = add_command(commands, "status", platform_status, "say whether the platform runs, and how")
    status.add_argument("--json", action="store_true", help="print JSON")
    add_command(commands, "url", platform_url, "print the address for apolo config login-with-token TOKEN URL")


def platform_start(arguments: argparse.Namespace) -> int:
    """``platform start``."""
    from ..client import embedded

    root = root_of(arguments)
    running = embedded.runtime(root)
    if running is not None:
        _check_same(running, arguments)
        say(f"Already running (process {running.pid}).")
        out(running.url)
        return 0
    _check_owner(root, arguments.owner)
    if arguments.foreground:
        return _run_here(root, arguments)
    started = embedded.ensure_started(
        root,
        port=arguments.port,
        trust_users=arguments.trust_users,
        owner=arguments.owner,
        tier=arguments.tier,
    )
    say(f"Started (process {started.pid}), tier {started.tier}, owner {started.owner}.")
    out(started.url)
    return 0


def _run_here(root: Path, arguments: argparse.Namespace) -> int:
    from ..platform.__main__ import main as run

    options = ["--root", str(root), "--tier", arguments.tier]
    if arguments.port:
        options += ["--port", str(arguments.port)]
    if arguments.owner:
        options += ["--owner", arguments.owner]
    if arguments.trust_users:
        options.append("--trust-users")
    return FAILED if run(options) else 0


def _check_same(running: Runtime, arguments: argparse.Namespace) -> None:
    """A platform that runs with other options than asked for is not what was asked for."""
    differs = []
    if arguments.port not in (None, running.port):
        differs.append(f"on port {running.port}")
    if arguments.tier not in ("auto", running.tier):
        differs.append(f"in the {running.tier} tier")
    if arguments.trust_users and not running.trust_users:
        differs.append("without --trust-users")
    if arguments.owner not in (None, running.owner):
        differs.append(f"for the owner {running.owner}")
    if differs:
        raise CommandError(
            f"The platform already runs {' and '.join(differs)}. Stop it first: jupyter neuro platform stop"
        )


def _check_owner(root: Path, asked: str | None) -> None:
    from ..platform.accounts import AccountError, check_name

    if asked is None:
        return
    try:
        check_name(asked)
    except AccountError as problem:
        raise CommandError(f"--owner: {problem}") from None
    if not (root / "platform.db").exists():
        return
    owner = open_accounts(root, make_owner=False).owner
    if owner not in ("", asked):
        raise CommandError(f"--owner: this platform belongs to {owner} since its first start.")


def platform_stop(arguments: argparse.Namespace) -> int:
    """``platform stop``."""
    from ..client import embedded

    stopped = embedded.stop(root_of(arguments))
    say("Stopped. Running jobs go on." if stopped else "It was not running.")
    return 0


def platform_status(arguments: argparse.Namespace) -> int:
    """``platform status``."""
    from ..client import embedded

    root = root_of(arguments)
    answer: dict[str, Any] = {
        "running": False,
        "root": str(root),
        "pid": None,
        "url": None,
        "tier": None,
        "jobs": None,
    }
    running = embedded.runtime(root)
    if running is not None:
        code, status = embedded.request(running, "GET", "/local/status", embedded.owner_token(root))
        if code != 200:
            raise CommandError(f"The platform at {running.url} refused to tell its status: {error_text(status)}")
        answer |= {"running": True, **status}
    if arguments.json:
        out(json.dumps(answer, indent=2))
    elif running is None:
        out(f"not running ({root})")
    else:
        jobs = answer["jobs"]
        out(f"running   process {answer['pid']}, version {answer['version']}\naddress   {answer['url']}")
        out(f"owner     {answer['owner']}\ntier      {answer['tier']}")
        for note in answer["tier_notes"]:
            out(f"          {note}")
        out(f"jobs      {jobs['running']} running, {jobs['pending']} pending, {jobs['total']} in all")
        out(f"directory {root}")
    return 0 if running is not None else NOT_RUNNING


def platform_url(arguments: argparse.Namespace) -> int:
    """``platform url``."""
    from ..client import embedded
    from ..platform.root import LOOPBACK, Root

    root = root_of(arguments)
    port = Root(root).kept_port()
    if port is None:
        raise CommandError("There is no platform yet. Start it with: jupyter neuro platform start", NOT_RUNNING)
    if not Root(root).is_held():
        say("It is not running now. Start it with: jupyter neuro platform start")
    out(f"http://{LOOPBACK}:{port}{embedded.API}")
    return 0
