"""`livefeed doctor` calls on the engines that are set up. It asks none of them for a picture."""

from __future__ import annotations

import asyncio
from importlib import import_module

from livefeed.cli.findings import Finding, State
from livefeed.config import Config, variable
from livefeed.errors import ConfigurationError
from livefeed.generation.generator import EngineLost
from livefeed.generation.generators.visiting import Unwell
from livefeed.generation.registry import ADAPTERS, Adapter

ENGINE_S = 5.0
"""All are called on at once, and none is waited for any longer."""


async def engines(config: Config) -> list[Finding]:
    """Are the engines there, and can they do what they are set up for? One finding for each, in their order.

    A machine without workers needs none of them.
    """
    known = [(name, adapter) for name, adapter in ADAPTERS.items() if adapter.configured(config)]
    found = await asyncio.gather(*(_call_on(name, adapter, config) for name, adapter in known))
    return [finding for finding in found if finding is not None]


async def _call_on(name: str, adapter: Adapter, config: Config) -> Finding | None:
    """Return how an engine is; None when its generator cannot be loaded, which is told among the generators."""
    setting = next(one for one in (f"{name}_url", f"{name}_model") if hasattr(config, one))
    do = f"Start it, or correct {variable(setting)}."
    try:
        async with asyncio.timeout(ENGINE_S):
            visit = import_module(f"{adapter.place.partition(':')[0]}.visit").visit
            return Finding(f"engine {name}", State.GOOD, await visit(config))
    except (ImportError, ConfigurationError):
        return None
    except TimeoutError:
        says = f"it did not answer within {ENGINE_S:g} s"
    except Unwell as exc:
        says, do = exc.says, exc.do
    except EngineLost as exc:
        says = exc.message
    except Exception as exc:  # whatever an engine answers must not stop the doctor
        says = str(exc) or type(exc).__name__
    if not config.workers:
        return Finding(f"engine {name}", State.IDLE, f"{says}; no pictures are made on this machine")
    return Finding(f"engine {name}", State.WRONG, says, do)
