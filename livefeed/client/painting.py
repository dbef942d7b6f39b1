"""A generation as its creator sees it: items of its topic in, steps out. [pure]"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from livefeed.client.errors import (
    GenerationAborted,
    GenerationCancelled,
    GenerationEnded,
    GenerationFailed,
    GenerationRefused,
    ProtocolBroken,
)
from livefeed.client.items import Item
from livefeed.client.shapes import Generation, Media, Post
from livefeed.event import Event, Value


@dataclass(frozen=True, slots=True)
class Queued:
    """It was accepted; `id` names it (and its post, should it become one)."""

    id: str
    topic: str


@dataclass(frozen=True, slots=True)
class Place:
    """Its place in the queue, 1 being next (0: it does not wait), and in how many seconds it may be done."""

    place: int
    eta_s: float | None


@dataclass(frozen=True, slots=True)
class Retrying:
    """It is in line again, through no fault of its own: `attempt` is next, of `attempts`. message: why."""

    attempt: int
    attempts: int
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class Started:
    """A worker has taken it. Comes again if that worker is lost and another begins anew."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Step `step` of `steps` is done."""

    step: int
    steps: int
    eta_s: float | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What the canvas looks like. image: a JPEG's bytes; None over a JSON connection: `url` has them."""

    step: int
    width: int
    height: int
    palette: tuple[str, ...]
    image: bytes | None = field(repr=False)
    url: str | None


@dataclass(frozen=True, slots=True)
class Completed:
    """The picture is there. post: the post it became, unless it was not to be published."""

    id: str
    media: Media
    post: Post | None


Step = Queued | Place | Retrying | Started | Progress | Preview | Completed

_ENDS: dict[str, type[GenerationEnded]] = {
    "refused": GenerationRefused,
    "failed": GenerationFailed,
    "cancelled": GenerationCancelled,
    "aborted": GenerationAborted,
}


def step_of(generation: str, item: Item) -> Step | None:
    """Return the step that an item of the generation's topic tells, or None if it tells none.

    Raises: GenerationEnded when the picture will not come.
    """
    if not isinstance(item, Event | Value):
        return None
    try:
        return _step(generation, item.type.removeprefix("generation."), item.data)
    except (KeyError, TypeError, ValueError) as exc:
        raise ProtocolBroken(f"The server sent a '{item.type}' that cannot be read.") from exc


def _step(generation: str, kind: str, data: Mapping[str, Any]) -> Step | None:
    match kind:
        case "queued":
            return _retrying(data.get("retry"))
        case "started":
            return Started()
        case "completed":
            return Completed(generation, cast(Media, data["media"]), cast("Post | None", data.get("post")))
        case "place":
            return Place(int(data["place"]), _seconds(data.get("eta_s")))
        case "progress" if data["step"] == 0:
            return None  # it begins anew; what tells of that has come before
        case "progress":
            return Progress(int(data["step"]), int(data["steps"]), _seconds(data.get("eta_s")))
        case "preview":
            return _preview(data)
        case _ if kind in _ENDS:
            raise ended(kind, data)
        case _:
            return None


def step_of_snapshot(generation: Generation) -> Completed | None:
    """Return the end that a snapshot tells of, or None while there is none.

    Raises: GenerationEnded when the picture will not come.
    """
    state, media = generation["state"], generation.get("media")
    if state in _ENDS:
        raise ended(state, cast("Mapping[str, Any]", generation.get("error") or {}))
    return Completed(generation["id"], media, None) if state == "completed" and media is not None else None


def ended(state: str, data: Mapping[str, Any]) -> GenerationEnded:
    """Return the error that stands for a picture which came to nothing."""
    message = data.get("message") or f"The picture was {state}."
    return _ENDS[state](str(message), stage=str(data.get("stage", "")), reason=str(data.get("code", "")))


def _preview(data: Mapping[str, Any]) -> Preview:
    image, url = data.get("image"), data.get("url")
    return Preview(
        step=int(data["step"]),
        width=int(data["width"]),
        height=int(data["height"]),
        palette=tuple(str(color) for color in data.get("palette", ())),
        image=image if isinstance(image, bytes) else None,
        url=str(url) if url else None,
    )


def _retrying(retry: object) -> Retrying | None:
    """Return why it is in line again; None for the first time."""
    if not isinstance(retry, Mapping):
        return None
    return Retrying(int(retry["attempt"]), int(retry["attempts"]), str(retry["code"]), str(retry["message"]))


def _seconds(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
