"""Which generators there are: the built-in one, our adapters that are configured, and plug-ins found by entry point."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any, Final, cast

from livefeed.config import Config
from livefeed.errors import BadRequest, ConfigurationError
from livefeed.generation.generator import DigitalSource, Generator, Range

log = logging.getLogger(__name__)

GROUP = "livefeed.generators"
MEMBERS: Final[dict[str, tuple[Any, str]]] = {
    "name": (str, "a text"),
    "title": (str, "a text"),
    "source": (DigitalSource, "a DigitalSource"),
    "sizes": (Range, "a Range"),
    "steps": (Range, "a Range"),
    "generate": (Callable, "a method"),
}
"""What a plug-in must have: the members of `Generator`."""
BUILT_IN = "illustrator"


@dataclass(frozen=True, slots=True)
class Adapter:
    """A generator of ours that talks to an engine: where its class is, and whether an operator has set one up.

    place: `module:Class`; the class takes the Config. Nothing is imported for an engine that is not there.
    """

    place: str
    configured: Callable[[Config], bool]

    def load(self, config: Config) -> Generator:
        """Raises: ImportError when what its extra installs is missing; whatever the class raises."""
        module, _, name = self.place.partition(":")
        return cast(Generator, getattr(import_module(module), name)(config))


ADAPTERS: Final = {
    "openai": Adapter(
        "livefeed.generation.generators.openai:OpenAI", lambda config: bool(config.openai_url or config.openai_key)
    ),
    "comfyui": Adapter("livefeed.generation.generators.comfyui:ComfyUI", lambda config: bool(config.comfyui_url)),
    "automatic1111": Adapter(
        "livefeed.generation.generators.automatic1111:Automatic1111", lambda config: bool(config.automatic1111_url)
    ),
    "diffusers": Adapter(
        "livefeed.generation.generators.diffusers:Diffusers", lambda config: bool(config.diffusers_model)
    ),
}
"""Our adapters by name, which is their extra's name too."""


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
                "digital_source_type": generator.source.uri,
                "sizes": generator.sizes.as_dict(),
                "steps": generator.steps.as_dict(),
                "remixes": getattr(generator, "remixes", True),
                "masks": getattr(generator, "masks", True),
            }
            for generator in self._by_name.values()
        ]


def discover(config: Config | None = None) -> Generators:
    """Return the built-in generator, our adapters that `config` sets up, and all installed plug-ins.

    config: without one, what the environment says. One that cannot be loaded is logged and left out: a broken package
    must not stop the others.
    """
    config = config or Config.from_environment()
    found = [_built_in()]
    for name, adapter in ADAPTERS.items():
        if not adapter.configured(config):
            continue
        try:
            found.append(adapter.load(config))
        except ImportError as exc:
            what = "the generator '%s' is configured but left out (%s); install it with: pip install 'livefeed[%s]'"
            log.error(what, name, exc, name)
        except Exception:
            log.exception("the generator '%s' cannot be loaded and is left out", name)
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        if entry.name == BUILT_IN or entry.name in ADAPTERS:
            continue
        try:
            plug_in = entry.load()()
        except Exception:
            log.exception("the generator '%s' cannot be loaded and is left out", entry.name)
            continue
        if wrong := unfit(plug_in):
            log.error("the generator '%s' is left out: %s; it has to be mended or uninstalled", entry.name, wrong)
        else:
            found.append(cast(Generator, plug_in))
    return Generators(found)


def unfit(plug_in: object) -> str:
    """Return what keeps an object from being a generator, such as a member that it lacks; "" when nothing does."""
    wrong = []
    for name, (kind, what) in MEMBERS.items():
        try:
            member = getattr(plug_in, name, None)
        except Exception as exc:  # of a property of its own
            return f"it cannot say its '{name}' ({type(exc).__name__}: {exc})"
        if not isinstance(member, kind):
            wrong.append(f"its '{name}' is not {what}")
    return "; ".join(wrong)


def _built_in() -> Generator:
    """Loaded by import rather than by entry point, so that a tree that is not installed has it too."""
    from livefeed.generation.generators.illustrator_plugin import Illustrator

    return Illustrator()
