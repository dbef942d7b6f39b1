"""The figures of several servers as bars, in an SVG of our own: one panel for each thing that was measured of them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from bench.figure import Figure, number

OURS = "livefeed"
WIDTH, LEFT, RIGHT = 860, 210, 120
BAR, GAP, TITLE, FOOT = 18, 8, 44, 14
COLOURS = {"ours": "#d9480f", "floor": "#adb5bd", "peer": "#4c6ef5"}
STYLE = "text{font:13px system-ui,sans-serif;fill:#212529}.title{font-weight:600}.number{fill:#495057}"


def plot(figures: Sequence[Figure]) -> str:
    """Return an SVG with a panel for every measurement that two servers or more have; the spread is a thin line."""
    panels = _panels(figures)
    parts, top = [], 0
    for panel in panels:
        parts.append(_panel(panel, top))
        top += _height(panel)
    size = f'width="{WIDTH}" height="{top + FOOT}" viewBox="0 0 {WIDTH} {top + FOOT}"'
    background = f'<rect width="{WIDTH}" height="{top + FOOT}" fill="#fff"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><style>{STYLE}</style>{background}{"".join(parts)}</svg>\n'


def _panels(figures: Sequence[Figure]) -> list[list[Figure]]:
    by_what: dict[str, list[Figure]] = {}
    for figure in figures:
        if figure.server and figure.runs:
            by_what.setdefault(figure.what, []).append(figure)
    return [panel for panel in by_what.values() if len(panel) > 1]


def _height(panel: Sequence[Figure]) -> int:
    return TITLE + len(panel) * (BAR + GAP)


def _panel(panel: Sequence[Figure], top: int) -> str:
    longest = max(max(figure.runs) for figure in panel)
    scale = (WIDTH - LEFT - RIGHT) / longest if longest > 0 else 0.0
    unit = f" ({panel[0].unit})" if panel[0].unit else ""
    parts = [f'<text class="title" x="16" y="{top + TITLE - 16}">{escape(panel[0].what + unit)}</text>']
    smaller_is_better = panel[0].unit == "ms"
    ordered = sorted(panel, key=lambda figure: figure.median, reverse=not smaller_is_better)
    for index, figure in enumerate(ordered):
        parts.append(_bar(figure, top + TITLE + index * (BAR + GAP), scale))
    return "".join(parts)


def _bar(figure: Figure, y: int, scale: float) -> str:
    kind = "ours" if figure.server == OURS else "floor" if "floor" in figure.server else "peer"
    middle, length = y + BAR / 2, figure.median * scale
    low, high = LEFT + min(figure.runs) * scale, LEFT + max(figure.runs) * scale
    return (
        f'<text x="{LEFT - 10}" y="{y + 14}" text-anchor="end">{escape(figure.server)}</text>'
        f'<rect x="{LEFT}" y="{y}" width="{max(length, 1):.1f}" height="{BAR}" rx="2" fill="{COLOURS[kind]}"/>'
        f'<line x1="{low:.1f}" x2="{high:.1f}" y1="{middle}" y2="{middle}" stroke="#212529" stroke-opacity=".45"/>'
        f'<text class="number" x="{high + 8:.1f}" y="{y + 14}">{number(figure.median)}</text>'
    )
