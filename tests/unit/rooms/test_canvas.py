"""What is drawn where: widths, ends, order, erasers, the mask, and the parent below it."""

from __future__ import annotations

import io
import math
import time

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from livefeed.errors import BadPicture, TooLarge
from livefeed.rooms import canvas
from livefeed.rooms.canvas import Frame, render
from livefeed.rooms.strokes import FULL, Kind, Stroke

RED, BLUE, WHITE = (255, 0, 0), (0, 0, 255), (255, 255, 255)
SIZE = (200, 100)


def stroke(*points, kind=Kind.BRUSH, colour=RED, width=20, longer=200):
    """Return a packed stroke. points: x, y in pixels of a picture of SIZE, and pressure; width: pixels."""
    placed = tuple((round(x / SIZE[0] * FULL), round(y / SIZE[1] * FULL), pressure) for x, y, pressure in points)
    colour = colour if kind is Kind.BRUSH else (0, 0, 0)
    return Stroke(kind, colour, round(width / longer * 10_000), placed).packed


def line(y=50, left=40, right=160, **more):
    return stroke((left, y, 255), (right, y, 255), **more)


def pixels(file):
    assert file is not None
    return np.asarray(Image.open(io.BytesIO(file)))


def drawn(*strokes, parent=None, size=SIZE):
    return pixels(render(parent, size, strokes).image)


def picture(size=SIZE, colour=BLUE):
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "WEBP", lossless=True)
    return file.getvalue()


def is_red(image):
    return (image == RED).all(-1)


def test_a_line_is_as_wide_as_it_says_and_ends_round():
    red = is_red(drawn(line()))
    assert red[:, 100].sum() == 20
    assert (np.flatnonzero(red[:, 100])[[0, -1]] == [40, 59]).all()
    assert (np.flatnonzero(red[50])[[0, -1]] == [30, 169]).all()
    assert not red[41, 31]
    assert red.sum() == pytest.approx(120 * 20 + math.pi * 100, rel=0.02)


def test_without_pressure_a_line_has_35_hundredths_of_its_width():
    red = is_red(drawn(stroke((40, 50, 0), (160, 50, 0), width=40)))
    assert red[:, 100].sum() == 14


def test_between_two_pressures_the_width_changes_evenly():
    image = drawn(stroke((40, 50, 0), (160, 50, 255), width=60))
    widths = (1 - image[:, [70, 100, 130], 1] / 255).sum(0)
    assert widths == pytest.approx([60 * (0.35 + 0.65 * (x - 40) / 120) for x in (70.5, 100.5, 130.5)], abs=0.7)


def test_one_point_is_a_disc():
    covered = 1 - drawn(stroke((100, 50, 255), width=40))[..., 1] / 255
    assert covered.sum() == pytest.approx(math.pi * 400, rel=0.02)
    assert (covered == covered[::-1]).all()
    assert (covered == covered[:, ::-1]).all()


def test_a_corner_is_round_and_filled():
    red = is_red(drawn(stroke((40, 30, 255), (120, 30, 255), (60, 80, 255))))
    assert red[30, 120]
    assert red[30, 128]
    assert not red[21, 129]


def test_edges_have_shades():
    shades = np.unique(drawn(stroke((20, 20, 255), (180, 83, 255)))[..., 1])
    assert len(shades) > 8


def test_a_line_thinner_than_a_pixel_is_seen_faintly():
    image = drawn(line(width=0.6))
    assert 0 < (255 - image[..., 1]).max() < 255
    assert (255 - image[..., 1].astype(int)).sum() / 255 == pytest.approx(120 * 0.6, rel=0.7)


def test_later_strokes_lie_over_earlier_ones():
    image = drawn(line(colour=BLUE, width=40), line(width=10))
    assert tuple(image[50, 100]) == RED
    assert tuple(image[35, 100]) == BLUE


def test_the_eraser_takes_paint_away_and_shows_the_parent_again():
    image = drawn(line(width=40), line(left=90, right=110, kind=Kind.ERASER), line(y=50, left=99, right=101, width=4),
                  parent=picture(colour=(0, 200, 0)))  # fmt: skip
    assert tuple(image[57, 90]) == (0, 200, 0)
    assert tuple(image[35, 100]) == RED
    assert tuple(image[50, 100]) == RED
    assert tuple(image[5, 5]) == (0, 200, 0)


def test_without_a_parent_it_is_painted_on_white():
    image = drawn(line())
    assert image.shape == (100, 200, 3)
    assert tuple(image[0, 0]) == WHITE


