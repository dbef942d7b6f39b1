"""What a document asks for, as far as it makes sense. [pure]

Whoever edits a document can write anything into it. What cannot be a size, a seed or a strength is left to the
generator's own choice; a prompt that is empty or too long is refused where pictures are asked for.
"""

from __future__ import annotations

from typing import Any

from livefeed.rooms.ports import JSON, Contents, Wish

MAX_SEED = 2**32 - 1
MAX_SIDE = 16_384
MAX_NAME = 64
MAX_STYLE = 200


def wish_of(contents: Contents, *, parent: str | None, seed: int | None = None) -> Wish:
    """Return what a document wishes for. parent: the post to remix, None when it is gone. seed: instead of its own."""
    params = contents.params
    return Wish(
        prompt=contents.prompt,
        style=_style(params.get("style")),
        strokes=contents.strokes,
        parent=parent,
        width=_whole(params.get("width"), 1, MAX_SIDE),
        height=_whole(params.get("height"), 1, MAX_SIDE),
        seed=_whole(params.get("seed"), 0, MAX_SEED) if seed is None else seed,
        generator=_name(params),
        strength=_share(params.get("strength")) if parent is not None else None,
    )


def _style(style: Any) -> str | None:
    return style.strip()[:MAX_STYLE] or None if isinstance(style, str) else None


def _whole(value: Any, low: int, high: int) -> int | None:
    """Return a whole number: documents hold all numbers as floats."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        return None
    return int(value) if value == int(value) else None


def _share(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        return None
    return float(value)


def _name(params: JSON) -> str | None:
    name = params.get("generator")
    return name if isinstance(name, str) and 0 < len(name) <= MAX_NAME else None
