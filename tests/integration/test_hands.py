"""Drawings in processes of their own: what they answer, and what becomes of those that take too long."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest
from PIL import ImageDraw

from livefeed.errors import BadPicture, Busy, TooLarge
from livefeed.rooms import canvas_process, hands
from livefeed.rooms.canvas import MOST_STROKES, render
from livefeed.rooms.strokes import Kind, Stroke

DOT = Stroke(Kind.BRUSH, (9, 9, 9), 500, ((30_000, 30_000, 255),)).packed
MASKED = Stroke(Kind.MASK, (0, 0, 0), 500, ((30_000, 30_000, 255), (40_000, 30_000, 255))).packed


async def test_a_process_draws_what_is_drawn_here() -> None:
    made, took_s = await hands.draw(None, (64, 48), [DOT, b"no stroke", MASKED])
    assert made == render(None, (64, 48), [DOT, MASKED])
    assert 0 < took_s < canvas_process.LIMIT_S


async def test_nothing_is_drawn_in_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    def here(*_: object) -> None:
        raise AssertionError("It was drawn here.")

    monkeypatch.setattr(ImageDraw, "Draw", here)
    made, _ = await hands.draw(None, (64, 48), [DOT])
    assert made.image is not None


async def test_refusals_come_back_as_what_they_are() -> None:
    with pytest.raises(BadPicture):
        await hands.draw(b"no picture", (64, 48), [DOT])
    with pytest.raises(TooLarge, match="strokes"):
        await hands.draw(None, (64, 48), [DOT] * (MOST_STROKES + 1))


async def test_a_process_that_is_ended_for_its_time_is_told_as_a_drawing_too_large(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    endless = "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass"
    monkeypatch.setattr(hands, "COMMAND", ["-c", endless])
    with pytest.raises(TooLarge, match="too long"):
        await hands.draw(None, (64, 48), [DOT])


async def test_a_process_that_fails_is_no_fault_of_the_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hands, "COMMAND", ["-c", "raise SystemExit(3)"])
    with pytest.raises(Busy):
        await hands.draw(None, (64, 48), [DOT])


def test_a_question_that_is_cut_off_is_left_without_a_word() -> None:
    """The server that asked was killed: its log is no place for this."""
    command = [sys.executable, *hands.COMMAND]
    asked = subprocess.run(command, input=b"\x83", capture_output=True, check=False)
    assert (asked.returncode, asked.stdout, asked.stderr) == (1, b"", b"")


async def test_a_drawing_nobody_waits_for_any_more_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hands, "COMMAND", ["-c", "import time; time.sleep(600)"])
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(hands.draw(None, (64, 48), [DOT]), 0.5)
