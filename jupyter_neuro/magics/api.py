"""The same verbs for Python code: ``from jupyter_neuro import neuro``.

``x = y = %neuro ps`` and ``f(%neuro ps)`` are not Python; ``neuro("ps")`` and ``neuro.ps(status="running")`` are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from IPython.core.error import UsageError

from .screen import current_screen
from .words import Line, Word, as_words


class Neuro:
    """``neuro("ps -a")`` takes a line; ``neuro.VERB(words…, flag=value)`` takes values as they are.

    ``neuro.run("this-computer", "python", "train.py", preset="cpu-small", env=["A=1"], wait=True)``: the words
    after the image are the command. ``neuro.acl_ls(shared=True)`` is ``acl ls --shared``.
    """

    def __call__(self, line: str) -> Any:
        """Run a line as it stands after ``%neuro``; no variables are put in."""
        from .verbs import perform_text

        return perform_text(line, None, current_screen())

    def __getattr__(self, name: str) -> Callable[..., Any]:
        from .verbs import GROUPS, VERBS

        if name.startswith("_"):
            raise AttributeError(name)
        verb = name.replace("_", "-")
        for group in GROUPS:
            if verb.startswith(f"{group}-") and f"{group} {verb[len(group) + 1 :]}" in VERBS:
                verb = f"{group} {verb[len(group) + 1 :]}"
        if verb not in VERBS:
            raise AttributeError(f"neuro has no verb {name!r}")

        def call(*words: object, **flags: object) -> Any:
            return _perform(verb, words, flags)

        call.__name__, call.__doc__ = name, VERBS[verb].summary
        return call

    def __dir__(self) -> list[str]:
        from .verbs import VERBS

        return [verb.replace("-", "_").replace(" ", "_") for verb in VERBS]


def _flag_words(verb: str, flags: dict[str, object]) -> list[str]:
    from .verbs import VERBS

    known = {option.key: option for option in VERBS[verb].options}
    words: list[str] = []
    for name, value in flags.items():
        key = name.rstrip("_").replace("_", "-")
        option = known.get(key)
        if option is None:
            raise UsageError(f"{verb}: no such flag {name!r}. See neuro('help {verb}').")
        flag = max(option.flags, key=len)
        if option.metavar is None:
            if value:
                words.append(flag)
            elif value is False and option.off:
                words.append(max(option.off, key=len))
        elif isinstance(value, dict):
            words += [word for item in value.items() for word in (flag, f"{item[0]}={item[1]}")]
        elif value is not None:
            words += [word for each in as_words(value) for word in (flag, each)]
    return words


def _perform(verb: str, words: tuple[object, ...], flags: dict[str, object]) -> Any:
    from .verbs import VERBS, perform

    texts = [text for word in words for text in as_words(word)]
    before = [Word(text) for text in (*verb.split(), *_flag_words(verb, flags))]
    if VERBS[verb].command:
        line = Line([*before, *(Word(text, bare=False) for text in texts[:1])])
        line.command = [Word(text, bare=False) for text in texts[1:]] if len(texts) > 1 else None
    else:
        line = Line([*before, *(Word(text, bare=False) for text in texts)])
    return perform(line, current_screen())


neuro = Neuro()
