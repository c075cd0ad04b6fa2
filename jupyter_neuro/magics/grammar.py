"""Verbs, flags and arguments: what a line may say, and reading one.

The rules are the command line's own (click's): ``-s cpu``, ``-scpu``, ``--preset=cpu``, ``--preset cpu``, switches
in one (``-rT``), flags before or after arguments, everything after the image is the job's command. No
prefixes of flags: a line in a notebook must mean the same next year.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from IPython.core.error import UsageError

from .words import Line, Word

if TYPE_CHECKING:
    from .call import Call


@dataclass(frozen=True)
class Option:
    """A flag. ``metavar`` none = a switch; ``off`` = the flags that switch it off again."""

    flags: tuple[str, ...]
    help: str
    metavar: str | None = None
    many: bool = False
    choices: tuple[str, ...] = ()
    off: tuple[str, ...] = ()
    complete: str = ""
    """What to complete its value with: preset, job, storage, path, image, volume, user."""
    ours: bool = False
    """Not one of the command line's flags."""
    refused: str = ""
    """The command line has it and this verb has not (yet): the sentence that says so."""
    harmless: tuple[str, ...] = ()
    """Values of a refused flag that mean what happens anyway."""

    @property
    def key(self) -> str:
        """The long flag without dashes."""
        return max(self.flags, key=len).lstrip("-")


@dataclass(frozen=True)
class Argument:
    """A word that is not a flag."""

    name: str
    many: bool = False
    optional: bool = False
    choices: tuple[str, ...] = ()
    complete: str = ""


@dataclass(frozen=True)
class Verb:
    """``%neuro`` + ``name``; a name of two words is a verb of a group (``acl ls``)."""

    name: str
    summary: str
    act: Callable[[Call], Any]
    arguments: tuple[Argument, ...] = ()
    options: tuple[Option, ...] = ()
    command: bool = False
    """Takes ``-- CMD``."""
    examples: tuple[str, ...] = ()
    ours: bool = False
    details: str = ""


@dataclass
class Given:
    """What a line said."""

    verb: Verb
    values: dict[str, Any] = field(default_factory=dict)
    command: list[Word] = field(default_factory=list)
    command_text: str = ""
    help: bool = False

    def flag(self, key: str) -> bool:
        """Was the switch given (and not switched off)?"""
        return bool(self.values.get(key))

    def text(self, key: str) -> str | None:
        """The value of a flag or argument; none when absent."""
        value = self.values.get(key)
        return None if value is None else str(value)

    def word(self, key: str) -> str:
        """The value of an argument that must be there."""
        return str(self.values[key])

    def many(self, key: str) -> list[str]:
        """All values of a flag or argument that may repeat."""
        return list(self.values.get(key) or ())


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`` Did you mean 'ps'?``, or nothing."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.55)
    return f" Did you mean {near[0]!r}?" if near else ""


def _flags(verb: Verb) -> dict[str, tuple[Option, bool]]:
    table = {flag: (option, True) for option in verb.options for flag in option.flags}
    table |= {flag: (option, False) for option in verb.options for flag in option.off}
    return table


