"""Repainting a part: the rest stays, the subject stands whole in the mask, and what was there can go."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from livefeed.generation.generators.illustrator import paint
from livefeed.generation.generators.illustrator.fill import filled, grown
from livefeed.generation.generators.illustrator.patch import Patch, around, names_ground, seat
from livefeed.generation.generators.illustrator.prompt import read

SIZE = 192
FOX = "a red fox"


@pytest.fixture(scope="module")
def parent() -> Image.Image:
    *_, canvas = paint("a green meadow under a blue sky", seed=3, width=SIZE, height=SIZE, steps=4)
    return canvas.image


@pytest.fixture(scope="module")
def mask() -> Image.Image:
    image = Image.new("L", (SIZE, SIZE))
    ImageDraw.Draw(image).ellipse((20, 70, 130, 185), fill=255)
    return image


def painted(prompt: str, parent: Image.Image, mask: Image.Image, strength: float, steps: int = 2) -> list[Image.Image]:
    canvases = paint(
        prompt, seed=5, width=SIZE, height=SIZE, steps=steps, parent=parent, strength=strength, mask=mask
    )  # fmt: skip
    return [canvas.image for canvas in canvases]


def distance(one: object, other: object) -> float:
    """Return how far two pictures are apart: mean difference, 0 to 255."""
    return float(np.abs(np.asarray(one, np.float32) - np.asarray(other, np.float32)).mean())


def orange(image: Image.Image) -> int:
    """Return how many pixels have the fox's colour, which the meadow has not."""
    red, green, blue = np.asarray(image).astype(int).transpose(2, 0, 1)
    return int(((red > 170) & (green < 130) & (blue < 110)).sum())


@pytest.mark.parametrize(
    ("prompt", "strength"),
    [(FOX, 0.3), (FOX, 1.0), ("fireworks over a city at night, watercolour", 0.8), ("xyzzy", 0.6)],
)
def test_outside_the_mask_every_pass_leaves_the_parent_pixel_for_pixel(parent, mask, prompt, strength):
    outside = np.asarray(mask) == 0
    images = painted(prompt, parent, mask, strength)
    assert len(images) == 2
    for image in images:
        assert (np.asarray(image)[outside] == np.asarray(parent)[outside]).all()


def test_the_same_arguments_give_the_same_picture(parent, mask):
    one, other = (painted(FOX, parent, mask, 1.0)[-1] for _ in range(2))
    assert one.tobytes() == other.tobytes()


