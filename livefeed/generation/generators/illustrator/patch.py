"""Repainting a part of a picture: what is outside the mask stays, and what is inside belongs to what is around it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageFilter, ImageOps

from livefeed.generation.inpainting import feathered

from .asked import Understanding
from .fill import filled
from .pixels import Array, blur, mix, smoothstep, to_bytes, to_floats
from .prompt import read
from .remix import COLOURS, SUBJECT, SUBJECTS, detail, patches, ramp, with_colours_of
from .scene import LARGEST, SMALLEST, Scene, compose

LEAST = 0.22
"""The shorter side of the part at least, in the picture's: less has no room for a subject."""
LONGEST = 2.0
"""How much longer one side of the part may be than the other, where the picture has room for more."""
AROUND = 0.02
"""How far strokes may reach beyond the mask, in the picture's shorter sides: what they leave there is cut off."""
SHORE = 0.10
"""How wide the band is in which one place passes into another, in the part's shorter sides."""
FULL, LARGER = 0.92, 2.6
"""How much of the part its subjects fill, and how much larger they are made for that, both at the most."""
INSIDE = 0.985
"""How much of the subjects has to be inside the mask."""
SIZES, SMALLER, SEATS, LOW = 12, 0.88, 96, 0.05
"""How many sizes are tried, each so much smaller; on how many pixels; and what standing low is worth."""
GROUND = (0.62, 0.95)
"""From which strength to which the part gives up its ground: later than a remix, whose subjects bring some along."""
SHADE = 0.42
"""How much of the light a subject takes from the ground it stands on."""


@dataclass(frozen=True, slots=True)
class Patch:
    """A part of a picture, and how much of what is painted shows at every pixel of it.

    canvas: the whole picture, RGB; mask, share: L, of its size: what may change, and what shows. box: left, top, right,
    bottom of the part.
    """

    canvas: Image.Image
    mask: Image.Image
    share: Image.Image
    box: tuple[int, int, int, int]

    @classmethod
    def of(cls, parent: Image.Image, mask: Image.Image, width: int, height: int) -> Patch:
        """Return the part of `parent`, cut to this size, around what `mask` holds, which is not black all over."""
        canvas = ImageOps.fit(parent.convert("RGB"), (width, height))
        mask = mask.convert("L").resize((width, height))
        held = mask.getbbox() or (0, 0, width, height)
        return cls(canvas, mask, feathered(mask), around(held, width, height))

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the part, in pixels."""
        return self.box[2] - self.box[0], self.box[3] - self.box[1]

    def scene(self, prompt: str, seed: int, strength: float) -> Scene:
        """Return what is to be painted over the part; `strength` as in `remix`.

        The subjects stand on the part's own ground, as large as it has room for them; a place, a light or a weather is
        brought only by a prompt that names one. Most of the strength clears the ground: of what was there, or for the
        place. Raises: ValueError as `compose` and `remix`.
        """
        if not 0.0 <= strength <= 1.0:
            raise ValueError(f"the strength of a remix is 0 to 1, not {strength}")
        said = read(prompt)
        moved = names_ground(said)
        scene = compose(prompt, seed, *self.size)
        if not moved:
            scene = self._close_up(scene)
        before, wanted = to_floats(np.asarray(self.canvas.crop(self.box))), to_floats(scene.picture)
        given_up = patches(scene, ramp(GROUND, strength))
        cleared = self._cleared() if given_up.any() else before
        ground = before
        if moved:
            inland = self._inland()
            ground = mix(before, with_colours_of(wanted, before), ramp(COLOURS, strength) * inland)
            cleared = mix(cleared, wanted, inland)
        picture = mix(ground, cleared, given_up)
        focus = detail(before) * (1 - given_up)
        if strength >= SUBJECTS:
            subject = smoothstep(*SUBJECT, scene.focus)
            if not (moved or said.flying):
                picture = picture * (1 - SHADE * shadow(subject))[..., None]
            picture, focus = mix(picture, wanted, subject), np.maximum(focus, scene.focus * subject)
        if moved:
            focus = np.maximum(focus, scene.focus * given_up)
        reach = to_floats(np.asarray(self._reach().crop(self.box)))
        painted = to_bytes(mix(before, picture, reach))
        return replace(scene, picture=painted, focus=focus, canvas=to_bytes(before))

    def laid(self, painting: Image.Image) -> Image.Image:
        """Return the whole picture with a painting of the part in its place."""
        whole = self.canvas.copy()
        whole.paste(painting, self.box, self.share.crop(self.box))
        return whole

    def _close_up(self, scene: Scene) -> Scene:
        """Return a scene whose subjects are as large as the mask has room for, where it has it.

        Their place does not matter: it is not shown.
        """
        found = extent(scene.focus)
        if found is None:
            return scene
        width, height = self.size
        larger, middle, feet = seat(self.mask.crop(self.box), solid(scene.focus).crop(found))
        larger = min(larger, LARGEST / max(width, height))
        if not 0.95 < larger < 1.05 and min(width, height) * larger >= SMALLEST:
            scene = compose(scene.prompt, scene.seed, round(width * larger), round(height * larger))
            found = extent(scene.focus) or found
        return cut(scene, round((found[0] + found[2]) / 2 - middle), round(found[3] - feet), width, height)

    def _cleared(self) -> Array:
        """Return the part without what the mask holds: of a place that fits, with some of it around to look at."""
        hole = np.asarray(self.mask) > 0
        whole = filled(to_floats(np.asarray(self.canvas)), hole)
        left, top, right, bottom = self.box
        return whole[top:bottom, left:right]

    def _reach(self) -> Image.Image:
        blurred = self.mask.filter(ImageFilter.GaussianBlur(AROUND * min(self.mask.size)))
        return blurred.point([0] * 4 + [255] * 252)

    def _inland(self) -> Array:
        """Return how far inside the mask every pixel of the part is: 0 at its edge, 1 from SHORE on."""
        part = self.mask.crop(self.box)
        small = part.resize((max(1, part.width // 4), max(1, part.height // 4)), Image.Resampling.BOX)
        deep = feathered(small, round(SHORE * min(small.size)) + 1).resize(part.size, Image.Resampling.BICUBIC)
        return smoothstep(0.0, 1.0, blur(to_floats(np.asarray(deep)), 0.02 * min(part.size)))


def names_ground(said: Understanding) -> bool:
    """Tell whether a prompt says anything of where, when or in which weather, or shows nothing but that."""
    sky = said.light or said.weather or said.moons or said.suns
    return bool(said.setting or said.decor or sky or said.great_wave or not said.subjects)


def extent(focus: Array) -> tuple[int, int, int, int] | None:
    """Return left, top, right and bottom of the subjects in a scene's focus, None if there are none."""
    return solid(focus).getbbox()


