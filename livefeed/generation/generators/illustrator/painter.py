"""Painting a composed scene, pass by pass, big brush to small."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from PIL import Image

from .canvas import Painting, Pass
from .following import Said
from .patch import Patch
from .planner import Reference, plan_pass, widths
from .remix import remix
from .scene import Scene, compose

STRENGTH = 0.6
"""How far a remix goes from its parent when nobody says."""


@dataclass(frozen=True, slots=True)
class Canvas:
    """The canvas after a pass: `image` is what the strokes up to `step` (1..steps) really left."""

    step: int
    steps: int
    image: Image.Image


def blank(scene: Scene) -> Painting:
    """Return the canvas a scene is painted on: primed, or the picture that it is painted over."""
    style = scene.style
    painting = Painting(scene.width, scene.height, style.ground, style.relief, style.surface)
    if scene.canvas is not None:
        painting.paint.paste(Image.fromarray(scene.canvas))
    return painting


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


def paint(
    prompt: str,
    *,
    seed: int,
    width: int,
    height: int,
    steps: int = 10,
    parent: Image.Image | None = None,
    strength: float = STRENGTH,
    mask: Image.Image | None = None,
    before: Sequence[Said] = (),
) -> Iterator[Canvas]:
    """Compose the prompt's scene and paint it; yields the canvas after every pass, the last one finished.

    parent: a picture to paint over, of any size; strength: see `remix`. mask: where the parent may be painted over, of
    mode L, white for yes; the rest of it stays as it is, pixel for pixel. before: what the parent was asked for, then
    its own parent: without a mask that says what the prompt leaves unsaid ("the same in heavy rain"). Deterministic for
    its arguments. Stop iterating to cancel. Raises: ValueError for a size, steps or a strength out of range.
    """
    if parent is not None and mask is not None and mask.getbbox() is not None:
        patch = Patch.of(parent, mask, width, height)
        scene = patch.scene(prompt, seed, strength)
        for layer, painting in progress(scene, steps):
            yield Canvas(layer.step, steps, patch.laid(painting.image()))
        return
    scene = compose(prompt, seed, width, height, before=() if parent is None else before)
    if parent is not None:
        scene = remix(scene, parent, strength)
    for layer, painting in progress(scene, steps):
        yield Canvas(layer.step, steps, painting.image())
