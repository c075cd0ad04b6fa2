"""Completion of ``%neuro`` lines: verbs, flags, and the names of what is there.

Works in ``%neuro …``, ``x = %neuro …`` and ``%%neuro …``, indented too; a cell's body and what stands after ``--``
keep IPython's own. Names come from the platform of the last call, are kept for some seconds and are waited for at
most 0.4 s: pressing Tab neither starts a platform nor hangs.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import call
from .grammar import Argument, Option, Verb
from .words import Line, split

if TYPE_CHECKING:
    from ..services.neuro import Neuro

LINE = re.compile(r"(?:^|=)\s*%%?(?:neuro|apolo)\s+(?P<rest>.*)$", re.DOTALL)
PATIENCE = 0.4
"""Seconds that Tab waits for the platform."""
FRESH = 5.0
"""Seconds that names are kept."""

_kept: dict[tuple[int, str], tuple[float, list[str]]] = {}


def matches(text: str, names: Mapping[str, Any]) -> dict[str, Any]:
    """IPython's ``SimpleMatcherResult`` for the text before the cursor."""
    from IPython.core.completer import SimpleCompletion

    found = LINE.search(text)
    if found is None:
        return {"completions": []}
    fragment, candidates, kind = candidates_for(found["rest"], names)
    completions = [SimpleCompletion(text=word, type=kind) for word in candidates]
    return {"completions": completions, "matched_fragment": fragment, "suppress": True}


def candidates_for(rest: str, names: Mapping[str, Any]) -> tuple[str, list[str], str]:
    """The fragment that is being typed, the words it may become, and what they are."""
    line = split(rest, None, unfinished=True)
    fragment = line.open_word or ""
    if line.command is not None or not rest.endswith(fragment):
        return "", [], "text"
    if fragment.startswith("$"):
        variables = [f"${name}" for name in names if not name.startswith("_")]
        return fragment, _fitting(fragment, variables), "variable"
    fragment, found, kind = _candidates(line, fragment)
    return fragment, _fitting(fragment, found), kind


def _fitting(fragment: str, words: list[str]) -> list[str]:
    return sorted({word for word in words if word.startswith(fragment)}, key=lambda word: (word[:1] == "-", word))


def _candidates(line: Line, fragment: str) -> tuple[str, list[str], str]:
    from .verbs import ALIASES, GROUPS, VERBS

    words = [word.text for word in line.words]
    if words[:1] in (["-o"], ["--output"]):
        words = words[2:]
    if not words:
        return fragment, [*(name for name in VERBS if " " not in name), *GROUPS], "function"
    if words[0] in GROUPS and len(words) == 1:
        inside = [name.partition(" ")[2] for name in (*VERBS, *ALIASES) if name.startswith(f"{words[0]} ")]
        return fragment, inside, "function"
    name, after = (f"{words[0]} {words[1]}", words[2:]) if words[0] in GROUPS else (words[0], words[1:])
    verb = VERBS.get(ALIASES.get(name, name))
    if verb is None:
        return fragment, [], "text"
    return _inside(verb, after, fragment)


def _inside(verb: Verb, words: list[str], fragment: str) -> tuple[str, list[str], str]:
    options = {flag: option for option in verb.options for flag in (*option.flags, *option.off)}
    option, loose = _walk(options, words)
    if option is not None:
        return _values(option, fragment)
    flag, equals, value = fragment.partition("=")
    if equals and flag in options and options[flag].metavar is not None:
        return _values(options[flag], value)
    if fragment.startswith("-"):
        return fragment, [flag for flag, option in options.items() if not option.refused], "keyword"
    argument = _argument(verb, loose)
    return _values(argument, fragment) if argument is not None else (fragment, [], "text")


def _walk(options: dict[str, Option], words: list[str]) -> tuple[Option | None, int]:
    """The flag whose value comes next (or none), and how many arguments there are already."""
    loose = 0
    waiting: Option | None = None
    for word in words:
        if waiting is not None:
            waiting = None
        elif word.startswith("-") and len(word) > 1:
            option = options.get(word)
            waiting = option if option is not None and option.metavar is not None else None
        else:
            loose += 1
    return waiting, loose


def _argument(verb: Verb, index: int) -> Argument | None:
    for argument in verb.arguments:
        if argument.many or index == 0:
            return argument
        index -= 1
    return None


