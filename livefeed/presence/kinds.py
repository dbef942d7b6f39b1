"""What can be signalled: on which topics, by whom, how often, and what it says. [pure]"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from livefeed.errors import BadRequest

Data = Mapping[str, Any] | None
"""What a client sent; None: null."""

SMALL_BYTES, STROKE_BYTES = 256, 4_096
TOOLS = frozenset({"brush", "mask", "eraser", "hand"})
MAX_STROKE_ID = 24
MAX_POINTS = 2_000
_COLOR = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True, slots=True)
class Kind:
    """One type of signal.

    topics: where. roles: which members of a room may send it. per_s, burst: how often one person may.
    read: returns what of the data goes out; raises BadRequest.
    """

    topics: tuple[str, ...]
    roles: frozenset[str]
    per_s: float
    burst: float
    max_bytes: int
    read: Callable[[Data], Data]


def read(kind: Kind, data: Data) -> Data:
    """Return what of a signal's data goes out. Raises: BadRequest."""
    if len(orjson.dumps(data)) > kind.max_bytes:
        raise BadRequest(f"The data of this signal has at most {kind.max_bytes:,} bytes.")
    return kind.read(data)


def _typing(data: Data) -> Data:
    if data is None:
        raise BadRequest("The data of 'typing' is a map; {} will do.")
    return data


def _cursor(data: Data) -> Data:
    if data is None:
        return None
    x, y, tool, down = data.get("x"), data.get("y"), data.get("tool"), data.get("down")
    if not (_share(x) and _share(y)):
        raise BadRequest("'x' and 'y' of a cursor are numbers from 0 to 1, or its data is null.")
    if not (tool is None or (isinstance(tool, str) and tool in TOOLS)) or not (down is None or isinstance(down, bool)):
        raise BadRequest(f"'tool' of a cursor is one of {', '.join(sorted(TOOLS))}; 'down' is true or false.")
    return _known(data, ("x", "y", "tool", "down"))


def _stroke(data: Data) -> Data:
    if data is None:
        raise BadRequest("The data of 'stroke' is a map.")
    id, color, points = data.get("id"), data.get("color"), data.get("points")
    if not (isinstance(id, str) and 0 < len(id) <= MAX_STROKE_ID):
        raise BadRequest(f"'id' of a stroke is text of 1 to {MAX_STROKE_ID} characters.")
    if not (_whole(data.get("kind"), 3) and _whole(data.get("size"), 65_535) and _whole(data.get("from"), MAX_POINTS)):
        raise BadRequest(
            f"Of a stroke, 'kind' is 0 to 3, 'size' 0 to 65535, 'from' 0 to {MAX_POINTS:,}: the first point's number."
        )
    if not (color is None if data["kind"] and color is None else isinstance(color, str) and _COLOR.fullmatch(color)):
        raise BadRequest("'color' of a stroke is like \"#f2b705\"; only a brush needs one.")
    if not (isinstance(points, list) and len(points) % 3 == 0 and _points(points)):
        raise BadRequest("'points' of a stroke is x, y (0 to 65535), pressure (0 to 255), and so on, in whole numbers.")
    if data["from"] + len(points) // 3 > MAX_POINTS:
        raise BadRequest(f"A stroke has at most {MAX_POINTS:,} points.")
    if not isinstance(data.get("done", False), bool):
        raise BadRequest("'done' of a stroke is true or false.")
    return _known(data, ("id", "kind", "color", "size", "from", "points", "done"))


def _known(data: Mapping[str, Any], names: tuple[str, ...]) -> Data:
    return {name: data[name] for name in names if data.get(name) is not None}


def _share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


def _whole(value: object, high: int) -> bool:
    return type(value) is int and 0 <= value <= high


def _points(points: list[Any]) -> bool:
    if not all(type(value) is int for value in points):
        return False
    return not points or (min(points) >= 0 and max(points) <= 65_535 and max(points[2::3]) <= 255)


_MEMBERS = frozenset({"owner", "editor", "viewer"})
_PAINTERS = frozenset({"owner", "editor"})

KINDS: Mapping[str, Kind] = {
    "typing": Kind(("post:", "room:"), _MEMBERS, 5, 20, SMALL_BYTES, _typing),
    "cursor": Kind(("room:",), _MEMBERS, 20, 40, SMALL_BYTES, _cursor),
    "stroke": Kind(("room:",), _PAINTERS, 20, 40, STROKE_BYTES, _stroke),
}
