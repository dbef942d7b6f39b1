"""The built-in illustrator, whose engine are threads of this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from threading import Event, Thread
from typing import Any, Self
from unittest.mock import patch

from livefeed.generation.generator import Picture
from livefeed.generation.generators import illustrator_plugin
from livefeed.generation.generators.illustrator import art
from livefeed.generation.generators.illustrator.painter import Canvas
from livefeed.generation.generators.illustrator_plugin import Illustrator
from tests.contract.engines import SILENCE_S, STEP_S, End, Engine, Trouble


class IllustratorEngine:
    """What can happen to a thread: its files are gone, it stands still, there is none to be had.

    What happens to the whole process, its worker, is told by the tests of the line, since it has no end of its own.
    """

    never: Mapping[Trouble, str] = {
        Trouble.CUTS: "it has no connection",
        Trouble.SHOWS_NOTHING: "each pass is shown, and there are four at least",
    }
    # It paints whatever it is asked, and what it has no picture of as shapes and colours: it refuses nobody.
    ends: Mapping[Trouble, End] = {Trouble.REFUSES: Picture}
    silence_s = SILENCE_S

    def __init__(self) -> None:
        self.generator = Illustrator()
        self.made = 0
        self._paint = illustrator_plugin.paint
        self._passes: set[int] = set()
        """Pictures at which a thread paints just now."""
        self._begun = 0
        self._trouble: Trouble | None = None
        self._threads = True
        self._over = Event()
        self._patches = ExitStack()

    async def __aenter__(self) -> Self:
        for name, value in (("PASS_S", STEP_S), ("paint", self._painted), ("Thread", self._thread)):
            self._patches.enter_context(patch.object(illustrator_plugin, name, value))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._over.set()
        self._patches.close()

    def tell(self, trouble: Trouble) -> None:
        self._trouble = trouble

    async def crash(self) -> None:
        self._threads = False

    async def restart(self) -> None:
        self._threads = True

    def lines(self) -> Sequence[Callable[[], object]]:
        return []

    @property
    def at_work(self) -> int:
        """Pictures that are being painted. A thread that stands still paints none, and nothing can end it."""
        return len(self._passes)

    def masked(self) -> None:
        return None

    def _thread(self, **named: Any) -> Thread:
        if not self._threads:
            raise RuntimeError("can't start new thread")  # as the system's limits have it
        return Thread(**named)

    def _painted(self, *args: Any, **named: Any) -> Iterator[Canvas]:
        self.generator._silence_s = illustrator_plugin.SILENCE_S
        trouble, self._trouble = self._trouble, None
        self._begun += 1
        return self._suffered(trouble, self._begun, self._paint(*args, **named))

    def _suffered(self, trouble: Trouble | None, number: int, canvases: Iterator[Canvas]) -> Iterator[Canvas]:
        """Paint as the real one does, and suffer behind the first pass; it runs in the threads."""
        with _without_art() if trouble is Trouble.FAILS else ExitStack():
            while (canvas := self._pass(number, canvases)) is not None:
                self.made += canvas.step == canvas.steps
                if trouble is Trouble.CRASHES:
                    self._threads = False
                if trouble in (Trouble.FALLS_SILENT, Trouble.NEVER_ENDS):
                    # Only now: the first pass, which composes the scene, takes a machine with other work seconds.
                    self.generator._silence_s = self.silence_s
                yield canvas
                if trouble is Trouble.FALLS_SILENT:
                    self._over.wait()
                while trouble is Trouble.NEVER_ENDS:
                    yield Canvas(canvas.step, canvas.steps, canvas.image.copy())

    def _pass(self, number: int, canvases: Iterator[Canvas]) -> Canvas | None:
        self._passes.add(number)
        try:
            return next(canvases, None)
        finally:
            self._passes.discard(number)


def _without_art() -> ExitStack:
    """Let the folder of pictures be gone until this is left."""
    stack = ExitStack()
    art.pixels.cache_clear()
    stack.enter_context(patch.object(art, "FOLDER", Path("/nowhere")))
    return stack


ENGINES: dict[str, Callable[[], Engine]] = {"illustrator": IllustratorEngine}
