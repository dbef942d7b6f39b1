"""What would be where a hole is, going by what lies around it.

Another place of the picture that fits is best, since it is whole. Where none does, every patch of the hole becomes like
one of the rest. Source: Y. Wexler et al., "Space-Time Completion of Video", IEEE PAMI 29(3), 2007, for one frame.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from .pixels import Array, blur, resize

COARSE = (24, 48, 96)
"""Pixels of the shorter side at which patches are compared, one after the other."""
TURNS = 3
"""How often all patches are looked for at each."""
REACH = 3
"""How far a patch reaches from its middle."""
LEVEL = 2.4
"""What it costs a patch to lie higher or lower than its copy, in colours a shorter side: a horizon stays level."""
RING = 4
"""How wide the seam is on which another place has to agree, in pixels of the finest."""
FITS = 0.06
"""How far its colours may be off there."""
AT_ONCE = 1024
"""Patches that are compared with all others at a time."""

Hole = NDArray[np.bool_]
Places = NDArray[np.int64]


def filled(picture: Array, hole: Hole) -> Array:
    """Return `picture` with something in the hole that goes on from what is around it; one that is all hole stays."""
    if not hole.any() or hole.all():
        return picture
    shift = best_shift(picture, hole)
    other, seam = (shifted(picture, *shift), ~hole) if shift else patched(picture, hole)
    # Shaded so that at the seam it has the colours of what is there.
    mended = other + grown((picture - other) * seam[..., None], seam)
    return np.where(hole[..., None], np.clip(mended, 0.0, 1.0), picture).astype(np.float32)


def patched(picture: Array, hole: Hole) -> tuple[Array, Hole]:
    """Return a picture whose hole, and a seam around it, is made of patches of the rest; and where that seam is."""
    height, width = hole.shape
    whole = grown(picture, ~hole)
    near = ~hole
    for shorter in COARSE:
        shrink = max(1.0, min(width, height) / shorter)
        size = max(2 * REACH + 2, round(width / shrink)), max(2 * REACH + 2, round(height / shrink))
        seen, inside = resize(picture, *size), _any(hole, size)
        if not _sources(inside).any():
            break
        made, places = _settled(resize(whole, *size), seen, inside)
        near = np.asarray(Image.fromarray(_near(inside)).resize((width, height), Image.Resampling.NEAREST))
        copied = copies(picture, near, places, size)
        fine = copied - blur(copied, shrink)
        whole = np.where(near[..., None], resize(made, width, height) + fine, picture)
    return whole, near & ~hole


def _settled(made: Array, seen: Array, inside: Hole) -> tuple[Array, tuple[Places, Places]]:
    """Return a picture whose hole has come to rest as patches of the rest, and where these lie."""
    left = TURNS
    while True:
        guess = np.where(inside[..., None], made, seen)
        places = nearest(guess, inside)
        made, left = voted(guess, inside, *places), left - 1
        if not left:
            return made, places


def best_shift(picture: Array, hole: Hole) -> tuple[int, int] | None:
    """Return how far to the left and up the place lies that agrees best with what is around the hole, in pixels."""
    height, width = hole.shape
    shrink = max(1.0, min(width, height) / COARSE[-1])
    small = max(8, round(width / shrink)), max(8, round(height / shrink))
    seen = resize(picture, *small)
    inside = np.asarray(Image.fromarray(hole).convert("L").resize(small, Image.Resampling.BOX)) > 0
    wide = np.asarray(Image.fromarray(inside).convert("L").filter(ImageFilter.MaxFilter(2 * RING + 1))) > 0
    rows, columns = np.nonzero(wide & ~inside)
    colours = seen[rows, columns]
    best, least = None, np.inf
    for across, up in shifts(inside):
        there = rows - up, columns - across
        fits = (there[0] >= 0) & (there[0] < small[1]) & (there[1] >= 0) & (there[1] < small[0])
        if fits.sum() < 0.5 * len(rows):
            continue
        off = np.abs(colours[fits] - seen[there[0][fits], there[1][fits]]).mean() + abs(up) / COARSE[-1]
        if off < min(least, FITS):
            best, least = (round(across * width / small[0]), round(up * height / small[1])), float(off)
    return best


def shifts(inside: Hole) -> Iterator[tuple[int, int]]:
    """Yield the shifts, left and up, that bring into the hole only what is within the picture and not of the hole."""
    rows, columns = np.nonzero(inside)
    height, width = inside.shape
    for up in range(rows.max() - height + 1, rows.min() + 1, 2):
        for across in range(columns.max() - width + 1, columns.min() + 1, 2):
            if not inside[rows - up, columns - across].any():
                yield across, up


def shifted(picture: Array, across: int, up: int) -> Array:
    """Return a picture moved to the right and down, what is missing at the frame repeated from its edge."""
    height, width = picture.shape[:2]
    rows = np.clip(np.arange(height) - up, 0, height - 1)
    columns = np.clip(np.arange(width) - across, 0, width - 1)
    return picture[rows][:, columns]


def nearest(picture: Array, inside: Hole) -> tuple[Places, Places]:
    """Return, for every pixel, row and column of the middle of the patch outside the hole that is most like its own."""
    rows, columns = np.mgrid[: inside.shape[0], : inside.shape[1]]
    patches = _patches(picture)
    level = rows[..., None].astype(np.float32) * np.float32(LEVEL * (2 * REACH + 1) / min(inside.shape))
    patches = np.concatenate([patches, level], -1)
    wanted, sources = _near(inside), _sources(inside)
    known, places = patches[sources], np.argwhere(sources)
    half = (known**2).sum(1) / 2
    asked = patches[wanted]
    best = np.concatenate(
        [np.argmin(half - asked[at : at + AT_ONCE] @ known.T, 1) for at in range(0, len(asked), AT_ONCE)]
    )
    rows[wanted], columns[wanted] = places[best].T
    return rows, columns


def voted(picture: Array, inside: Hole, rows: Places, columns: Places) -> Array:
    """Return the picture as the patches say that every pixel is a part of: the mean of what they have there."""
    height, width = inside.shape
    near = _near(inside)
    down, across = np.nonzero(near)
    there = rows[near], columns[near]
    sums, count = np.zeros_like(picture), np.zeros((height, width, 1), np.float32)
    for step in np.ndindex(2 * REACH + 1, 2 * REACH + 1):
        row, column = (at + step[axis] - REACH for axis, at in enumerate((down, across)))
        fits = (row >= 0) & (row < height) & (column >= 0) & (column < width)
        source = (at[fits] + step[axis] - REACH for axis, at in enumerate(there))
        at = row[fits], column[fits]
        sums[at] += picture[tuple(source)]  # of one step, no two patches say the same pixel
        count[at] += 1
    found: Array = np.divide(sums, np.maximum(count, 1), dtype=np.float32)
    return found


def copies(picture: Array, hole: Hole, places: tuple[Places, Places], size: tuple[int, int]) -> Array:
    """Return the picture, the hole filled with what lies where `places`, found at a smaller size, lead."""
    height, width = hole.shape
    moved = []
    for axis, (found, coarse, whole) in enumerate(zip(places, size[::-1], (height, width), strict=True)):
        off = (found - np.indices(found.shape)[axis]).astype(np.float32) * np.float32(whole / coarse)
        spread = Image.fromarray(off).resize((width, height), Image.Resampling.NEAREST)
        at = np.indices(hole.shape)[axis] + np.rint(np.asarray(spread)).astype(np.int64)
        moved.append(np.clip(at, 0, whole - 1))
    return np.where(hole[..., None], picture[moved[0], moved[1]], picture)


def _patches(picture: Array) -> Array:
    """Return the colours around every pixel, one after the other; beyond the frame its edge goes on."""
    side = 2 * REACH + 1
    padded = np.pad(picture, ((REACH, REACH), (REACH, REACH), (0, 0)), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, (side, side), axis=(0, 1))
    return windows.reshape(*picture.shape[:2], -1)


def _near(inside: Hole) -> Hole:
    """Return where a patch holds any of the hole."""
    grey = Image.fromarray(inside.astype(np.uint8) * 255)
    return np.asarray(grey.filter(ImageFilter.MaxFilter(2 * REACH + 1))) > 0


def _sources(inside: Hole) -> Hole:
    """Return where a patch holds none of the hole, and nothing beyond the frame."""
    sources = ~_near(inside)
    for side in (sources[:REACH], sources[-REACH:], sources[:, :REACH], sources[:, -REACH:]):
        side[:] = False
    return sources


def _any(hole: Hole, size: tuple[int, int]) -> Hole:
    """Return the hole at a smaller size: wherever any of it is."""
    grey = Image.fromarray(hole.astype(np.uint8) * 255)
    return np.asarray(grey.resize(size, Image.Resampling.BOX)) > 0


def grown(picture: Array, known: Hole) -> Array:
    """Return a picture whose unknown pixels are what the known ones around them flow together to.

    Source: S. Gortler et al., "The Lumigraph", SIGGRAPH 1996, "push-pull".
    """
    return _pulled(picture * known[..., None], known.astype(np.float32))


def _pulled(sums: Array, weight: Array) -> Array:
    """Return the colours of weighted sums; what has little weight is what half the resolution says it is."""
    height, width = weight.shape
    share = np.minimum(weight, 1.0)[..., None]
    own: Array = np.divide(sums, np.maximum(weight, 1e-6)[..., None], dtype=np.float32)
    if max(height, width) == 1 or weight.min() >= 1.0:
        return own
    coarse = _pulled(_halved(sums), _halved(weight[..., None])[..., 0])
    size = width, height
    planes = [
        np.asarray(Image.fromarray(np.ascontiguousarray(coarse[..., plane])).resize(size, Image.Resampling.BILINEAR))
        for plane in range(coarse.shape[2])
    ]
    found: Array = np.add(own * share, np.stack(planes, -1) * (1 - share), dtype=np.float32)
    return found


def _halved(field: Array) -> Array:
    """Return the sums of fours: a pixel that is half known still has the weight of two."""
    height, width = field.shape[:2]
    padded = np.pad(field, ((0, height % 2), (0, width % 2), (0, 0)))
    found: Array = padded[::2, ::2] + padded[1::2, ::2] + padded[::2, 1::2] + padded[1::2, 1::2]
    return found
