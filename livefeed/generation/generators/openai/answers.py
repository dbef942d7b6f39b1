"""What a server says, made into pictures, refusals and failures. [pure]

Source: the event and response types of the `openai` package (image_gen_*_event, image_edit_*_event, images_response).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from livefeed.generation.generator import EngineLost, Refused
from livefeed.generation.generators.fitting import MAX_FILE_BYTES

MAX_ANSWER_BYTES: Final = MAX_FILE_BYTES * 4 // 3 + 65_536
"""One event or answer: the largest picture in base64, and what is said of it."""
MAX_WORDS: Final = 300

REFUSALS: Final = frozenset({"moderation_blocked", "content_policy_violation", "content_filter"})
"""Codes of a refusal; its HTTP status and its type differ between models and servers."""
OVERLOADED: Final = frozenset({"server_error", "rate_limit_exceeded"})
"""Codes of a server that has trouble of its own: what would be HTTP 500 or 429 outside a stream."""
NO_CREDIT: Final = frozenset({"insufficient_quota", "billing_hard_limit_reached"})
"""Codes of HTTP 429 that no second attempt changes."""

PARTIALS: Final = frozenset({"image_generation.partial_image", "image_edit.partial_image"})
COMPLETED: Final = frozenset({"image_generation.completed", "image_edit.completed"})


@dataclass(frozen=True, slots=True)
class Partial:
    """The picture so far, a file in base64. `index` counts from 0."""

    index: int
    data: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The picture, a file in base64."""

    data: str


class EventStream:
    """Server-sent events out of bytes, each JSON. Lines end with LF or CRLF."""

    def __init__(self, max_bytes: int = MAX_ANSWER_BYTES) -> None:
        self._max_bytes = max_bytes
        self._line = bytearray()
        self._data: list[bytes] = []
        self._data_bytes = 0

    def receive(self, chunk: bytes) -> list[Mapping[str, Any]]:
        """Return the events that are complete with this chunk. Raises: ValueError."""
        events = []
        first, *others = chunk.split(b"\n")
        self._extend(first)
        for part in others:
            if (event := self._take(bytes(self._line).removesuffix(b"\r"))) is not None:
                events.append(event)
            self._line.clear()
            self._extend(part)
        return events

    def _extend(self, part: bytes) -> None:
        self._line += part
        if len(self._line) + self._data_bytes > self._max_bytes:
            raise ValueError(f"An event is larger than {self._max_bytes} bytes.")

    def _take(self, line: bytes) -> Mapping[str, Any] | None:
        """Return the event that an empty line ends. Other fields than `data` say nothing that the data does not."""
        if line:
            if line.startswith(b"data:"):
                self._data.append(line[5:].removeprefix(b" "))
                self._data_bytes += len(line)
            return None
        data = b"\n".join(self._data)
        self._data.clear()
        self._data_bytes = 0
        return None if data in {b"", b"[DONE]"} else parsed(data)


def parsed(data: bytes) -> Mapping[str, Any]:
    """Return a JSON object. Raises: ValueError."""
    try:
        found = orjson.loads(data)
    except orjson.JSONDecodeError as exc:
        raise ValueError(f"What was said is no JSON: {data[:80]!r}.") from exc
    if not isinstance(found, Mapping):
        raise ValueError(f"What was said is no JSON object: {data[:80]!r}.")
    return found


def answer_of(event: Mapping[str, Any]) -> Partial | Finished | None:
    """Return what an event of the stream brings, None for one of another kind.

    Raises: what `failure` returns for an error, which arrives in a stream that began with HTTP 200.
    """
    kind, data = event.get("type"), event.get("b64_json")
    if kind in COMPLETED:
        if not isinstance(data, str) or not data:
            raise RuntimeError("The server completed the picture without sending it.")
        return Finished(data)
    if kind in PARTIALS and isinstance(data, str):
        index = event.get("partial_image_index")
        return Partial(index if isinstance(index, int) else 0, data)
    if (error := error_of(event)) is not None:
        raise failure(error)
    return None


def picture_of(body: Mapping[str, Any]) -> Finished:
    """Return the picture of a server that ignored `stream` and answered in one piece. Raises: as `answer_of`."""
    if (error := error_of(body)) is not None:
        raise failure(error)
    pictures = body.get("data")
    first = pictures[0] if isinstance(pictures, list) and pictures else None
    if isinstance(first, Mapping) and isinstance(data := first.get("b64_json"), str) and data:
        return Finished(data)
    if isinstance(first, Mapping) and first.get("url"):
        raise RuntimeError("The server answered with an address instead of the picture; let it send b64_json.")
    raise RuntimeError("The server answered without a picture.")


def error_of(said: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the error that is told, whether it is wrapped in `error` or lies open."""
    error = said.get("error")
    if isinstance(error, Mapping):
        return error
    if error:
        return {"message": str(error)}
    return said if said.get("type") == "error" else None


def failure(error: Mapping[str, Any], status: int | None = None) -> Exception:
    """Return what to raise for an error: Refused, EngineLost, or a RuntimeError that says what the operator may do.

    status: of HTTP, unless the error came in a stream.
    """
    code = str(error.get("code") or "")
    words = str(error.get("message") or "it does not say why")[:MAX_WORDS]
    if code in REFUSALS:
        return Refused("moderation_blocked" if code == "moderation_blocked" else "content_policy", _refusal(error))
    if code in NO_CREDIT:
        return RuntimeError(f"The account has no credit left: {words}")
    if code in OVERLOADED or (status is not None and (status == 429 or status >= 500)):
        return EngineLost(f"The server cannot serve now ({status or code}): {words}")
    look_at = {401: "_KEY", 403: "_KEY", 404: "_MODEL and LIVEFEED_OPENAI_URL"}.get(status or 0)
    hint = f" Look at LIVEFEED_OPENAI{look_at}." if look_at else ""
    return RuntimeError(f"The server failed ({status or code or 'in its stream'}): {words}{hint}")


def _refusal(error: Mapping[str, Any]) -> str:
    """Say to the person what was refused, at which stage, and why, as far as the server says it."""
    details = error.get("moderation_details")
    details = details if isinstance(details, Mapping) else {}
    what = "the picture that came of this prompt" if details.get("moderation_stage") == "output" else "this prompt"
    categories = details.get("categories")
    if isinstance(categories, list):
        reasons = ", ".join(str(category) for category in categories)
    else:
        found = re.search(r"safety_violations=\[([^\]]*)\]", str(error.get("message")))
        reasons = found[1] if found else ""
    reasons = re.sub(r"[^\w ,/-]", "", reasons)[:80].strip()
    why = f" ({reasons})" if reasons else ""
    return f"The safety check of the image service refused {what}{why}; change its words and try again."
