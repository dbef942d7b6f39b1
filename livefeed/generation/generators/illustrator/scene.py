"""Composing a scene: from what was read in the prompt to a picture, its flow and its focus."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from . import abstract, weather
from .asked import Asked
from .figures import colour_of
from .flow import streaks, whirl
from .light import light_for
from .noise import Random, clouds, swirls
from .pixels import Array, Bytes, mix, saturate, smoothstep, to_bytes
from .prompt import Subject, Understanding, read
from .settings import SETTINGS
from .stage import Stage
from .staging import floats, stand_subjects, vignette
from .styles import IMPASTO, WATERCOLOUR, Style, style_for
from .words import seed_of

SMALLEST, LARGEST = 64, 1024  # pixels a side; a larger scene would need more memory than a worker should take


@dataclass(frozen=True, slots=True)
class Scene:
    """A composed picture, ready to be painted, and what was understood of its prompt.

    picture: RGB uint8 (H, W, 3); flow: angle of strokes in radians (H, W); focus: 0..1 (H, W), where detail
    matters; subjects: (label, count) of what is shown; setting: a place, or "abstract"; light: the hour;
    canvas: what it is painted over, RGB uint8 (H, W, 3), None for a blank one.
    """

    prompt: str
    seed: int
    width: int
    height: int
    picture: Bytes
    flow: Array
    focus: Array
    subjects: tuple[tuple[str, int], ...]
    setting: str
    weather: frozenset[str]
    light: str
    style: Style
    canvas: Bytes | None = None


def compose(prompt: str, seed: int, width: int, height: int) -> Scene:
    """Return the scene of a prompt, always the same one for the same arguments; any text will do.

    width, height: pixels, SMALLEST to LARGEST. Raises: ValueError outside that.
    """
    if not (SMALLEST <= width <= LARGEST and SMALLEST <= height <= LARGEST):
        raise ValueError(f"the illustrator paints {SMALLEST} to {LARGEST} pixels a side, not {width} x {height}")
    said = read(prompt)
    mixed = seed_of(prompt, seed)
    random = np.random.default_rng([mixed, 7])
    style, asked_for = style_for(frozenset(said.words), random.random())
    if said.abstract:
        return compose_abstract(prompt, seed, mixed, width, height, said, style if asked_for else None)
    place = said.place or default_place(said, random)
    hour = said.hour or default_hour(said, place, random)
    stage = Stage(width, height, mixed, light_for(hour, said.weather, random), said.weather)
    main = next((s for s in said.subjects if s.relation != "decor"), None)
    afloat = main is not None and (floats(main) or any(floats(s) and s.relation == "ridden" for s in said.subjects))
    SETTINGS[place](
        stage,
        Asked(
            moons=said.moons,
            suns=said.suns,
            crescent="crescent" in said.lamps,
            material=colour_of(said.material),
            great_wave=said.great_wave,
            floats=afloat or main is None,
            lamps=said.lamps,
        ),
    )
    indoors = place in ("room", "library", "table")
    if not indoors and place not in ("underwater", "space", "moon"):
        weather.behind(stage)
    stage.flying = said.flying
    swirl_field(stage, style, outdoors=not indoors)
    stand_subjects(stage, said)
    for paint in stage.foreground:
        paint()
    if not indoors and place != "underwater":
        weather.before(stage)
    if style is WATERCOLOUR:
        on_paper(stage)
    else:
        vignette(stage)
    return finished(stage, prompt, seed, said, place, hour, style)


def swirl_field(stage: Stage, style: Style, *, outdoors: bool) -> None:
    """Let the flow curl as the style wants; under impasto the sky whirls visibly."""
    random = stage.random("swirl")
    stage.flow += swirls(random, stage.width, stage.height, 2.6, 0.5 * style.swirl)
    if style is IMPASTO:
        if outdoors:
            stage.flow = whirl(stage.flow, random, stage.lamp, stage.horizon)
        lines = streaks(stage.flow, random)
        stage.picture *= (0.80 + 0.40 * lines)[..., None]


def on_paper(stage: Stage) -> None:
    """Thin the colours to washes that pool and fade, and leave the paper's edge bare."""
    paper = np.asarray(WATERCOLOUR.ground, np.float32) / 255
    random = stage.random("paper")
    wash = clouds(random, stage.width, stage.height, 3.5, octaves=5)
    thin = np.clip(0.30 + 0.75 * (wash - 0.5), 0.08, 0.70) * (1.0 - 0.55 * stage.focus)
    stage.picture[:] = mix(stage.picture, (float(paper[0]), float(paper[1]), float(paper[2])), thin)
    rows = np.linspace(-1, 1, stage.height, dtype=np.float32)[:, None]
    columns = np.linspace(-1, 1, stage.width, dtype=np.float32)[None, :]
    inset = np.minimum((1 - np.abs(rows)) * stage.height, (1 - np.abs(columns)) * stage.width) / (2 * stage.unit)
    edge = inset + 0.07 * (clouds(random, stage.width, stage.height, 6, octaves=4) - 0.5)
    bare = smoothstep(0.052, 0.030, edge)
    pooled = np.exp(-(((edge - 0.060) / 0.012) ** 2))
    stage.picture *= (1.0 - 0.16 * pooled)[..., None]
    stage.picture += (paper - stage.picture) * bare[..., None]


