"""A measured figure, the bar it is held to, and how both are printed."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

WIDTHS = (46, 12, 19, 14)
HEADINGS = ("what", "median", "from … to", "bar")


@dataclass(frozen=True, slots=True)
class Bar:
    """What a figure must not exceed, and what it must reach; None: no such bound."""

    low: float | None = None
    high: float | None = None

    def holds(self, value: float) -> bool:
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


@dataclass(frozen=True, slots=True)
class Figure:
    """Several runs of one measurement. The median is held to the bar; without a bar it is only shown."""

    what: str
    unit: str
    runs: tuple[float, ...]
    bar: Bar | None = None

    @property
    def ok(self) -> bool:
        return self.bar is None or self.bar.holds(median(self.runs))

    def row(self) -> str:
        verdict = "" if self.bar is None else "ok" if self.ok else "MISSED"
        shown = (self.what, number(median(self.runs), self.unit), spread(self.runs), _bound(self.bar, self.unit))
        return _columns(shown) + verdict


def heading() -> str:
    """Return the table's first two lines."""
    return f"{_columns(HEADINGS)}\n{'-' * (sum(WIDTHS) + 6)}"


def number(value: float, unit: str = "") -> str:
    """Return a number with three digits that matter."""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2 if abs(value) >= 0.1 else 3
    return f"{value:,.{digits}f} {unit}".strip()


def spread(runs: tuple[float, ...]) -> str:
    """Return the smallest and the largest run."""
    return f"{number(min(runs))} … {number(max(runs))}" if len(runs) > 1 else "one run"


def _bound(bar: Bar | None, unit: str) -> str:
    match bar:
        case None:
            return "–"
        case Bar(low=float(low), high=float(high)):
            return f"{low:g} to {high:g} {unit}"
        case Bar(low=None, high=float(high)):
            return f"≤ {high:g} {unit}"
    return f"≥ {bar.low:g} {unit}".rstrip()


def _columns(texts: tuple[str, ...]) -> str:
    return "".join([text.ljust(width) for text, width in zip(texts, WIDTHS, strict=True)])
