"""All verbs: finding the one that a line begins with, and running it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from IPython.core.error import UsageError

from . import jobs_verbs, session_verbs, sharing_verbs, storage_verbs
from .call import Call
from .grammar import Argument, Given, Verb, did_you_mean, read
from .help import page, summary
from .screen import Screen
from .shown import Note
from .words import Line, Word, split


def _help(call: Call) -> Note:
    words = call.given.many("verb")
    if not words:
        return Note(summary(VERBS.values()), "jupyter_neuro", page=True)
    verb, _ = find([Word(word) for word in words])
    return Note(page(verb), "jupyter_neuro", page=True)


HELP = Verb(
    "help", "Say what there is", _help, arguments=(Argument("verb", many=True, optional=True, complete="verb"),)
)

VERBS: dict[str, Verb] = {
    verb.name: verb
    for verb in (*jobs_verbs.VERBS, *storage_verbs.VERBS, *sharing_verbs.VERBS, *session_verbs.VERBS, HELP)
}

ALIASES = {
    "job run": "run",
    "job ls": "ps",
    "job status": "status",
    "job logs": "logs",
    "job kill": "kill",
    "storage ls": "ls",
    "storage cp": "cp",
    "storage mkdir": "mkdir",
    "storage rm": "rm",
    "storage mv": "mv",
    "acl share": "share",
    "acl list": "acl ls",
    "config login": "login",
    "config logout": "logout",
    "user list": "user ls",
    "user remove": "user rm",
}
"""Other names of the same verbs: the command line's long forms, and two that people type."""

GROUPS = sorted({name.partition(" ")[0] for name in (*VERBS, *ALIASES) if " " in name})

# verbs that the command line has and %neuro has not: named in the error, so that nobody hunts for a typing mistake
_COMMAND_LINE = frozenset(
    {
        "admin",
        "app",
        "app-template",
        "attach",
        "blob",
        "browse",
        "bump-life-span",
        "completion",
        "df",
        "disk",
        "exec",
        "glob",
        "image",
        "images",
        "port-forward",
        "pull",
        "push",
        "save",
        "secret",
        "service-account",
        "top",
        "tree",
        "vcluster",
    }
)


def find(words: list[Word]) -> tuple[Verb, list[Word]]:
    """The verb that ``words`` begin with, and the words after it. Raises :class:`UsageError`."""
    first = words[0].text
    if first in GROUPS:
        second = words[1].text if len(words) > 1 else ""
        name = f"{first} {second}"
        name = ALIASES.get(name, name)
        if name in VERBS:
            return VERBS[name], words[2:]
        inside = [known.partition(" ")[2] for known in (*VERBS, *ALIASES) if known.startswith(f"{first} ")]
        if not second:
            raise UsageError(f"{first}: which of {', '.join(sorted(inside))}?")
        there_is = f" There is: {', '.join(sorted(inside))}."
        raise UsageError(f"no such verb {name!r}.{did_you_mean(second, inside) or there_is}")
    if first in VERBS:
        return VERBS[first], words[1:]
    if first in _COMMAND_LINE:
        raise UsageError(f"%neuro has no verb {first!r} yet (the command line has: apolo {first}). {_there_is()}")
    near = did_you_mean(first, [*VERBS, *GROUPS])
    raise UsageError(f"no such verb {first!r}.{near or ' ' + _there_is()}")


def _there_is() -> str:
    return f"There is: {', '.join(sorted(VERBS))}."


def perform(line: Line, screen: Screen, cell: str | None = None) -> Any:
    """Run a line that is split already."""
    words = line.words
    if not words or (words[0].bare and words[0].text in {"-h", "--help"}):
        return Note(summary(VERBS.values()), "jupyter_neuro", page=True)
    verb, rest = find(words)
    given: Given = read(verb, rest, line)
    if given.help:
        return Note(page(verb), "jupyter_neuro", page=True)
    if cell is not None and verb.name != "run":
        raise UsageError(f"%%neuro {verb.name}: only run takes a cell's body. Use %neuro {verb.name}.")
    return verb.act(Call(given, screen, cell))


def perform_text(text: str, names: Mapping[str, Any] | None, screen: Screen) -> Any:
    """Run a line of text."""
    return perform(split(text, names), screen)
