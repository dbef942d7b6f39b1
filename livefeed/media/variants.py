"""The WebP files that are kept and served. Pure: equal pixels and metadata give equal bytes (for one libwebp)."""

from __future__ import annotations

import io
from typing import Final

from PIL import Image

from livefeed.media.provenance import Metadata

ORIGINAL_QUALITY: Final = 92
"""The stored original is WebP too: one clean format, a sixth of the bytes of a lossless one, and at twice the
widest variant its losses are out of sight."""

VARIANT_QUALITY: Final = 82
NOTHING: Final = Metadata()
_METHOD = 2  # half the time of libwebp's default for 5 % more bytes


def original_webp(image: Image.Image, metadata: Metadata = NOTHING) -> bytes:
    """Return the bytes whose sha256 names the picture."""
    return _webp(image, ORIGINAL_QUALITY, metadata)


def variant_webp(image: Image.Image, width: int, metadata: Metadata = NOTHING) -> bytes:
    """Return the picture `width` pixels wide, or as wide as it is: enlarging is the browser's business."""
    if width < image.width:
        height = max(1, round(image.height * width / image.width))
        image = image.resize((width, height), Image.Resampling.LANCZOS)
    return _webp(image, VARIANT_QUALITY, metadata)


def read_webp(data: bytes) -> Image.Image:
    """Return the pixels of a file that `original_webp` made."""
    with Image.open(io.BytesIO(data), formats=("WEBP",)) as image:
        return image.convert("RGB")


def read_metadata(data: bytes) -> Metadata:
    """Return what a file of ours carries besides its pixels."""
    with Image.open(io.BytesIO(data), formats=("WEBP",)) as image:
        return Metadata(image.info.get("xmp", b""), image.info.get("exif", b""))


def _webp(image: Image.Image, quality: int, metadata: Metadata) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", quality=quality, method=_METHOD, xmp=metadata.xmp, exif=metadata.exif)
    return buffer.getvalue()
