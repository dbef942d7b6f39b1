"""EXIF blocks, cut down: no position, no thumbnail, nothing that is untrue of the picture that is kept. Pure.

Values are copied as they are, byte for byte, so texts in any encoding survive. Only the two directories that
describe the picture are read; all that hangs on others, the position and the thumbnail with them, is left out.
Source: TIFF 6.0, "TIFF structure"; Exif 3.0 (CIPA DC-008).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

MAX_READ_BYTES: Final = 256 * 1024
MAX_BYTES: Final = 16 * 1024
"""Of a written block: every width of a picture carries it."""

_PREFIX: Final = b"Exif\0\0"
_EXIF_DIRECTORY: Final = 0x8769
_SIZES: Final = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 129: 1}
"""Bytes of one value by its type; 129 is Exif 3.0's UTF-8."""
_PICTURE_TAGS: Final = frozenset(
    [
        *(0x010E, 0x010F, 0x0110, 0x011A, 0x011B, 0x0128, 0x0131, 0x0132, 0x013B, 0x013C, 0x8298),
        *(0x9C9B, 0x9C9C, 0x9C9D, 0x9C9E, 0x9C9F, 0x4746, 0x4749),
    ]
)
"""What the first directory may keep: texts, names, dates, resolution, rating. The rest is how a TIFF file lays out its
pixels, or holds other blocks: XMP, IPTC, Photoshop's, and the orientation, which decoding has applied."""
_LEFT_OUT: Final = frozenset([0x927C, 0xA001, 0xA002, 0xA003, 0xA005, 0x8769, 0x8825, 0x0112, 0xEA1C, 0xEA1D])
"""What the second directory loses: the maker's note, which nobody can search for a position; colour space and size of
the file that came; pointers; padding."""

_FRAME_BYTES: Final = 8 + 2 * (2 + 4) + 12
"""The header, the frame of two directories, and the pointer to the second."""

_TEXTS: Final = {"make": 0x010F, "model": 0x0110, "software": 0x0131, "artist": 0x013B, "copyright": 0x8298}


@dataclass(frozen=True, slots=True)
class _Entry:
    """One value of a directory, as its bytes."""

    tag: int
    type: int
    count: int
    value: bytes


def cleaned(block: bytes) -> bytes:
    """Return an EXIF block without position, thumbnail and orientation; b"" where none is left or it is damaged.

    Longer than MAX_BYTES, it loses its longest values.
    """
    if not block or len(block) > MAX_READ_BYTES:
        return b""
    try:
        order, picture, shot = _read(block.removeprefix(_PREFIX))
    except (struct.error, ValueError):
        return b""
    picture = [entry for entry in picture if entry.tag in _PICTURE_TAGS]
    shot = [entry for entry in shot if entry.tag not in _LEFT_OUT]
    fitting = _fitting([*picture, *shot])
    picture, shot = ([entry for entry in part if id(entry) in fitting] for part in (picture, shot))
    return _write(order, picture, shot) if picture or shot else b""


def _fitting(entries: list[_Entry]) -> set[int]:
    """Return the identities of the shortest values that fit into MAX_BYTES together."""
    left, kept = MAX_BYTES - _FRAME_BYTES, set()
    for entry in sorted(entries, key=lambda entry: len(entry.value)):
        left -= 12 + (len(entry.value) + 1 if len(entry.value) > 4 else 0)
        if left < 0:
            break
        kept.add(id(entry))
    return kept


def texts(block: bytes) -> dict[str, str]:
    """Return what a block says of its origin: `make`, `model`, `software`, `artist`, `copyright`, as far as it does."""
    try:
        _, picture, _ = _read(block.removeprefix(_PREFIX))
    except (struct.error, ValueError):
        return {}
    by_tag = {entry.tag: entry.value for entry in picture}
    found = {name: by_tag[tag].decode(errors="replace").strip("\0 ") for name, tag in _TEXTS.items() if tag in by_tag}
    return {name: text for name, text in found.items() if text}


def _read(block: bytes) -> tuple[str, list[_Entry], list[_Entry]]:
    """Return the byte order, the first directory, and the EXIF one. Raises: ValueError, struct.error."""
    order = {b"II": "<", b"MM": ">"}.get(block[:2])
    if order is None:
        raise ValueError("no byte order")
    magic, first = struct.unpack_from(order + "HI", block, 2)
    if magic != 42:
        raise ValueError("no TIFF header")
    picture = _directory(block, order, first)
    pointers = [entry for entry in picture if entry.tag == _EXIF_DIRECTORY and len(entry.value) == 4]
    shot = _directory(block, order, *struct.unpack(order + "I", pointers[0].value)) if pointers else []
    return order, picture, shot


def _directory(block: bytes, order: str, at: int) -> list[_Entry]:
    """Return the values of the directory at an offset; one that is of no known type or not all there is left out.

    Values that overlap would make more bytes than the block has: beyond its length, none is copied.
    """
    (count,) = struct.unpack_from(order + "H", block, at)
    found: dict[int, _Entry] = {}
    left = len(block)
    for number in range(count):
        place = at + 2 + 12 * number
        if place + 12 > len(block):
            break
        tag, type, length = struct.unpack_from(order + "HHI", block, place)
        size = _SIZES.get(type, 0) * length
        start = place + 8 if size <= 4 else struct.unpack_from(order + "I", block, place + 8)[0]
        if tag not in found and 0 < size <= min(left, len(block) - start):
            left -= size
            found[tag] = _Entry(tag, type, length, block[start : start + size])
    return list(found.values())


def _write(order: str, picture: list[_Entry], shot: list[_Entry]) -> bytes:
    """Return a block of one or two directories. They are followed by their longer values."""
    head = b"II*\0" if order == "<" else b"MM\0*"
    if shot:
        at = 8 + len(_laid_out(order, [*picture, _pointer(order, 0)], 8))
        picture = [*picture, _pointer(order, at)]
    block = head + struct.pack(order + "I", 8)
    block += _laid_out(order, picture, len(block))
    return block + _laid_out(order, shot, len(block)) if shot else block


def _pointer(order: str, at: int) -> _Entry:
    return _Entry(_EXIF_DIRECTORY, 4, 1, struct.pack(order + "I", at))


def _laid_out(order: str, entries: list[_Entry], at: int) -> bytes:
    """Return a directory that will stand at an offset; its entries come in the order of their tags."""
    directory, longer = struct.pack(order + "H", len(entries)), b""
    behind = at + 2 + 12 * len(entries) + 4
    for entry in sorted(entries, key=lambda entry: entry.tag):
        directory += struct.pack(order + "HHI", entry.tag, entry.type, entry.count)
        if len(entry.value) <= 4:
            directory += entry.value.ljust(4, b"\0")
        else:
            directory += struct.pack(order + "I", behind + len(longer))
            longer += entry.value + b"\0" * (len(entry.value) % 2)  # values begin at even offsets
    return directory + bytes(4) + longer
