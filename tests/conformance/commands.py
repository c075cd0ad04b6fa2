"""Every command of the official tools, read from the tools' own command trees."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence

import click

GLOBAL = ("-q", "-v", "-vv", "--quiet", "--verbose")
"""Options that may stand before a command."""


def _leaves(command: click.Command, path: tuple[str, ...]) -> Iterator[str]:
    if not isinstance(command, click.Group):
        yield " ".join(path)
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        below = command.get_command(context, name)
        assert below is not None, f"{' '.join(path)} lists {name} and does not have it"
        yield from _leaves(below, (*path, name))


@functools.cache
def commands() -> frozenset[str]:
    """``apolo acl grant``, ``apolo-flow run``, …: hidden ones included, groups themselves not."""
    from apolo_cli.main import cli as apolo
    from apolo_extras.main import main as extras
    from apolo_flow.cli.main import cli as flow

    roots = {"apolo": apolo, "apolo-flow": flow, "apolo-extras": extras}
    return frozenset(leaf for name, root in roots.items() for leaf in _leaves(root, (name,)))


def command_of(program: str, words: Sequence[str]) -> str:
    """The command that a command line runs; the program alone when it is none of the tree."""
    plain = list(words[:3])
    while plain and plain[0] in GLOBAL:
        plain.pop(0)
    for length in (2, 1):
        found = " ".join((program, *plain[:length]))
        if len(plain) >= length and found in commands():
            return found
    return program
