"""What happens that people are told of: outbox entries become notices. [pure]

A notice's id says what it is about, so that the same thing is told once, however often and in whatever order it comes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from livefeed.errors import BadRequest
from livefeed.feed.people import User, snapshot
from livefeed.feed.people import credited as credits_of
from livefeed.streams.outbox import Outgoing

EXCERPT = 200
"""Characters of a comment."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that a person is told. about: what else it says: `post`, `comment`, `text`, `parent`, …"""

    person: str
    id: str
    kind: str
    actor: User | None = None
    about: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return the notification without its time."""
        actors = [] if self.actor is None else [snapshot(self.actor)]
        return {"id": self.id, "kind": self.kind, "actors": actors, "people": len(actors), **self.about}


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A notice that leaves, and is not told any more."""

    person: str
    id: str


@dataclass(frozen=True, slots=True)
class Clearance:
    """A post that is gone: what its author was told of it leaves."""

    person: str
    post: str


@dataclass(frozen=True, slots=True)
class Reaction:
    """Somebody reacts to a person's post, or no more. mark: of the event, the later one holds."""

    person: str
    post: str
    actor: str
    on: bool
    mark: str


@dataclass(frozen=True, slots=True)
class Remix:
    """A post was made from another, or such a post is gone: whom it concerns, only the parent knows.

    credited: who made the post, and is told so.
    """

    parent: str
    child: str
    author: User | None
    credited: frozenset[str] = frozenset()


Told = Notice | Withdrawal | Clearance | Reaction | Remix

ENDINGS = frozenset({"completed", "refused", "failed", "aborted"})
"""Of one's own pictures; who cancels one knows it."""


def notices(entry: Outgoing) -> list[Told]:
    """Return what an outbox entry means for people. Nobody is told of themselves.

    Raises: BadRequest for an entry that makes no sense.
    """
    try:
        return _notices(entry)
    except (KeyError, TypeError, AttributeError) as exc:
        raise BadRequest(f"The outbox entry {entry.type} lacks {exc}.") from exc


def _notices(entry: Outgoing) -> list[Told]:
    data = entry.data
    match entry.type:
        case "comment.created" | "comment.updated":
            return [*_of_comment(data, edited=entry.type == "comment.updated")]
        case "comment.deleted":
            return [Withdrawal(person, comment_id(data["comment"]["id"])) for person in _concerned(data)]
        case "reacted" if data["owner"] != data["user"]:
            return [Reaction(data["owner"], data["post"], data["user"], data["on"], entry.mark)]
        case "post.created":
            return _of_post(data["post"])
        case "post.deleted":
            gone: list[Told] = [Clearance(data["author"], data["id"])]
            gone += [Remix(data["parent"], data["id"], None)] if data.get("parent") else []
            credited = (id for id in data.get("credited", ()) if id != data["author"])
            return [*gone, *[Withdrawal(person, publication_id(data["id"])) for person in credited]]
        case "follow.created":
            follower = data["follower"]
            return [Notice(data["followed"], follow_id(follower["id"]), "follow", follower)]
        case "follow.deleted":
            return [Withdrawal(data["followed"], follow_id(data["follower"]["id"]))]
        case "generation.ended" if data["state"] in ENDINGS:
            about = {name: data[name] for name in ("state", "room") if name in data} | {"generation": data["id"]}
            return [Notice(data["author"], f"generation.{data['id']}.{data.get('life', 1)}", "generation", about=about)]
        case _:
            return []


def comment_id(comment: str) -> str:
    """Return the id of the notice of a comment: each person has one of it at most."""
    return f"comment.{comment}"


def follow_id(follower: str) -> str:
    """Return the id of the notice of a follower."""
    return f"follow.{follower}"


def remix_id(child: str) -> str:
    """Return the id of the notice of a remix."""
    return f"remix.{child}"


def publication_id(post: str) -> str:
    """Return the id of the notice that a picture was published on which one is named."""
    return f"publication.{post}"


def reaction_id(post: str) -> str:
    """Return the id of the notice of all reactions to a post."""
    return f"reaction.{post}"


def _of_post(post: Mapping[str, Any]) -> list[Told]:
    """Whoever is named on a picture is told that it was published; whose picture it was made from, that it was made."""
    author = post["author"]
    credited = frozenset(user["id"] for user in credits_of(post)) - {author["id"]}
    told: list[Told] = [
        Notice(person, publication_id(post["id"]), "publication", author, {"post": post["id"]})
        for person in sorted(credited)
    ]
    return [*told, Remix(post["parent"], post["id"], author, credited)] if post.get("parent") else told


def _of_comment(data: Mapping[str, Any], *, edited: bool) -> list[Notice]:
    """A reply is told to whom it replies, a mention to whom it names, any other comment to whose picture it is on."""
    comment, author = data["comment"], data["comment"]["author"]
    kinds = {data["owner"]: "comment"} if not edited else {}
    kinds |= {mention["id"]: "mention" for mention in comment.get("mentions", ())}
    if "above" in data and not edited:
        kinds[data["above"]] = "reply"
    about = {"post": comment["post"], "comment": comment["id"], "text": comment["text"][:EXCERPT]}
    return [
        Notice(person, comment_id(comment["id"]), kind, author, about)
        for person, kind in kinds.items()
        if person != author["id"]
    ]


def _concerned(data: Mapping[str, Any]) -> list[str]:
    """Return everybody who may have been told of a comment."""
    mentioned = [mention["id"] for mention in data["comment"].get("mentions", ())]
    return list(dict.fromkeys([data["owner"], *([data["above"]] if "above" in data else []), *mentioned]))
