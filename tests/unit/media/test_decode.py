"""Untrusted bytes become plain pixels, or a documented error."""

from __future__ import annotations

import io
import zlib

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageOps

from livefeed.errors import BadPicture, TooLarge
from livefeed.media.decode import MAX_PROFILE_BYTES, MAX_SIDE, STRIP_ROWS, Bounds, decode
from tests.unit.media.files import encoded, gradient, png_chunk, png_claiming, png_with

BOUNDS = Bounds(bytes=1_000_000, pixels=1_000_000)


def pixels(image: Image.Image) -> np.ndarray:
    return np.asarray(image.convert("RGB"), dtype=int)


def distance(one: Image.Image, other: Image.Image) -> float:
    """Mean difference of the channels, 0 to 255."""
    assert one.size == other.size
    return float(np.abs(pixels(one) - pixels(other)).mean())


@pytest.mark.parametrize("format", ["PNG", "WEBP", "JPEG", "GIF"])
def test_every_format_is_decoded_to_rgb(format):
    image = decode(encoded(gradient(), format), BOUNDS)
    assert image.mode == "RGB"
    assert distance(image, gradient()) < 12


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_every_mode_of_png_keeps_its_colours(mode):
    source = gradient().convert(mode)
    assert distance(decode(encoded(source), BOUNDS), source) == 0


def test_sixteen_bit_greys_are_scaled_not_clipped():
    grey = np.linspace(0, 65535, 64 * 48).astype(np.uint16).reshape(48, 64)
    image = decode(encoded(Image.fromarray(grey)), BOUNDS)
    assert np.abs(pixels(image)[..., 0] - grey / 257).max() <= 1


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_camera_held_sideways_gives_an_upright_picture(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(gradient(), "PNG", exif=exif)
    assert distance(decode(data, BOUNDS), ImageOps.exif_transpose(Image.open(io.BytesIO(data)))) == 0


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_a_damaged_exif_block_is_no_reason_to_refuse_a_picture():
    data = encoded(gradient(), "WEBP", exif=b"Exif\0\0II*\0\xff\xff\xff\xff garbage")
    assert decode(data, BOUNDS).size == (64, 48)


def test_nothing_but_pixels_remains():
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    image = decode(encoded(gradient(), "JPEG", exif=exif, comment=b"secret"), BOUNDS)
    assert image.info == {}
    assert len(image.getexif()) == 0


def test_transparency_is_laid_on_white():
    image = decode(encoded(Image.new("RGBA", (4, 4), (255, 0, 0, 128))), BOUNDS)
    assert image.getpixel((0, 0)) == (255, 127, 127)
    palette = Image.new("P", (4, 4), 0)
    palette.putpalette([9, 9, 9])
    assert decode(encoded(palette, "GIF", transparency=0), BOUNDS).getpixel((0, 0)) == (255, 255, 255)


def test_a_moving_picture_gives_its_first_frame():
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "lime", "blue")]
    for format in ("GIF", "WEBP", "PNG"):
        data = encoded(frames[0], format, save_all=True, append_images=frames[1:])
        assert distance(decode(data, BOUNDS), frames[0]) < 3


def test_a_picture_of_many_strips_is_put_together_as_it_was():
    source = gradient(300, 2 * STRIP_ROWS + 17)
    assert distance(decode(encoded(source), BOUNDS), source) == 0


def test_a_long_picture_is_reduced_and_keeps_its_shape():
    wide, tall = gradient(MAX_SIDE * 3 + 5, 90), gradient(40, MAX_SIDE + 2)
    for format in ("PNG", "JPEG"):
        small = decode(encoded(wide, format), Bounds())
        assert (small.width, small.height) in {(MAX_SIDE, 30), (MAX_SIDE, 29)}
        assert distance(small, wide.resize(small.size)) < 4
    small = decode(encoded(tall), Bounds())
    assert small.size == (40, MAX_SIDE)
    assert distance(small, tall.resize(small.size)) < 1


@pytest.mark.parametrize(
    ("size", "expected"), [((1, 900_000), (1, MAX_SIDE)), ((900_000, 1), (MAX_SIDE, 1)), ((1, 1), (1, 1))]
)
def test_a_thread_and_a_dot_are_pictures_too(size, expected):
    width, height = decode(encoded(Image.new("L", size)), BOUNDS).size
    assert (width, height) == pytest.approx(expected, abs=8)


def swapped_profile() -> bytes:
    """sRGB with the primaries of red and blue exchanged: a profile that cannot be overlooked."""
    plain = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    tags = {plain[at : at + 4]: at for at in range(132, 132 + 12 * int.from_bytes(plain[128:132], "big"), 12)}
    red, blue = (slice(tags[name] + 4, tags[name] + 12) for name in (b"rXYZ", b"bXYZ"))
    swapped = bytearray(plain)
    swapped[red], swapped[blue] = plain[blue], plain[red]
    return bytes(swapped)


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_the_numbers_mean_what_the_profile_says_and_it_is_not_kept(mode):
    source = Image.new("RGB", (8, 8), (250, 10, 10)).convert(mode)
    image = decode(encoded(source, "PNG", icc_profile=swapped_profile()), BOUNDS)
    red, _, blue = image.getpixel((0, 0))
    assert blue > 200 > 50 > red
    assert image.info == {}


