"""What is asked, what is stored and what is told, as plain maps. [pure]

A generation's document is what it was created with and never changes: `{id, author, prompt, width, height,
seed, steps, generator, publish, created, tags, style?, parent?, strength?, priority?, deadline_s?, room?, canvas?,
mask?}`. The last two name files (sha256) that are kept for the worker, see ports.Parents; nobody else is told of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from livefeed.errors import BadRequest
from livefeed.generation.generator import Generator, Range
from livefeed.generation.job import ACTIVE, Ancestor, Ending, Job, JobEvent, State
from livefeed.generation.ports import JSON
from livefeed.making import Making, worded
from livefeed.text import clean, is_blank
from livefeed.topic import generation_topic

MAX_SEED = 2**32 - 1
PRIORITIES = Range(0, 9, 0)
MAX_DEADLINE_S = 7 * 86_400
MAX_STYLE = 200
"""Characters."""
UNTOLD = frozenset({"tags", "canvas", "mask"})
"""What of a document is nobody's business but the house's."""

_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request, checked."""

    prompt: str
    width: int
    height: int
    seed: int
    steps: int
    generator: str
    parent: str | None
    strength: float | None
    publish: bool
    style: str | None = None
    priority: int = 0
    deadline_s: float | None = None
    room: str | None = None
    canvas: str | None = None
    mask: str | None = None

    def document(self, identifier: str, author: str, created_ms: int, tags: Sequence[str]) -> dict[str, Any]:
        """Return the generation's document."""
        document: dict[str, Any] = {
            "id": identifier,
            "author": author,
            "prompt": self.prompt,
            "width": self.width,
            "height": self.height,
            "seed": self.seed,
            "steps": self.steps,
            "generator": self.generator,
            "publish": self.publish,
            "created": created_ms,
            "tags": list(tags),
        }
        optional = {
            "style": self.style,
            "parent": self.parent,
            "strength": self.strength,
            "priority": self.priority or None,
            "deadline_s": self.deadline_s,
            "room": self.room,
            "canvas": self.canvas,
            "mask": self.mask,
        }
        return document | {name: value for name, value in optional.items() if value is not None}


def clean_prompt(text: object, *, limit: int) -> str:
    """Return a prompt in NFC, without control characters and outer spaces.

    limit: characters. Raises: BadRequest.
    """
    prompt = clean(text.strip() if isinstance(text, str) else text, "prompt", limit=limit).strip()
    if is_blank(prompt):
        raise BadRequest("The prompt is empty; say in a few words what the picture shows.")
    return prompt


def clean_style(text: object) -> str | None:
    """Return in which style a picture is painted, as one line, or None where nothing is said. Raises: BadRequest."""
    if text is None:
        return None
    style = " ".join(clean(text, "style", limit=MAX_STYLE).split())
    return None if is_blank(style) else style


def check_number(value: object, allowed: Range, what: str) -> int:
    """Return `value`, or the default for None. Raises: BadRequest saying what would do."""
    if value is None:
        return allowed.default
    if isinstance(value, bool) or not isinstance(value, int) or value not in allowed:
        multiple = f", a multiple of {allowed.multiple}" if allowed.multiple > 1 else ""
        raise BadRequest(f"The {what} must be a whole number from {allowed.low} to {allowed.high}{multiple}.")
    return value


def check_strength(value: object, parent: str | None) -> float | None:
    """Return how far a remix may go, 0 to 1. Raises: BadRequest, also where there is nothing to remix."""
    if value is None:
        return None
    if parent is None:
        raise BadRequest("A strength needs a parent: the picture to remix.")
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise BadRequest("The strength must be a number from 0 to 1.")
    return float(value)


