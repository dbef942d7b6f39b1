"""What `livefeed jobs list` prints."""

from __future__ import annotations

from typing import Any

import click

from livefeed.cli.jobs import _lines

WAITING = {
    "id": "01m822bpn115jaz5a5vw3x",
    "state": "waiting",
    "author": "01m8228qnz18v1f4cwks2f",
    "handle": "smart-toucan",
    "generator": "illustrator",
    "attempt": 0,
    "prompt": "a green dog",
    "place": 17,
    "eta_s": 97.0,
}
DEAD = {
    "id": "4j0zsw622t148hnx0xfsj3",
    "state": "dead",
    "author": "01m8228qnz18v1f4cwks2f",
    "handle": "",
    "generator": "automatic1111",
    "attempts": 3,
    "at": 1795365827461,
    "code": "engine_lost",
    "reason": "The engine that makes the pictures was lost; try again in a moment.",
}


def printed(*rows: dict[str, Any]) -> list[str]:
    return [click.unstyle(line) for line in _lines(rows)]


def test_each_job_is_one_line_under_its_headings() -> None:
    header, waiting, dead = printed(WAITING, DEAD)
    assert header.split() == ["id", "state", "author", "generator", "try"]
    for heading, first, second in (("state", "waiting", "dead"), ("author", "smart-toucan", DEAD["author"])):
        assert waiting.index(first) == dead.index(str(second)) == header.index(heading)
    assert waiting.endswith("  0    #17, about 97 s “a green dog”")
    assert dead.endswith(f" engine_lost: {DEAD['reason']}")


def test_a_dead_letter_says_what_was_behind_it_and_not_only_what_its_author_was_told() -> None:
    _, line = printed(DEAD | {"cause": "No answer from http://127.0.0.1:7860 for 60 s."})
    assert line.endswith(" engine_lost: No answer from http://127.0.0.1:7860 for 60 s.")


def test_a_prompt_is_shown_as_it_was_written_and_in_one_line() -> None:
    """It is a stranger's text: neither markup nor a line break of theirs may break the operator's list."""
    _, line = printed(WAITING | {"prompt": "a [red]cat[/b]\n\ton a mat"})
    assert line.endswith("“a [red]cat[/b] on a mat”")


def test_a_long_prompt_is_cut() -> None:
    _, line = printed(WAITING | {"prompt": "x" * 1_000})
    assert line.endswith("“" + "x" * 39 + "…”")
