"""Previews are small in every sense."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from livefeed.errors import BadPicture
from livefeed.generation.previews import MAX_BYTES
from livefeed.media.preview import preview_jpeg
from tests.unit.media.files import gradient


@pytest.mark.parametrize(
    ("size", "expected"),
    [((768, 768), (256, 256)), ((1000, 500), (256, 128)), ((100, 60), (100, 60)), ((3, 4000), (1, 256))],
)
def test_a_preview_keeps_the_shape_and_the_bound(size, expected):
    image = Image.open(io.BytesIO(preview_jpeg(gradient(*size))))
    assert (image.format, image.size) == ("JPEG", expected)


def test_a_preview_of_noise_fits_into_its_bytes_by_losing_quality_then_size():
    noise = Image.merge("RGB", [Image.effect_noise((768, 768), 120)] * 3)
    assert len(preview_jpeg(noise)) <= MAX_BYTES
    tiny = preview_jpeg(noise, max_bytes=1_000)
    assert len(tiny) <= 1_000
    assert max(Image.open(io.BytesIO(tiny)).size) < 256


def test_an_impossible_bound_is_an_error_and_not_an_endless_search():
    with pytest.raises(BadPicture):
        preview_jpeg(gradient(), max_bytes=10)
