"""A guard of the rules of positions and of delivery, by name, with the way to take it out.

A guard that can be taken out without any world noticing is either not needed or not tested: `test_guards.py` shows for
every one that worlds fail without it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tests.simulation.edits import Edit
from tests.simulation.store import Limits, Rules
from tests.simulation.world import World


@dataclass(frozen=True)
class Guard:
    """One guard. `says`: what it promises; `edits`, `rules`, `limits`: what is put in its place.

    scene: a plot that needs it; without one, random worlds do.
    """

    name: str
    says: str
    edits: Sequence[Edit] = ()
    rules: Mapping[str, bool] = field(default_factory=dict)
    limits: Limits | None = None
    scene: Callable[[World], None] | None = None

    @contextlib.contextmanager
    def taken_out(self) -> Iterator[Callable[[int], World]]:
        """Give the maker of worlds without this guard."""
        with contextlib.ExitStack() as stack:
            for edit in self.edits:
                stack.enter_context(edit.applied())
            yield lambda seed: World(seed, rules=Rules(**self.rules), limits=self.limits)
