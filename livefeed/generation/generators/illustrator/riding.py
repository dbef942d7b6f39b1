"""Riding: figures astride a mount, in a hull, on a board or behind glass."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .cutout import Cutout, Layer, Point, assembled, shaded_under
from .mounts import RIDER, Mount
from .persons import Dress
from .pixels import Array
from .sculpture import Sculpture


@dataclass(frozen=True, slots=True)
class Rider:
    """Somebody who rides: an upper half with its joints and the colours of its limbs; a whole figure has no dress."""

    body: Cutout
    dress: Dress | None


def carried(riders: list[Rider], thing: Cutout, mount: Mount) -> Cutout:
    """Return riders on or in a mount (see `prepared`)."""
    match mount.way:
        case "saddle" | "top":
            return astride(riders, thing, mount)
        case "hull":
            return within(riders, thing, mount)
        case "board":
            return aboard(riders, thing, mount)
        case "window" | "shell":
            return behind_glass(riders, thing, mount)


def seats(count: int, thing: Cutout, mount: Mount) -> list[Point]:
    """Return the riders' seats in pixels, the hindmost first."""
    x, y = mount.seat[0] * thing.width, mount.seat[1] * thing.height
    gap = mount.row * RIDER * 1.5 * mount.scale
    middle = 0.0 if mount.way == "saddle" else (count - 1) / 2
    return [(x + (index - middle) * gap, y) for index in reversed(range(count))]


def astride(riders: list[Rider], thing: Cutout, mount: Mount) -> Cutout:
    """Return riders on a saddle, feet on the pedals, hands at the bar; or just sitting on top."""
    pad, scale = 0.7 * RIDER, mount.scale
    size = (round(thing.width + 2 * pad), round(thing.height + 2 * pad))
    far, near = Sculpture(*size), Sculpture(*size)
    bodies: list[Layer] = []
    points = dict(thing.points)
    head = 0.0
    for number, ((x, y), rider) in enumerate(zip(seats(len(riders), thing, mount), riders, strict=True)):
        seat = (x + pad, y + pad)
        if rider.dress is None or "hip" not in rider.body.points:
            body = rider.body.scaled(0.56 * RIDER * scale / max(rider.body.height, 0.8 * rider.body.width))
            sunk = 0.84 if mount.way == "saddle" else 0.97
            left, top = seat[0] - body.width / 2, seat[1] - body.height * sunk
        else:
            body = rider.body.scaled(scale) if scale != 1.0 else rider.body
            body = body.turned(mount.lean) if mount.lean else body
            hip = body.at("hip")
            left, top = seat[0] - hip[0], seat[1] - hip[1] - 16 * scale
            first = number == len(riders) - 1
            bar, foot = _reached(thing, mount, (x, y), pad, first)
            shoulders = [_moved(body.at(name), left, top) for name in ("far shoulder", "shoulder")]
            _limbs(near, far, rider.dress, seat, foot, bar, shoulders, scale)
        bodies.append((body.picture, left, top))
        head = body.head
        points |= {
            name: _moved(at, left - pad, top - pad) for name, at in body.points.items() if name in ("head", "neck")
        }
    surface = thing.picture
    for picture, x, y in bodies:
        surface = shaded_under(surface, picture[..., 3], x - pad, y - pad, 0.24)
    shown = [far.layer(), (surface, pad, pad), *bodies, near.layer()]
    return assembled([(picture, x - pad, y - pad) for picture, x, y in shown], points, head)


def _reached(thing: Cutout, mount: Mount, seat: Point, pad: float, first: bool) -> tuple[Point, Point]:
    """Return what a rider's hands hold (the foremost the bar, the others the one before them) and its feet stand on."""
    if mount.hands and first:
        bar = (mount.hands[0] * thing.width + pad, mount.hands[1] * thing.height + pad)
    else:
        bar = (seat[0] + pad - 0.15 * RIDER * mount.scale, seat[1] + pad - 0.12 * RIDER * mount.scale)
    pedal = mount.foot or (mount.seat[0], mount.seat[1] + 0.5)
    along = seat[0] - mount.seat[0] * thing.width
    down = min(pedal[1] * thing.height, seat[1] + 0.34 * RIDER * mount.scale)
    return bar, (pedal[0] * thing.width + pad + along, down + pad)


def _limbs(
    near: Sculpture,
    far: Sculpture,
    dress: Dress,
    seat: Point,
    foot: Point,
    bar: Point,
    shoulders: list[Point],
    s: float,
) -> None:
    """Add a rider's legs and arms, the nearer ones and those behind the mount; s: its scale."""
    _leg(near, dress, (seat[0] + 4 * s, seat[1] - 8 * s), foot, s)
    _leg(far, dress, (seat[0] - 20 * s, seat[1] - 4 * s), (foot[0] + 34 * s, foot[1] - 26 * s), s)
    _reach(near, dress, shoulders[0], bar, s)
    _reach(far, dress, shoulders[1], (bar[0] + 10 * s, bar[1] - 6 * s), s)


