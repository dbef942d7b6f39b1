"""What a run leaves behind: a page of tables, the figures, a plot."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

from bench.__main__ import last_words
from bench.effort import Effort
from bench.figure import Bar, Figure, Note
from bench.plot import COLOURS, plot
from bench.report import Machine, markdown, write

HELD = Figure("ours / floor", "", (0.5, 0.7, 0.6), Bar(low=0.6))
SHOWN = [
    Figure("deliveries", "/s", (100.0, 200.0), server="C floor"),
    Figure("deliveries", "/s", (50.0,), server="livefeed"),
    Figure("deliveries", "/s", (10.0,), server="a <peer>"),
]
NONE = Figure("deliveries", "/s", (), server="NATS", trouble="it did not start")


def test_the_bars_come_first_each_with_its_verdict() -> None:
    page = markdown([*SHOWN, HELD], "this machine")
    assert "| ours / floor | 0.60 | 0.50 … 0.70 | ≥ 0.6 | ok |" in page
    assert page.index("ours / floor") < page.index("deliveries: C floor")


def test_what_is_not_here_is_named_with_its_reason() -> None:
    page = markdown([HELD, NONE, Note("Nchan is not here: no nginx")], "this machine")
    assert "- Nchan is not here: no nginx" in page
    assert "- deliveries: NATS: it did not start" in page


def test_the_plot_has_a_bar_for_each_server_that_was_measured() -> None:
    drawn = ElementTree.fromstring(plot([HELD, *SHOWN, NONE]))
    bars = [element.get("fill") for element in drawn.iter("{http://www.w3.org/2000/svg}rect")][1:]
    assert bars == [COLOURS["floor"], COLOURS["ours"], COLOURS["peer"]], "the fastest first"
    texts = [element.text for element in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert "a <peer>" in texts
    assert "NATS" not in texts


def test_latencies_are_drawn_the_shortest_first() -> None:
    slow, fast = Figure("p99", "ms", (9.0,), server="livefeed"), Figure("p99", "ms", (1.0,), server="C floor")
    drawn = plot([slow, fast])
    assert drawn.index("C floor") < drawn.index("livefeed")


def test_a_plot_of_nothing_is_a_picture_all_the_same() -> None:
    assert ElementTree.fromstring(plot([HELD])).tag.endswith("svg")


def test_three_files_are_written_over_those_of_the_last_run(tmp_path: Path) -> None:
    for _ in range(2):
        write([HELD, *SHOWN, NONE], Machine.here(), Effort(), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["plot.svg", "results.json", "table.md"]
    figures = json.loads((tmp_path / "results.json").read_text("utf-8"))["figures"]
    assert [figure["verdict"] for figure in figures] == ["ok", "", "", "", ""]


def test_what_the_machine_was_too_slow_for_is_counted_apart() -> None:
    slow = Figure("share", "%", (5.0,), Bar(high=20.0)).at(1_000.0, (300.0,), "reactions")
    words = last_words([HELD, slow])
    assert words[-1] == "1 of 2 bars are held; 1 was not tried, the machine was too slow for it"
    assert "not tried" in markdown([HELD, slow], "this machine")
