"""Image files for the tests, made on the spot."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image


def encoded(image: Image.Image, format: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def gradient(width: int = 64, height: int = 48) -> Image.Image:
    """A picture whose every corner has another colour: a turn or a shift shows."""
    ramp = Image.linear_gradient("L")
    channels = [ramp.rotate(turn).resize((width, height)) for turn in (0, 90, 180)]
    return Image.merge("RGB", channels)


def png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_claiming(width: int, height: int) -> bytes:
    """A small PNG that says it is `width` x `height`; its zeros would inflate to as much as is asked for."""
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + png_chunk(b"IDAT", zlib.compress(bytes(1_000_000)))
        + png_chunk(b"IEND", b"")
    )


def png_with(*chunks: bytes) -> bytes:
    """A good little PNG with more chunks right behind its size."""
    plain = encoded(gradient(8, 8))
    return plain[:33] + b"".join(chunks) + plain[33:]