class _Reader:
    def __init__(self, verb: Verb, words: list[Word]) -> None:
        self.verb, self.words = verb, words
        self.flags = _flags(verb)
        self.given = Given(verb)
        self.loose: list[Word] = []
        self.at = 0

    def wrong(self, text: str) -> UsageError:
        return UsageError(f"{self.verb.name}: {text}")

    def read(self) -> Given:
        while self.at < len(self.words):
            word = self.words[self.at]
            self.at += 1
            if word.bare and word.text in {"--help", "-h"} and word.text not in self.flags:
                self.given.help = True
                return self.given
            if word.bare and len(word.text) > 1 and word.text.startswith("-"):
                self._flag(word.text)
            elif self.verb.command and self.loose:
                # IMAGE CMD…, the older form without `--`: all the rest is the command
                self.given.command = self.words[self.at - 1 :]
                break
            else:
                self.loose.append(word)
        return self.given

    def _flag(self, text: str) -> None:
        name, equals, value = text.partition("=")
        if text.startswith("--"):
            option, on = self._known(name)
            self._set(option, on, value if equals else None, name)
            return
        # -rT, -s cpu, -scpu
        rest = text[1:]
        while rest:
            option, on = self._known(f"-{rest[0]}", text)
            if option.metavar is not None:
                self._set(option, on, rest[1:].removeprefix("=") or None, f"-{rest[0]}")
                return
            self._set(option, on, None, f"-{rest[0]}")
            rest = rest[1:]

    def _known(self, name: str, whole: str | None = None) -> tuple[Option, bool]:
        if name in self.flags:
            return self.flags[name]
        more = did_you_mean(whole or name, self.flags)
        raise self.wrong(f"no such flag {whole or name!r}.{more or f' See %neuro help {self.verb.name}.'}")

    def _set(self, option: Option, on: bool, value: str | None, name: str) -> None:
        if option.metavar is None:
            if value is not None:
                raise self.wrong(f"{name} takes no value.")
            if option.refused and on:
                raise self.wrong(f"{name}: {option.refused}")
            self.given.values[option.key] = on
            return
        if value is None:
            if self.at >= len(self.words):
                raise self.wrong(f"{name} needs a value ({option.metavar}).")
            value = self.words[self.at].text
            self.at += 1
        if option.refused and value not in option.harmless:
            raise self.wrong(f"{name}: {option.refused}")
        if option.choices and value not in option.choices:
            more = did_you_mean(value, option.choices)
            raise self.wrong(f"{name} {value!r}: choose one of {', '.join(option.choices)}.{more}")
        if option.many:
            self.given.values.setdefault(option.key, []).append(value)
        else:
            self.given.values[option.key] = value

    def arguments(self) -> None:
        words = [word.text for word in self.loose]
        wanted = self.verb.arguments
        after = sum(1 for argument in wanted if not argument.many and not argument.optional)
        for argument in wanted:
            if argument.many:
                # CLI order: SOURCES… DESTINATION; what follows needs its own words
                take = max(len(words) - after, 0)
                if not take and not argument.optional:
                    raise self.wrong(f"{argument.name.upper()} is missing. {usage(self.verb)}")
                self.given.values[argument.name], words = words[:take], words[take:]
                continue
            if not argument.optional:
                after -= 1
            if not words:
                if argument.optional:
                    continue
                raise self.wrong(f"{argument.name.upper()} is missing. {usage(self.verb)}")
            word = words.pop(0)
            if argument.choices and word not in argument.choices:
                raise self.wrong(
                    f"{argument.name.upper()} {word!r}: choose one of {', '.join(argument.choices)}."
                    f"{did_you_mean(word, argument.choices)}"
                )
            self.given.values[argument.name] = word
        if words:
            raise self.wrong(f"too many words: {' '.join(words)!r}. {usage(self.verb)}")


def read(verb: Verb, words: list[Word], line: Line) -> Given:
    """Read the words after the verb. Raises :class:`UsageError` with one sentence that says what is wrong."""
    reader = _Reader(verb, words)
    given = reader.read()
    if given.help:
        return given
    if line.command is not None:
        if not verb.command:
            # `--` as in click: what follows are arguments, however they look
            reader.loose += [Word(word.text, bare=False) for word in line.command]
        else:
            if given.command:
                raise reader.wrong("the command starts twice: write -- once, before its first word.")
            given.command, given.command_text = line.command, line.command_text
    reader.arguments()
    return given


def usage(verb: Verb) -> str:
    """``Usage: %neuro cp [flags] SOURCES… DESTINATION``."""
    words = [f"Usage: %neuro {verb.name}"]
    if verb.options:
        words.append("[flags]")
    for argument in verb.arguments:
        name = argument.name.upper() if not argument.choices else "|".join(argument.choices)
        name += "…" if argument.many else ""
        words.append(f"[{name}]" if argument.optional else name)
    if verb.command:
        words.append("[-- CMD…]")
    return " ".join(words)
