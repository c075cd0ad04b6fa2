"""``jupyter neuro user add | ls | token | rm``."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from .terminal import CommandError, Commands, add_command, error_text, open_accounts, out, root_of, say


def add_commands(groups: Commands) -> None:
    """``user add | ls | token | rm``."""
    group = groups.add_parser("user", help="the users of the platform on this computer: add, ls, token, rm")
    commands = group.add_subparsers(metavar="COMMAND", required=True)
    add = add_command(commands, "add", user_add, "add a user and print the token")
    add.add_argument("name", metavar="NAME")
    listing = add_command(commands, "ls", user_ls, "list the users")
    listing.add_argument("--json", action="store_true", help="print JSON")
    token = add_command(commands, "token", user_token, "print a new token for a user; the old one ends")
    token.add_argument("name", metavar="NAME")
    remove = add_command(commands, "rm", user_rm, "remove a user; the user's files stay in the platform's directory")
    remove.add_argument("name", metavar="NAME")


def user_add(arguments: argparse.Namespace) -> int:
    """``user add``."""
    from ..platform.accounts import AccountError

    root = root_of(arguments)
    try:
        token = open_accounts(root).add(arguments.name)
    except AccountError as problem:
        raise CommandError(str(problem)) from None
    _record(root, "add-user", arguments.name)
    say(f"Added {arguments.name}. This token is shown once; it signs {arguments.name} in on this computer:")
    out(token)
    return 0


def user_ls(arguments: argparse.Namespace) -> int:
    """``user ls``."""
    users = open_accounts(root_of(arguments)).users()
    if arguments.json:
        out(json.dumps([{"name": u.name, "owner": u.owner, "created_at": u.created_at} for u in users], indent=2))
        return 0
    width = max(len(user.name) for user in users)
    for user in users:
        out(f"{user.name:{width}}  {user.created_at[:10]}{'  owner' if user.owner else ''}")
    return 0


def user_token(arguments: argparse.Namespace) -> int:
    """``user token``."""
    from ..platform.accounts import AccountError

    root = root_of(arguments)
    try:
        token = open_accounts(root).renew(arguments.name)
    except AccountError as problem:
        raise CommandError(str(problem)) from None
    _record(root, "renew-token", arguments.name)
    say(f"A new token for {arguments.name}; the old one no longer works:")
    out(token)
    return 0


def user_rm(arguments: argparse.Namespace) -> int:
    """``user rm``."""
    from urllib.parse import quote

    from ..client import embedded
    from ..platform.accounts import AccountError
    from ..platform.db import connect
    from ..platform.flow import Flows
    from ..platform.permissions import Permissions
    from ..platform.root import CLUSTER, ORG, Root
    from ..platform.secrets import Secrets

    root, name = root_of(arguments), arguments.name
    accounts = open_accounts(root)
    running = embedded.runtime(root)
    if running is not None:  # it also ends the user's jobs
        path = f"/local/users/{quote(name, safe='')}"
        code, answer = embedded.request(running, "DELETE", path, embedded.owner_token(root))
        if code != 204:
            raise CommandError(error_text(answer))
    else:
        try:
            accounts.remove(name)
        except AccountError as problem:
            raise CommandError(str(problem)) from None
        db = connect(Root(root).database)
        Permissions(db, CLUSTER, ORG).remove_user(name)
        Secrets(Root(root), db).remove_project(ORG, name)
        Flows(db).remove_project(ORG, name)
        _record(root, "remove-user", name)
    say(f"Removed {name}, with all tokens, shares and secrets. The files stay in {Root(root).storage / ORG / name}.")
    return 0


def _record(root: Path, act: str, name: str) -> None:
    from ..platform.audit import Audit
    from ..platform.root import Root

    audit = Audit(Root(root).audit_file)
    audit.write(open_accounts(root).owner, "command line", act, name)
    audit.close()
