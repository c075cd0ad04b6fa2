"""``%load_ext jupyter_neuro``: put ``%neuro`` and ``%%neuro`` (and ``%apolo``) into an IPython shell.

Loading costs next to nothing: verbs, the platform's SDK and everything else is imported by the first line that needs
it.
"""

from __future__ import annotations

import linecache
import re
import sys
from collections import ChainMap
from collections.abc import Mapping
from types import FrameType
from typing import Any

from IPython.core.error import UsageError
from IPython.core.magic import no_var_expand

NAMES = ("neuro", "apolo")

_STATEMENT = re.compile(r"\s*get_ipython\(\)\.run_(?:line|cell)_magic\(")


def _shown_by_ipython() -> bool:
    """Is the running line a statement of its own (IPython shows its value), not ``x = %neuro …``?"""
    frame: FrameType | None = sys._getframe()
    while frame is not None and "get_ipython" not in frame.f_code.co_names:
        frame = frame.f_back
    if frame is None:
        return False
    source = linecache.getline(frame.f_code.co_filename, frame.f_lineno, frame.f_globals)
    return _STATEMENT.match(source) is not None


def _namespace(shell: Any, local: Mapping[str, Any] | None) -> Mapping[str, Any]:
    import builtins

    return ChainMap(dict(local or {}), shell.user_ns, vars(builtins))


def _output_name(words: list[Any]) -> str | None:
    """``-o NAME`` before the verb, taken off ``words``."""
    if not words or not words[0].bare or words[0].text not in {"-o", "--output"}:
        return None
    if len(words) < 2 or not words[1].text.isidentifier():
        raise UsageError("-o needs the name of a variable: %neuro -o jobs ps")
    name = str(words[1].text)
    del words[:2]
    return name


def run_line(shell: Any, text: str, local: Mapping[str, Any] | None = None, cell: str | None = None) -> Any:
    """What ``%neuro TEXT`` does. Returns the answer, or none where the line says that nothing is to be shown."""
    from .screen import Screen
    from .verbs import perform
    from .words import split

    line = split(text, _namespace(shell, local))
    name = _output_name(line.words)
    answer = perform(line, Screen(shell), cell)
    if name is not None:
        shell.user_ns[name] = answer
        return None
    if line.silent and _shown_by_ipython():
        return None
    return answer


def register(shell: Any) -> None:
    """Register the magics and their completion. Loading twice does nothing more."""

    def line_magic(line: str, local_ns: Mapping[str, Any] | None = None) -> Any:
        """Jobs, storage and sharing of the platform: %neuro help"""
        return run_line(shell, line, local_ns)

    def cell_magic(line: str, cell: str, local_ns: Mapping[str, Any] | None = None) -> Any:
        """Run the cell's body as a job's shell script: %%neuro run IMAGE"""
        return run_line(shell, line, local_ns, cell)

    for function in (line_magic, cell_magic):
        no_var_expand(function)
        setattr(function, "needs_local_scope", True)  # noqa: B010
    for name in NAMES:
        shell.register_magic_function(line_magic, "line", name)
        shell.register_magic_function(cell_magic, "cell", name)
    _register_completion(shell)


def _register_completion(shell: Any) -> None:
    completer = getattr(shell, "Completer", None)
    if completer is None or any(getattr(each, "is_neuro", False) for each in completer.custom_matchers):
        return
    from IPython.core.completer import context_matcher

    def matcher(context: Any) -> Any:
        from .complete import matches

        return matches(context.text_until_cursor, shell.user_ns)

    registered: Any = context_matcher(identifier="jupyter_neuro")(matcher)
    registered.is_neuro = True
    completer.custom_matchers.append(registered)
