"""Which steps are shown on the way, and how small. [pure]

The budget: at most 4 previews a second and 8 per job, each a JPEG of at most 256 pixels and 12 KB. The last
step needs none, because the finished picture follows it.
"""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PIL import Image

PER_JOB: Final = 8
PER_SECOND: Final = 4
MAX_BYTES: Final = 12_288
"""With eight of them, and all else that is told of it, a picture costs a watcher 120 KB at most."""


class PreviewBudget:
    """Decides for one attempt at a job. The first step is shown at once, the others are spread over the job."""

    def __init__(self, steps: int, sent: int = 0) -> None:
        """sent: how many its attempts before this one have shown; this one goes on where they stopped."""
        self._steps = steps
        self._sent = sent
        self._last: deque[float] = deque(maxlen=PER_SECOND)

    def wants(self, step: int, now_s: float) -> bool:
        """Tell whether step `step` (1 is the first) is to be shown at `now_s`; if so, it is counted as shown.

        now_s: a clock that never goes back.
        """
        if step >= self._steps or self._sent >= PER_JOB or step < self._next_step():
            return False
        if len(self._last) == PER_SECOND and now_s - self._last[0] < 1.0:
            return False
        self._last.append(now_s)
        self._sent += 1
        return True

    def _next_step(self) -> int:
        """The step from which on the next preview is due; where it comes too soon, a later one is taken."""
        return 1 + self._sent * max(0, self._steps - 2) // (PER_JOB - 1)


@dataclass(frozen=True, slots=True)
class Preview:
    """A preview as it is sent: `jpeg`'s own width and height, and six colours for what waits behind it."""

    step: int
    width: int
    height: int
    palette: Sequence[str]
    jpeg: bytes


@dataclass(frozen=True, slots=True)
class PreviewMaker:
    """Makes previews with functions that know pictures.

    jpeg: an RGB image → a JPEG within the budget's size and bytes. palette: six #rrggbb, ordered by hue.
    """

    jpeg: Callable[[Image.Image], bytes]
    palette: Callable[[Image.Image], Sequence[str]]

    def make(self, image: Image.Image, step: int) -> Preview | None:
        """Return the preview of a canvas, or None if it does not fit into MAX_BYTES."""
        data = self.jpeg(image)
        if len(data) > MAX_BYTES:
            return None
        with Image.open(io.BytesIO(data)) as small:
            return Preview(step, small.width, small.height, list(self.palette(small.convert("RGB"))), data)
