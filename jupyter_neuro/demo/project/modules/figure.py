"""The figure at the end of a training: how it learned, and which digits it takes for which. SVG, drawn here, so that
a job needs no plotting library."""

from __future__ import annotations

from collections.abc import Sequence

LEARN, VALID, INK, FAINT = "#90a4ae", "#1976d2", "#37474f", "#b0bec5"
LEFT, TOP, WIDTH, HEIGHT = 52, 40, 330, 220
GRID, CELL = 470, 24


def _text(x: float, y: float, text: object, anchor: str = "middle", color: str = INK, weight: int = 400) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{color}" font-weight="{weight}">{text}</text>'


def _curve(values: Sequence[float], low: float, color: str) -> str:
    last = max(len(values) - 1, 1)
    points = " ".join(
        f"{LEFT + WIDTH * index / last:.1f},{TOP + HEIGHT * (1 - (max(value, low) - low) / (1 - low)):.1f}"
        for index, value in enumerate(values)
    )
    return f'<polyline points="{points}" fill="none" stroke="{color}" stroke-width="2"/>'


def _learning(history: Sequence[dict]) -> list[str]:
    train = [row["train_accuracy"] for row in history]
    valid = [row["valid_accuracy"] for row in history]
    low = min(0.9, int(min(*train, *valid) * 20) / 20)
    parts = [_text(LEFT, 22, "Accuracy by epoch", "start", weight=600)]
    for step in range(5):
        share = low + (1 - low) * step / 4
        y = TOP + HEIGHT * (1 - step / 4)
        parts.append(f'<line x1="{LEFT}" x2="{LEFT + WIDTH}" y1="{y:.1f}" y2="{y:.1f}" stroke="#eceff1"/>')
        parts.append(_text(LEFT - 8, y + 4, f"{100 * share:g}%", "end"))
    parts += [_curve(train, low, LEARN), _curve(valid, low, VALID)]
    for place, (name, color) in enumerate((("held back", VALID), ("learned from", LEARN))):
        x = LEFT + WIDTH - 190 + place * 95
        parts.append(f'<rect x="{x}" y="15" width="14" height="3" fill="{color}"/>')
        parts.append(_text(x + 19, 21, name, "start"))
    for index in {0, len(history) // 2, len(history) - 1}:
        x = LEFT + WIDTH * index / max(len(history) - 1, 1)
        parts.append(_text(x, TOP + HEIGHT + 18, history[index]["epoch"]))
    return parts


def _confusion(table: Sequence[Sequence[int]]) -> list[str]:
    parts = [_text(GRID, 22, "Written (down) and read (across)", "start", weight=600)]
    most = max(max(row) for row in table) or 1
    for true, row in enumerate(table):
        parts.append(_text(GRID - 10, TOP + CELL * (true + 0.66), true))
        parts.append(_text(GRID + CELL * (true + 0.5), TOP + CELL * 10 + 16, true))
        for read, count in enumerate(row):
            x, y = GRID + CELL * read, TOP + CELL * true
            color, strength = (VALID, count / most) if true == read or not count else ("#d32f2f", min(1.0, count / 3))
            parts.append(
                f'<rect x="{x}" y="{y}" width="{CELL - 1}" height="{CELL - 1}" fill="{color}" '
                f'fill-opacity="{0.06 + 0.8 * strength:.2f}"/>'
            )
            if count:
                ink = "#fff" if strength > 0.55 else INK
                parts.append(_text(x + CELL / 2 - 0.5, y + CELL / 2 + 4, count, color=ink))
    return parts


def draw(metrics: dict) -> str:
    """The figure as SVG text; ``metrics`` as train.py writes them."""
    parts = [*_learning(metrics["history"]), *_confusion(metrics["confusion"])]
    body = "\n".join(parts)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 730 310" width="730" height="310" '
        'font-family="system-ui, sans-serif" font-size="11">\n'
        f'<rect width="730" height="310" fill="#fff"/>\n{body}\n</svg>\n'
    )
