"""A remix: painted over its parent, further from it with its strength."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageOps

from livefeed.generation.generators.illustrator import Scene, compose, paint, plan, remix, replay
from livefeed.generation.generators.illustrator.painter import blank
from livefeed.generation.generators.illustrator.remix import patches

SIZE = 160
FOX = "a red fox in the snow at night"


@pytest.fixture(scope="module")
def parent() -> Image.Image:
    *_, canvas = paint("a lighthouse by the sea on a sunny day", seed=3, width=200, height=160, steps=4)
    return canvas.image


def remixed(parent: Image.Image, strength: float) -> Scene:
    return remix(compose(FOX, 5, SIZE, SIZE), parent, strength)


def distance(one: object, other: object) -> float:
    """Return how far two pictures are apart: mean difference, 0 to 255."""
    return float(np.abs(np.asarray(one, np.float32) - np.asarray(other, np.float32)).mean())


def test_with_no_strength_only_the_manner_of_painting_changes(parent: Image.Image):
    scene = remixed(parent, 0.0)
    assert scene.canvas is not None
    assert distance(scene.picture, scene.canvas) < 1
    assert distance(replay(scene, plan(scene, 6)), scene.canvas) < 12


def test_with_all_strength_nothing_of_the_parent_is_left(parent: Image.Image):
    scene, alone = remixed(parent, 1.0), compose(FOX, 5, SIZE, SIZE)
    assert distance(scene.picture, alone.picture) < 1
    assert distance(replay(scene, plan(scene, 6)), replay(alone, plan(alone, 6))) < 12


def test_more_strength_goes_further_from_the_parent(parent: Image.Image):
    before = remixed(parent, 0.0).picture
    distances = [distance(remixed(parent, strength).picture, before) for strength in (0.0, 0.25, 0.5, 0.75, 1.0)]
    assert distances == sorted(distances)
    assert len(set(distances)) == 5


def test_a_little_brings_the_light_and_more_the_subject(parent: Image.Image):
    alone = compose(FOX, 5, SIZE, SIZE)
    fox = alone.focus > 0.75
    little, more = remixed(parent, 0.25), remixed(parent, 0.5)
    assert little.picture.mean() < remixed(parent, 0.0).picture.mean()  # night falls
    assert distance(little.picture[fox], alone.picture[fox]) > 20
    assert distance(more.picture[fox], alone.picture[fox]) < 1
    assert distance(more.picture[~fox], alone.picture[~fox]) > 20


def test_it_begins_on_the_parents_canvas_in_the_size_that_was_asked(parent: Image.Image):
    scene = remix(compose(FOX, 5, SIZE, 96), parent, 0.6)
    assert blank(scene).image().size == (SIZE, 96)
    assert distance(blank(scene).image(), ImageOps.fit(parent, (SIZE, 96))) < 1


def test_the_same_remix_is_the_same_picture(parent: Image.Image):
    one, other = (
        [canvas.image.tobytes() for canvas in paint(FOX, seed=5, width=96, height=96, steps=4, parent=parent)]
        for _ in range(2)
    )
    assert one == other


@pytest.mark.parametrize("prompt", ["zxqv blorp", "a rainbow over hills, watercolour", ""])
def test_any_prompt_can_be_painted_over_any_picture(prompt: str):
    for mode, colour in (("L", 0), ("RGBA", (255, 255, 255, 0)), ("P", 7)):
        parent = Image.new(mode, (33, 700), colour)
        *_, last = paint(prompt, seed=1, width=96, height=64, steps=4, parent=parent, strength=0.4)
        assert last.image.size == (96, 64)


@pytest.mark.parametrize("strength", [-0.1, 1.1])
def test_a_strength_out_of_range_is_refused(parent: Image.Image, strength: float):
    with pytest.raises(ValueError, match="0 to 1"):
        remixed(parent, strength)


def test_the_scenes_ground_grows_outwards_from_its_subject(parent: Image.Image):
    scene = compose(FOX, 5, SIZE, SIZE)
    fox = scene.focus > 0.75
    shares = [0.1, 0.4, 0.7]
    patch = [patches(scene, share) for share in shares]
    for share, found in zip(shares, patch, strict=True):
        assert abs(float((found > 0.5).mean()) - share) < 0.03
    assert patch[0][fox].mean() > 3 * patch[0][~fox].mean()
    assert patch[1][fox].mean() > 0.95