def solid(focus: Array) -> Image.Image:
    """Return the outline of what is a subject in a scene's focus, filled: L, 255 and 0."""
    return Image.fromarray((focus > SUBJECT[1]).astype(np.uint8) * 255)


def seat(mask: Image.Image, shape: Image.Image) -> tuple[float, float, float]:
    """Return how much larger a shape may be to lie in the mask, and where then its middle and its lower edge are.

    mask, shape: L; the shape fills its image. It is made smaller until INSIDE of it is in the mask, and put as low as
    it goes; where it is too large at its smallest, it lies where most of it shows.
    """
    shrink = max(1.0, max(mask.size) / SEATS)
    room = _shares(mask, shrink)
    height, width = room.shape
    roomy = np.zeros((2 * height, 2 * width), np.float32)
    roomy[:height, :width] = room
    spectrum = np.fft.rfft2(roomy)
    best = (0.0, 1.0, 0.0, 0.0)
    larger = min(LARGER, FULL * mask.width / shape.width, FULL * mask.height / shape.height)
    for _ in range(SIZES):
        body = _shares(shape, shrink / larger)
        down, across = body.shape
        if down > height or across > width or not body.any():
            larger *= SMALLER
            continue
        laid = np.zeros_like(roomy)
        laid[:down, :across] = body
        inside = np.fft.irfft2(spectrum * np.fft.rfft2(laid).conj(), roomy.shape)
        shown = inside[: height - down + 1, : width - across + 1] / body.sum()
        low = shown + LOW * np.arange(len(shown))[:, None] / height
        seats = np.where(shown >= min(INSIDE, shown.max()), low, -1.0)
        row, column = np.unravel_index(int(np.argmax(seats)), seats.shape)
        found = float(shown[row, column]), larger, (column + across / 2) * shrink, (row + down) * shrink
        if found[0] >= INSIDE:
            return found[1:]
        best = max(best, found)
        larger *= SMALLER
    return best[1:]


def _shares(image: Image.Image, shrink: float) -> Array:
    size = max(1, round(image.width / shrink)), max(1, round(image.height / shrink))
    return to_floats(np.asarray(image.resize(size, Image.Resampling.BOX)))


def cut(scene: Scene, left: int, top: int, width: int, height: int) -> Scene:
    """Return a part of a scene; beyond its frame, nothing is of interest."""
    rows = np.arange(top, top + height)
    columns = np.arange(left, left + width)
    inside = np.outer((rows >= 0) & (rows < scene.height), (columns >= 0) & (columns < scene.width))
    at = np.ix_(np.clip(rows, 0, scene.height - 1), np.clip(columns, 0, scene.width - 1))
    return replace(
        scene, width=width, height=height, picture=scene.picture[at], flow=scene.flow[at],
        focus=(scene.focus[at] * inside).astype(np.float32),
    )  # fmt: skip


def shadow(subject: Array) -> Array:
    """Return the shade on the ground under a subject (0..1): where its lowest parts are, wide and low."""
    height, width = subject.shape
    solid = subject > 0.5
    if not solid.any():
        return np.zeros_like(subject)
    lowest = height - 1 - np.argmax(solid[::-1], axis=0)
    ground = int(lowest[solid.any(0)].max())
    stands = np.flatnonzero(solid.any(0) & (lowest > ground - 0.08 * height))
    flat = max(2.0, 0.022 * height)
    shade = np.zeros_like(subject)
    for column in stands.tolist():
        row = int(lowest[column])
        shade[max(0, row - round(flat)) : row + round(flat), column] = 1.0
    spread = Image.fromarray(to_bytes(shade)).resize((max(1, width // 3), height), Image.Resampling.BOX)
    soft = spread.filter(ImageFilter.GaussianBlur(flat)).resize((width, height), Image.Resampling.BILINEAR)
    found: Array = np.clip(to_floats(np.asarray(soft)) * np.float32(1.3), 0.0, 1.0)
    return found


def around(held: tuple[int, int, int, int], width: int, height: int) -> tuple[int, int, int, int]:
    """Return the box of a scene that fills `held`: large enough for one, no ribbon, and within the picture."""
    least = min(max(SMALLEST, round(LEAST * min(width, height))), width, height)
    across, down = max(held[2] - held[0], least), max(held[3] - held[1], least)
    across, down = max(across, round(down / LONGEST)), max(down, round(across / LONGEST))
    across, down = min(across, width, LARGEST), min(down, height, LARGEST)
    left = min(max(0, (held[0] + held[2] - across) // 2), width - across)
    top = min(max(0, (held[1] + held[3] - down) // 2), height - down)
    return left, top, left + across, top + down
