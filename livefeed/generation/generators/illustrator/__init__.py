"""The built-in illustrator: no model and no key, it reads the prompt, composes a scene and paints it.

`compose` reads and composes, `plan` decides the strokes, `paint` does both and yields the real canvas after
every pass. Pure: no files but its own art, no clock, no randomness but the seed.
"""

from .canvas import Pass, Strokes
from .painter import STRENGTH, Canvas, paint, plan, replay
from .remix import remix
from .scene import LARGEST, Scene, compose

NAME = "illustrator"
TITLE = "built-in illustrator"

__all__ = [
    "LARGEST", "NAME", "STRENGTH", "TITLE", "Canvas", "Pass", "Scene", "Strokes",
    "compose", "paint", "plan", "remix", "replay",
]  # fmt: skip
