"""What a generator is: the plug-in interface.

A plug-in is a class without constructor arguments, named in the entry point group `livefeed.generators`. The
contract suite in tests/contract/test_generators.py says what it must keep to.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from PIL import Image

from livefeed.generation.job import Job
from livefeed.making import DigitalSource as DigitalSource


@dataclass(frozen=True, slots=True)
class Progress:
    """Step `step` of `steps` is done; `image` is the picture so far, if it can be shown."""

    step: int
    steps: int
    image: Image.Image | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """The finished picture, RGB. Nothing follows it."""

    image: Image.Image


class Refused(Exception):
    """The generator will not make this picture: a reason for the person who asked, not a failure.

    code: stable, such as `content_policy`. message: one sentence that says what to do.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class EngineLost(Exception):
    """The engine behind a generator cannot be reached, has crashed or has fallen silent: nobody's picture is at fault.

    message: one sentence for the operator's log; the person who asked is told that the engine was lost.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Range:
    """What a whole number may be: from `low` to `high` in steps of `multiple`."""

    low: int
    high: int
    default: int
    multiple: int = 1

    def __contains__(self, value: int) -> bool:
        return self.low <= value <= self.high and value % self.multiple == 0

    def as_dict(self) -> dict[str, int]:
        """Return it as GET /api/generators tells it."""
        return {"low": self.low, "high": self.high, "default": self.default, "multiple": self.multiple}


class Generator(Protocol):
    """Makes pictures. One instance serves a whole process; `generate` may run several times at once.

    One that makes nothing of a job's `parent_image`, or of its `mask`, says so with a member `remixes = False`, or
    `masks = False`; people are told. Who does not say is taken to know them.
    """

    @property
    def name(self) -> str:
        """What requests call it: `[a-z0-9-]+`, stable."""

    @property
    def title(self) -> str:
        """What people read."""

    @property
    def source(self) -> DigitalSource:
        """What kind of pictures it makes: every file of its says so, and its title."""

    @property
    def sizes(self) -> Range:
        """Pixels of width and of height."""

    @property
    def steps(self) -> Range:
        """How many steps it may take."""

    def generate(self, job: Job) -> AsyncIterator[Progress | Picture]:
        """Yield a Progress after each step and the Picture at the end (write it as `async def` with `yield`).

        Steps never go back, and an engine that has fewer to tell of may leave some out; each picture shown is its own
        image, not painted over later. It never blocks the event loop, and stops at the next step, its engine too, when
        its iterator is closed or cancelled.
        Raises: Refused; EngineLost, after which the job may be tried again; anything else is a failure.
        """
