"""Staging: how large subjects are, where they stand, their shadows and reflections, what hides their feet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .figures import attached, figure, fit_height, group, vase_of
from .pixels import Array, blur, over, smoothstep
from .planting import lit_picture, shadow
from .prompt import Subject, Understanding
from .stage import Draw, Stage, rgba

ATTACHED = {"held", "read", "worn", "ridden", "above"}
AIRBORNE = frozenset(
    """rocket|airplane|helicopter|dove|eagle|bat|butterfly|honeybee|kite|balloon|parachute|flying saucer|satellite|
    comet|ringed planet|star|glowing star|fairy|ghost|fly|mosquito|feather|cloud|snowflake|red heart|lady beetle|bird|
    airplane departure|hot air balloon|person in suit levitating|sparkles|globe showing Europe-Africa|wing|
    musical note|musical notes|bubbles|aerial tramway|suspension railway|mountain cableway""".replace("\n", "")
    .replace("    ", "")
    .split("|")
)
AFLOAT = frozenset(["duck", "swan", "goose", "person rowing boat", "person swimming", "person surfing", "surfboard",
                    "ring buoy", "water wave", "merperson", "merman", "mermaid", "otter", "seal",
                    "lotus"])  # fmt: skip


BUSTS = {
    "unicorn",
    "moose",
    "boar",
    "horse face",
    "dragon face",
    "chicken",
}  # heads that rise from behind the foreground


def floats(subject: Subject) -> bool:
    """True for what is at home on or in the water."""
    return subject.kind in ("transport-water", "animal-marine") or subject.label in AFLOAT


def airborne(subject: Subject) -> bool:
    """True for what is at home in the air."""
    return subject.label in AIRBORNE


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a picture stands: foot (x, base) in fractions, height in shorter sides, how far away (0..1).

    keeps: how much of its own colour it keeps in the dark (0..1).
    """

    x: float
    base: float
    height: float
    distance: float
    mirrored: bool
    grounded: bool
    keeps: float = 0.34


def grounded(stage: Stage) -> bool:
    """True where things stand on ground and cast a shadow on it."""
    return not stage.floating and stage.water is None


def stature(subject: Subject) -> float:
    """Return the height of a subject that stands alone, as a fraction of the shorter side."""
    kind, label = subject.kind, subject.label
    base = 0.48
    if kind.startswith("place") or label in ("lighthouse", "windmill"):
        base = 0.60
    elif kind == "plant-other" and "tree" in label:
        base = 0.62
    elif (
        kind.startswith(("food", "drink", "dishware"))
        or kind in ("animal-bug", "plant-flower")
        or kind.startswith("transport-ground")
    ):
        base = 0.40
    elif kind in ("person-role", "person-fantasy") or label in ("fox", "wolf", "robot"):
        base = 0.54
    return base * subject.size


def relative(subject: Subject, main: Subject) -> float:
    """Return the height of a second subject beside the main one."""
    kind = subject.kind
    if kind.startswith("place"):
        return 0.56 * subject.size
    if kind == "plant-other" and "tree" in subject.label:
        return 0.50 * subject.size
    if kind in ("animal-bug",):
        return 0.16 * subject.size
    if kind.startswith(("animal", "person")) or subject.label in ("robot", "alien", "ghost"):
        return (0.40 if not main.kind.startswith("place") else 0.26) * subject.size
    if kind.startswith("transport"):
        return 0.32 * subject.size
    return 0.24 * subject.size


def stand_subjects(stage: Stage, said: Understanding) -> None:
    """Place every subject of the prompt on the stage, far ones first, the main one last."""
    decor = [s for s in said.subjects if s.relation == "decor"]
    actors = [s for s in said.subjects if s.relation != "decor"]
    for subject in decor:
        decorate(stage, subject)
    if not actors:
        return
    main, others = actors[0], actors[1:]
    others = [attached(o) for o in others]
    fixed = [o for o in others if o.relation in ATTACHED]
    free = [o for o in others if o.relation not in ATTACHED]
    random = stage.random("staging")
    if said.in_vase:
        picture = vase_of(main, random)
        place_main(stage, picture, main, free, 0.80, said.great_wave)
        return
    picture = group(main, fixed)
    rows = [(main, picture)] if main.count == 1 or fixed else []
    if not rows:
        crowd(stage, main, picture)
        for index, other in enumerate(free):
            place_beside(stage, other, main, index)
        return
    for index, other in enumerate(free):
        if other.relation == "below":
            continue
        place_beside(stage, other, main, index)
    tall = 1.0 + 0.16 * len([o for o in fixed if o.relation in ("above", "ridden")])
    place_main(stage, picture, main, free, stature(main) * tall, said.great_wave)


