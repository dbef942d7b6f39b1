"""What ComfyUI says on its WebSocket, from frames to values. [pure]

Source: ComfyUI's server.py, protocol.py and comfy_execution/progress.py, and docs.comfy.org, "Server messages".
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

PREVIEW_IMAGE: Final = 1
PREVIEW_IMAGE_WITH_METADATA: Final = 4
CLIENT_FEATURES: Final = {"type": "feature_flags", "data": {"supports_preview_metadata": True}}
"""The first thing to say: pictures then come with the id of their prompt. It is forgotten with the connection."""

ENDINGS: Final = frozenset({"execution_success", "execution_error", "execution_interrupted"})


@dataclass(frozen=True, slots=True)
class Features:
    """What the server can do. preview_metadata: its pictures say whose they are."""

    preview_metadata: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """Something about a prompt that only says that it is being worked on."""

    prompt: str


@dataclass(frozen=True, slots=True)
class Step:
    """A node has done `value` of `maximum`."""

    prompt: str
    node: str
    value: float
    maximum: float


@dataclass(frozen=True, slots=True)
class Preview:
    """A picture so far, as a file. prompt: None when the frame does not say."""

    prompt: str | None
    file: bytes


@dataclass(frozen=True, slots=True)
class Ending:
    """The prompt is about to end. What became of it is in the history, a moment later."""

    prompt: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The prompt has ended, and the history knows how."""

    prompt: str


Message = Features | Heard | Step | Preview | Ending | Ended


def read_text(text: str) -> list[Message]:
    """Return what a text frame says. What is unknown or malformed says nothing: extensions send what they like."""
    try:
        message = json.loads(text)
    except ValueError:
        return []
    if not isinstance(message, dict):
        return []
    data = message.get("data")
    return _of(message.get("type"), data) if isinstance(data, dict) else []


def read_binary(frame: bytes) -> list[Message]:
    """Return the picture in a binary frame: its kind, then for 1 a format, for 4 the length of a JSON text and that."""
    kind, header = int.from_bytes(frame[:4]), int.from_bytes(frame[4:8])
    if kind == PREVIEW_IMAGE and len(frame) > 8:
        return [Preview(None, frame[8:])]
    if kind != PREVIEW_IMAGE_WITH_METADATA or len(frame) <= 8 + header:
        return []
    try:
        metadata = json.loads(frame[8 : 8 + header])
    except ValueError:
        return []
    prompt = metadata.get("prompt_id") if isinstance(metadata, dict) else None
    return [Preview(prompt, frame[8 + header :])] if isinstance(prompt, str) else []


def _of(kind: object, data: dict[str, Any]) -> list[Message]:
    if kind == "feature_flags":
        return [Features(data.get("supports_preview_metadata") is True)]
    prompt = data.get("prompt_id")
    if not isinstance(prompt, str):
        return []  # such as the queue's length, or the node that a client is told of when it comes back
    if kind == "progress":
        return _step(prompt, data.get("node"), data)
    if kind == "progress_state":
        nodes = data.get("nodes")
        states = nodes.items() if isinstance(nodes, dict) else ()
        # A node that has finished says that it did all of its steps, even if it did none because it was cached.
        running = [
            (node, state) for node, state in states if isinstance(state, dict) and state.get("state") == "running"
        ]
        return [Heard(prompt), *(step for node, state in running for step in _step(prompt, node, state))]
    if kind == "executing" and data.get("node") is None:
        return [Ended(prompt)]
    return [Ending(prompt) if kind in ENDINGS else Heard(prompt)]


def _step(prompt: str, node: object, data: dict[str, Any]) -> list[Message]:
    value, maximum = data.get("value"), data.get("max")
    if isinstance(value, int | float) and isinstance(maximum, int | float) and maximum > 0:
        return [Step(prompt, str(node), value, maximum)]
    return [Heard(prompt)]
