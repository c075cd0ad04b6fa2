"""``%neuro help``: made from the same tables that lines are read by."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap

from .grammar import Option, Verb, usage


def summary(verbs: Iterable[Verb]) -> str:
    """All verbs, a line each."""
    known = list(verbs)
    width = max(len(verb.name) for verb in known)
    lines = [
        f"  %neuro {verb.name:<{width}}  {verb.summary}" for verb in known if not verb.summary.startswith("Not ")
    ]
    return "\n".join(
        [
            "%neuro VERB [words of the command line]        the answer is an object: x = %neuro ps",
            "",
            *lines,
            "",
            "%neuro help VERB says more. %neuro -o NAME VERB … puts the answer into NAME and shows nothing.",
            "A line that ends with ; shows nothing either.",
            "$name and {expression} are put in word by word, before -- only.",
            "In a function or an expression: from jupyter_neuro import neuro; neuro.ps(status='running')",
        ]
    )


def _left(option: Option) -> str:
    flags = ", ".join(option.flags)
    if option.off:
        flags += f" / {', '.join(option.off)}"
    return f"{flags} {option.metavar}" if option.metavar else flags


def _option(option: Option, width: int) -> list[str]:
    text = option.help
    if option.choices:
        text = f"{text}: {', '.join(option.choices)}"
    if option.many:
        text = f"{text}; may be repeated"
    if option.ours:
        text = f"{text} (only here, not in the command line)"
    first, *rest = wrap(text, 76) or [""]
    left = _left(option)
    lines = [f"  {left:<{width}}  {first}"] if len(left) <= width else [f"  {left}", f"  {'':<{width}}  {first}"]
    return [*lines, *(f"  {'':<{width}}  {line}" for line in rest)]


def page(verb: Verb) -> str:
    """Everything about one verb."""
    lines = [usage(verb), "", verb.summary + ("" if not verb.ours else " (only here, not in the command line)")]
    if verb.details:
        lines += ["", verb.details]
    options = [option for option in verb.options if not option.refused]
    if options:
        width = min(max(len(_left(option)) for option in options), 30)
        lines += ["", "Flags:"]
        for option in options:
            lines += _option(option, width)
    refused = [_left(option).partition(" ")[0].rstrip(",") for option in verb.options if option.refused]
    if refused:
        lines += ["", *wrap(f"Not supported here yet: {', '.join(refused)}", 100, break_on_hyphens=False)]
    if verb.examples:
        lines += ["", "Examples:", *(f"  {example}" for example in verb.examples)]
    return "\n".join(lines)
