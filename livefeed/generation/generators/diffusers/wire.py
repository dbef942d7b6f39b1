"""What the worker and its painting process say to each other, and how it becomes bytes. [pure]

A message is its length, four bytes in network order, and a MessagePack list of its name and its fields.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, fields
from typing import Any, Final

import msgpack

HEADER: Final = struct.Struct(">I")
MAX_BYTES: Final = 128 * 1024 * 1024
"""No message is larger: a picture of the largest size has 7 MB, a parent's file what may be uploaded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """The first message: what to load. The fields are the settings of the same name."""

    model: str
    device: str
    precision: str
    previews: str
    preview_vae: str
    guidance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Paint:
    """Paint picture `number`; numbers rise. parent, mask: files of a picture and of where it is repainted, or None."""

    number: int
    prompt: str
    width: int
    height: int
    seed: int
    steps: int
    strength: float | None = None
    parent: bytes | None = None
    mask: bytes | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """Nobody wants the pictures up to `number` any more; a step that goes on for longer than `within_s` hangs."""

    number: int
    within_s: float


@dataclass(frozen=True, slots=True)
class Ready:
    """The model is loaded. words: what was loaded, for the log."""

    words: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The process is of no use any more, and ends. reason: for the operator."""

    reason: str


@dataclass(frozen=True, slots=True)
class Step:
    """`done` of `total` steps are painted. pixels: the picture so far, RGB in rows; none if width is 0."""

    number: int
    done: int
    total: int
    width: int = 0
    height: int = 0
    pixels: bytes = b""


@dataclass(frozen=True, slots=True)
class Finished:
    """The picture, RGB in rows."""

    number: int
    width: int
    height: int
    pixels: bytes


@dataclass(frozen=True, slots=True)
class Withheld:
    """The pipeline's safety checker did not let the picture pass."""

    number: int


@dataclass(frozen=True, slots=True)
class Failure:
    """The picture could not be painted; the next one may be. reason: for the operator."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """The picture was called off."""

    number: int


Order = Setup | Paint | Stop
End = Finished | Withheld | Failure | Stopped
News = Ready | Broken | Step | End

_KINDS: Final[dict[str, type[Order | News]]] = {
    kind.__name__: kind
    for kind in (Setup, Paint, Stop, Ready, Broken, Step, Finished, Withheld, Failure, Stopped)
}  # fmt: skip


def pack(message: Order | News) -> bytes:
    """Return a message as it is sent. Raises: ValueError when it is too large."""
    body: bytes = msgpack.packb([type(message).__name__, *(getattr(message, one.name) for one in fields(message))])
    length_of(HEADER.pack(len(body)))
    return HEADER.pack(len(body)) + body


def length_of(header: bytes) -> int:
    """Return how many bytes follow a header. Raises: ValueError when nobody would send so many."""
    (length,) = HEADER.unpack(header)
    if length > MAX_BYTES:
        raise ValueError(f"A message of {length} bytes; at most {MAX_BYTES} are sent.")
    return int(length)


def unpack(body: bytes) -> Order | News:
    """Return a message without its header. Raises: ValueError."""
    try:
        name, *values = msgpack.unpackb(body)
        kind: Any = _KINDS[name]
        names = [one.name for one in fields(kind)]
        return kind(**dict(zip(names, values, strict=True)))  # type: ignore[no-any-return]
    except (ValueError, TypeError, KeyError, msgpack.UnpackException) as exc:
        raise ValueError(f"No message: {body[:40]!r}.") from exc
