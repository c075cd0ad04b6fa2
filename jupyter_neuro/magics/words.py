"""Split a ``%neuro`` line into words and put variables in.

The rules are a shell's (quotes, back-slash, ``#`` comment), with two of our own. Variables are put in word by word
and never fail in silence: ``$name``, ``$name.attribute`` and ``{expression}``, before ``--`` only, an undefined name
raises :class:`NameError`. (IPython's own expansion is all or nothing and silent, so the magics opt out of it.) After
``--`` nothing is touched, so that a shell's ``$HOME`` and awk programs reach the job as they were typed.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from IPython.core.error import UsageError

_NAME = re.compile(r"\$(?P<name>[^\W\d]\w*)(?P<attributes>(?:\.[^\W\d]\w*)*)")
_OPERATORS = frozenset({"&&", "||", "|", ";", "&", ">", ">>", "<", "2>", "2>&1", "&>"})
# values that stand for themselves: `$name.csv` is the text of `name` and ".csv", not an attribute
_PLAIN = (str, bytes, int, float, complex, bool, type(None))


class UndefinedName(NameError):
    """A ``$name`` that there is not: shown as one line, for the mistake is in the line and nowhere else."""

    def _render_traceback_(self) -> list[str]:
        return [f"NameError: {self}"]


@dataclass(frozen=True)
class Word:
    """One word. ``bare``: no part of it was quoted, so it may be a flag, ``--`` or a shell's operator."""

    text: str
    bare: bool = True


@dataclass
class Line:
    """A line in words."""

    words: list[Word] = field(default_factory=list)
    """Before ``--``."""
    command: list[Word] | None = None
    """After ``--``; none when there is no ``--``."""
    command_text: str = ""
    """The same, as it was typed."""
    silent: bool = False
    """The line ends with ``;``: nothing is to be shown."""
    open_word: str | None = None
    """For completion: the word that the line ends in; none when it ends in a blank."""


def as_words(value: object) -> list[str]:
    """The words that a variable stands for: objects of ours give their ID or URI, lists give one word each."""
    own = getattr(value, "_neuro_words_", None)
    if own is not None and not isinstance(value, type):
        return list(own())
    if isinstance(value, (list, tuple, set, frozenset)):
        return [word for item in value for word in as_words(item)]
    return [str(value)]


