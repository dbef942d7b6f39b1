"""What became of a prompt, from its record in ComfyUI's history. [pure]"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

MAX_REASON: Final = 500


@dataclass(frozen=True, slots=True)
class File:
    """A picture on the server: what GET /view is asked for. kind: `output` or `temp`."""

    filename: str
    subfolder: str
    kind: str


@dataclass(frozen=True, slots=True)
class Made:
    """It is done; `file` is its picture."""

    file: File


@dataclass(frozen=True, slots=True)
class Unmade:
    """It came to an end without a picture. reason: one sentence for the operator."""

    reason: str


def outcome(record: dict[str, Any], order: Sequence[str]) -> Made | Unmade:
    """Return how a prompt ended. order: ids of the workflow's nodes; the last that saved a picture has made it.

    A prompt whose nodes were all cached has the pictures of the run that it repeats. An error in `execution_error` is
    one only if the record has it: a blocked branch sends that message too, and the rest goes on.
    """
    status = record.get("status")
    messages = status.get("messages") if isinstance(status, dict) else None
    for message in messages if isinstance(messages, list) else []:
        match message:
            case ["execution_error", dict(details)]:
                return Unmade(_error(details))
            case ["execution_interrupted", *_]:
                return Unmade("The prompt was interrupted at the ComfyUI server.")
    if isinstance(status, dict) and status.get("status_str") == "error":
        return Unmade("ComfyUI failed at the prompt and does not say why; its own log does.")
    files = _files(record.get("outputs"), order)
    if not files:
        return Unmade("The workflow ended without a picture; it needs a node that saves one, such as Save Image.")
    return Made(next((file for file in files if file.kind == "output"), files[0]))


def rejection(answer: Any) -> str:
    """Return why POST /prompt did not take a workflow: which node, and what is wrong with it."""
    if not isinstance(answer, dict):
        return "no reason was given"
    wrong = answer.get("node_errors")
    for node, found in wrong.items() if isinstance(wrong, dict) else ():
        match found:
            case {"class_type": kind, "errors": [{"message": message, **more}, *_]}:
                return f"{kind} (node {node}): {message}: {more.get('details', '')}"[:MAX_REASON]
    match answer.get("error"):
        case {"message": message, **more}:
            return f"{message} {more.get('details', '')}".strip()[:MAX_REASON]
        case str(message):
            return message[:MAX_REASON]
    return "no reason was given"


def _error(details: dict[str, Any]) -> str:
    where = f"{details.get('node_type')} (node {details.get('node_id')})"
    message = " ".join(str(details.get("exception_message", "")).split())
    return f"{where} failed: {details.get('exception_type')}: {message}"[:MAX_REASON]


def _files(outputs: Any, order: Sequence[str]) -> list[File]:
    """Return the pictures, those of the last node first."""
    if not isinstance(outputs, dict):
        return []
    known = [node for node in reversed(order) if node in outputs]
    files: list[File] = []
    for node in [*known, *(node for node in outputs if node not in order)]:
        images = outputs[node].get("images") if isinstance(outputs[node], dict) else None
        for image in images if isinstance(images, list) else []:
            match image:
                case {"filename": str(filename), **more}:
                    files.append(File(filename, str(more.get("subfolder", "")), str(more.get("type", "output"))))
    return files
