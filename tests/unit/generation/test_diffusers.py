"""What is asked of a diffusers pipeline, how it is said, and what its process answers; without torch."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image

from livefeed.config import Config
from livefeed.errors import ConfigurationError
from livefeed.generation.generators.diffusers import Diffusers, asked, generator, painter, wire
from livefeed.generation.generators.diffusers.wire import (
    Broken,
    Failure,
    Finished,
    Paint,
    Ready,
    Setup,
    Step,
    Stop,
    Stopped,
    Withheld,
)

SETUP = Setup(model="m", device="cpu", precision="auto", previews="auto", preview_vae="", guidance=-1.0)
PAINT = Paint(number=3, prompt="a red fox", width=264, height=256, seed=7, steps=4)
EVERYTHING = [
    SETUP, PAINT, Paint(number=4, prompt="ü", width=8, height=8, seed=2**32 - 1, steps=1, strength=0.5, parent=b"\0x"),
    Stop(3, 120.0), Ready("loaded"), Broken("no such folder"), Step(3, 1, 4), Step(3, 2, 4, 2, 1, b"rgbrgb"),
    Finished(3, 1, 1, b"rgb"), Withheld(3), Failure(3, "why"), Stopped(3),
]  # fmt: skip


@pytest.mark.parametrize("steps", range(1, 101))
def test_a_remix_has_at_least_one_step_left_and_otherwise_the_strength_asked_for(steps: int) -> None:
    for strength in (0.0, 0.3, 1 / steps, 1.0):
        used = asked.strength_for(strength, steps)
        assert 1 <= int(steps * used) <= steps
        assert used == strength or used < 1 / steps + 1e-9
    assert asked.strength_for(None, 100) == asked.STRENGTH


@pytest.mark.parametrize(("pixels", "multiple", "whole"), [(256, 8, 256), (264, 16, 272), (1536, 64, 1536)])
def test_a_size_that_a_pipeline_cannot_paint_becomes_the_next_larger_one(
    pixels: int, multiple: int, whole: int
) -> None:
    assert asked.whole(pixels, multiple) == whole


@pytest.mark.parametrize(("total", "told"), [(4, [1, 2, 3, 4]), (2, [2, 4]), (7, [0, 1, 1, 2, 2, 3, 4])])
def test_a_pipelines_own_steps_are_told_as_shares_of_those_asked_for(total: int, told: list[int]) -> None:
    assert [asked.share(done, total, 4) for done in range(1, total + 1)] == told


@pytest.mark.parametrize("message", EVERYTHING, ids=lambda message: type(message).__name__)
def test_what_is_said_arrives(message: Any) -> None:
    packed = wire.pack(message)
    assert wire.length_of(packed[: wire.HEADER.size]) == len(packed) - wire.HEADER.size
    assert wire.unpack(packed[wire.HEADER.size :]) == message


@pytest.mark.parametrize("body", [b"", b"\xc1", b"\x90", b"\x91\xa4Nope", b"\x91\xa4Stop", b"\x01"])
def test_what_is_no_message_is_said_to_be_none(body: bytes) -> None:
    with pytest.raises(ValueError, match="No message"):
        wire.unpack(body)


def test_nobody_waits_for_a_message_that_nobody_sends() -> None:
    with pytest.raises(ValueError, match="at most"):
        wire.length_of(b"\xff\xff\xff\xff")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "LIVEFEED_DIFFUSERS_MODEL"),
        ({"diffusers_model": "m", "diffusers_precision": "int4"}, "LIVEFEED_DIFFUSERS_PRECISION must be one of: auto"),
        ({"diffusers_model": "m", "diffusers_previews": "some"}, "LIVEFEED_DIFFUSERS_PREVIEWS must be one of: auto"),
        ({"diffusers_model": "m", "diffusers_size": 500}, "LIVEFEED_DIFFUSERS_SIZE must be a multiple of 8"),
    ],
)
def test_settings_that_do_not_do_are_named(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        Diffusers(Config(workers=0, **settings))


def test_it_is_called_what_its_model_is_called_and_offers_what_is_set() -> None:
    settings = Config(diffusers_model="somebody/some-model-xl", diffusers_size=1024, diffusers_steps=4, workers=0)
    made = Diffusers(settings)
    assert (made.title, made.sizes.default, made.steps.default) == ("some-model-xl", 1024, 4)
    for path in ("/models/own/", "/models/other/../own", "./own"):
        assert Diffusers(Config(diffusers_model=path, workers=0)).title == "own"
    assert Diffusers(Config(diffusers_model=".", workers=0)).title == Path.cwd().name


def test_without_the_packages_only_a_server_without_workers_offers_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generator, "find_spec", lambda name: None)
    Diffusers(Config(diffusers_model="m", workers=0))
    with pytest.raises(ImportError, match="torch"):
        Diffusers(Config(diffusers_model="m", workers=1))


def test_nothing_of_torch_is_imported_where_it_is_offered() -> None:
    program = (
        "import sys; from livefeed.config import Config; from livefeed.generation.registry import discover\n"
        "assert discover(Config(diffusers_model='m', workers=0)).named('diffusers')\n"
        "print([name for name in ('torch', 'diffusers', 'transformers') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


class Told:
    """A line that remembers what was said."""

    def __init__(self, off: int = 0) -> None:
        self.said: list[Any] = []
        self.off = off
        self.begun = 0

    def say(self, news: Any) -> None:
        self.said.append(news)

    def begin(self, number: int) -> None:
        assert not self.begun
        self.begun = number

    def end(self) -> None:
        self.begun = 0

    def is_off(self, number: int) -> bool:
        return number <= self.off


def pipeline(paint: Callable[..., Any], *, beyond_repair: bool = False, short_of_memory: bool = False) -> Any:
    return SimpleNamespace(
        paint=paint, tidy=lambda: None,
        is_beyond_repair=lambda exc: beyond_repair, is_short_of_memory=lambda exc: short_of_memory,
    )  # fmt: skip


def fails(*_: Any) -> None:
    raise RuntimeError("the numbers do not fit")


def test_the_process_tells_of_steps_and_ends_with_the_picture() -> None:
    def paint(order: Paint, tell: Any, go_on: Any) -> Image.Image:
        tell(1, 2, None)
        tell(2, 2, Image.new("RGB", (2, 1), "white"))
        return Image.new("RGB", (1, 1))

    line: Any = Told()
    assert painter._paint(pipeline(paint), PAINT, line) == Finished(3, 1, 1, b"\0\0\0")
    assert line.said == [Step(3, 1, 2), Step(3, 2, 2, 2, 1, b"\xff" * 6)]


@pytest.mark.parametrize(
    ("made", "end"),
    [
        (pipeline(lambda *_: None), Withheld(3)),
        (pipeline(fails), Failure(3, "The pipeline failed: RuntimeError: the numbers do not fit")),
        (pipeline(fails, short_of_memory=True), Failure(3, "There is not enough memory for 264 x 256 pixels.")),
        (pipeline(fails, beyond_repair=True), Broken("The device is lost: RuntimeError: the numbers do not fit")),
    ],
)
def test_the_process_tells_its_ends_apart(made: Any, end: Any) -> None:
    line: Any = Told()
    assert painter._paint(made, PAINT, line) == end
    assert not line.begun, "it would be ended later for what does not hang"


@pytest.mark.parametrize("off", [3, 4])
def test_what_was_called_off_before_its_turn_is_not_begun(off: int) -> None:
    line: Any = Told(off)
    assert painter._paint(pipeline(fails), PAINT, line) == Stopped(3)


def test_what_is_called_off_while_it_is_painted_stops_at_the_next_step() -> None:
    line: Any = Told()

    def paint(order: Paint, tell: Any, go_on: Callable[[], None]) -> Image.Image:
        go_on()
        line.off = 3
        go_on()
        pytest.fail("it goes on")

    assert painter._paint(pipeline(paint), PAINT, line) == Stopped(3)
