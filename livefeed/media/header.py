"""Read what an image file says about itself, without decoding a pixel.

Format and size come from the bytes, never from a file name or a content type. The decoder is only called once
these numbers are within bounds: WebP's allocates its whole canvas as soon as a file is opened.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass

from livefeed.errors import BadPicture

MAX_SCANS = 100
"""A camera's progressive JPEG has about 10; each costs a pass over all pixels, however few bytes it has."""

_PNG = b"\x89PNG\r\n\x1a\n"
_FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_START_OF_SCAN, _END_OF_IMAGE = 0xDA, 0xD9
_NEXT_MARKER = re.compile(rb"\xff+([\x01-\xcf\xd8-\xfe])", re.DOTALL)
"""Inside a scan, ff 00 is a stuffed byte and ff d0 to ff d7 are restarts; anything else ends it."""


@dataclass(frozen=True, slots=True)
class Header:
    """`format` is Pillow's name of it; `width` and `height` are of the canvas, before any rotation."""

    format: str
    width: int
    height: int

    @property
    def pixels(self) -> int:
        return self.width * self.height


def read_header(data: bytes) -> Header:
    """Return format and size of a JPEG, PNG, WebP or GIF.

    Raises: BadPicture when it is none of them, ends within its header, has no area or too many scans.
    """
    try:
        header = _read(data)
    except (struct.error, IndexError) as exc:
        raise BadPicture("The picture file is cut off; send the whole file.") from exc
    if header.pixels == 0:
        raise BadPicture("The picture has no width or no height.")
    return header


def _read(data: bytes) -> Header:
    if data.startswith(_PNG):
        return _png(data)
    if data.startswith(b"\xff\xd8\xff"):
        return _jpeg(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp(data)
    if data.startswith((b"GIF87a", b"GIF89a")):
        return Header("GIF", *struct.unpack_from("<HH", data, 6))
    raise BadPicture("This is no JPEG, PNG, WebP or GIF picture.")


def _png(data: bytes) -> Header:
    length, name, width, height = struct.unpack_from(">I4sII", data, 8)
    if length != 13 or name != b"IHDR":
        raise BadPicture("The PNG picture is damaged: it does not begin with its size.")
    return Header("PNG", width, height)


def _webp(data: bytes) -> Header:
    match data[12:16]:
        case b"VP8X":
            width = int.from_bytes(_exactly(data, 24, 3), "little") + 1
            height = int.from_bytes(_exactly(data, 27, 3), "little") + 1
        case b"VP8L":
            (bits,) = struct.unpack_from("<I", data, 21)
            width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 ":
            width, height = (side & 0x3FFF for side in struct.unpack_from("<HH", data, 26))
        case _:
            raise BadPicture("The WebP picture is damaged: it does not begin with its size.")
    return Header("WEBP", width, height)


def _jpeg(data: bytes) -> Header:
    header, scans, at = None, 0, 2
    while (marker := _marker(data, at)) is not None:
        code, at = marker
        if code == _END_OF_IMAGE:
            break
        if code in _FRAME_MARKERS and header is None:
            height, width = struct.unpack_from(">HH", data, at + 3)
            header = Header("JPEG", width, height)
        scans += code == _START_OF_SCAN
        if scans > MAX_SCANS:
            raise BadPicture(f"The JPEG picture has more than {MAX_SCANS} scans; save it as an ordinary one.")
        if code not in (0x01, 0xD8):
            at += max(2, struct.unpack_from(">H", data, at)[0])
    if header is None:
        raise BadPicture("The JPEG picture is damaged: it does not say its size.")
    return header


def _marker(data: bytes, at: int) -> tuple[int, int] | None:
    """Return the next marker from `at` on and where its segment begins, or None at the end of the data."""
    found = _NEXT_MARKER.search(data, at)
    return None if found is None else (found[1][0], found.end())


def _exactly(data: bytes, at: int, length: int) -> bytes:
    if len(data) < at + length:
        raise IndexError(at)
    return data[at : at + length]
