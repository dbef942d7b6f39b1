"""Styles: each changes the picture in a way of its own, and its strokes replay to its previews."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from livefeed.generation.generators import illustrator
from livefeed.generation.generators.illustrator.pixels import to_hsv
from livefeed.generation.generators.illustrator.styles import DEFAULTS, STYLES, cell_of, style_named

SIZE = 144
ASKED = {
    "oil": "oil painting", "impasto": "van gogh style", "gouache": "gouache", "watercolour": "watercolour",
    "pointillist": "pointillism", "ink": "ink", "pixel": "pixel art", "glass": "stained glass",
    "neon": "night neon", "pastel": "pastel",
}  # fmt: skip


def last(prompt: str) -> NDArray[np.float32]:
    """Return the finished painting of a prompt as floats."""
    *_, canvas = illustrator.paint(prompt, seed=4, width=SIZE, height=SIZE, steps=6)
    return np.asarray(canvas.image).astype(np.float32) / 255


@pytest.fixture(scope="module")
def pictures() -> dict[str, NDArray[np.float32]]:
    """The same fox in every style."""
    return {name: last(f"a fox on a hill by day, {words}") for name, words in ASKED.items()}


def saturation(picture: NDArray[np.float32]) -> float:
    return float(to_hsv(picture)[..., 1].mean())


@pytest.mark.parametrize("name", sorted(ASKED))
def test_words_choose_the_style(name):
    assert illustrator.compose(f"a fox, {ASKED[name]}", 1, 64, 64).style.name == name


@pytest.mark.parametrize("name", sorted(set(STYLES) - {"oil", "gouache"}))
def test_every_style_changes_the_picture_visibly(pictures, name):
    """More than another seed's brushwork would."""
    assert np.abs(pictures[name] - pictures["oil"]).mean() > 0.035


def test_pixel_art_is_squares_of_few_colours(pictures):
    """Every square of the grid has one colour, and there are at most forty."""
    picture = (pictures["pixel"] * 255).astype(np.uint8)
    cell = cell_of(SIZE)
    squares = picture.reshape(SIZE // cell, cell, SIZE // cell, cell, 3).transpose(0, 2, 1, 3, 4)
    flat = squares.reshape(-1, cell * cell, 3)
    assert (flat == flat[:, :1]).all()
    assert len(np.unique(flat[:, 0], axis=0)) <= 40


def test_ink_is_black_on_pale_paper_with_little_colour(pictures):
    assert saturation(pictures["ink"]) < 0.5 * saturation(pictures["oil"])
    assert np.quantile(pictures["ink"].mean(-1), 0.9) > 0.8
    assert pictures["ink"].mean(-1).min() < 0.25


def test_neon_glows_in_the_dark(pictures):
    brightness = pictures["neon"].max(-1)
    assert np.median(brightness) < 0.35
    assert np.quantile(brightness, 0.995) > 0.8


def test_glass_has_dark_leads_around_bright_panes(pictures):
    dark = pictures["glass"].max(-1) < 0.25
    assert 0.05 < dark.mean() < 0.6
    assert np.quantile(pictures["glass"].max(-1), 0.9) > 0.6


def test_watercolour_and_ink_leave_the_edge_of_the_paper_bare(pictures):
    for name in ("watercolour", "ink"):
        paper = np.float32(STYLES[name].ground) / 255
        assert np.abs(pictures[name][:2] - paper).mean() < 0.09


def test_pastel_is_light_and_soft(pictures):
    assert pictures["pastel"].mean() > pictures["oil"].mean()
    assert pictures["pastel"].std() < pictures["oil"].std()


def test_van_goghs_strokes_are_thicker_than_oil(pictures):
    """More contrast from one pixel to the next: ridges of paint."""
    rough = {name: np.abs(np.diff(pictures[name].mean(-1), axis=0)).mean() for name in ("impasto", "gouache")}
    assert rough["impasto"] > 1.15 * rough["gouache"]


@pytest.mark.parametrize("name", sorted(STYLES))
def test_strokes_of_every_style_replay_to_its_previews(name):
    """Pass k's preview is the planned strokes up to k on a blank canvas, byte for byte."""
    prompt = f"an owl, {ASKED[name]}"
    previews = [c.image.tobytes() for c in illustrator.paint(prompt, seed=2, width=96, height=80, steps=4)]
    scene = illustrator.compose(prompt, 2, 96, 80)
    passes = list(illustrator.plan(scene, 4))
    for upto in (1, 3, 4):
        assert illustrator.replay(scene, passes[:upto]).tobytes() == previews[upto - 1]


def test_an_unknown_style_is_a_default():
    assert style_named(None, 0.0) in DEFAULTS
    assert style_named("no such", 0.99) in DEFAULTS
    assert style_named("ink", 0.5).name == "ink"