def _values(wanted: Option | Argument, fragment: str) -> tuple[str, list[str], str]:
    if wanted.choices:
        return fragment, list(wanted.choices), "value"
    source = _SOURCES.get(wanted.complete)
    return (fragment, source(fragment), wanted.complete) if source is not None else (fragment, [], "text")


def _ask(key: str, ask: Callable[[Neuro], Coroutine[Any, Any, list[str]]]) -> list[str]:
    """What the platform of the last call says, from memory if that is fresh, else within the patience."""
    if not call.latest:
        return []
    neuro = call.latest[0]
    place = (id(neuro), key)
    at, names = _kept.get(place, (-FRESH, []))
    if time.monotonic() - at < FRESH:
        return names
    try:
        names = neuro.call(ask(neuro), timeout=PATIENCE)
    except Exception:  # Tab must never raise; what was known stays on offer
        at = time.monotonic() - FRESH / 2  # and a platform that hangs is not asked at every key
        _kept[place] = (at, names)
        return names
    if len(_kept) > 64:
        _kept.clear()
    _kept[place] = (time.monotonic(), names)
    return names


def _jobs(fragment: str) -> list[str]:
    from ..services.jobs import JobFilter

    async def ask(neuro: Neuro) -> list[str]:
        page = await neuro.jobs.list(JobFilter(owner="mine", limit=50))
        return [*{job.name for job in page.items if job.name}, *(job.id for job in page.items)]

    found = _ask("jobs", ask)
    return [f"job:{name}" for name in found] if fragment.startswith("job:") else found


def _presets(fragment: str) -> list[str]:
    async def ask(neuro: Neuro) -> list[str]:
        return [preset.name for preset in (await neuro.accounts.info()).presets]

    return _ask("presets", ask)


def _images(fragment: str) -> list[str]:
    async def ask(neuro: Neuro) -> list[str]:
        return (await neuro.accounts.info()).images

    return _ask("images", ask)


def _projects(fragment: str) -> list[str]:
    async def ask(neuro: Neuro) -> list[str]:
        return [project.name for project in (await neuro.accounts.info()).projects]

    return _ask("projects", ask)


def _users(fragment: str) -> list[str]:
    async def ask(neuro: Neuro) -> list[str]:
        people = [person.name for person in await neuro.accounts.colleagues()]
        return [name for name in people if name != (await neuro.who()).user]

    return _ask("users", ask)


def _storage(fragment: str) -> list[str]:
    if not fragment.startswith("storage:"):
        return ["storage:"]
    folder = fragment[: max(fragment.rfind("/"), fragment.find(":")) + 1]
    if folder in {"storage:/", "storage://"}:
        return []

    async def ask(neuro: Neuro) -> list[str]:
        items = await neuro.storage.list(folder)
        return [f"{folder}{item.name}{'/' if item.is_dir else ''}" for item in items]

    return _ask(f"storage {folder}", ask)


def _paths(fragment: str) -> list[str]:
    if fragment.startswith("storage:"):
        return _storage(fragment)
    folder, slash, _ = fragment.rpartition("/")
    place = Path(folder + slash or ".").expanduser()
    try:
        entries = [f"{folder}{slash}{path.name}{'/' if path.is_dir() else ''}" for path in place.iterdir()]
    except OSError:
        entries = []
    return [*entries, "storage:"] if not slash else entries


def _volumes(fragment: str) -> list[str]:
    address, colon, rest = fragment.removeprefix("storage:").partition(":")
    if not fragment.startswith("storage:") or not colon:
        return _storage(fragment)
    if ":" in rest:
        mount = rest.partition(":")[0]
        return [f"storage:{address}:{mount}:{mode}" for mode in ("ro", "rw")]
    return [f"storage:{address}:/project/{Path(address).name}"]


def _shareable(fragment: str) -> list[str]:
    if fragment.startswith("storage:"):
        return _storage(fragment)
    return _jobs(fragment) if fragment.startswith("job:") else ["job:", "storage:", "image:"]


def _verbs(fragment: str) -> list[str]:
    from .verbs import VERBS

    return [*VERBS, *{name.partition(" ")[0] for name in VERBS}]


_SOURCES: dict[str, Callable[[str], list[str]]] = {
    "job": _jobs,
    "preset": _presets,
    "image": _images,
    "project": _projects,
    "user": _users,
    "storage": _storage,
    "path": _paths,
    "volume": _volumes,
    "shareable": _shareable,
    "verb": _verbs,
}
