"""A part of a lineage as it is told: rows of the tree become nodes. [pure]"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from livefeed.feed import cursor
from livefeed.feed.people import snapshot


@dataclass(frozen=True, slots=True)
class Row:
    """One place of a tree. born: ms, 13 digits; parent: "" of a root.

    next: "" if no more branches, " " if none of them is among the rows, else "born child" of the oldest that is.
    """

    id: str
    parent: str
    born: str
    next: str


def node(post: Mapping[str, Any], *, remixes: int, at: str) -> dict[str, Any]:
    """Return what a lineage says of a post that is there: the little that it takes to draw it, and to follow it."""
    shown = {"id": post["id"], "author": snapshot(post["author"]), "caption": post["caption"]}
    shown |= {name: post[name] for name in ("prompt", "parent", "credits") if name in post}
    return {**shown, "media": post["media"], "created": post["created"], "remixes": remixes, "at": at}


def drawn(rows: Sequence[Row], posts: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the nodes of a part of a tree, each parent before its remixes, of one parent the oldest first.

    posts: as `node` made them, by id. What is missing there was deleted: a tombstone, and nothing at all where nothing
    grows from it.
    """
    below: dict[str, list[Row]] = {}
    for row in rows:
        below.setdefault(row.parent, []).append(row)
    shown = {row.id for row in rows}
    tops = [row for row in rows if row.parent not in shown]
    return [node for top in tops for node in _branch(top, below, posts)]


def _branch(top: Row, below: Mapping[str, list[Row]], posts: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    # No recursion: a remix of a remix of a remix may go a hundred deep.
    order: list[Row] = []
    waiting = [top]
    while waiting:
        row = waiting.pop()
        order.append(row)
        waiting += sorted(below.get(row.id, ()), key=lambda row: (row.born, row.id), reverse=True)
    kept: dict[str, dict[str, Any]] = {}
    held: set[str] = set()
    for row in reversed(order):
        if row.id not in posts and not row.next and row.id not in held:
            continue
        held.add(row.parent)
        kept[row.id] = _node(row, posts.get(row.id))
    return [kept[row.id] for row in order if row.id in kept]


def _node(row: Row, post: Mapping[str, Any] | None) -> dict[str, Any]:
    next = cursor.after_branch(row.id, row.next) if row.next else None
    if post is not None:
        return {**post, "next": next}
    parent = {"parent": row.parent} if row.parent else {}
    return {"id": row.id, **parent, "deleted": True, "media": None, "next": next}
