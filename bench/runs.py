"""Alternating runs: us, a reference, us, a reference; and the ratios of each pair.

The machine may be slower by a third a minute later, so only runs that followed each other are compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.build import NotHere
from bench.figure import Bar, Figure, Note
from bench.load_client import LoadFailed, load
from bench.servers.target import Start, Target

Report = dict[str, Any]
SUBSCRIBERS = 1_000
EVENT_BYTES = 200


@dataclass(slots=True)
class Runs:
    """What one server did, run by run; None for a run that failed twice, and why the last one failed."""

    target: Target
    folder: Path
    program: str = "fanout"
    reports: list[Report | None] = field(default_factory=list)
    failure: str = ""

    @property
    def name(self) -> str:
        return self.target.name

    def run(self, options: Sequence[object], *, timeout_s: float) -> None:
        """Run the load client once, and once more if that measured nothing that counts."""
        words = [*self.target.options(self.folder), *options]
        for last in (False, True):
            try:
                self.reports.append(load(self.program, words, timeout_s=timeout_s))
                return
            except LoadFailed as failed:
                if last:
                    self.failure = f"a run of {self.name} counts for nothing: {failed}"
        self.reports.append(None)

    def values(self, key: str) -> tuple[float, ...]:
        """Return a number of every run that counts; `a.b` is the number b in a, `a.0` the first in the list a."""
        return tuple([_value(report, key) for report in self.reports if report is not None])

    def figure(self, what: str, unit: str, key: str, bar: Bar | None = None) -> Figure:
        """Return a number of all the runs as a figure of this server."""
        return Figure(what, unit, self.values(key), bar, server=self.name, trouble=self.failure)


def ratio(what: str, ours: Runs, reference: Runs, key: str, bar: Bar | None = None) -> Figure:
    """Return our number divided by the reference's, pair by pair."""
    pairs = [
        _value(mine, key) / _value(theirs, key)
        for mine, theirs in zip(ours.reports, reference.reports, strict=False)
        if mine is not None and theirs is not None and _value(theirs, key)
    ]
    return Figure(what, "", tuple(pairs), bar, trouble=ours.failure or reference.failure)


def start_all(stack: ExitStack, folder: Path, starts: Iterable[tuple[str, Start]]) -> tuple[list[Runs], list[Note]]:
    """Start those servers that are here; they stop with the stack. Returns: them, and notes about the others."""
    runs, notes = [], []
    for name, start in starts:
        try:
            runs.append(Runs(stack.enter_context(start(folder)), folder))
        except NotHere as why:
            notes.append(Note(f"{name} is not here: {why}"))
    return runs, notes


def _value(report: Report, key: str) -> float:
    found: Any = report
    for part in key.split("."):
        found = found[int(part) if part.isdecimal() else part]
    return float(found)
