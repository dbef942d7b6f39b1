"""What a run of the benchmarks leaves behind: bench/results/ with table.md, results.json and plot.svg."""

from __future__ import annotations

import datetime
import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import livefeed
from bench.cores import other_cores, server_core
from bench.effort import Effort
from bench.figure import HEADINGS, Figure, Note
from bench.plot import plot

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True)
class Machine:
    """Where and when it was measured."""

    version: str
    python: str
    system: str
    processor: str
    cores: int
    server_core: str
    other_cores: str
    load: float
    began: str

    @classmethod
    def here(cls) -> Machine:
        """Return this machine, now."""
        core = server_core()
        return cls(
            version=livefeed.__version__,
            python=platform.python_version(),
            system=f"{platform.system()} {platform.release().partition('-')[0]}",
            processor=_processor(),
            cores=os.cpu_count() or 1,
            server_core="none of its own" if core is None else str(core),
            other_cores=",".join(map(str, sorted(other_cores()))),
            load=round(os.getloadavg()[0], 1),
            began=datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        )

    def line(self, effort: Effort) -> str:
        return (
            f"livefeed {self.version}, Python {self.python}, {self.system}, {self.processor}, {self.cores} cores "
            f"(server: {self.server_core}, others: {self.other_cores}), load {self.load:g}, {self.began}, "
            f"pairs: {effort.pairs}, {effort.seconds:g} s a run"
        )


def write(found: Sequence[Figure | Note], machine: Machine, effort: Effort, folder: Path = RESULTS) -> None:
    """Write the table, the figures and the plot, over those of the last run."""
    folder.mkdir(parents=True, exist_ok=True)
    figures = [item for item in found if isinstance(item, Figure)]
    (folder / "table.md").write_text(markdown(found, machine.line(effort)), "utf-8")
    results = {
        "machine": asdict(machine),
        "effort": asdict(effort),
        "figures": [{**asdict(figure), "title": figure.title, "verdict": figure.verdict} for figure in figures],
        "notes": [item.text for item in found if isinstance(item, Note)],
    }
    (folder / "results.json").write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", "utf-8")
    (folder / "plot.svg").write_text(plot(figures), "utf-8")


def markdown(found: Sequence[Figure | Note], about: str) -> str:
    """Return what was found as a page: the bars, everything else, and what is to be said about it."""
    figures = [item for item in found if isinstance(item, Figure)]
    held = [figure for figure in figures if figure.bar is not None]
    shown = [figure for figure in figures if figure.bar is None]
    notes = list(dict.fromkeys([f"- {item.text}\n" for item in found if isinstance(item, Note)]))
    notes += [f"- {figure.title}: {figure.trouble}\n" for figure in figures if figure.trouble]
    parts = [f"{about}\n", _table(held, "The bars"), _table(shown, "Without a bar")]
    return "\n".join([part for part in parts if part] + (["## Notes\n", "".join(notes)] if notes else []))


def _table(figures: Sequence[Figure], title: str) -> str:
    if not figures:
        return ""
    rows = ["| " + " | ".join(figure.cells()) + " |\n" for figure in figures]
    return f"## {title}\n\n| {' | '.join(HEADINGS)} | |\n|---|---:|---:|---|---|\n{''.join(rows)}"


def _processor() -> str:
    """Return the processor's name, as Linux knows it."""
    try:
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.machine()
