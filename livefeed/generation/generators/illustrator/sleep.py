"""Sleep: faces with their eyes closed, and bodies that lie curled up."""

from __future__ import annotations

import numpy as np

from .animals import darker, headed, tail
from .cutout import Cutout, fit
from .pixels import Array, Colour, mix
from .sculpture import Sculpture
from .species import Coat

EYES: dict[str, tuple[tuple[float, float, float, float], ...]] = {
    "bear": ((0.355, 0.463, 0.025, 0.058), (0.641, 0.463, 0.025, 0.058)), "boar": ((0.388, 0.461, 0.027, 0.053),),
    "cat face": ((0.355, 0.544, 0.025, 0.057), (0.641, 0.544, 0.025, 0.057)), "chicken": ((0.391, 0.5, 0.029, 0.031),),
    "cow face": ((0.358, 0.449, 0.023, 0.050), (0.638, 0.446, 0.022, 0.049)),
    "dog face": ((0.391, 0.363, 0.025, 0.055), (0.605, 0.365, 0.025, 0.053)),
    "dragon face": ((0.448, 0.471, 0.026, 0.066),),
    "fox": ((0.350, 0.587, 0.025, 0.051), (0.644, 0.587, 0.023, 0.051)),
    "frog": ((0.266, 0.212, 0.142, 0.150), (0.730, 0.212, 0.142, 0.150)),
    "hamster": ((0.355, 0.594, 0.025, 0.055), (0.638, 0.594, 0.022, 0.055)),
    "horse face": ((0.345, 0.368, 0.024, 0.050),),
    "koala": ((0.286, 0.537, 0.022, 0.058), (0.710, 0.537, 0.022, 0.058)),
    "lion": ((0.357, 0.444, 0.022, 0.051), (0.641, 0.444, 0.025, 0.051)),
    "monkey face": ((0.398, 0.393, 0.023, 0.060), (0.596, 0.393, 0.021, 0.060)),
    "moose": ((0.355, 0.565, 0.024, 0.050),),
    "mouse face": ((0.355, 0.682, 0.025, 0.057), (0.638, 0.685, 0.022, 0.060)),
    "panda": ((0.355, 0.455, 0.025, 0.055), (0.641, 0.455, 0.025, 0.055)),
    "pig face": ((0.337, 0.453, 0.020, 0.045), (0.658, 0.453, 0.020, 0.045)),
    "polar bear": ((0.355, 0.458, 0.025, 0.058), (0.641, 0.458, 0.025, 0.058)),
    "rabbit face": ((0.388, 0.587, 0.022, 0.047), (0.603, 0.587, 0.022, 0.047)),
    "raccoon": ((0.355, 0.551, 0.027, 0.061), (0.642, 0.551, 0.029, 0.061)),
    "tiger face": ((0.355, 0.461, 0.025, 0.053), (0.641, 0.461, 0.025, 0.053)),
    "unicorn": ((0.339, 0.426, 0.022, 0.047),),
    "wolf": ((0.354, 0.475, 0.025, 0.052), (0.642, 0.475, 0.025, 0.052)),
}  # fmt: skip
"""Middle and half-axes of the eyes of faces, as fractions of the picture."""
INK: Colour = (0.17, 0.14, 0.17)
PALE: Colour = (0.80, 0.78, 0.88)
"""The lines of lids, and those on a dark coat."""


def asleep(face: Array, label: str) -> Array:
    """Return a face (RGBA) with its eyes closed; as it is where its eyes are not known."""
    sleeping = face.copy()
    height, width = face.shape[:2]
    for x, y, wide, tall in EYES.get(label, ()):
        close(sleeping, x * width, y * height, wide * width, tall * height)
    return sleeping


