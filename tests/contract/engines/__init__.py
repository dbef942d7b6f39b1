"""Generators with the engines they talk to, for the contract suite: real wire, made-up pictures.

Each engine replays what its makers document, the traps included, on a loopback port of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final, Protocol, Self

import pytest

from livefeed.generation.generator import Generator

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
    """It will not make it."""
    FAILS = "fails"
    """It says that it could not: neither a refusal nor a loss, since it would say so again."""
    CRASHES = "crashes"
    """It is gone after the first step: its port is closed, its connections are reset."""
    FALLS_SILENT = "falls silent"
    """After the first step nothing comes any more, though the connection stands."""
    CUTS = "cuts"
    """The connection that tells of progress breaks once; the picture is made all the same."""
    SHOWS_NOTHING = "shows nothing"
    """There is no progress, only the picture."""


class Engine(Protocol):
    """A generator and its engine, between `async with`.

    troubles: those that can happen to this one; the suite skips the others and says so.
    """

    troubles: frozenset[Trouble]

    async def __aenter__(self) -> Self: ...

    async def __aexit__(self, *_: object) -> None: ...

    @property
    def generator(self) -> Generator:
        """The generator, set up for this engine and impatient: `SILENCE_S` without a sign is silence."""

    def tell(self, trouble: Trouble) -> None:
        """Let this happen to the next picture."""

    @property
    def at_work(self) -> int:
        """Pictures that the engine is making or holds in its queue."""

    @property
    def made(self) -> int:
        """Pictures that it has finished, whoever still wants them."""


def engines() -> dict[str, Callable[[], Engine]]:
    """Return all there are, by name, in their order."""
    found: dict[str, Callable[[], Engine]] = {}
    for name in MODULES:
        module = f"{__name__}.{name}"
        if find_spec(module) is not None:
            found |= import_module(module).ENGINES
    return found


def names() -> list[Any]:
    """Return the names of all there are, marked where they are, for `pytest.mark.parametrize`."""
    return [pytest.param(name, marks=getattr(pytest.mark, name)) if name in MARKED else name for name in engines()]
