"""Format and size are read from the bytes alone."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from livefeed.errors import BadPicture
from livefeed.media.header import MAX_SCANS, Header, read_header
from tests.unit.media.files import encoded, gradient

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")


@pytest.mark.parametrize("format", FORMATS)
@settings(max_examples=30, deadline=None)
@given(width=st.integers(1, 700), height=st.integers(1, 40))
def test_every_format_tells_its_size(format, width, height):
    assert read_header(encoded(gradient(width, height), format)) == Header(format, width, height)


@pytest.mark.parametrize(
    "options", [{"lossless": True}, {"exif": b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"}, {"quality": 5}]
)
def test_all_three_kinds_of_webp_tell_their_size(options):
    assert read_header(encoded(gradient(123, 45), "WEBP", **options)) == Header("WEBP", 123, 45)


def test_a_progressive_jpeg_with_a_thumbnail_inside_tells_the_size_of_the_outer_picture():
    inner = encoded(gradient(16, 16), "JPEG")
    comment = b"\xff\xe1" + struct.pack(">H", len(inner) + 2) + inner
    outer = encoded(gradient(200, 100), "JPEG", progressive=True)
    assert read_header(outer[:2] + comment + outer[2:]) == Header("JPEG", 200, 100)


@pytest.mark.parametrize("format", FORMATS)
def test_a_file_cut_off_within_its_header_is_refused_at_every_length(format):
    data = encoded(gradient(), format)
    for length in range(10):
        with pytest.raises(BadPicture):
            read_header(data[:length])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        b"PK\x03\x04" + bytes(60),
        b"II*\0" + bytes(60),
        b"<html>\x89PNG\r\n\x1a\n",
        b"RIFF\0\0\0\0WAVEfmt " + bytes(60),
    ],
)
def test_what_is_no_picture_is_refused(data):
    with pytest.raises(BadPicture, match="no JPEG, PNG, WebP or GIF"):
        read_header(data)


@pytest.mark.parametrize(
    "data", [b"GIF89a\0\0\x10\0" + bytes(20), b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\0" + bytes(9)]
)
def test_a_picture_without_area_is_refused(data):
    with pytest.raises(BadPicture, match="no width or no height"):
        read_header(data)


def test_a_jpeg_with_thousands_of_scans_is_refused_before_it_is_decoded():
    plain = encoded(gradient(), "JPEG", progressive=True)
    scan = plain.rindex(b"\xff\xda")
    with pytest.raises(BadPicture, match=str(MAX_SCANS)):
        read_header(plain[:scan] + plain[scan:-2] * 2000 + b"\xff\xd9")


def test_an_ordinary_progressive_jpeg_has_few_enough_scans():
    assert read_header(encoded(gradient(), "JPEG", progressive=True)).format == "JPEG"


@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF1234WEBP"]),
)
def test_any_bytes_give_a_header_or_one_kind_of_error(data, start):
    try:
        header = read_header(start + data)
    except BadPicture:
        return
    assert header.pixels > 0