def close(face: Array, x: float, y: float, wide: float, tall: float) -> None:
    """Draw a lid over an eye at (x, y), half-axes `wide` and `tall` (pixels), in the colours beside it, in place."""
    reach_x, reach_y = 1.5 * wide + 2, 1.35 * tall + 2
    left, right = max(0, int(x - 2 * reach_x)), min(face.shape[1], int(x + 2 * reach_x) + 2)
    top, bottom = max(0, int(y - 2 * reach_y)), min(face.shape[0], int(y + 2 * reach_y) + 2)
    part = face[top:bottom, left:right, :3]
    columns = np.arange(left, right, dtype=np.float32)[None, :] - np.float32(x)
    rows = np.arange(top, bottom, dtype=np.float32)[:, None] - np.float32(y)
    far = np.hypot(columns / np.float32(reach_x), rows / np.float32(reach_y))
    first, last = max(0, round(x - reach_x) - left), min(part.shape[1] - 1, round(x + reach_x) - left)
    across = np.clip((columns + reach_x) / (2 * reach_x), 0, 1)[..., None]
    lid = np.clip((1.0 - far) * 5, 0, 1).astype(np.float32)
    solid = face[top:bottom, left:right, 3] > 0.9
    around = (
        part[solid & (lid == 0) & (rows < 0)].mean(0) if (solid & (lid == 0) & (rows < 0)).any() else part.mean((0, 1))
    )
    beside = [np.where(solid[:, at, None], part[:, at], around)[:, None] for at in (first, last)]
    fur = beside[0] * (1 - across) + beside[1] * across
    part[:] = mix(part, fur.astype(np.float32), lid)
    span = min(max(2.1 * wide, 0.9 * tall), 0.10 * face.shape[1])
    thick = max(1.3, min(0.20 * tall, 0.016 * face.shape[1]))
    curve = 0.30 * span * (1.0 - (columns / span) ** 2)
    line = np.clip(thick - np.abs(rows - curve) + 0.5, 0, 1) * np.clip(span - np.abs(columns) + 0.5, 0, 1)
    ink = INK if float(fur[rows.shape[0] // 2].mean()) > 0.42 else PALE
    part[:] = mix(part, ink, line.astype(np.float32))


def lying(coat: Coat, face: Array) -> Cutout:
    """Model an animal that lies on its belly, seen from its left side, its chin on its paws and its tail around it."""
    b = coat.build
    clay = Sculpture(900, 560)
    ground, fore = 500.0, 330.0
    girth = 0.94 * b.girth
    hind, spine = fore + 0.86 * b.length, ground - 0.92 * girth
    limbs = coat.arms or coat.fur
    shown = fit(face, round(b.face))
    head = (fore - 0.62 * girth - 0.14 * b.face, ground - 0.50 * shown.shape[0] - 8)
    if coat.tail in ("bushy", "ringed", "stub", "scaly", "curl"):
        tail(clay, coat, hind + 0.74 * girth, ground - 0.34 * girth, 120, up=0.35)
    clay.limb(
        [(fore, spine + 0.06 * girth, girth * 0.90), ((fore + hind) / 2, spine - 0.10 * girth, girth * 0.98),
         (hind, spine + 0.02 * girth, girth * 0.98)], coat.fur, blend=24,
    )  # fmt: skip
    clay.limb([(fore, spine, girth * 0.72), (head[0] + 0.1 * b.face, head[1], 0.28 * b.face)], coat.fur, blend=26)
    markings_at = (fore + hind) / 2
    clay.patch(markings_at, ground - 0.10 * girth, 0.62 * b.length, 0.30 * girth, coat.chest, soft=0.5)
    clay.ball(hind + 4, ground - 0.62 * girth, 0.66 * girth, 0.60 * girth, limbs, z=0.42 * girth, blend=36)
    clay.limb([(hind + 10, ground - 24, 25.0), (hind - 0.62 * girth, ground - 20, 21.0)], coat.paws, z=70, blend=14)
    if coat.tail in ("long", "tuft"):
        end = (hind - 0.9 * girth, ground - 15.0)
        clay.limb([(hind + 0.9 * girth, ground - 44, 14.0), (hind + 0.5 * girth, ground - 14, 14.0), (*end, 12.0)],
                  coat.fur, z=120, tip=coat.tip, tip_from=0.80)  # fmt: skip
    for shift, z, shade in ((0.30, 10.0, darker(coat.paws)), (0.0, 90.0, coat.paws)):
        reach = head[0] - (0.34 - shift) * b.face
        clay.limb([(fore - 10, ground - 40, 30.0), (reach + 40, ground - 22, 25.0), (reach, ground - 18, 25.0)],
                  limbs if not b.hoofed else coat.fur, z=z, tip=shade, tip_from=0.72, blend=14)  # fmt: skip
    back = ((fore + hind) / 2, spine - 0.9 * girth)
    return headed(clay, coat, shown, head, {"back": back, "mouth": (head[0], head[1] + 0.3 * shown.shape[0]),
                                            "seat": ((fore + hind) / 2, ground)})  # fmt: skip
