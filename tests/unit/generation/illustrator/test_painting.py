"""Painting: determinism, replay, passes from big to small, growing likeness."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from livefeed.generation.generators import illustrator
from livefeed.generation.generators.illustrator.painter import blank

PROMPT = "a red fox in the snow at night"
SIZE = 144


def pixels(image: Image.Image) -> NDArray[np.int16]:
    """Return an image as numbers that can be subtracted."""
    return np.asarray(image).astype(np.int16)


@pytest.fixture(scope="module")
def scene() -> illustrator.Scene:
    """One composed scene."""
    return illustrator.compose(PROMPT, 5, SIZE, SIZE)


@pytest.fixture(scope="module")
def passes(scene) -> list[illustrator.Pass]:
    """The strokes of the scene, planned apart from any painting."""
    return list(illustrator.plan(scene, 6))


@pytest.fixture(scope="module")
def canvases() -> list[illustrator.Canvas]:
    """The previews of the same scene, painted in six passes."""
    return list(illustrator.paint(PROMPT, seed=5, width=SIZE, height=SIZE, steps=6))


def test_one_canvas_per_pass_in_order(canvases):
    """Steps are numbered from 1; every image has the size asked for."""
    assert [c.step for c in canvases] == [1, 2, 3, 4, 5, 6]
    assert {c.steps for c in canvases} == {6}
    assert {(c.image.size, c.image.mode) for c in canvases} == {((SIZE, SIZE), "RGB")}


def test_the_same_arguments_paint_the_same_picture(canvases):
    """Nothing but prompt, seed, size and steps matters."""
    again = list(illustrator.paint(PROMPT, seed=5, width=SIZE, height=SIZE, steps=6))
    for first, second in zip(canvases, again, strict=True):
        assert first.image.tobytes() == second.image.tobytes()


def test_another_seed_paints_another_picture(canvases):
    """The seed moves hills, stars and strokes."""
    *_, other = illustrator.paint(PROMPT, seed=6, width=SIZE, height=SIZE, steps=6)
    assert np.abs(pixels(other.image) - pixels(canvases[-1].image)).mean() > 4


@pytest.mark.parametrize("upto", [1, 2, 4, 6])
def test_replaying_the_strokes_up_to_a_pass_gives_exactly_that_preview(scene, passes, canvases, upto):
    """A preview is the real canvas: the planned strokes up to pass k on a blank one give preview k."""
    assert illustrator.replay(scene, passes[:upto]).tobytes() == canvases[upto - 1].image.tobytes()


def test_brushes_go_from_big_to_small_and_every_pass_paints(passes):
    """Each pass has a smaller brush than the one before, and strokes of it."""
    brushes = [layer.brush for layer in passes]
    assert brushes == sorted(brushes, reverse=True)
    assert len(set(brushes)) == 6
    assert all(len(layer.strokes) > 0 for layer in passes)


def test_a_pass_takes_its_colours_from_the_scene_only(scene):
    """With a scene of one colour every stroke has that colour but for the brush's jitter, whatever the canvas."""
    plain = replace(scene, picture=np.full_like(scene.picture, 120))
    for layer in illustrator.plan(plain, 3):
        if len(layer.strokes):
            assert np.abs(layer.strokes.colour.mean(0) - 120).max() < 6


def test_the_picture_comes_closer_to_the_scene_with_every_few_passes(scene, canvases):
    """The error against the composed scene falls from the first pass to the last."""
    target = scene.picture.astype(np.int16)
    errors = [np.abs(pixels(c.image) - target).mean() for c in canvases]
    assert errors[-1] < errors[2] < errors[0]
    assert errors[-1] < 0.6 * errors[0]
    assert errors[0] < np.abs(pixels(blank(scene).image()) - target).mean()


@pytest.mark.parametrize("steps", [1, 2, 10])
def test_any_number_of_steps_paints_a_picture(steps):
    """Few passes and many end in a full canvas."""
    *_, last = illustrator.paint("an owl", seed=1, width=96, height=96, steps=steps)
    assert last.step == steps
    assert pixels(last.image).std() > 10


def test_painting_can_be_cancelled_between_passes():
    """A painting is an iterator: whoever stops asking stops the work."""
    painting = illustrator.paint("an owl", seed=1, width=96, height=96, steps=50)
    assert next(painting).step == 1
    painting.close()
    assert next(painting, None) is None


@pytest.mark.parametrize(("width", "height", "steps"), [(16, 512, 10), (512, 4096, 10), (128, 128, 0), (128, 128, 51)])
def test_sizes_and_steps_out_of_range_are_refused(width, height, steps):
    """The refusal says what is allowed."""
    with pytest.raises(ValueError, match="illustrator paints"):
        next(illustrator.paint("a fox", seed=1, width=width, height=height, steps=steps))


def test_the_illustrator_says_what_it_is():
    """Name and title are part of the plug-in's face."""
    assert (illustrator.NAME, illustrator.TITLE) == ("illustrator", "built-in illustrator")
