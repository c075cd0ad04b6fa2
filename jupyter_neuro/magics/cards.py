"""The parts that the HTML of every answer is made of: static, complete without scripts, everything escaped.

Saved notebooks are shown by programs that know nothing of JupyterLab, so styles stand at the elements, colours are
``--jp-*`` variables with fall-backs, and every state is a shape and a word, with colour only as a third sign.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

_LINE = "var(--jp-border-color2, rgba(128,128,128,.35))"
_FAINT = "var(--jp-ui-font-color2, #757575)"
_MONO = "font-family:var(--jp-code-font-family, monospace);font-size:12px"
GREEN = "var(--jp-success-color1, #388e3c)"
RED = "var(--jp-error-color1, #d32f2f)"
AMBER = "var(--jp-warn-color1, #ef6c00)"
BLUE = "var(--jp-brand-color1, #1976d2)"
GREY = _FAINT

_FRAME = (
    "max-width:800px;box-sizing:border-box;font-family:var(--jp-ui-font-family, system-ui, sans-serif);"
    "font-size:13px;line-height:1.4;color:var(--jp-ui-font-color1, inherit);text-align:left"
)
_CELL = f"padding:4px 12px 4px 8px;border:0;border-bottom:1px solid {_LINE};background:none;vertical-align:middle"

# state → (colour, drawing inside a 16 × 16 box, word)
_RING = '<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.5"{}/>'
_STROKE = '<path d="{}" fill="none" stroke="currentColor" stroke-width="1.5"/>'
_STATES = {
    "pending": (GREY, _RING.format(' stroke-dasharray="3 2"') + _STROKE.format("M8 4.8V8l2 1.6"), "Pending"),
    "running": (
        GREEN,
        '<circle cx="8" cy="8" r="6.8" fill="currentColor"/><path d="M6.5 5v6l4.5-3z" fill="#fff"/>',
        "Running",
    ),
    "succeeded": (GREEN, _RING.format("") + _STROKE.format("M5.2 8.2l2 2 3.6-4"), "Succeeded"),
    "failed": (
        RED,
        '<path d="M8 2.2L14.4 13.5H1.6z" fill="none" stroke="currentColor" stroke-width="1.5"/>'
        '<path d="M8 6.4v3.4M8 11v1.2" stroke="currentColor" stroke-width="1.5"/>',
        "Failed",
    ),
    "cancelled": (GREY, _RING.format("") + _STROKE.format("M4 12l8-8"), "Killed"),
    "suspended": (AMBER, _RING.format("") + _STROKE.format("M6.5 5.5v5M9.5 5.5v5"), "Suspended"),
    "lost": (
        AMBER,
        _RING.format("") + '<text x="8" y="11" font-size="9" text-anchor="middle" fill="currentColor">?</text>',
        "Lost",
    ),
}
_UNKNOWN = (GREY, _RING.format(""), "Unknown")


def state_word(status: str) -> str:
    """The word of a state ("cancelled" is "Killed" to people)."""
    return _STATES.get(status, _UNKNOWN)[2]


def state_icon(status: str) -> str:
    """The state's shape, 16 px; decoration, the word always stands beside it."""
    color, drawing, _ = _STATES.get(status, _UNKNOWN)
    return (
        f'<span aria-hidden="true" style="color:{color};display:inline-flex;flex:none">'
        f'<svg width="16" height="16" viewBox="0 0 16 16">{drawing}</svg></span>'
    )


def state_chip(status: str, text: str) -> str:
    """The state's word (and time) on its tint."""
    return chip(text, _STATES.get(status, _UNKNOWN)[0])


def chip(text: str, color: str = GREY) -> str:
    """A short text on a tint of ``color``."""
    return (
        '<span style="padding:1px 8px;border-radius:2px;white-space:nowrap;font-size:12px;'
        f'background:color-mix(in srgb, {color} 16%, transparent)">{escape(text)}</span>'
    )


def mono(text: str, whole: bool = False) -> str:
    """An ID, URI or path; ``whole`` keeps it on one line."""
    wrap = "white-space:nowrap" if whole else "overflow-wrap:anywhere"
    return f'<span style="{_MONO};{wrap}">{escape(text)}</span>'


def strong(text: str) -> str:
    """A name."""
    return f'<b style="overflow-wrap:anywhere">{escape(text)}</b>'