def test_the_edge_is_soft(parent):
    half = Image.new("L", (SIZE, SIZE))
    half.paste(255, (0, 0, SIZE // 2, SIZE))
    patch = Patch.of(parent, half, SIZE, SIZE)
    edge = np.asarray(patch.laid(Image.new("RGB", patch.size, "red")))[100, SIZE // 2 - 4 : SIZE // 2 + 1, 1]
    assert (edge[-1] == np.asarray(parent)[100, SIZE // 2, 1]).all()
    assert edge[:3].tolist() == [0, 0, 0]
    assert 0 < edge[3] < edge[-1]


def test_the_subject_comes_from_a_third_of_the_strength_and_is_whole_in_the_mask(parent, mask):
    foxes = [orange(painted(FOX, parent, mask, strength)[-1]) for strength in (0.29, 0.3, 1.0)]
    assert foxes[0] < 30
    assert min(foxes[1:]) > 400
    assert max(foxes[1:]) < 1.3 * min(foxes[1:]), "as much of it, however far the rest goes"


def test_a_prompt_that_names_no_place_leaves_the_ground_as_it_is(parent, mask):
    """Nobody asked for the forest that foxes live in."""
    patch = Patch.of(parent, mask, SIZE, SIZE)
    scene = patch.scene(FOX, 5, 0.6)
    assert scene.canvas is not None
    off = np.abs(scene.picture.astype(int) - scene.canvas).max(-1)
    inside = np.asarray(patch.mask.crop(patch.box)) > 0
    assert 0.3 < (off[inside] < 3).mean() < 0.9


def test_a_prompt_that_names_a_place_or_a_light_brings_it(parent, mask):
    inside = np.asarray(mask) > 0
    night = np.asarray(painted("a snowy forest at night", parent, mask, 1.0)[-1], np.float32)
    assert night[inside].mean() < np.asarray(parent)[inside].mean() - 25


@pytest.mark.parametrize(
    ("prompt", "names"),
    [
        (FOX, False),
        ("a dog wearing a hat", False),
        ("a fox in the snow", True),
        ("a fox at night", True),
        ("two moons", True),
        ("rain", True),
        ("a field of sunflowers", True),
        ("xyzzy", True),
    ],
)
def test_what_a_prompt_says_of_the_ground(prompt, names):
    assert names_ground(read(prompt)) is names


def test_all_the_strength_takes_away_what_was_there():
    """A red ball on the meadow is gone, and no hole is left."""
    *_, plain = paint("a green meadow under a blue sky", seed=3, width=SIZE, height=SIZE, steps=4)
    ball = plain.image.copy()
    ImageDraw.Draw(ball).ellipse((70, 110, 110, 150), fill=(220, 30, 30))
    mask = Image.new("L", ball.size)
    ImageDraw.Draw(mask).ellipse((62, 102, 118, 158), fill=255)
    inside = np.asarray(mask) > 0
    cleared = filled(np.asarray(ball, np.float32) / 255, inside) * 255
    assert distance(cleared[inside], np.asarray(plain.image)[inside]) < 30
    assert distance(np.asarray(ball)[inside], np.asarray(plain.image)[inside]) > 45
    assert (cleared[~inside] == np.asarray(ball)[~inside]).all()


@pytest.mark.parametrize("box", [(0, 0, 192, 192), (0, 60, 192, 130), (10, 10, 180, 180), (90, 90, 91, 91)])
def test_any_hole_is_filled_with_colours_that_are_there(box):
    picture = np.random.default_rng(2).random((192, 192, 3), np.float32) * 0.5
    hole = np.zeros((192, 192), bool)
    hole[box[1] : box[3], box[0] : box[2]] = True
    found = filled(picture, hole)
    assert found.shape == picture.shape
    assert np.isfinite(found).all()
    assert found.max() < 0.8
    assert (found[~hole] == picture[~hole]).all()


def test_what_flows_together_keeps_what_is_known_and_one_colour_stays_one():
    known = np.zeros((50, 70), bool)
    known[:, :10] = True
    picture = np.zeros((50, 70, 3), np.float32)
    picture[:, :10] = (0.2, 0.4, 0.6)
    assert grown(picture, known) == pytest.approx(np.broadcast_to(np.float32((0.2, 0.4, 0.6)), picture.shape), abs=1e-4)


def test_a_shape_is_seated_as_large_as_it_lies_in_the_mask():
    mask = Image.new("L", (300, 300))
    ImageDraw.Draw(mask).ellipse((0, 0, 299, 299), fill=255)
    larger, middle, feet = seat(mask, Image.new("L", (50, 50), 255))
    assert 300 / 50 * 0.5 > larger > 300 / 50 * 0.28
    half = 25 * larger
    assert middle == pytest.approx(150, abs=25)
    corners = [(middle + dx, feet - dy) for dx in (-half, half) for dy in (0, 2 * half)]
    assert sum(np.hypot(x - 150, y - 150) < 158 for x, y in corners) >= 3


def test_a_bent_mask_holds_the_shape_where_it_has_room():
    mask = Image.new("L", (300, 150))
    ImageDraw.Draw(mask).line([(20, 20), (280, 20)], fill=255, width=30)
    mask.paste(255, (200, 10, 290, 140))
    _, middle, feet = seat(mask, Image.new("L", (40, 60), 255))
    assert 200 < middle < 290
    assert feet < 145


@pytest.mark.parametrize(
    ("held", "box"),
    [
        ((0, 0, 768, 768), (0, 0, 768, 768)),
        ((100, 100, 400, 300), (100, 100, 400, 300)),
        ((300, 300, 310, 310), (220, 220, 389, 389)),
        ((0, 0, 768, 100), (0, 0, 768, 384)),
        ((760, 760, 768, 768), (599, 599, 768, 768)),
    ],
)
def test_the_part_has_room_for_a_scene_and_stays_in_the_picture(held, box):
    assert around(held, 768, 768) == box


def test_an_empty_mask_means_everywhere(parent):
    black = Image.new("L", (SIZE, SIZE))
    image = painted(FOX, parent, black, 1.0)[-1]
    *_, whole = paint(FOX, seed=5, width=SIZE, height=SIZE, steps=2, parent=parent, strength=1.0)
    assert image.tobytes() == whole.image.tobytes()


def test_a_strength_out_of_range_is_refused(parent, mask):
    with pytest.raises(ValueError, match="0 to 1"):
        painted(FOX, parent, mask, 1.1)