def _moved(point: Point, dx: float, dy: float) -> Point:
    return point[0] + dx, point[1] + dy


def _leg(clay: Sculpture, dress: Dress, hip: Point, foot: Point, s: float) -> None:
    """Add a bent leg from a saddle to a pedal, the knee to the left; s: the rider's scale."""
    reach = float(np.hypot(foot[0] - hip[0], foot[1] - hip[1]))
    out = max(18.0 * s, 0.5 * float(np.sqrt(max(0.0, (236.0 * s) ** 2 - reach**2))))
    knee = ((hip[0] + foot[0]) / 2 - out, (hip[1] + foot[1]) / 2 - 0.30 * out)
    clay.limb([(*hip, 41.0 * s), (*knee, 34.0 * s), (foot[0], foot[1] - 22 * s, 27.0 * s)], dress.trousers)
    clay.ball(foot[0] - 12 * s, foot[1] - 8 * s, 42 * s, 23 * s, dress.shoe, z=20)


def _reach(clay: Sculpture, dress: Dress, shoulder: Point, hand: Point, s: float) -> None:
    """Add an arm from a shoulder to what it holds, or towards it; the elbow hangs a little. s: the rider's scale."""
    away = float(np.hypot(hand[0] - shoulder[0], hand[1] - shoulder[1]))
    share = min(1.0, 0.42 * RIDER * s / max(1.0, away))
    hand = (shoulder[0] + (hand[0] - shoulder[0]) * share, shoulder[1] + (hand[1] - shoulder[1]) * share)
    sag = max(8.0 * s, 0.30 * (180 * s - min(180.0 * s, away)))
    elbow = ((shoulder[0] + hand[0]) / 2, (shoulder[1] + hand[1]) / 2 + sag)
    clay.limb([(*shoulder, 29.0 * s), (*elbow, 25.0 * s), (*hand, 22.0 * s)], dress.sleeve)
    clay.ball(*hand, 27 * s, 25 * s, dress.hand, z=10)


def within(riders: list[Rider], thing: Cutout, mount: Mount) -> Cutout:
    """Return riders in a hull, a tub, a cup: their lower half hidden by its nearer side."""
    rim = round(mount.seat[1] * thing.height)
    front = thing.picture[rim:]
    layers: list[Layer] = [(thing.picture, 0.0, 0.0)]
    points = dict(thing.points)
    tall = mount.scale * RIDER * min(0.95, 0.50 + 0.36 / mount.wide) / max(1.0, 0.62 * len(riders))
    for (x, _), rider in zip(seats(len(riders), thing, mount), riders, strict=True):
        room = 0.80 * thing.width / len(riders) / rider.body.width
        body = rider.body.scaled(min(tall / max(rider.body.height, 0.66 * rider.body.width), room))
        shown = 0.80 if rider.dress else 0.76
        top = rim - shown * body.height
        kept = body.picture[: round((shown + 0.10) * body.height)]
        layers.append((kept, x - body.width / 2, top))
        points |= {
            name: _moved(at, x - body.width / 2, top) for name, at in body.points.items() if name in ("head", "neck")
        }
    layers.append((front, 0.0, float(rim)))
    return assembled(layers, points, riders[-1].body.head * tall / riders[-1].body.height)


def aboard(riders: list[Rider], thing: Cutout, mount: Mount) -> Cutout:
    """Return riders standing on a board; a bar to hold is before them."""
    layers: list[Layer] = [(thing.picture, 0.0, 0.0)]
    points = dict(thing.points)
    for (x, y), rider in zip(seats(len(riders), thing, mount), riders, strict=True):
        tall = RIDER * mount.scale * (0.92 if rider.body.grip else 0.74)
        room = 0.78 * thing.width / rider.body.width
        body = rider.body.scaled(min(tall / max(rider.body.height, 0.8 * rider.body.width), room))
        left, top = x - body.width / 2, y - body.height + 6
        layers.append((body.picture, left, top))
        points |= {name: _moved(at, left, top) for name, at in body.points.items()}
    if mount.hands:
        layers.append((thing.picture, 0.0, 0.0))
        layers[0], layers[-1] = layers[-1], layers[0]
    return assembled(layers, points, riders[-1].body.head)


def behind_glass(riders: list[Rider], thing: Cutout, mount: Mount) -> Cutout:
    """Return riders whose faces look out of a window, or who are whole in something clear."""
    layers: list[Layer] = [(thing.picture, 0.0, 0.0)]
    x, y = mount.seat[0] * thing.width, mount.seat[1] * thing.height
    rider = riders[-1].body
    tall = (0.42 if mount.way == "shell" else 0.36) * min(thing.width, thing.height)
    body = rider.scaled(tall / max(rider.height, rider.width))
    layers.append((body.picture, x - body.width / 2, y - body.height / 2))
    veil: Array = thing.picture.copy()
    veil[..., 3] *= 0.28
    layers.append((veil, 0.0, 0.0))
    return assembled(layers, {"head": (x, y)}, body.head)
