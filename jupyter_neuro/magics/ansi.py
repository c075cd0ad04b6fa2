"""Text of jobs, which nobody vouches for, made safe to show: colours stay, what else steers a terminal goes.

Kept: SGR (colours, bold, underline …). Dropped: OSC, DCS, APC and PM strings (titles, links, clipboard), cursor
movements, C0 and C1 controls, bidirectional overrides. A carriage return starts the line anew, as progress bars mean
it. Lines are cut at 64 kB. Every pattern is linear in the length of the text.
"""

from __future__ import annotations

import re
from html import escape

MAX_LINE = 65_536

_SGR = r"\x1b\[(?P<sgr>[0-9;:]*)m"
_DROPPED = (
    r"\x1b\[[0-?]*[ -/]*[@-~]?"  # other CSI
    r"|\x1b[\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)?"  # OSC, DCS, SOS, PM, APC to its end, at most to the line's
    r"|\x1b[ -/]*[0-~]?"  # other escapes
    r"|[\x00-\x08\x0b-\x1f\x7f-\x9f]"  # C0 but tab and newline, DEL, C1
    r"|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"  # bidirectional marks and overrides
)
_CODES = re.compile(f"{_SGR}|{_DROPPED}")

# Jupyter's own palette for terminal text: readable on light and dark
_COLORS = (
    ("#3e424d", "#282c36"),
    ("#e75c58", "#b22b31"),
    ("#00a250", "#007427"),
    ("#ddb62b", "#b27d12"),
    ("#208ffb", "#0065ca"),
    ("#d160c4", "#a03196"),
    ("#60c6c8", "#258f8f"),
    ("#c5c1b4", "#a1a6b2"),
)


def _overwrite(line: str) -> str:
    """What a terminal shows of a line with carriage returns: the last text written over."""
    if "\r" not in line:
        return line[:MAX_LINE]
    parts = [part for part in line.split("\r") if part]
    return parts[-1][:MAX_LINE] if parts else ""


def lines(text: str) -> list[str]:
    """The lines of a log, SGR kept, carriage returns done, everything else that steers a terminal dropped."""
    found = [_overwrite(line) for line in text.replace("\r\n", "\n").split("\n")]
    if found and not found[-1]:
        found.pop()
    return [_CODES.sub(lambda match: match[0] if match["sgr"] is not None else "", line) for line in found]


def plain(text: str) -> str:
    """The text without any control sequence."""
    return "\n".join(_CODES.sub("", line) for line in lines(text))


class _Style:
    """The graphic rendition at a place of the text."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.fore: str | None = None
        self.back: str | None = None
        self.marks: set[str] = set()

    def apply(self, codes: str) -> None:
        values = [int(code or 0) for code in re.split("[;:]", codes)[:64] if len(code) < 6]
        values = values or [0]
        while values:
            code = values.pop(0)
            if code == 0:
                self.reset()
            elif code in _MARKS:
                self.marks.add(_MARKS[code])
            elif code == 22:
                self.marks -= {"font-weight:bold", "opacity:.65"}
            elif code in _UNMARKS:
                self.marks.discard(_UNMARKS[code])
            elif code in (38, 48):
                color = _extended(values)
                self.fore, self.back = (color, self.back) if code == 38 else (self.fore, color)
            elif code in (39, 49):
                self.fore, self.back = (None, self.back) if code == 39 else (self.fore, None)
            else:
                self._basic(code)

    def _basic(self, code: int) -> None:
        if 30 <= code <= 37:
            self.fore = _COLORS[code - 30][0]
        elif 90 <= code <= 97:
            self.fore = _COLORS[code - 90][1]
        elif 40 <= code <= 47:
            self.back = _COLORS[code - 40][0]
        elif 100 <= code <= 107:
            self.back = _COLORS[code - 100][1]

    def css(self) -> str:
        fore, back = self.fore, self.back
        if "inverse" in self.marks:
            fore, back = back or "#fff", fore or "#3e424d"
        parts = sorted(self.marks - {"inverse"})
        parts += [f"color:{fore}"] if fore else []
        parts += [f"background:{back}"] if back else []
        return ";".join(parts)


_MARKS = {
    1: "font-weight:bold",
    2: "opacity:.65",
    3: "font-style:italic",
    4: "text-decoration:underline",
    7: "inverse",
    9: "text-decoration:line-through",
}
_UNMARKS = {23: _MARKS[3], 24: _MARKS[4], 27: _MARKS[7], 29: _MARKS[9]}


def _extended(values: list[int]) -> str | None:
    """The rest of ``38;5;N`` or ``38;2;R;G;B``, taken off ``values``."""
    kind = values.pop(0) if values else 0
    if kind == 2 and len(values) >= 3:
        red, green, blue = (min(values.pop(0), 255) for _ in range(3))
        return f"#{red:02x}{green:02x}{blue:02x}"
    if kind == 5 and values:
        index = values.pop(0)
        if index < 16:
            return _COLORS[index % 8][index // 8]
        if index < 232:
            cube = index - 16
            steps = (0, 95, 135, 175, 215, 255)
            red, green, blue = steps[cube // 36], steps[cube // 6 % 6], steps[cube % 6]
            return f"#{red:02x}{green:02x}{blue:02x}"
        if index < 256:
            grey = 8 + (index - 232) * 10
            return f"#{grey:02x}{grey:02x}{grey:02x}"
    return None


def to_html(rows: list[str]) -> str:
    """HTML of log lines as :func:`lines` gives them; everything is escaped, colours become spans."""
    style = _Style()
    out: list[str] = []
    for index, row in enumerate(rows):
        if index:
            out.append("\n")
        at = 0
        for match in _CODES.finditer(row):
            out.append(_span(row[at : match.start()], style))
            at = match.end()
            if match["sgr"] is not None:
                style.apply(match["sgr"])
        out.append(_span(row[at:], style))
    return "".join(out)


def _span(text: str, style: _Style) -> str:
    if not text:
        return ""
    css = style.css()
    return f'<span style="{css}">{escape(text)}</span>' if css else escape(text)
