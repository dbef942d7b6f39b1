"""Generators with the engines they talk to, for the contract suite: real wire, made-up pictures.

Each engine replays what its makers document, the traps included, on a loopback port of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final, Protocol, Self

import pytest
from aiohttp import web
from PIL import Image

from livefeed.generation.generator import EngineLost, Generator, Picture, Refused

MODULES: Final = ("illustrator", "openai", "comfyui", "automatic1111", "diffusers")
"""Every one has `ENGINES`: what it is called in the suite → how to make it."""
MARKED: Final = frozenset({"diffusers"})
"""Engines whose tests carry a mark of their own: they need what `make test` does not install."""
SILENCE_S: Final = 1.0
"""What the generators of the suite take for silence: long for a machine with other work, short for a test."""
STEP_S: Final = 0.05
"""What an engine takes for a step: who tells it to stop after the first one is in time."""


class Trouble(StrEnum):
    """What an engine can be told to do with the next picture."""

    REFUSES = "refuses"
    """It will not make it. One that cannot say so does what it does instead, see `Engine.ends`."""
    FAILS = "fails"
    """It says that it could not: neither a refusal nor a loss, since it would say so again."""
    CRASHES = "crashes"
    """It is gone after the first step: its port is closed, its connections are reset."""
    FALLS_SILENT = "falls silent"
    """After the first step nothing comes any more, though the connection stands."""
    NEVER_ENDS = "never ends"
    """After the first step it answers and gives signs of life for ever, but there is no end of it."""
    CUTS = "cuts"
    """The connection that tells of progress breaks once; the picture is made all the same."""
    SHOWS_NOTHING = "shows nothing"
    """There is no progress, only the picture."""


class Failed(Exception):
    """How the suite calls what is neither a refusal nor a lost engine; generators raise what fits."""


class Unending(Exception):
    """How the suite calls a picture that does not come to an end by itself: the worker's deadline is for that."""


End = type[Picture] | type[Exception]
ENDS: Final[dict[Trouble, End]] = {
    Trouble.REFUSES: Refused,
    Trouble.FAILS: Failed,
    Trouble.CRASHES: EngineLost,
    Trouble.FALLS_SILENT: EngineLost,
    Trouble.NEVER_ENDS: Unending,
    Trouble.CUTS: Picture,
    Trouble.SHOWS_NOTHING: Picture,
}
"""The one end that a picture comes to when this happens to it."""
FOR_ALL: Final = frozenset({Trouble.REFUSES, Trouble.FAILS, Trouble.CRASHES, Trouble.FALLS_SILENT, Trouble.NEVER_ENDS})
"""What must be able to happen to every engine."""


class Engine(Protocol):
    """A generator and its engine, between `async with`.

    never: what cannot happen to this one, and why; everything else can. ends: where its end is another than that of
    `ENDS`; the reason stands beside it. silence_s: how long its generator bears without a sign.
    """

    never: Mapping[Trouble, str]
    ends: Mapping[Trouble, End]
    silence_s: float

    async def __aenter__(self) -> Self: ...

    async def __aexit__(self, *_: object) -> None: ...

    @property
    def generator(self) -> Generator:
        """The generator, set up for this engine and impatient: `silence_s` without a sign is silence."""

    def tell(self, trouble: Trouble) -> None:
        """Let this happen to the next picture."""

    async def crash(self) -> None:
        """Be gone at once, with what it was making: its port is closed, its connections are reset."""

    async def restart(self) -> None:
        """Be there again after a crash, as whoever looks after the engine would start it: what it knew is gone."""

    def lines(self) -> Sequence[Callable[[], object]]:
        """Return what cuts each of the connections that are open now; calling it breaks that one."""

    @property
    def at_work(self) -> int:
        """Pictures that the engine is making or holds in its queue."""

    @property
    def made(self) -> int:
        """Pictures that it has finished, whoever still wants them."""

    def masked(self) -> tuple[Image.Image, Image.Image] | None:
        """The canvas and the mask it was sent last, as it reads them: white is repainted; None: nobody can look."""


def end_of(engine: Engine, trouble: Trouble) -> End:
    """Return what a picture of this engine comes to when this happens to it."""
    return engine.ends.get(trouble, ENDS[trouble])


def lines_of(runner: web.AppRunner) -> list[Callable[[], object]]:
    """Return what cuts each of the connections to a server."""
    connections = runner.server.connections if runner.server is not None else []
    return [one.transport.abort for one in connections if one.transport is not None]


def abort_all(runner: web.AppRunner) -> None:
    """Break all connections to a server."""
    for cut in lines_of(runner):
        cut()


def engines() -> dict[str, Callable[[], Engine]]:
    """Return all there are, by name, in their order."""
    found: dict[str, Callable[[], Engine]] = {}
    for name in MODULES:
        module = f"{__name__}.{name}"
        if find_spec(module) is not None:
            found |= import_module(module).ENGINES
    return found


def names(*, besides: str = "") -> list[Any]:
    """Return the names of all there are but one, marked where they are, for `pytest.mark.parametrize`."""
    return [
        pytest.param(name, marks=getattr(pytest.mark, name)) if name in MARKED else name
        for name in engines()
        if name != besides
    ]