def place_main(stage: Stage, picture: Array, main: Subject, free: list[Subject], tall: float, wild: bool) -> None:
    """Put the main subject where the eye goes: near the middle, away from the lamp, feet on the ground."""
    random = stage.random("main")
    aside = 0.10 if free else 0.02 + 0.05 * random.random()
    x = 0.5 + (aside if stage.lamp[0] < 0.5 else -aside)
    if wild:
        x = 0.36 if stage.lamp[0] < 0.5 else 0.64
        tall *= 0.86
    tall = limit(stage, picture, tall, 0.60 if not free else 0.50)
    flying = airborne(main) or stage.flying
    if main.label in BUSTS and not stage.floating:
        put(stage, picture, Spot(x, stage.ground + 0.07, tall, 0.02, random.random() < 0.5, False))
        return
    base = stage.ground
    if stage.water is not None and not flying:
        sink = 0.26 if main.label == "sailboat" else (0.15 if main.kind.startswith("animal") else 0.09)
        base = stage.water + (-0.015 if wild else sink * tall * stage.unit / stage.height)
    elif stage.floating:
        base = min(0.88, stage.ground + tall * stage.unit / stage.height * 0.42)
    elif flying:
        base = min(stage.ground - 0.10, 0.36 + tall * stage.unit / stage.height * 0.62)
    elif main.kind.startswith("place"):
        base = stage.ground - 0.02
    if main.label == "lighthouse" and (stage.light.dark > 0.2 or "fog" in stage.weather):
        beam(stage, x, base - 0.82 * tall * stage.unit / stage.height)
    put(stage, picture, Spot(x, base, tall, 0.02, random.random() < 0.5, grounded(stage) and not flying))


def beam(stage: Stage, x: float, y: float) -> None:
    """Let the light of a lighthouse sweep out to both sides of (x, y) (fractions), and glow."""
    centre_x, centre_y = x * stage.width, y * stage.height

    def draw(pen: Draw) -> None:
        for side in (-1, 1):
            end = centre_x + side * stage.width
            low, high = centre_y + 0.02 * stage.height, centre_y - 0.16 * stage.height
            pen.polygon(
                [(centre_x, centre_y), (end, low + 0.06 * stage.height), (end, high)], rgba((1.0, 0.93, 0.66), 0.34)
            )

    stage.overlay(draw, blur=0.012 * stage.unit)
    stage.glow(x, y, 0.11, (1.0, 0.92, 0.62), 0.75)


