"""Cursors: where the next page begins, as opaque text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from livefeed import identifiers
from livefeed.errors import BadRequest

MAX_LIMIT = 100

_TIMELINE = re.compile(r"(0|[1-9][0-9]{0,14})-(.+)", re.ASCII)
_BRANCH = re.compile(r"(\w{22})(?:-([0-9]{13})-(\w{22}))?", re.ASCII)
_THREAD = re.compile(r"[1-9][0-9]{0,14}", re.ASCII)


def after_post(created_ms: int, post: str) -> str:
    """Return the cursor of the page after a post; posts of one millisecond are told apart by their ids."""
    return f"{created_ms}-{post}"


def page_of(rows: Sequence[bytes], limit: int) -> tuple[list[str], str | None]:
    """Return the first `limit` ids of what streams/scripts/rows.lua gave, and the cursor of what follows, or None."""
    ids = [id.decode() for id in rows[: 2 * limit : 2]]
    return ids, after_post(int(rows[2 * limit - 1]), ids[-1]) if len(rows) > 2 * limit else None


def parse_timeline(before: object) -> tuple[int, str]:
    """Return the time in ms and the post id that a timeline's cursor names. Raises: BadRequest."""
    match = _TIMELINE.fullmatch(before) if isinstance(before, str) else None
    if match is None or not identifiers.is_id(match[2]):
        raise _not_ours()
    return int(match[1]), match[2]


def parse_thread(before: object) -> int:
    """Return the number of the comment that a cursor names. Raises: BadRequest."""
    if not isinstance(before, str) or _THREAD.fullmatch(before) is None:
        raise _not_ours()
    return int(before)


def after_branch(post: str, last: str) -> str:
    """Return the cursor of a post's further remixes; last: "born child" of the last one named, or blank for none."""
    return "-".join((post, *last.split()))


def parse_branch(before: object) -> tuple[str, str, str]:
    """Return the post whose remixes a cursor goes on with, and born and id of the last one named, or twice "".

    Raises: BadRequest.
    """
    match = _BRANCH.fullmatch(before) if isinstance(before, str) else None
    if match is None or not all(identifiers.is_id(id) for id in (match[1], match[3] or match[1])):
        raise _not_ours()
    return match[1], match[2] or "", match[3] or ""


def check_limit(limit: object) -> int:
    """Return `limit` if it is a page's size. Raises: BadRequest."""
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= MAX_LIMIT:
        raise BadRequest(f"The limit is a whole number from 1 to {MAX_LIMIT}.")
    return limit


def _not_ours() -> BadRequest:
    return BadRequest("The cursor 'before' is not one that the server gave as 'next'.")