def test_outside_the_paint_the_parent_is_kept_pixel_for_pixel():
    noise = np.random.default_rng(3).integers(0, 255, (100, 200, 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(noise).save(file, "PNG")
    image = drawn(line(), parent=file.getvalue())
    assert (image[:39] == noise[:39]).all()
    assert (image[:, 171:] == noise[:, 171:]).all()


def test_masks_and_their_eraser_make_the_mask_and_leave_the_paint_alone():
    made = render(None, SIZE, [line(kind=Kind.MASK, width=40), line(kind=Kind.MASK_ERASER, left=100, right=100)])
    assert made.image is None
    mask = pixels(made.mask)
    assert mask.shape == (100, 200)
    assert mask[50, 60] == 255
    assert mask[50, 100] == 0
    assert mask[35, 100] == 255
    assert mask[5, 5] == 0
    other = render(None, SIZE, [line(), line(kind=Kind.MASK_ERASER), line(kind=Kind.ERASER, y=10)])
    assert other.mask is None
    assert tuple(pixels(other.image)[50, 100]) == RED


@pytest.mark.parametrize(
    "strokes",
    [
        [],
        [b"no stroke"],
        [line(kind=Kind.ERASER), line(kind=Kind.MASK_ERASER)],
        [line(), line(kind=Kind.ERASER, width=40), line(kind=Kind.MASK), line(kind=Kind.MASK_ERASER, width=40)],
        [stroke((90, 50, 255), width=0), line(kind=Kind.MASK, width=0)],
    ],
    ids=["none", "bad bytes", "erasers alone", "all erased", "without width"],
)
def test_where_nothing_is_left_there_is_no_picture_and_no_mask(strokes):
    assert render(picture(), SIZE, strokes) == canvas.Canvas(None, None)


def test_bytes_that_are_no_stroke_are_skipped():
    assert is_red(drawn(b"", line(), b"\1\0\0")).any()


@pytest.mark.parametrize("size", [(400, 200), (100, 50), (100, 100), (200, 60)])
def test_strokes_stay_where_they_were_drawn_on_the_parent_also_when_it_is_cut(size):
    """The parent is marked where the line is drawn: on every canvas the line covers the marks."""
    marked = Image.new("RGB", SIZE, BLUE)
    for x in (70, 100, 130):
        marked.paste("lime", (x - 3, 47, x + 3, 53))
    file = io.BytesIO()
    marked.save(file, "PNG")
    plain = np.asarray(ImageOps.fit(marked, size))
    image = drawn(line(left=60, right=140), parent=file.getvalue(), size=size)
    assert image.shape == (size[1], size[0], 3)
    marks = plain[..., 1] > 128
    assert marks.sum() > 20
    assert not (image[..., 1] > 128).any()
    assert (image[marks][:, 0] > 128).all()


def test_a_frame_is_cut_evenly():
    assert Frame.of((200, 100), (400, 200)) == Frame(400, 200, 0, 0)
    assert Frame.of((200, 100), (100, 100)) == Frame(200, 100, 50, 0)
    assert Frame.of((100, 200), (100, 100)) == Frame(100, 200, 0, 50)


def test_a_parent_that_cannot_be_read_is_told():
    with pytest.raises(BadPicture):
        render(b"no picture", SIZE, [line()])


def test_more_than_can_be_drawn_is_refused_before_it_is_drawn():
    many = Stroke(Kind.BRUSH, RED, 100, ((0, 0, 255),) * 2000).packed
    with pytest.raises(TooLarge, match="points"):
        render(None, SIZE, [many] * (canvas.MOST_POINTS // 2000 + 1))
    wide = Stroke(Kind.BRUSH, RED, 65_535, ((0, 0, 255), (FULL, FULL, 255)) * 1000).packed
    began_s = time.thread_time()
    with pytest.raises(TooLarge, match="wide"):
        render(None, (1024, 1024), [wide] * 100)
    assert time.thread_time() - began_s < 5
    dot = Stroke(Kind.BRUSH, RED, 100, ((0, 0, 255),)).packed
    with pytest.raises(TooLarge, match="strokes"):
        render(None, SIZE, [dot] * (canvas.MOST_STROKES + 1))


WORD = st.integers(0, FULL)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.builds(
            Stroke,
            kind=st.sampled_from(Kind),
            colour=st.just(RED),
            diameter=st.integers(0, 12_000),
            points=st.lists(st.tuples(WORD, WORD, st.integers(0, 255)), min_size=1, max_size=12).map(tuple),
        ),
        max_size=5,
    )
)
def test_whatever_is_drawn_every_point_of_the_last_brush_is_covered_and_no_other_colour_comes_of_it(strokes):
    last = Stroke(Kind.BRUSH, RED, 600, ((20_000, 20_000, 255), (50_000, 40_000, 128), (20_001, 20_002, 40)))
    image = drawn(*(one.packed for one in strokes), last.packed, size=(96, 64))
    for x, y, _ in last.points:
        assert tuple(image[min(63, int(y / FULL * 64)), min(95, int(x / FULL * 96))]) == RED
    assert (image[..., 0] == 255).all()
    assert (image[..., 1] == image[..., 2]).all()


def zigzag(count, reach, diameter=15):
    """Return a packed stroke of points by chance, each at most `reach` of FULL from the last on either axis."""
    chance = np.random.default_rng(count)
    places = np.cumsum(chance.integers(-reach, reach + 1, (count, 2)), 0) % (2 * FULL)
    folded = np.where(places > FULL, 2 * FULL - places, places)
    return Stroke(Kind.BRUSH, RED, diameter, tuple((int(x), int(y), 255) for x, y in folded)).packed


def lines(*strokes, size=(768, 768)):
    return [canvas._line(one, Frame.of(size, size)) for one in canvas.parse_all(strokes)]


def test_a_straight_line_is_little_work_and_a_zigzag_of_as_many_points_much():
    straight = stroke(*[(x, 50, 255) for x in range(200)], width=1)
    (plain,), (wound,) = lines(straight), lines(zigzag(200, FULL))
    assert plain.sharp.sum() == 2
    assert len(plain.ends) <= 200 / canvas.STRIP_POINTS + 2
    assert wound.sharp.sum() > 150
    assert wound.work(4) > 10 * plain.work(4)


def test_a_long_thin_shape_costs_its_rows():
    """A polygon is filled row by row: 2,000 lines a pixel wide from edge to edge are more than their area."""
    there_and_back = [(step * 32, step % 2 * FULL, 255) for step in range(2000)]
    tall, flat = lines(
        Stroke(Kind.BRUSH, RED, 15, tuple(there_and_back)).packed,
        Stroke(Kind.BRUSH, RED, 15, tuple((y, x, pressure) for x, y, pressure in there_and_back)).packed,
    )
    assert tall.work(4) > 3 * flat.work(4)


def test_zigzags_are_drawn_finely_while_they_are_few_less_finely_when_many_and_refused_in_masses():
    assert canvas.fineness(lines(*[zigzag(2000, FULL)] * 2)) == canvas.FINEST
    assert canvas.fineness(lines(*[zigzag(2000, FULL)] * 15)) < canvas.FINEST
    with pytest.raises(TooLarge, match="long"):
        canvas.fineness(lines(*[zigzag(2000, FULL)] * 60))


def test_what_costs_the_same_at_any_fineness_is_drawn_as_finely_as_can_be():
    dots = [Stroke(Kind.BRUSH, RED, 20, ((i * 8, i * 5, 255),)).packed for i in range(8000)]
    assert canvas.fineness(lines(*dots)) == canvas.FINEST


@pytest.mark.parametrize("reach", [3_000, FULL])
def test_the_most_zigzags_that_are_not_refused_take_less_than_twenty_seconds(reach):
    """They take two seconds; the rest is for a machine with other work."""
    one = zigzag(2000, reach)
    (line_,) = lines(one)
    count = min(canvas.MOST_POINTS // 2000, int(canvas.MOST_WORK / line_.work(1)))
    began_s = time.thread_time()
    assert render(None, (768, 768), [one] * count).image is not None
    assert time.thread_time() - began_s < 20


def test_a_full_drawing_takes_less_than_ten_seconds():
    """It takes half a second; the rest is for a machine with other work."""
    chance = np.random.default_rng(5)
    strokes = []
    for number in range(500):
        way = np.cumsum(chance.normal(0, 0.15, 200)) + chance.uniform(0, 6)
        places = np.cumsum(np.stack([np.cos(way), np.sin(way)], 1) * 160, 0) + chance.integers(0, FULL, 2)
        points = [
            (int(x), int(y), int(p))
            for (x, y), p in zip(places.clip(0, FULL), chance.integers(0, 255, 200), strict=True)
        ]
        strokes.append(Stroke(Kind(number % 4), (1, 2, 3), 250, tuple(points)).packed)
    began_s = time.thread_time()
    made = render(picture((1024, 1024)), (1024, 1024), strokes)
    assert time.thread_time() - began_s < 10
    assert made.image is not None
    assert made.mask is not None