def faint(text: str) -> str:
    """Secondary text."""
    return f'<span style="color:{_FAINT};font-size:12px">{escape(text)}</span>'


def note(text: str, color: str = AMBER) -> str:
    """A sentence with a coloured edge."""
    return (
        f'<div style="padding:4px 8px;margin:4px 8px;border-left:3px solid {color};'
        f'background:color-mix(in srgb, {color} 10%, transparent)">{escape(text)}</div>'
    )


def pre(body: str, *, tall: bool = False) -> str:
    """Lines of a log; ``body`` is HTML already. ``tall``: many lines in a box that stands at its end."""
    text = (
        f'<pre style="flex:none;margin:0;padding:6px 12px;border:0;overflow-x:auto;background:none;{_MONO};'
        f'line-height:1.35;color:inherit;white-space:pre">{body}</pre>'
    )
    if not tall:
        return text
    # a reversed column scrolls from its end, without a script
    return f'<div style="display:flex;flex-direction:column-reverse;max-height:420px;overflow:auto">{text}</div>'


def row(*parts: str) -> str:
    """Parts side by side, wrapping where it is narrow."""
    inner = "".join(part for part in parts if part)
    return f'<div style="display:flex;flex-wrap:wrap;align-items:center;gap:4px 8px;padding:6px 8px">{inner}</div>'


def ruled(body: str) -> str:
    """A part under a line."""
    return f'<div style="border-top:1px solid {_LINE}">{body}</div>' if body else ""


def bar(done: float | None, text: str) -> str:
    """A progress bar; ``done`` from 0 to 1, none where the end is not known."""
    width = 100 * min(max(done or 0.0, 0.0), 1.0)
    value = f' aria-valuenow="{width:.0f}" aria-valuemin="0" aria-valuemax="100"' if done is not None else ""
    return (
        f'<span role="progressbar" aria-valuetext="{escape(text)}"{value} style="flex:1 1 120px;height:5px;'
        f'border-radius:2px;background:color-mix(in srgb, {GREY} 25%, transparent);overflow:hidden">'
        f'<span style="display:block;height:5px;width:{width:.1f}%;background:{BLUE}"></span></span>'
    )


def table(head: Sequence[str], rows: Iterable[Sequence[str]], right: Iterable[int] = ()) -> str:
    """A table; cells are HTML already, ``right`` are the columns of numbers."""
    ends = set(right)

    def cell(tag: str, index: int, body: str) -> str:
        side = "right" if index in ends else "left"
        weight = "font-weight:600;white-space:nowrap" if tag == "th" else "font-weight:400"
        scope = ' scope="col"' if tag == "th" else ""
        return f'<{tag}{scope} style="{_CELL};text-align:{side};{weight}">{body}</{tag}>'

    top = "".join(cell("th", index, escape(text)) for index, text in enumerate(head))
    lines = ["".join(cell("td", index, body) for index, body in enumerate(cells)) for cells in rows]
    body = "".join(f'<tr style="background:none">{line}</tr>' for line in lines)
    return (
        '<div style="overflow-x:auto"><table style="border-collapse:collapse;margin:0;width:auto;font-size:13px;'
        'color:inherit">'
        f'<thead><tr style="background:none">{top}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def card(*parts: str, where: str, foot: str = "", framed: bool = True) -> str:
    """The whole answer. ``where`` ("bob · This computer") ends every one of them."""
    border = f"border:1px solid {_LINE};border-radius:2px" if framed else ""
    left = faint(foot) if foot else ""
    end = (
        '<div style="display:flex;flex-wrap:wrap;gap:2px 12px;padding:3px 8px 4px;'
        f'{f"border-top:1px solid {_LINE}" if framed else ""}">{left}'
        f'<span style="flex:1"></span>{faint(where)}</div>'
    )
    return f'<div style="{_FRAME};{border}">{"".join(part for part in parts if part)}{end}</div>'


def line(*parts: str, where: str) -> str:
    """An answer of one line: ``where`` stands at its end."""
    border = f"border:1px solid {_LINE};border-radius:2px"
    end = f'<span style="margin-left:auto">{faint(where)}</span>'
    return f'<div style="{_FRAME};{border}">{row(*parts, end)}</div>'