def place_beside(stage: Stage, other: Subject, main: Subject, index: int) -> None:
    """Put a second subject (or several) at the side the main one leaves free."""
    random = stage.random(f"other{index}")
    side = -1.0 if stage.lamp[0] < 0.5 else 1.0
    if index % 2:
        side = -side
    tall = relative(other, main)
    picture = figure(other)
    for number in range(min(other.count, 8)):
        x = (
            0.5 + side * (0.25 + 0.09 * (index // 2) + 0.05 * random.random())
            if number == 0
            else 0.08 + 0.84 * random.random()
        )
        far = other.kind.startswith("place") or "tree" in other.label
        base = stage.ground - (0.08 if far else 0.035) - 0.03 * random.random()
        if airborne(other) and not main.kind.startswith("food"):
            base = 0.18 + 0.30 * random.random()
        elif stage.floating:
            base = 0.35 + 0.45 * random.random()
        elif stage.water is not None:
            base = stage.water + 0.02
        size = limit(stage, picture, tall * (0.9 + 0.2 * random.random()) / (1.0 + 0.12 * (other.count - 1)), 0.40)
        standing = grounded(stage) and not airborne(other)
        put(stage, picture, Spot(x, base, size, 0.25 if far else 0.10, random.random() < 0.5, standing))


def crowd(stage: Stage, main: Subject, picture: Array) -> None:
    """Spread several of the same over the ground (or the air), far ones smaller and first."""
    random = stage.random("crowd")
    count = main.count
    tall = stature(main) * (1.15 / (1.0 + 0.30 * (count - 1)) + 0.18)
    spots = []
    for index in range(count):
        x = (index + 0.5 + 0.34 * (random.random() - 0.5)) / count
        x = 0.5 + (x - 0.5) * (0.80 if count > 2 else 0.72)
        depth = random.random() if count > 2 else 0.25 * (index % 2)
        spots.append((depth, x, index))
    for depth, x, index in sorted(spots, reverse=True):
        size = limit(
            stage, picture, tall * (1.08 - 0.34 * depth) * (0.92 + 0.16 * random.random()), 0.62 / count + 0.13
        )
        base = stage.ground + 0.015 - 0.10 * depth
        if stage.water is not None and not airborne(main):
            base = stage.water + (0.14 - 0.10 * depth) * size * stage.unit / stage.height
        elif stage.floating or airborne(main):
            base = 0.30 + 0.46 * random.random() + size * 0.3 * stage.unit / stage.height
        standing = grounded(stage) and not airborne(main)
        mirrored = index == 0 if count == 2 else random.random() < 0.5
        put(stage, picture, Spot(x, base, size, 0.02 + 0.28 * depth, mirrored, standing))


def decorate(stage: Stage, subject: Subject) -> None:
    """Grow what a place is made of ("city of coral") at its edges and between its things."""
    random = stage.random("decor")
    picture = figure(subject)
    if subject.kind.startswith("plant") and stage.horizon < 0.6:
        for depth in sorted((random.random() for _ in range(46)), reverse=True):
            x, base = random.random(), stage.ground + 0.10 - 0.24 * depth**0.7
            put(
                stage,
                picture,
                Spot(x, base, 0.20 * (1.1 - depth) ** 1.3 + 0.03, 0.55 * depth, random.random() < 0.5, False),
            )
        return
    if subject.kind == "place-building" and stage.horizon < 0.7:
        village(stage, picture, subject.count)
        return
    spots = [(0.04, 0.92, 0.34), (0.96, 0.93, 0.38), (0.20, 0.90, 0.20), (0.82, 0.895, 0.22)]
    far = [(0.1 + 0.8 * random.random(), 0.725, 0.12 + 0.08 * random.random()) for _ in range(5)]
    for x, base, tall in far + spots[2:] + spots[:2]:
        put(stage, picture, Spot(x, base, tall, 0.4 if base < 0.8 else 0.03, x > 0.5, False, 0.75))


def village(stage: Stage, picture: Array, count: int) -> None:
    """Scatter houses over the middle ground, their windows lit when it is dark."""
    random = stage.random("village")
    spots = sorted((stage.horizon + 0.10 + 0.17 * random.random(), random.random()) for _ in range(count))
    for base, where in spots:
        x = 0.5 + (where - 0.5) * 0.96
        near = (base - stage.horizon - 0.10) / 0.17
        put(stage, picture, Spot(x, base, 0.11 + 0.10 * near, 0.45 - 0.3 * near, where > 0.5, True))
        if stage.light.dark > 0.5:
            stage.glow(x, base - 0.04, 0.035 + 0.02 * near, (1.0, 0.80, 0.40), 0.55)


def limit(stage: Stage, picture: Array, tall: float, widest: float) -> float:
    """Return a height (shorter sides) at which the picture is not wider than `widest` of the frame."""
    width = tall * stage.unit * picture.shape[1] / picture.shape[0]
    return float(min(tall * min(1.0, widest * stage.width / width), 0.86 * stage.height / stage.unit))


def put(stage: Stage, picture: Array, spot: Spot) -> None:
    """Lay one picture on the stage: shadow first, then the figure in the scene's light with its rim."""
    height = max(6, round(spot.height * stage.unit))
    shown = fit_height(picture, height)
    if spot.mirrored:
        shown = shown[:, ::-1]
    lit = lit_picture(stage, np.ascontiguousarray(shown), spot.distance, softness=spot.keeps)
    lit = rimmed(stage, lit)
    height, width = lit.shape[:2]
    left, top = round(spot.x * stage.width - width / 2), round(spot.base * stage.height - height)
    if spot.grounded:
        foot = lit[-max(2, height // 14) :, :, 3].max(0)
        span = float(np.count_nonzero(foot > 0.4))
        shadow(stage, spot.x, spot.base - 0.004, max(width * 0.5, span), strength=0.62)
    if stage.light.dark > 0.5:
        stage.glow(spot.x, spot.base - 0.5 * height / stage.height, 0.36 * height / stage.unit, stage.light.haze, 0.22)
    over(stage.picture, lit[..., :3], lit[..., 3], left, top)
    near = np.float32(1.0 - 0.8 * spot.distance)
    over(stage.focus, np.full((height, width), near, np.float32), lit[..., 3], left, top)
    flow = np.full((height, width), np.pi / 2, np.float32)
    over(stage.flow, flow, (lit[..., 3] > 0.5).astype(np.float32), left, top)


def rimmed(stage: Stage, picture: Array) -> Array:
    """Return a figure with light caught on the edge that faces the lamp, and a darker far edge."""
    step = max(2, round(0.012 * stage.unit))
    toward = step if stage.lamp[0] < 0.5 else -step
    alpha = picture[..., 3]
    padded = np.pad(alpha, step)
    lamp_side = padded[
        step - step // 2 : padded.shape[0] - step - step // 2, step - toward : padded.shape[1] - step - toward
    ]
    far_side = padded[step : padded.shape[0] - step, step + toward : padded.shape[1] - step + toward]
    edge = blur(np.clip(alpha - lamp_side, 0, 1), step * 0.45)
    strength = 0.75 if stage.light.dark > 0.5 or stage.light.hour in ("sunset", "dawn") else 0.40
    shade = blur(np.clip(alpha - far_side, 0, 1), step * 0.8) * np.float32(0.42)
    colours = picture[..., :3] * (1.0 - shade[..., None])
    colours = colours + np.asarray(stage.light.key, np.float32) * (edge * np.float32(strength))[..., None]
    return np.dstack([np.clip(colours, 0, 1), alpha]).astype(np.float32)


def vignette(stage: Stage) -> None:
    """Darken the corners a little."""
    rows = np.linspace(-1, 1, stage.height, dtype=np.float32)[:, None]
    columns = np.linspace(-1, 1, stage.width, dtype=np.float32)[None, :]
    fall = 1.0 - 0.26 * smoothstep(0.75, 1.45, np.hypot(rows, columns))
    stage.picture *= fall[..., None]
