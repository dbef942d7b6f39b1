"""Painting a composed scene, pass by pass, big brush to small."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from PIL import Image

from .canvas import Painting, Pass
from .planner import Reference, plan_pass, widths
from .scene import Scene, compose


@dataclass(frozen=True, slots=True)
class Canvas:
    """The canvas after a pass: `image` is what the strokes up to `step` (1..steps) really left."""

    step: int
    steps: int
    image: Image.Image


def blank(scene: Scene) -> Painting:
    """Return the primed canvas a scene is painted on."""
    return Painting(scene.width, scene.height, scene.style.ground, scene.style.relief)


def progress(scene: Scene, steps: int) -> Iterator[tuple[Pass, Painting]]:
    """Plan and lay every pass in turn; the painting is the same object throughout.

    steps: passes, 1 to 50. Raises: ValueError outside that.
    """
    if not 1 <= steps <= 50:
        raise ValueError(f"the illustrator paints in 1 to 50 steps, not {steps}")
    reference = Reference(Image.fromarray(scene.picture), scene.flow, scene.focus, scene.style, scene.seed)
    painting = blank(scene)
    for index, brush in enumerate(widths(scene.style, steps, min(scene.width, scene.height))):
        layer = plan_pass(reference, painting.paint, index + 1, steps, brush)
        painting.apply(layer)
        yield layer, painting


def plan(scene: Scene, steps: int) -> Iterator[Pass]:
    """Return the passes of a painting, in order, always the same for the same scene and steps."""
    for layer, _ in progress(scene, steps):
        yield layer


def replay(scene: Scene, passes: Iterable[Pass]) -> Image.Image:
    """Return the canvas after laying given passes on a blank one."""
    painting = blank(scene)
    for layer in passes:
        painting.apply(layer)
    return painting.image()


def paint(prompt: str, *, seed: int, width: int, height: int, steps: int = 10) -> Iterator[Canvas]:
    """Compose the prompt's scene and paint it; yields the canvas after every pass, the last one finished.

    Deterministic for (prompt, seed, width, height, steps). Stop iterating to cancel.
    Raises: ValueError for a size or a number of steps it cannot do.
    """
    for layer, painting in progress(compose(prompt, seed, width, height), steps):
        yield Canvas(layer.step, steps, painting.image())
