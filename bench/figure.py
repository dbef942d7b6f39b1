"""A measured figure, the bar it is held to, and how both are printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

WIDTHS = (66, 14, 25, 14)
HEADINGS = ("what", "median", "from … to", "bar")
ENOUGH = 0.9
"""Of what a bar asks to be made a second, so much must have been made."""


@dataclass(frozen=True, slots=True)
class Bar:
    """What a figure must not exceed, and what it must reach; None: no such bound."""

    low: float | None = None
    high: float | None = None

    def holds(self, value: float) -> bool:
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


@dataclass(frozen=True, slots=True)
class Figure:
    """Several runs of one measurement. The median is held to the bar; without a bar it is only shown.

    server: whose figure it is where several servers are compared, for the plot.
    trouble: what went wrong, where a run is missing; without any run a bar is missed.
    untried: the machine was too slow to ask of the bar's subject what the bar is about, so it cannot be held.
    """

    what: str
    unit: str
    runs: tuple[float, ...]
    bar: Bar | None = None
    server: str = ""
    trouble: str = ""
    untried: bool = False

    @property
    def median(self) -> float:
        return median(self.runs)

    @property
    def ok(self) -> bool:
        return self.bar is None or (self._within and not self.untried)

    @property
    def _within(self) -> bool:
        """Whether the runs that there are keep to the bar, whatever was asked in them."""
        return self.bar is None or (bool(self.runs) and self.bar.holds(self.median))

    @property
    def title(self) -> str:
        return f"{self.what}: {self.server}" if self.server else self.what

    @property
    def verdict(self) -> str:
        if self.bar is None:
            return ""
        return "missed" if not self._within else "not tried" if self.untried else "ok"

    def at(self, asked: float, rates: Sequence[float], what: str) -> Figure:
        """Return it as measured while so many of something a second were asked for, and these were made in its runs.

        One run at less than ENOUGH, and its bar was not tried: less work is done sooner.
        """
        slowest = min(rates)
        if slowest >= ENOUGH * asked:
            return self
        why = f"the machine was too slow: it made {number(slowest)} of {number(asked)} {what}/s"
        then = "the bar was not tried" if self._within else "the bar is missed even so"
        return replace(self, trouble=f"{why}; {then}", untried=True)

    def alone(self) -> Figure:
        """Return it as one that is not to be compared with the same of other servers: it stays out of the plot."""
        return replace(self, what=self.title, server="")

    def cells(self) -> tuple[str, ...]:
        """Return what a table shows of it: name, median, spread, bar, verdict."""
        shown = (number(self.median, self.unit), spread(self.runs)) if self.runs else ("none", "")
        return (self.title, *shown, _bound(self.bar, self.unit), self.verdict)

    def row(self) -> str:
        row = _columns(self.cells()[:-1]) + self.verdict
        return f"{row}\n  {self.trouble}" if self.trouble else row


@dataclass(frozen=True, slots=True)
class Note:
    """Something that a reader of the figures must know, such as a server that is not here."""

    text: str

    def row(self) -> str:
        return f"  ({self.text})"


def heading() -> str:
    """Return the table's first two lines."""
    return f"{_columns(HEADINGS)}\n{'-' * (sum(WIDTHS) + 6)}"


def number(value: float, unit: str = "") -> str:
    """Return a number with three digits that matter."""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2 if abs(value) >= 0.1 else 3
    return f"{value:,.{digits}f} {unit}".strip()


def spread(runs: Sequence[float]) -> str:
    """Return the smallest and the largest run."""
    return f"{number(min(runs))} … {number(max(runs))}" if len(runs) > 1 else "one run"


def _bound(bar: Bar | None, unit: str) -> str:
    match bar:
        case None:
            return "–"
        case Bar(low=float(low), high=float(high)):
            return f"{low:g} to {high:g} {unit}".rstrip()
        case Bar(low=None, high=float(high)):
            return f"≤ {high:g} {unit}".rstrip()
    return f"≥ {bar.low:g} {unit}".rstrip()


def _columns(texts: Sequence[str]) -> str:
    return "".join([text.ljust(width) for text, width in zip(texts, WIDTHS, strict=True)])
