"""The maps that livefeed speaks of; a newer server may send more. Source: docs/protocol.md, "Shapes"."""

from __future__ import annotations

from typing import NotRequired, TypedDict


class User(TypedDict):
    id: str
    handle: str
    avatar: str


class Media(TypedDict):
    """A picture. Its bytes: `Feed.download(media["sha256"], 1024)`."""

    sha256: str
    width: int
    height: int
    thumbhash: str
    palette: list[str]


class Origin(TypedDict):
    """What a remix shows of the picture it was made from."""

    media: Media


class Post(TypedDict):
    """Times are milliseconds since 1970."""

    id: str
    author: User
    caption: str
    prompt: NotRequired[str]
    style: NotRequired[str]
    media: Media
    tags: list[str]
    parent: NotRequired[str]
    origin: NotRequired[Origin]
    created: int
    edited: NotRequired[int]
    credits: NotRequired[list[User]]
    reactions: dict[str, int]
    comments: int
    remixes: int


class Comment(TypedDict):
    id: str
    post: str
    author: User
    text: str
    parent: NotRequired[str]
    created: int
    edited: NotRequired[int]


class Ended(TypedDict):
    """Why a generation came to nothing."""

    stage: str
    code: str
    message: str


class Retry(TypedDict):
    """Why a generation is in line again: `attempt` is next, of `attempts`."""

    attempt: int
    attempts: int
    code: str
    message: str
    after_s: float


class Generation(TypedDict):
    id: str
    topic: str
    author: User
    prompt: str
    style: NotRequired[str]
    width: int
    height: int
    state: str
    step: NotRequired[int]
    steps: NotRequired[int]
    place: NotRequired[int]
    eta_s: NotRequired[float]
    retry: NotRequired[Retry]
    priority: NotRequired[int]
    deadline_s: NotRequired[float]
    parent: NotRequired[str]
    created: int
    media: NotRequired[Media]
    error: NotRequired[Ended]


class GenerationOptions(TypedDict, total=False):
    """What a creator may ask for besides the prompt; None is as good as not given."""

    style: str | None
    width: int | None
    height: int | None
    seed: int | None
    steps: int | None
    generator: str | None
    parent: str | None
    strength: float | None
    publish: bool | None
    priority: int | None
    deadline_s: float | None


class FeedPage(TypedDict):
    """A snapshot of a feed. at: where to subscribe from; next: the `before` of the next page, or None."""

    posts: list[Post]
    generations: list[Generation]
    at: str
    next: str | None


class PostSnapshot(TypedDict):
    post: Post
    at: str


class LineageNode(TypedDict):
    """A post of a lineage; `deleted` marks a tombstone, which has only id, parent, media (None) and next."""

    id: str
    parent: NotRequired[str]
    deleted: NotRequired[bool]
    author: NotRequired[User]
    caption: NotRequired[str]
    prompt: NotRequired[str]
    credits: NotRequired[list[User]]
    media: Media | None
    created: NotRequired[int]
    remixes: NotRequired[int]
    at: NotRequired[str]
    next: str | None


class Lineage(TypedDict):
    """A part of a tree: a parent before its remixes, of these the oldest first."""

    nodes: list[LineageNode]


class CommentPage(TypedDict):
    comments: list[Comment]
    generations: list[Generation]
    at: str
    next: str | None


class Room(TypedDict):
    """A remix room. role: this client's own; post: the picture it remixes, None when that is gone."""

    id: str
    topic: str
    post: Post | None
    parent_id: str
    owner: User
    role: str
    epoch: str
    state: str
    published: NotRequired[str]
    created: int


class Member(TypedDict):
    user: User
    role: str


class Message(TypedDict):
    id: str
    room: str
    author: User
    text: str
    created: int
    reactions: dict[str, int]


class Variation(TypedDict):
    """A picture painted in a room; its id is its generation's."""

    id: str
    topic: str
    room: str
    author: User
    prompt: str
    style: NotRequired[str]
    seed: int
    state: str
    media: NotRequired[Media]
    code: NotRequired[str]
    message: NotRequired[str]
    created: int


class Invite(TypedDict):
    role: str
    token: str
    url: str


class MessagePage(TypedDict):
    messages: list[Message]
    mine: dict[str, list[str]]
    at: str
    next: str | None


class RoomSnapshot(TypedDict):
    """A room; `vote` is this client's own, `votes` counts them by variation."""

    room: Room
    members: list[Member]
    variations: list[Variation]
    votes: dict[str, int]
    vote: str | None
    messages: list[Message]
    mine: dict[str, list[str]]
    next: str | None
    at: str


class GenerationSnapshot(TypedDict):
    generation: Generation
    at: str
