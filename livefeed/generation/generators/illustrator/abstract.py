"""Abstract paintings for prompts in which nothing can be drawn: the words choose colours, flow and forms."""

from __future__ import annotations

import zlib

import numpy as np

from .flow import streaks
from .lexicon import MOODS
from .noise import Random, clouds, swirls
from .pixels import Array, Colour, hue_colour, mix, over, smoothstep

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
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    t = np.clip(field * 0.7 + 0.30 * (1 - rows / height) + 0.26 * (lines - 0.5), 0, 1)
    shape = (height, width, 3)
    picture = mix(np.broadcast_to(np.asarray(colours[0], np.float32), shape), colours[2], smoothstep(0.12, 0.50, t))
    picture = mix(picture, colours[4], smoothstep(0.46, 0.92, t))
    focus = np.full((height, width), 0.5, np.float32)
    unit = float(min(width, height))
    turn = random.random() * 6.3
    heart = (0.5 + 0.16 * np.cos(turn), 0.46 + 0.14 * np.sin(turn))
    halo = np.hypot(columns - np.float32(heart[0] * width), rows - np.float32(heart[1] * height)) / np.float32(unit)
    picture = mix(picture, colours[5], np.exp(-((halo / 0.34) ** 2)) * np.float32(0.5))
    picture = mix(picture, colours[6], smoothstep(0.155, 0.145, halo + 0.01 * lines) * np.float32(0.88))
    names = [words[index % len(words)] for index in range(min(9, max(6, len(words))))]
    for index, word in enumerate(names):
        own = np.random.default_rng([seed, zlib.crc32(word.encode(errors="replace")), index])
        angle = turn + 2.4 * (index + 1)
        reach = (0.16 + 0.055 * index) * unit
        x = heart[0] * width + reach * np.cos(angle) * max(1.0, width / height)
        y = heart[1] * height + reach * np.sin(angle) * max(1.0, height / width)
        size = unit * (0.10 + 0.012 * min(len(word), 12)) * (1.25 - 0.09 * index) * (0.8 + 0.5 * own.random())
        mask = form(own, columns - np.float32(x), rows - np.float32(y), size)
        first, second = colours[1 + int(own.integers(5))], colours[int(own.integers(7))]
        shade = mix(np.broadcast_to(np.asarray(first, np.float32), shape), second, np.clip(1.4 * field - 0.2, 0, 1))
        shade = mix(shade, (1.0, 0.97, 0.90), 0.25 * lines)
        picture = mix(picture, shade, mask * np.float32(0.66 + 0.34 * own.random()))
        edge = np.clip(1.0 - np.abs(mask - 0.5) * 2.0, 0, 1)
        picture = mix(picture, colours[5 if index % 2 else 0], edge * 0.5)
        np.maximum(focus, smoothstep(0.0, 0.4, edge) * np.float32(0.9), out=focus)
        beads(own, picture, (x, y), size, len(word), colours[6 if index % 3 == 0 else 5])
    return np.clip(picture, 0, 1), flow, focus


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


def form(own: Random, dx: Array, dy: Array, size: float) -> Array:
    """Return the mask of one form around the origin: a disc, a ring, a band, a sail or an arc."""
    turn = own.random() * np.pi
    u = (dx * np.cos(turn) + dy * np.sin(turn)) / np.float32(size)
    v = (-dx * np.sin(turn) + dy * np.cos(turn)) / np.float32(size)
    distance = np.hypot(u, v)
    match int(own.integers(5)):
        case 0:
            return smoothstep(1.0, 0.96, distance)
        case 1:
            return smoothstep(0.20, 0.16, np.abs(distance - 0.95))
        case 2:
            wave = 0.25 * np.sin(u * 1.6 + 6 * own.random())
            return smoothstep(0.24, 0.19, np.abs(v - wave)) * smoothstep(3.4, 2.2, np.abs(u))
        case 3:
            return smoothstep(0.04, -0.04, np.maximum(np.abs(u) * 1.4 - (1.0 - v) * 0.7, np.abs(v) - 1.0))
        case _:
            return smoothstep(0.13, 0.09, np.abs(distance - 1.5)) * smoothstep(-0.3, 0.1, u)