def test_four_printing_inks_become_rgb():
    image = decode(encoded(Image.new("CMYK", (16, 16), (0, 255, 255, 0)), "JPEG"), BOUNDS)
    red, green, blue = image.getpixel((4, 4))
    assert red > 200
    assert max(green, blue) < 60


@pytest.mark.parametrize(
    "profile", [b"x" * 200, bytes(16) + b"RGB " + bytes(300), b"", bytes(16) + b"CMYK" + bytes(300)]
)
def test_a_profile_that_is_none_is_ignored(profile):
    assert distance(decode(encoded(gradient(), "PNG", icc_profile=profile), BOUNDS), gradient()) == 0


def test_a_profile_of_monstrous_size_is_ignored():
    data = encoded(gradient(), "WEBP", lossless=True, icc_profile=swapped_profile() + bytes(MAX_PROFILE_BYTES))
    assert distance(decode(data, Bounds()), gradient()) == 0


def test_too_many_bytes_are_refused_before_they_are_looked_at():
    with pytest.raises(TooLarge, match="1,000,000"):
        decode(bytes(1_000_001), BOUNDS)


@pytest.mark.parametrize(("width", "height"), [(60_000, 60_000), (1001, 1000), (2**31 - 1, 2**31 - 1)])
def test_a_bomb_is_refused_by_what_its_header_says(width, height):
    with pytest.raises(TooLarge, match="pixels"):
        decode(png_claiming(width, height), BOUNDS)


def test_webp_may_have_half_as_many_pixels():
    data = encoded(Image.new("RGB", (1000, 501)), "WEBP")
    with pytest.raises(TooLarge, match="500,000"):
        decode(data, BOUNDS)


@pytest.mark.parametrize(("side", "says"), [(0x8000, "far too many"), (0x0800, "2048 x 2048")])
def test_a_gif_frame_larger_than_its_canvas_is_a_bomb_too(side, says):
    data = bytearray(encoded(Image.new("P", (10, 10)), "GIF"))
    frame = data.index(b"\x2c\0\0\0\0\x0a\0\x0a\0")
    data[frame + 5 : frame + 9] = side.to_bytes(2, "little") * 2
    with pytest.raises(TooLarge, match=says):
        decode(bytes(data), BOUNDS)


def test_text_that_inflates_without_end_is_refused():
    bomb = png_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(50_000_000)))
    with pytest.raises(BadPicture):
        decode(png_with(bomb), BOUNDS)
    with pytest.raises(BadPicture):
        decode(png_with(*[png_chunk(b"zTXt", b"C\0\0" + zlib.compress(bytes(1_000_000)))] * 100), BOUNDS)


def test_pixel_data_far_beyond_the_picture_is_not_inflated():
    data = png_claiming(2, 2).replace(
        png_chunk(b"IDAT", zlib.compress(bytes(1_000_000))),
        png_chunk(b"IDAT", zlib.compress(bytes(200_000_000))),
    )
    assert decode(data, BOUNDS).size == (2, 2)


@pytest.mark.parametrize("format", ["PNG", "WEBP", "JPEG", "GIF"])
def test_a_file_cut_off_is_refused(format):
    data = encoded(Image.effect_noise((64, 64), 80).convert("RGB"), format)
    for share in (0.2, 0.5, 0.9):
        with pytest.raises(BadPicture):
            decode(data[: int(len(data) * share)], BOUNDS)


@pytest.mark.parametrize("format", ["PNG", "WEBP", "JPEG", "GIF"])
def test_what_follows_the_picture_in_its_file_is_ignored(format):
    data = encoded(gradient(), format)
    assert distance(decode(data + b"PK\x03\x04 an archive", BOUNDS), decode(data, BOUNDS)) == 0


def test_a_picture_that_only_its_name_calls_so_is_refused():
    with pytest.raises(BadPicture):
        decode(b"GIF89a" + b"\x40\0\x40\0" + b"/* */ alert(1)", BOUNDS)
    with pytest.raises(BadPicture):
        decode(encoded(gradient(), "BMP"), BOUNDS)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    format=st.sampled_from(["PNG", "WEBP", "JPEG", "GIF"]),
    changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=8),
)
def test_damaged_files_give_a_picture_within_bounds_or_a_documented_error(format, changes):
    data = bytearray(encoded(gradient(32, 24), format))
    for place, value in changes:
        data[int(place * len(data))] = value
    try:
        image = decode(bytes(data), BOUNDS)
    except (BadPicture, TooLarge):
        return
    assert image.mode == "RGB"
    assert max(image.size) <= MAX_SIDE
