"""What a browser is sent: the notification, as short as a sentence needs it. [pure]

The sentence is made where it is read, in the reader's language. Source: docs/push.md, "The message".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import orjson

TEXT_CHARACTERS = 140
TITLE_CHARACTERS = 90


def message(notice: Mapping[str, Any]) -> bytes:
    """Return a notification as JSON, below 2 KB. notice: as feed/notifications.py shows one."""
    actors = notice.get("actors") or ()
    by = actors[0]["handle"] if actors else ""
    said: dict[str, Any] = {
        "id": notice["id"],
        "kind": notice["kind"],
        "by": by,
        "people": notice.get("people", len(actors)),
        "time": notice["time"],
        "path": _path(notice, by),
    }
    if notice.get("text"):
        said["text"] = _short(notice["text"], TEXT_CHARACTERS)
    if notice.get("title"):
        said["title"] = _short(notice["title"], TITLE_CHARACTERS)
    if "state" in notice:
        said["state"] = notice["state"]
    if notice.get("media"):
        said["image"] = f"/media/{notice['media']['sha256']}/512.webp"
    return orjson.dumps(said)


def _path(notice: Mapping[str, Any], by: str) -> str:
    """Return what of ours shows what it is about."""
    if notice["kind"] == "follow" and by:
        return f"/@{quote(by, safe='')}"
    if notice.get("post"):
        return f"/post/{notice['post']}"
    if notice.get("room"):
        return f"/room/{notice['room']}"
    return "/"


def _short(text: str, most: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
