"""Calling on a pipeline of this machine: its packages and its model's files. Nothing of it is loaded."""

from __future__ import annotations

import asyncio
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from livefeed.config import Config, variable
from livefeed.generation.generators.diffusers.generator import PACKAGES
from livefeed.generation.generators.visiting import Unwell

INDEX = "model_index.json"


async def visit(settings: Config) -> str:
    """Return what is there of the model. Raises: Unwell; ImportError without the packages."""
    if not settings.workers:
        return f"nothing of it has to be here, since {variable('workers')} is 0"
    if lacking := [name for name in PACKAGES if find_spec(name) is None]:
        raise ModuleNotFoundError(f"no module named {' or '.join(lacking)}")
    places = [await asyncio.to_thread(_look_at, settings.diffusers_model, "the model", INDEX, "diffusers_model")]
    if vae := settings.diffusers_preview_vae:
        what = "the model for previews"
        places.append(await asyncio.to_thread(_look_at, vae, what, "config.json", "diffusers_preview_vae"))
    return f"torch {version('torch')} and diffusers {version('diffusers')} are installed; {'; '.join(places)}"


def _look_at(model: str, what: str, index: str, setting: str) -> str:
    """Return where a model is. model: a folder, or an id on the Hub. index: a file of it. Raises: Unwell.

    what: how people call it. setting: the field of the Config that names it.
    """
    folder = Path(model).expanduser()
    if folder.is_dir():
        if not (folder / index).is_file():
            raise Unwell(f"{folder} holds no model: it has no {index}", f"Correct {variable(setting)}.")
        return f"{what} is in {folder}"
    if model.startswith(("/", ".", "~")):
        raise Unwell(f"there is no folder {folder}", f"Correct {variable(setting)}.")
    if isinstance(_cached(model, index, setting), str):
        return f"{what} {model} is on this machine"
    return f"{what} {model} is not on this machine yet: the first picture fetches it from the Hub"


def _cached(model: str, index: str, setting: str) -> object:
    """Return where a file of the Hub is on this machine, else what is no text. Raises: Unwell."""
    hub = import_module("huggingface_hub")  # comes with diffusers
    try:
        return hub.try_to_load_from_cache(model, index)
    except ValueError as exc:
        raise Unwell(f"'{model}' is no folder and no id of the Hub", f"Correct {variable(setting)}.") from exc
