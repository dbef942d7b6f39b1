"""Workflow templates: graphs in ComfyUI's API format with marks where a job's values go. [pure]

docs/generators/comfyui.md tells operators how to mark their own.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final

from livefeed.errors import ConfigurationError

Graph = dict[str, dict[str, Any]]
"""Nodes by id, as POST /prompt takes them: `class_type`, `inputs`, and what else the file has."""

MAX_TEMPLATE_BYTES: Final = 4 * 1024 * 1024
MARKS: Final = frozenset(
    {"prompt", "width", "height", "seed", "steps", "denoise", "checkpoint", "image", "mask", "job"}
)
SEEDS: Final = ("seed", "noise_seed")

_MARK = re.compile(r"\{\{\s*(\w+)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Values:
    """What a job puts into a template.

    width, height: pixels. denoise: 0 to 1. checkpoint, image, mask: names that the server knows.
    """

    prompt: str
    width: int
    height: int
    seed: int
    steps: int
    denoise: float
    job: str
    checkpoint: str = ""
    image: str = ""
    mask: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """A workflow whose marks are known and whose seed can be set.

    marks: those it has. samplers: ids of the nodes whose progress counts.
    """

    graph: Graph
    marks: frozenset[str]
    samplers: frozenset[str]

    def filled(self, values: Values) -> Graph:
        """Return the graph for one job. A mark that is a whole text becomes its value with the value's type.

        Without a `seed` mark, every plain number called `seed` or `noise_seed` is set: a graph that is the same again
        is answered from ComfyUI's cache.
        """
        graph: Graph = {node: {**body, "inputs": _filled(body["inputs"], values)} for node, body in self.graph.items()}
        if "seed" not in self.marks:
            for body in graph.values():
                body["inputs"].update(dict.fromkeys(_fixed_seeds(body), values.seed))
        return graph


def parse(text: str, name: str) -> Template:
    """Return the template in `text`. name: what errors call it.

    Raises: ConfigurationError saying what is wrong with it and what to do.
    """
    try:
        graph = json.loads(text)
    except ValueError as exc:
        raise ConfigurationError(f"The workflow {name} is not JSON: {exc}.") from exc
    if isinstance(graph, dict) and isinstance(graph.get("nodes"), list):
        raise ConfigurationError(
            f"The workflow {name} is in the format of ComfyUI's editor; save it with Workflow > Export (API)."
        )
    if not isinstance(graph, dict) or not graph or not all(_is_node(body) for body in graph.values()):
        raise ConfigurationError(
            f"The workflow {name} is not in ComfyUI's API format: nodes by id, each with class_type and inputs."
        )
    marks = frozenset(_marks([body["inputs"] for body in graph.values()]))
    if unknown := sorted(marks - MARKS):
        known = ", ".join(sorted(MARKS))
        raise ConfigurationError(f"The workflow {name} has the mark '{unknown[0]}'; there are only: {known}.")
    if "prompt" not in marks:
        raise ConfigurationError(f"The workflow {name} does not say where the prompt goes; write {{{{prompt}}}} there.")
    if "seed" not in marks and not any(_fixed_seeds(body) for body in graph.values()):
        raise ConfigurationError(f"The workflow {name} does not say where the seed goes; write {{{{seed}}}} there.")
    samplers = frozenset(node for node, body in graph.items() if "latent_image" in body["inputs"])
    return Template(graph, marks, samplers)


def _is_node(body: object) -> bool:
    return isinstance(body, dict) and isinstance(body.get("class_type"), str) and isinstance(body.get("inputs"), dict)


def _fixed_seeds(body: dict[str, Any]) -> list[str]:
    inputs = body["inputs"]
    return [name for name in SEEDS if isinstance(inputs.get(name), int | float) and not isinstance(inputs[name], bool)]


def _marks(value: object) -> set[str]:
    match value:
        case str():
            return set(_MARK.findall(value))
        case dict():
            return set().union(*map(_marks, value.values()))
        case list():
            return set().union(*map(_marks, value))
        case _:
            return set()


def _filled(value: Any, values: Values) -> Any:
    match value:
        case str():
            if whole := _MARK.fullmatch(value):
                return getattr(values, whole[1])
            # One pass: a prompt that happens to contain a mark stays a prompt.
            return _MARK.sub(lambda mark: str(getattr(values, mark[1])), value)
        case dict():
            return {name: _filled(inner, values) for name, inner in value.items()}
        case list():
            return [_filled(inner, values) for inner in value]
        case _:
            return value