def finished(stage: Stage, prompt: str, seed: int, said: Understanding, place: str, hour: str, style: Style) -> Scene:
    """Return the stage as a scene."""
    return Scene(
        prompt=prompt,
        seed=seed,
        width=stage.width,
        height=stage.height,
        picture=to_bytes(saturate(stage.picture, style.saturation)),
        flow=stage.flow,
        focus=np.clip(stage.focus, 0, 1),
        subjects=tuple((s.label, s.count) for s in said.subjects),
        setting=place,
        weather=stage.weather,
        light=hour,
        style=style,
    )


def compose_abstract(
    prompt: str, seed: int, mixed: int, width: int, height: int, said: Understanding, style: Style | None
) -> Scene:
    """Return the abstract painting of a prompt in which nothing can be drawn."""
    picture, flow, focus = abstract.compose(said.words or (prompt,), mixed, width, height)
    chosen = style or (IMPASTO if mixed % 3 == 0 else replace(IMPASTO, flow=0.5, swirl=0.6))
    return Scene(
        prompt=prompt,
        seed=seed,
        width=width,
        height=height,
        picture=to_bytes(saturate(picture, 1.05)),
        flow=flow,
        focus=focus,
        subjects=(),
        setting="abstract",
        weather=frozenset(),
        light="none",
        style=chosen,
    )


HABITATS: dict[str, tuple[str, ...]] = {
    "polar bear": ("snow",), "penguin": ("snow",), "seal": ("snow", "beach"), "snowman": ("snow",),
    "skier": ("snow",),
    "sled": ("snow",), "camel": ("desert",), "two-hump camel": ("desert",), "scorpion": ("desert",),
    "cactus": ("desert",),
    "duck": ("lake",), "swan": ("lake",), "frog": ("lake", "forest"), "otter": ("lake",), "beaver": ("lake",),
    "flamingo": ("lake", "beach"), "goose": ("lake",), "wolf": ("forest", "snow"),
    "bear": ("forest", "mountains"),
    "owl": ("forest",), "mushroom": ("forest",), "deer": ("forest", "meadow"),
    "fox": ("forest", "meadow", "hills"),
    "monkey": ("forest",), "gorilla": ("forest",), "tiger": ("forest",), "parrot": ("forest",),
    "snake": ("forest",),
    "dragon": ("mountains", "hills"), "goat": ("mountains",), "ram": ("mountains",), "eagle": ("mountains",),
    "astronaut": ("moon", "space"), "rocket": ("space", "clouds"), "flying saucer": ("space", "hills"),
    "alien": ("moon", "hills"),
    "satellite": ("space",), "ringed planet": ("space",), "comet": ("space",), "robot": ("city", "meadow"),
    "lighthouse": ("sea",), "crab": ("beach",), "spiral shell": ("beach",), "mermaid": ("sea",),
    "whale": ("sea", "underwater"),
    "ghost": ("forest",), "castle": ("hills", "mountains"), "volcano": ("sea",), "palm tree": ("beach",),
    "police officer": ("city",), "taxi": ("city",), "bus": ("city",), "lion": ("desert", "meadow"),
    "witch": ("forest",),
    "wizard": ("mountains", "forest"), "cook": ("room",), "cat": ("room", "meadow", "city"),
    "dog": ("meadow", "beach"),
}  # fmt: skip
BY_KIND: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("animal-marine", ("underwater",)), ("animal-bug", ("meadow",)),
    ("animal", ("meadow", "hills", "forest")),
    ("plant-flower", ("meadow", "table")), ("plant", ("hills", "meadow")), ("food", ("table",)),
    ("drink", ("table",)),
    ("dishware", ("table",)), ("transport-water", ("sea", "lake")), ("transport-air", ("clouds",)),
    ("transport", ("city", "hills")), ("place-geographic", ("lake", "meadow")),
    ("place", ("hills", "meadow")),
    ("person", ("meadow", "city", "hills")), ("sky", ("clouds",)), ("sport", ("meadow",)),
    ("face", ("hills",)),
    ("event", ("room",)), ("music", ("room",)), ("tool", ("table",)),
)  # fmt: skip


def default_place(said: Understanding, random: Random) -> str:
    """Return where a scene is set when the prompt does not say: the main subject's habitat."""
    main: Subject | None = said.subjects[0] if said.subjects else None
    if any(s.kind == "transport-water" for s in said.subjects):
        return "sea" if random.random() < 0.7 else "lake"
    if main is None:
        choices: tuple[str, ...] = ("hills", "sea", "mountains", "lake", "meadow")
    elif said.in_vase:
        choices = ("table",)
    elif main.role:
        choices = HABITATS.get("astronaut", ()) if main.role.endswith("1f680") else ("meadow", "city", "hills")
    else:
        kind = next((places for prefix, places in BY_KIND if main.kind.startswith(prefix)), ("table",))
        choices = HABITATS.get(main.label, kind)
    return choices[int(random.integers(len(choices)))]


def default_hour(said: Understanding, place: str, random: Random) -> str:
    """Return the hour when the prompt does not say: what its sky, lamps and weather suggest."""
    if (
        place in ("space", "moon")
        or "neon" in said.lamps
        or said.moons
        or "crescent" in said.lamps
        or said.weather & {"stars", "aurora"}
    ):
        return "night"
    if said.weather & {"fireflies"} or "lantern" in said.lamps:
        return "dusk" if place not in ("room", "table", "library") else "night"
    if said.weather & {"rain", "storm", "fog", "rainbow"} or said.suns:
        return "day"
    hours = ("day", "day", "day", "sunset", "dawn", "dusk") if place != "library" else ("night",)
    return hours[int(random.integers(len(hours)))]
