"""One prompt of ours on a server that others use too: which message is about it, and what it means. [pure]"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import assert_never

from livefeed.generation.generators.comfyui.messages import Ended, Ending, Features, Heard, Message, Preview, Step


@dataclass(frozen=True, slots=True)
class Shown:
    """Step `step` is done; `file` is the picture so far."""

    step: int
    file: bytes | None = None


class Run:
    """The progress of one prompt.

    A step is told once, with its picture if there is one: servers send it just before `progress` or, without preview
    metadata, just behind it. `waiting` says that a step is held back for its picture; `flush` gives it up.

    ComfyUI sends what belongs to a prompt without a client to everybody, so each message is compared with our prompt's
    id. The old kind of picture names no prompt: it belongs to the prompt that was last spoken of, as only one runs at
    a time, and never to ours where the server has agreed to name them.
    """

    def __init__(self, prompt: str, samplers: Iterable[str], steps: int) -> None:
        """samplers: the nodes whose progress counts; none: every node that takes more than one step."""
        self._prompt = prompt
        self._progress = _Progress(frozenset(samplers), steps)
        self._told = 0
        self._held: int | None = None
        self._spoken_of: str | None = None
        self._names_previews = False
        self.started = False
        """A step was done: from here on it is never silent for long."""
        self.over = self.ended = False
        """It is about to end; it has ended: the history tells how, in a moment or now."""

    @property
    def waiting(self) -> bool:
        """A step is held back for its picture."""
        return self._held is not None

    def reconnected(self) -> None:
        """Forget what was agreed on: it went with the connection."""
        self._spoken_of, self._names_previews = None, False

    def receive(self, message: Message) -> tuple[bool, list[Shown]]:
        """Return whether the message was about our prompt, and what is to be shown."""
        match message:
            case Features(preview_metadata):
                self._names_previews = preview_metadata
                return False, []
            case Preview(prompt, file):
                return self._picture(prompt, file)
            case Heard(prompt) | Ending(prompt) | Ended(prompt) | Step(prompt):
                self._spoken_of = prompt
                if prompt != self._prompt:
                    return False, []
                return True, self._advance(message)
            case _:
                assert_never(message)

    def flush(self) -> list[Shown]:
        """Return the step that is held back, without a picture."""
        if self._held is None:
            return []
        return self._tell(None)

    def _advance(self, message: Heard | Ending | Ended | Step) -> list[Shown]:
        match message:
            case Heard():
                return []
            case Ending() | Ended():
                self.over, self.ended = True, isinstance(message, Ended)
                return self.flush()
            case Step(_, node, value, maximum):
                step = self._progress.advance(node, value, maximum)
                if step <= (self._held or self._told):
                    return []
                self.started, shown = True, self.flush()
                self._held = step
                return shown
            case _:
                assert_never(message)

    def _picture(self, prompt: str | None, file: bytes) -> tuple[bool, list[Shown]]:
        if prompt is None:
            ours = not self._names_previews and self._spoken_of == self._prompt
        else:
            ours = prompt == self._prompt
        return ours, self._tell(file) if ours and self._held is not None else []

    def _tell(self, file: bytes | None) -> list[Shown]:
        assert self._held is not None
        self._told, self._held = self._held, None
        return [Shown(self._told, file)]


class _Progress:
    """Steps of one or several nodes, one after the other, as one count from 0 to `steps` that never goes back."""

    def __init__(self, samplers: frozenset[str], steps: int) -> None:
        self._samplers = samplers
        self._steps = steps
        self._seen: list[str] = []
        self._step = 0

    def advance(self, node: str, value: float, maximum: float) -> int:
        if not self._counts(node, maximum):
            return self._step
        if node not in self._seen:
            self._seen.append(node)
        parts = max(len(self._samplers), len(self._seen))
        done = (self._seen.index(node) + min(max(value / maximum, 0.0), 1.0)) / parts
        self._step = max(self._step, math.floor(done * self._steps + 1e-6))
        return self._step

    def _counts(self, node: str, maximum: float) -> bool:
        if self._samplers:
            return node in self._samplers
        return maximum > 1