def check_deadline(value: object) -> float | None:
    """Return within how many seconds a picture must be started. Raises: BadRequest."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= MAX_DEADLINE_S:
        raise BadRequest(f"The deadline must be a number of seconds, more than 0 and at most {MAX_DEADLINE_S}.")
    return value


def kind_of(document: JSON) -> str:
    """Return what decides how long a step takes: the generator and the size in pixels, see streams.estimates."""
    return f"{document['generator']} {document['width'] * document['height']}"


def check_size(width: object, height: object, generator: Generator) -> tuple[int, int]:
    """Return the size in pixels. Raises: BadRequest."""
    return check_number(width, generator.sizes, "width"), check_number(height, generator.sizes, "height")


def fitted_size(width: int | None, height: int | None, allowed: Range) -> tuple[int, int]:
    """Return the size nearest to a wish that may be asked for, of its shape as far as there is one; None: any."""
    if width is None or height is None:
        return allowed.default, allowed.default
    longer = max(width, height)
    scale = min(allowed.high, max(allowed.low, longer)) / longer
    scale = min(allowed.high / longer, max(scale, allowed.low / min(width, height)))

    def whole(side: int) -> int:
        steps = round(side * scale / allowed.multiple) * allowed.multiple
        return min(allowed.high, max(allowed.low, steps))

    return whole(width), whole(height)


def check_file(value: object, what: str) -> str | None:
    """Return the name of a file that is kept for the worker. Raises: BadRequest."""
    if value is None:
        return None
    if not isinstance(value, str) or not _SHA256.fullmatch(value):
        raise BadRequest(f"The {what} must be named by the sha256 of its file, in lower-case hexadecimal.")
    return value


def job_of(
    document: JSON,
    parent_image: bytes | None = None,
    mask: bytes | None = None,
    ancestors: tuple[Ancestor, ...] = (),
) -> Job:
    """Return what the generator is asked for: its prompt says the style too.

    parent_image, mask: files of the picture to start from, if it can be had, and of where that may be repainted.
    ancestors: what the parent was asked for, then its own parent.
    """
    mask = mask if parent_image is not None else None
    names = ("id", "width", "height", "seed", "steps", "generator", "parent", "strength")
    asked = {name: document[name] for name in names if name in document}
    return Job(
        **asked,
        prompt=worded(document["prompt"], document.get("style")),
        parent_image=parent_image,
        mask=mask,
        ancestors=ancestors,
    )


def announce(
    document: JSON,
    author: JSON,
    state: State = State.QUEUED,
    *,
    step: int | None = None,
    place: int | None = None,
    eta_s: float | None = None,
    media: JSON | None = None,
    error: JSON | None = None,
    retry: JSON | None = None,
) -> dict[str, Any]:
    """Return the contract's `generation`, with what is known of its state.

    author: `{id, handle, avatar}`. `post` is its post's id, once it has one; `retry` why it waits again, if it does.
    """
    told: dict[str, Any] = {name: value for name, value in document.items() if name not in UNTOLD}
    told |= {"topic": generation_topic(document["id"]).name, "author": dict(author), "state": str(state)}
    if state in ACTIVE:
        told |= _known(step=step, place=place, eta_s=eta_s)
    if state is State.QUEUED:
        told |= _known(retry=retry)
    if state is State.COMPLETED and document["publish"]:
        told["post"] = document["id"]
    return told | _known(media=media, error=error)


def post_of(document: JSON, author: JSON, media: JSON) -> dict[str, Any]:
    """Return the post a finished generation becomes; `created` is the store's to say.

    Its author looks like their newest picture, as in `post.created`, and this is it.
    """
    post = {
        "id": document["id"],
        "author": {**author, "avatar": media["sha256"]},
        "caption": document["prompt"],
        "prompt": document["prompt"],
        "media": dict(media),
        "tags": list(document["tags"]),
        "reactions": {},
        "comments": 0,
        "remixes": 0,
    }
    return post | _known(style=document.get("style"), parent=document.get("parent"))


def too_late(document: JSON) -> Ending:
    """Return how a picture ends that nobody has started by its deadline."""
    message = f"It was not started within {document['deadline_s']:g} s, as long as it was to wait; try again later."
    return Ending(JobEvent.ABORTED, "queued", "deadline", message)


def making_of(document: JSON, generator: Generator) -> Making:
    """Return what the picture's files say of how it was made: of a picture that is not for everybody, no prompt."""
    return Making(
        id=document["id"],
        source=generator.source.inpainted if "mask" in document else generator.source,
        generator=generator.name,
        title=generator.title,
        created_ms=document["created"],
        prompt=worded(document["prompt"], document.get("style")) if document["publish"] else None,
        parents=(document["parent"],) if "parent" in document else (),
    )


def _known(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
