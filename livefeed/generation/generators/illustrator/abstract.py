"""Abstract paintings for prompts in which nothing can be drawn: the words choose colours, flow and forms."""

from __future__ import annotations

import zlib
from collections.abc import Callable

import numpy as np

from .flow import streaks
from .lexicon import MOODS
from .noise import Random, clouds, swirls
from .pixels import Array, Colour, bands, hue_colour, mix, over, smoothstep

HARMONIES = ((0.0, 0.08, 0.50), (0.0, 0.33, 0.66), (0.0, 0.06, 0.12), (0.0, 0.42, 0.58), (0.0, 0.5, 0.1))


def palette(words: tuple[str, ...], random: Random) -> list[Colour]:
    """Return seven colours: six of one harmony, dark to light, and an accent; words of mood decide where it lies."""
    moods = [MOODS[word] for word in words if word in MOODS]
    hue = (zlib.crc32(" ".join(words).encode(errors="replace")) % 997) / 997
    saturation, value = 0.66, 0.84
    if moods:
        hue, saturation, value = moods[0]
    offsets = HARMONIES[int(random.integers(len(HARMONIES)))]
    colours = []
    for index in range(6):
        t = index / 5
        shade = hue + offsets[index % 3] * (0.5 + 0.5 * t) + 0.02 * random.normal()
        colours.append(hue_colour(shade, saturation * (1.10 - 0.55 * t), min(0.98, 0.16 + value * (0.16 + 0.95 * t))))
    return [*colours, hue_colour(hue + 0.48, min(0.9, saturation + 0.25), 0.95)]


def compose(words: tuple[str, ...], seed: int, width: int, height: int) -> tuple[Array, Array, Array]:
    """Return picture, flow and focus: a ground that flows, a great form, and for every word forms of its own."""
    random = np.random.default_rng([seed, 99])
    colours = palette(words, random)
    flow = swirls(random, width, height, 1.6, 1.1)
    field = clouds(random, width, height, 1.4, octaves=3)
    lines = streaks(flow, random, steps=14)
    rows = np.arange(height, dtype=np.float32)[:, None]
    columns = np.arange(width, dtype=np.float32)[None, :]
    picture, focus = np.empty((height, width, 3), np.float32), np.full((height, width), 0.5, np.float32)
    unit = float(min(width, height))
    turn = random.random() * 6.3
    heart = (0.5 + 0.16 * np.cos(turn), 0.46 + 0.14 * np.sin(turn))
    for band in bands(height):
        t = np.clip(field[band] * 0.7 + 0.30 * (1 - rows[band] / height) + 0.26 * (lines[band] - 0.5), 0, 1)
        ground = mix(_plain(colours[0], t), colours[2], smoothstep(0.12, 0.50, t))
        ground = mix(ground, colours[4], smoothstep(0.46, 0.92, t))
        halo = np.hypot(columns - np.float32(heart[0] * width), rows[band] - np.float32(heart[1] * height))
        halo = halo / np.float32(unit)
        ground = mix(ground, colours[5], np.exp(-((halo / 0.34) ** 2)) * np.float32(0.5))
        core = smoothstep(0.155, 0.145, halo + 0.01 * lines[band])
        picture[band] = mix(ground, colours[6], core * np.float32(0.88))
    names = [words[index % len(words)] for index in range(min(9, max(6, len(words))))]
    for index, word in enumerate(names):
        own = np.random.default_rng([seed, zlib.crc32(word.encode(errors="replace")), index])
        angle = turn + 2.4 * (index + 1)
        reach = (0.16 + 0.055 * index) * unit
        x = heart[0] * width + reach * np.cos(angle) * max(1.0, width / height)
        y = heart[1] * height + reach * np.sin(angle) * max(1.0, height / width)
        size = unit * (0.10 + 0.012 * min(len(word), 12)) * (1.25 - 0.09 * index) * (0.8 + 0.5 * own.random())
        form = form_of(own, size)
        first, second = colours[1 + int(own.integers(5))], colours[int(own.integers(7))]
        cover = np.float32(0.66 + 0.34 * own.random())
        for band in bands(height):
            mask = form(columns - np.float32(x), rows[band] - np.float32(y))
            shade = mix(_plain(first, mask), second, np.clip(1.4 * field[band] - 0.2, 0, 1))
            shade = mix(shade, (1.0, 0.97, 0.90), 0.25 * lines[band])
            edge = np.clip(1.0 - np.abs(mask - 0.5) * 2.0, 0, 1)
            laid = mix(picture[band], shade, mask * cover)
            picture[band] = mix(laid, colours[5 if index % 2 else 0], edge * 0.5)
            np.maximum(focus[band], smoothstep(0.0, 0.4, edge) * np.float32(0.9), out=focus[band])
        beads(own, picture, (x, y), size, len(word), colours[6 if index % 3 == 0 else 5])
    return np.clip(picture, 0, 1, out=picture), flow, focus


def _plain(colour: Colour, like: Array) -> Array:
    return np.broadcast_to(np.asarray(colour, np.float32), (*like.shape, 3))


def beads(own: Random, picture: Array, centre: tuple[float, float], size: float, letters: int, colour: Colour) -> None:
    """Lay one bead per letter (at most nine), strung along an arc around a form, on the picture."""
    start, step = own.random() * 6.3, 0.24 + 0.1 * own.random()
    for letter in range(min(9, letters)):
        angle, radius = start + step * letter, size * (0.03 + 0.05 * own.random())
        x, y = centre[0] + 1.5 * size * np.cos(angle), centre[1] + 1.5 * size * np.sin(angle)
        left, top, reach = int(x - radius) - 1, int(y - radius) - 1, int(2 * radius) + 4
        rows, columns = np.mgrid[top : top + reach, left : left + reach].astype(np.float32)
        near = np.hypot(columns - np.float32(x), rows - np.float32(y))
        bead = np.broadcast_to(np.asarray(colour, np.float32), (reach, reach, 3))
        over(picture, bead, smoothstep(radius, radius * 0.8, near) * np.float32(0.9), left, top)


def form_of(own: Random, size: float) -> Callable[[Array, Array], Array]:
    """Return what gives the mask of one form around the origin: a disc, a ring, a band, a sail or an arc."""
    turn, kind = own.random() * np.pi, int(own.integers(5))
    phase = 6 * own.random() if kind == 2 else 0.0

    def form(dx: Array, dy: Array) -> Array:
        u = (dx * np.cos(turn) + dy * np.sin(turn)) / np.float32(size)
        v = (-dx * np.sin(turn) + dy * np.cos(turn)) / np.float32(size)
        distance = np.hypot(u, v)
        match kind:
            case 0:
                return smoothstep(1.0, 0.96, distance)
            case 1:
                return smoothstep(0.20, 0.16, np.abs(distance - 0.95))
            case 2:
                wave = 0.25 * np.sin(u * 1.6 + phase)
                return smoothstep(0.24, 0.19, np.abs(v - wave)) * smoothstep(3.4, 2.2, np.abs(u))
            case 3:
                return smoothstep(0.04, -0.04, np.maximum(np.abs(u) * 1.4 - (1.0 - v) * 0.7, np.abs(v) - 1.0))
            case _:
                return smoothstep(0.13, 0.09, np.abs(distance - 1.5)) * smoothstep(-0.3, 0.1, u)

    return form
