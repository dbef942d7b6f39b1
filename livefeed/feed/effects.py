"""What one slot's events mean for feeds, lineages and the parents of remixes; timelines.py carries it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from livefeed import identifiers
from livefeed.errors import BadRequest
from livefeed.feed.tags import tags_of
from livefeed.streams.outbox import Outgoing
from livefeed.topic import FEED_ALL, Topic, feed_tag, feed_user, post_topic


class Change(Enum):
    """The kinds of effects."""

    POST = "post"
    DELETION = "deletion"
    UPDATE = "update"
    DEPARTURE = "departure"
    COUNTERS = "counters"
    GENERATION = "generation"
    END = "end"
    REMIX = "remix"
    REMIX_DELETION = "remix deletion"
    FELLING = "felling"
    WITHDRAWAL = "withdrawal"
    BEGINNING = "beginning"
    ENDING = "ending"


@dataclass(frozen=True, slots=True)
class Effect:
    """One change to one topic's slot.

    entity: the post or generation it is about. data: of the event that follows from it, if any.
    mark: the id of the event it comes from.
    """

    change: Change
    topic: Topic
    entity: str
    mark: str
    created: int = 0
    data: Mapping[str, Any] | None = None


def effects(batch: Sequence[Outgoing]) -> list[Effect]:
    """Return what the entries of a batch ask for, in their order; of a post's totals only the newest.

    Raises: BadRequest for an entry that makes no sense.
    """
    newest = {entry.data.get("post"): entry for entry in batch if entry.type == "post.counters"}
    found: list[Effect] = []
    for entry in batch:
        if entry.type == "post.counters" and newest[entry.data.get("post")] is not entry:
            continue
        try:
            found += _effects_of(entry)
        except (KeyError, TypeError, AttributeError) as exc:
            raise BadRequest(f"The outbox entry {entry.type} lacks {exc}.") from exc
    return found


def _effects_of(entry: Outgoing) -> list[Effect]:
    data = entry.data
    match entry.type:
        case "post.created":
            post = data["post"]
            of_feeds = [
                Effect(Change.POST, feed, post["id"], entry.mark, post["created"], {"post": post})
                for feed in feeds_of(post["author"]["id"], post["tags"])
            ]
            return of_feeds + _of_parent(Change.REMIX, entry, post["id"], post.get("parent"), {"post": post})
        case "post.deleted":
            of_feeds = [
                Effect(Change.DELETION, feed, data["id"], entry.mark) for feed in feeds_of(data["author"], data["tags"])
            ]
            felling = Effect(
                Change.FELLING, post_topic(data["id"]), data["id"], entry.mark, data={"parent": data.get("parent")}
            )
            withdrawal = Effect(Change.WITHDRAWAL, post_topic(data["id"]), data["id"], entry.mark)
            of_parent = _of_parent(Change.REMIX_DELETION, entry, data["id"], data.get("parent"), None)
            return [*of_feeds, felling, withdrawal, *of_parent]
        case "origin.step":
            return [Effect(Change.WITHDRAWAL, post_topic(data["id"]), data["id"], entry.mark)]
        case "post.updated":
            post, author = data["post"], data["post"]["author"]["id"]
            stays = feeds_of(author, post["tags"])
            left = [feed for feed in feeds_of(author, data["was"]) if feed not in stays]
            return [
                Effect(change, feed, post["id"], entry.mark, post["created"], {"post": post})
                for change, feeds in ((Change.UPDATE, stays), (Change.DEPARTURE, left))
                for feed in feeds
            ]
        case "post.counters":
            told = totals_of(entry)
            return [
                Effect(Change.COUNTERS, feed, data["post"], entry.mark, data=told)
                for feed in feeds_of(data["author"], data["tags"])
            ]
        case "generation.created":
            generation = data["generation"]
            shown, created = {"generation": generation}, generation["created"]
            of_feeds = [
                Effect(Change.GENERATION, feed, generation["id"], entry.mark, created, shown)
                for feed in feeds_of(generation["author"]["id"], tags_of(generation["prompt"]))
            ]
            parent = generation.get("parent")
            return of_feeds + _of_parent(Change.BEGINNING, entry, generation["id"], parent, shown, created)
        case "generation.ended":
            id, over = data["id"], {"id": data["id"], "state": data["state"]}
            of_feeds = [Effect(Change.END, feed, id, entry.mark) for feed in feeds_of(data["author"], data["tags"])]
            return of_feeds + _of_parent(Change.ENDING, entry, id, data.get("parent"), over)
        case _:
            return []


def totals_of(entry: Outgoing) -> dict[str, Any]:
    """Return what feeds are told of a post's totals, with the `rev` that they have on the post's own topic."""
    return {name: entry.data[name] for name in ("post", "reactions", "comments", "remixes")} | {"rev": entry.mark}


def feeds_of(author: str, tags: Sequence[str]) -> list[Topic]:
    """Return the feeds that carry what `author` made with `tags`."""
    return [FEED_ALL, feed_user(author), *[feed_tag(tag) for tag in tags]]


def _of_parent(
    change: Change, entry: Outgoing, child: str, parent: str | None, data: Mapping[str, Any] | None, created: int = 0
) -> list[Effect]:
    if parent is None or not identifiers.is_id(parent):
        return []
    return [Effect(change, post_topic(parent), child, entry.mark, created, data)]
