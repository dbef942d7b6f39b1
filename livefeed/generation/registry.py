"""Which generators there are: plug-ins found by entry point, and the built-in one."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from importlib.metadata import entry_points
from typing import Any, cast

from livefeed.errors import BadRequest, ConfigurationError
from livefeed.generation.generator import Generator

log = logging.getLogger(__name__)

GROUP = "livefeed.generators"
BUILT_IN = "illustrator"


class Generators:
    """The generators of this installation, by name. The first is what a request without a name gets."""

    def __init__(self, generators: Iterable[Generator]) -> None:
        """Raises: ConfigurationError when there is none, or two have one name."""
        self._by_name: dict[str, Generator] = {}
        for generator in generators:
            if generator.name in self._by_name:
                raise ConfigurationError(f"Two generators are called '{generator.name}'; uninstall one.")
            self._by_name[generator.name] = generator
        if not self._by_name:
            raise ConfigurationError("There is no generator; install livefeed with its built-in illustrator.")

    def named(self, name: str | None) -> Generator:
        """Return the generator called `name`, or the default one. Raises: BadRequest."""
        if name is None:
            return next(iter(self._by_name.values()))
        try:
            return self._by_name[name]
        except KeyError:
            known = ", ".join(self._by_name)
            raise BadRequest(f"There is no generator '{name[:40]}' here; choose one of: {known}.") from None

    def describe(self) -> list[dict[str, Any]]:
        """Return what GET /api/generators answers, the default first."""
        return [
            {
                "name": generator.name,
                "title": generator.title,
                "sizes": generator.sizes.as_dict(),
                "steps": generator.steps.as_dict(),
            }
            for generator in self._by_name.values()
        ]


def discover() -> Generators:
    """Return the built-in generator and all installed plug-ins.

    A plug-in that cannot be loaded is logged and left out: one broken package must not stop the others.
    """
    found = [_built_in()]
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        if entry.name == BUILT_IN:
            continue
        try:
            found.append(cast(Generator, entry.load()()))
        except Exception:
            log.exception("the generator '%s' cannot be loaded and is left out", entry.name)
    return Generators(found)


def _built_in() -> Generator:
    """Loaded by import rather than by entry point, so that a tree that is not installed has it too."""
    from livefeed.generation.generators.illustrator_plugin import Illustrator

    return Illustrator()