class _Scanner:
    def __init__(self, line: str, names: Mapping[str, Any] | None, unfinished: bool) -> None:
        self.line, self.names, self.unfinished = line, names, unfinished
        self.at = 0
        self.result = Line()
        self.command_from = -1
        self._start()

    def _start(self) -> None:
        self.text: list[str] = []
        self.quoted = False
        self.begun = False
        self.values: list[object] = []
        self.plain_end = False  # the last character stood there unquoted

    def _add(self, text: str, *, plain: bool) -> None:
        self.begun = True
        self.plain_end = plain
        self.text.append(text)

    def _finish(self) -> None:
        if not self.begun:
            return
        text = "".join(self.text)
        bare = not self.quoted
        target = self.result.words if self.result.command is None else self.result.command
        if len(self.values) == 1 and len(self.text) == 1 and bare:
            target.extend(Word(word) for word in as_words(self.values[0]))
        elif text == "--" and bare and self.result.command is None:
            self.result.command = []
            self.command_from = self.at
        else:
            target.append(Word(text, bare))
        self._start()

    def scan(self) -> Line:
        line = self.line
        end = len(line)
        while self.at < end:
            char = line[self.at]
            if char.isspace():
                self._finish()
                self.at += 1
            elif char == "#" and not self.begun:
                end = self.at
            elif char == "\\":
                self.quoted = True
                self._add(line[self.at + 1 : self.at + 2] or "\\", plain=False)
                self.at += 2
            elif char == "'":
                self._single()
            elif char == '"':
                self._double()
            elif not self._expanded():
                self._add(char, plain=True)
                self.at += 1
        self.at = min(self.at, end)
        return self._close(end)

    def _close(self, end: int) -> Line:
        result = self.result
        text = self.line[: self.at]
        if self.begun and self.plain_end and self.text[-1] == ";" and not self.unfinished:
            self.text.pop()
            self.begun = bool(self.text)
            result.silent = True
            text = text.rstrip()[:-1]
        if self.unfinished:
            result.open_word = "".join(self.text) if self.begun else None
            if self.begun:
                self._start()
        self._finish()
        if not result.silent and not self.unfinished:
            result.silent = self._drop_lone_semicolon()
            text = text.rstrip().removesuffix(";") if result.silent else text
        if result.command is not None:
            result.command_text = text[self.command_from :].strip()
        return result

    def _drop_lone_semicolon(self) -> bool:
        """``ps ; # comment``: the sign was a word, or the end of one, before the comment."""
        words = self.result.words if self.result.command is None else self.result.command
        if words and words[-1].bare and words[-1].text.endswith(";"):
            last = words.pop()
            if last.text != ";":
                words.append(Word(last.text[:-1]))
            return True
        return False

    def _single(self) -> None:
        close = self.line.find("'", self.at + 1)
        if close < 0:
            if not self.unfinished:
                raise self._unclosed("'")
            close = len(self.line)
        self.quoted = True
        self._add(self.line[self.at + 1 : close], plain=False)
        self.at = close + 1

    def _double(self) -> None:
        opened = self.at
        self.quoted = True
        self._add("", plain=False)
        self.at += 1
        while self.at < len(self.line):
            char = self.line[self.at]
            if char == '"':
                self.at += 1
                return
            if char == "\\" and self.line[self.at + 1 : self.at + 2] in {'"', "\\", "$", "`"}:
                self._add(self.line[self.at + 1], plain=False)
                self.at += 2
            elif not self._expanded():
                self._add(char, plain=False)
                self.at += 1
        if not self.unfinished:
            self.at = opened
            raise self._unclosed('"')

    def _unclosed(self, quote: str) -> UsageError:
        return UsageError(f"the quote {quote} at column {self.at + 1} is not closed: {self.line[self.at :][:40]}")

    def _expanded(self) -> bool:
        """Put a variable in at this place, if there is one."""
        if self.names is None or self.result.command is not None:
            return False
        char = self.line[self.at]
        if char == "$":
            if self.line.startswith("$$", self.at):
                self._add("$", plain=False)
                self.at += 2
                return True
            match = _NAME.match(self.line, self.at)
            if match is None:
                return False
            value, used = self._named(match)
            self._value(value, used)
            return True
        if char in "{}" and self.line.startswith(char * 2, self.at):
            self._add(char, plain=False)
            self.at += 2
            return True
        return char == "{" and self._expression()

    def _named(self, match: re.Match[str]) -> tuple[object, int]:
        assert self.names is not None
        name = match["name"]
        if name not in self.names:
            raise UndefinedName(f"name '{name}' is not defined (${name} in the %neuro line)", name=name)
        value: object = self.names[name]
        end = match.end("name")
        for attribute in match["attributes"].split(".")[1:]:
            if isinstance(value, _PLAIN) or hasattr(value, "__fspath__") or not hasattr(value, attribute):
                break
            value = getattr(value, attribute)
            end += 1 + len(attribute)
        return value, end

    def _expression(self) -> bool:
        """``{expression}``: only what is one Python expression that uses a name; else the braces are text,
        so that JSON and a shell's ``{a,b}`` survive."""
        assert self.names is not None
        close = self.line.find("}", self.at)
        while close > 0:
            source = self.line[self.at + 1 : close]
            try:
                tree = ast.parse(source.strip(), mode="eval")
            except (SyntaxError, ValueError):
                close = self.line.find("}", close + 1)
                continue
            uses_name = any(isinstance(node, ast.Name) for node in ast.walk(tree))
            if isinstance(tree.body, ast.Tuple) or not uses_name:
                return False
            # the user's own cell wrote this expression; it is evaluated where the cell's own code is
            try:
                value = eval(compile(tree, "<%neuro>", "eval"), _Names(self.names))  # noqa: S307
            except NameError as exc:
                raise UndefinedName(f"{exc} ({{{source}}} in the %neuro line)", name=exc.name) from None
            self._value(value, close + 1)
            return True
        return False

    def _value(self, value: object, after: int) -> None:
        words = as_words(value)
        self.values.append(value)
        self._add(words[0] if len(words) == 1 else " ".join(words), plain=False)
        self.at = after
        follows = self.line[after : after + 1]
        alone = len(self.text) == 1 and not self.quoted and (not follows or follows.isspace() or follows == ";")
        if len(words) != 1 and not alone:
            raise UsageError(f"a list of {len(words)} cannot stand inside a word: write it as a word of its own")


class _Names(dict[str, Any]):
    """Names for ``eval``: a plain mapping, read only."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        super().__init__()
        self._names = names

    def __missing__(self, name: str) -> Any:
        return self._names[name]


def split(line: str, names: Mapping[str, Any] | None = None, *, unfinished: bool = False) -> Line:
    """Split ``line``; with ``names`` variables are put in. ``unfinished``: for completion, the last word stays open.

    Raises :class:`UsageError` for a quote that is not closed and :class:`NameError` for an undefined variable.
    """
    return _Scanner(line, names, unfinished).scan()


def refuse_operators(words: list[Word], quote: Callable[[str], str] = lambda text: text) -> None:
    """A job's command is not run by a shell: say so where a shell's operator stands there unquoted."""
    for word in words:
        if word.bare and word.text in _OPERATORS:
            raise UsageError(
                f"{quote(word.text)!r} means nothing here, because no shell runs the command. "
                "Quote it (-- bash -c 'first && second') or add --shell."
            )
