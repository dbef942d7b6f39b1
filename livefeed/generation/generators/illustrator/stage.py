"""The stage a scene is set on: the picture so far, its light, and the few ways of laying colour on it."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from .light import Light
from .noise import clouds, line
from .pixels import Array, Bytes, Colour, bands, blend_colour, mix, to_bytes, to_floats

Random = np.random.Generator
Draw = ImageDraw.ImageDraw


@dataclass(slots=True)
class Stage:
    """A scene being set.

    picture: (H, W, 3); flow: angle of strokes per pixel; focus: 0..1, where detail matters.
    horizon, ground: fractions of the height: where the sky ends, where subjects stand.
    back: where (fraction) those stand who are farthest away; span: between which fractions of the width one may stand.
    air: the height (fraction) at which the middle of what flies hangs.
    foreground: called once the subjects stand, for what hides their feet.
    floating: nothing stands on the ground here; flying: the prompt wants the main subject in the air.
    water: the waterline (fraction) that the main subject sinks behind, if it floats here.
    shallows: the waterline of a second subject that swims while the main one stands, where there is water.
    open_air: weather comes down here and the sky is seen; not so under a roof, under water and in space.
    near: how large subjects are shown: less than 1 where they are seen from afar.
    lamp: (x, y) fractions of the strongest light, for shadows and rims.
    sky: the picture as it was when there was nothing but sky (`keep_sky`), None where no sky is seen.
    """

    width: int
    height: int
    seed: int
    light: Light
    weather: frozenset[str]
    picture: Array = field(init=False)
    flow: Array = field(init=False)
    focus: Array = field(init=False)
    horizon: float = 0.6
    ground: float = 0.84
    back: float = 0.76
    span: tuple[float, float] = (0.06, 0.94)
    air: float = 0.36
    floating: bool = False
    flying: bool = False
    water: float | None = None
    shallows: float | None = None
    open_air: bool = True
    near: float = 1.0
    lamp: tuple[float, float] = (0.25, 0.2)
    foreground: list[Callable[[], None]] = field(default_factory=list)
    sky: Array | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        shape = (self.height, self.width)
        self.picture = np.zeros((*shape, 3), np.float32)
        self.flow = np.zeros(shape, np.float32)
        self.focus = np.full(shape, 0.15, np.float32)

    @property
    def unit(self) -> float:
        """The shorter side in pixels: sizes are fractions of it."""
        return float(min(self.width, self.height))

    @property
    def snowy(self) -> bool:
        """True when snow lies on what it can lie on."""
        return "snow" in self.weather

    @property
    def wet(self) -> bool:
        """True when the ground is wet and mirrors."""
        return bool(self.weather & {"rain", "storm"})

    @property
    def dark(self) -> bool:
        """True when windows and lamps are lit."""
        return self.light.dark > 0.5

    @property
    def lampward(self) -> float:
        """-1.0 when the light comes from the left, 1.0 when from the right."""
        return -1.0 if self.lamp[0] < 0.5 else 1.0

    def keep_sky(self) -> None:
        """Remember the picture as the sky, for what will appear in it behind all that is painted from here on."""
        self.sky = self.picture.copy()

    def covered(self) -> Array:
        """Return where something stands before the sky (0..1); everywhere where no sky was kept."""
        if self.sky is None:
            return np.ones((self.height, self.width), np.float32)
        covered = np.empty((self.height, self.width), np.float32)
        for band in bands(self.height):
            apart = np.abs(self.picture[band] - self.sky[band]).max(-1)
            np.clip((apart - np.float32(0.02)) * np.float32(16), 0.0, 1.0, out=covered[band])
        return covered

    def rise(self, share: float) -> float:
        """Return the fraction of the height that a share of the shorter side takes up."""
        return share * self.unit / self.height

    def flood(self, line: float) -> None:
        """Let the main subject float: the water stands at `line` (fraction), and others float a little behind."""
        self.water = self.ground = line
        self.back = line - 0.10

    def random(self, name: str) -> Random:
        """Return the scene's own random source for one concern, so that concerns do not disturb each other."""
        return np.random.default_rng([self.seed & 0xFFFF_FFFF, zlib.crc32(name.encode())])

    def lit(self, colour: Colour, distance: float = 0.0) -> Colour:
        """Return a colour under the scene's light, faded towards the haze by `distance` (0..1)."""
        ambient = self.light.ambient
        near = (colour[0] * ambient[0], colour[1] * ambient[1], colour[2] * ambient[2])
        return blend_colour(near, self.light.haze, min(1.0, distance * self.light.mist))

    def profile(
        self, name: str, level: float, swing: float, bumps: float, octaves: int = 4, roughness: float = 0.5
    ) -> Array:
        """Return a skyline in pixels per column: around `level`, up and down by `swing` (height fractions)."""
        wide = bumps * max(1.0, self.width / self.height)
        noise = line(self.random(name), self.width, wide, octaves, roughness)
        return ((level + swing * noise) * self.height).astype(np.float32)

    def fill_below(
        self,
        profile: Array,
        crest: Colour,
        base: Colour,
        *,
        depth: float = 0.3,
        grain: float = 0.06,
        name: str = "fill",
        stretch: float = 3.0,
        soft: float = 1.0,
    ) -> None:
        """Fill what lies under a skyline, from its crest's colour to its base's over `depth` of the height."""
        top = max(0, int(profile.min()) - 2)
        if top >= self.height:
            return
        rows = np.arange(top, self.height, dtype=np.float32)[:, None]
        slope: Array = np.arctan(np.gradient(profile)).astype(np.float32)
        texture = None
        if grain:
            texture = clouds(self.random(name), self.width, len(rows), 14, octaves=3, stretch=stretch)
        for band in bands(len(rows)):
            here = slice(top + band.start, top + band.stop)
            below = rows[band] - profile[None, :]
            mask = np.clip(below / soft + 0.5, 0.0, 1.0)
            t = np.clip(below / (depth * self.height), 0.0, 1.0)
            colours = mix(np.broadcast_to(np.asarray(crest, np.float32), (*t.shape, 3)), base, t)
            if texture is not None:
                colours = colours * (1.0 + np.float32(grain * 2) * (texture[band][..., None] - 0.5))
            self.picture[here] += (colours - self.picture[here]) * mask[..., None]
            if self.sky is not None:
                self.sky[here][mask > 0.5] = -1.0  # no colour of any sky: land may well look like the sky behind it
            self.flow[here] = np.where(mask > 0.5, slope[None, :] * np.exp(-t * 2), self.flow[here])

    def overlay(self, draw: Callable[[Draw], None], *, blur: float = 0.0, opacity: float = 1.0) -> Array:
        """Draw on a clear layer with pillow, lay it on the picture, and return its alpha."""
        layer = Image.new("RGBA", (self.width, self.height), (0, 0, 0, 0))
        draw(ImageDraw.Draw(layer))
        box = layer.getbbox()
        alpha_full = np.zeros((self.height, self.width), np.float32)
        if box is None:
            return alpha_full
        margin = int(blur * 3) + 1
        left, top = max(0, box[0] - margin), max(0, box[1] - margin)
        right, bottom = min(self.width, box[2] + margin), min(self.height, box[3] + margin)
        part = np.asarray(layer.crop((left, top, right, bottom)))
        del layer
        cover = part[..., 3]
        if blur:
            soft = ImageFilter.GaussianBlur(blur)
            weighted = Image.fromarray(premultiplied(part)).filter(soft)
            part, cover = np.asarray(weighted), np.asarray(Image.fromarray(cover).filter(soft))
        region = self.picture[top:bottom, left:right]
        for band in bands(bottom - top):
            colours, alpha = to_floats(part[band, :, :3]), to_floats(cover[band])
            if blur:
                colours = (colours / np.maximum(alpha, np.float32(1e-3))[..., None]).astype(np.float32)
            alpha = (alpha * np.float32(opacity)).astype(np.float32)
            region[band] += (colours - region[band]) * alpha[..., None]
            alpha_full[top:bottom, left:right][band] = alpha
        return alpha_full

    def glow(self, x: float, y: float, radius: float, colour: Colour, strength: float) -> None:
        """Add light around the point (x, y) (fractions), fading over `radius` (of the shorter side)."""
        reach = radius * self.unit
        centre_x, centre_y = x * self.width, y * self.height
        left, right = max(0, int(centre_x - 3 * reach)), min(self.width, int(centre_x + 3 * reach) + 1)
        top, bottom = max(0, int(centre_y - 3 * reach)), min(self.height, int(centre_y + 3 * reach) + 1)
        if left >= right or top >= bottom:
            return
        columns = np.arange(left, right, dtype=np.float32)[None, :] - np.float32(centre_x)
        rows = np.arange(top, bottom, dtype=np.float32)[:, None] - np.float32(centre_y)
        region = self.picture[top:bottom, left:right]
        for band in bands(bottom - top):
            fall = np.exp(-(columns**2 + rows[band] ** 2) / np.float32(2 * (reach * 0.8) ** 2)) * np.float32(strength)
            region[band] += (np.asarray(colour, np.float32) - region[band] * np.float32(0.6)) * fall[..., None]

    def attend(self, mask: Array, amount: float = 1.0) -> None:
        """Ask for finer strokes where `mask` is."""
        np.maximum(self.focus, mask * np.float32(amount), out=self.focus)


def premultiplied(layer: Bytes) -> Bytes:
    """Return the colours of an RGBA layer multiplied by its alpha."""
    colours = np.empty((*layer.shape[:2], 3), np.uint8)
    for band in bands(len(layer)):
        values = to_floats(layer[band])
        colours[band] = to_bytes(values[..., :3] * values[..., 3:])
    return colours


def rgba(colour: Colour, alpha: float = 1.0) -> tuple[int, int, int, int]:
    """Return a colour as pillow draws it."""
    red, green, blue = (int(min(1.0, max(0.0, c)) * 255 + 0.5) for c in colour)
    return (red, green, blue, int(alpha * 255 + 0.5))
