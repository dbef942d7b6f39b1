"""Composing a scene: from what was read in the prompt to a picture, its flow and its focus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from . import abstract, weather
from .asked import Asked, Understanding
from .casting import colour_of
from .company import floats
from .flow import streaks, whirl
from .following import Said, continued
from .groups import base_of
from .habitats import default_hour, situated
from .light import light_for
from .noise import swirls
from .pixels import Array, Bytes, bands, saturate, to_bytes
from .settings import SETTINGS, viaduct
from .stage import Stage
from .staging import stand_subjects
from .styles import IMPASTO, Style, style_named
from .treatment import in_squares, treat
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


def compose(prompt: str, seed: int, width: int, height: int, *, before: Sequence[Said] = ()) -> Scene:
    """Return the scene of a prompt, always the same one for the same arguments; any text will do.

    width, height: pixels, SMALLEST to LARGEST. before: what this one goes on from, its parent first: it says what the
    prompt leaves unsaid. Raises: ValueError for a size outside that.
    """
    if not (SMALLEST <= width <= LARGEST and SMALLEST <= height <= LARGEST):
        raise ValueError(f"the illustrator paints {SMALLEST} to {LARGEST} pixels a side, not {width} x {height}")
    told = continued(prompt, seed, before)
    said, mixed = told.understood, seed_of(told.prompt, told.seed)
    random = np.random.default_rng([mixed, 7])
    style = style_named(said.style, random.random())
    if said.abstract:
        return compose_abstract(prompt, seed, mixed, width, height, said, style if said.style else None)
    shown, place = situated(said, random)
    hour = said.light or default_hour(shown, place, random)
    stage = Stage(width, height, mixed, light_for(hour, shown.weather, random), shown.weather)
    stage.flying = shown.flying
    SETTINGS[place](stage, asked_of(said, shown))
    if shown.bridged and stage.open_air and not stage.floating:
        viaduct.lead_over(stage)
    weather.behind(stage)
    swirl_field(stage, style, outdoors=stage.open_air)
    stand_subjects(stage, shown)
    for paint in stage.foreground:
        paint()
    stage.foreground.clear()  # which hold the stage: it is to go when the scene is done, not when it is collected
    weather.before(stage)
    treat(stage, style)
    return finished(stage, prompt, seed, said, place, hour, style)


def asked_of(said: Understanding, shown: Understanding) -> Asked:
    """Return what of a prompt matters to the place it is set in; shown: what of it stands there."""
    carrier = shown.subjects[base_of(shown, 0)] if shown.subjects else None
    return Asked(
        moons=said.moons,
        suns=said.suns,
        crescent="crescent" in said.lamps,
        material=colour_of(shown.material),
        great_wave=said.great_wave,
        floats=None if carrier is None else floats(carrier) and not shown.flying,
        lamps=said.lamps,
        shown=frozenset(subject.label for subject in shown.subjects),
        embodied=bool(said.subjects) and not shown.subjects,
    )


def swirl_field(stage: Stage, style: Style, *, outdoors: bool) -> None:
    """Let the flow curl as the style wants; under impasto the sky whirls visibly."""
    random = stage.random("swirl")
    stage.flow += swirls(random, stage.width, stage.height, 2.6, 0.5 * style.swirl)
    if style is IMPASTO:
        if outdoors:
            stage.flow = whirl(stage.flow, random, stage.lamp, stage.horizon)
        lines = streaks(stage.flow, random)
        stage.picture *= (0.80 + 0.40 * lines)[..., None]


def finished(stage: Stage, prompt: str, seed: int, said: Understanding, place: str, hour: str, style: Style) -> Scene:
    """Return the stage as a scene."""
    picture = np.empty(stage.picture.shape, np.uint8)
    for band in bands(stage.height):
        picture[band] = to_bytes(saturate(stage.picture[band], style.saturation))
    if style.mark == "square":
        picture = in_squares(picture, min(stage.width, stage.height))
    return Scene(
        prompt=prompt,
        seed=seed,
        width=stage.width,
        height=stage.height,
        picture=picture,
        flow=stage.flow,
        focus=np.clip(stage.focus, 0, 1),
        subjects=tuple((s.label, s.count) for s in (*said.subjects, *said.decor)),
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
