"""What requests about rooms carry and what they are answered with; see shapes.py."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from livefeed.api.shapes import Media, Milliseconds, Paging, Position, Post, Shape, User

GivenRole = Literal["editor", "viewer"]
AnyRole = Literal["owner", "editor", "viewer"]


class Room(Shape):
    id: str
    topic: str
    post: Post | None = Field(description="The picture it remixes; null when that is gone.")
    parent_id: str
    owner: User
    role: AnyRole = Field(description="The caller's own.")
    epoch: str = Field(description="Of the document; another one is another document.")
    state: Literal["open", "published"]
    published: str | None = Field(default=None, description="The post that the room's picture became.")
    created: Milliseconds


class Member(Shape):
    user: User
    role: AnyRole


class Message(Shape):
    id: str
    room: str
    author: User
    text: str
    created: Milliseconds
    reactions: dict[str, int]


class Variation(Shape):
    id: str = Field(description="Its generation's id.")
    topic: str
    room: str
    author: User
    prompt: str
    style: str | None = None
    seed: int
    state: Literal["queued", "running", "completed", "refused", "failed", "cancelled", "aborted"]
    media: Media | None = None
    code: str | None = Field(default=None, description="Why it came to nothing.")
    message: str | None = None
    created: Milliseconds


# Requests.


class OpenRoom(Shape):
    post: str = Field(description="The picture to remix.")


class Mine(Paging):
    mine: str = Field(max_length=8, description="Any value, or none: there is no list of other rooms.")
    post: str | None = Field(default=None, max_length=64, description="Only those opened for this post: 50 at most.")
    limit: int = Field(default=50, ge=1, le=100)


class GiveRole(Shape):
    role: GivenRole


class JoinRoom(Shape):
    token: str


class Say(Shape):
    text: str = Field(min_length=1)


class SpinVariation(Shape):
    seed: int | None = Field(default=None, ge=0, le=2**32 - 1, description="Instead of the document's.")


class PublishRoom(Shape):
    variation: str
    caption: str | None = Field(default=None, description="The variation's prompt, if not given.")


# Responses.


class OneRoom(Shape):
    room: Room


class Rooms(Shape):
    rooms: list[Room]
    next: str | None


class RoomSnapshot(Shape):
    room: Room
    members: list[Member]
    variations: list[Variation] = Field(description="The oldest first.")
    votes: dict[str, int] = Field(description="How many by variation.")
    vote: str | None = Field(description="The variation that the caller votes for.")
    messages: list[Message] = Field(description="The newest, the oldest of them first.")
    mine: dict[str, list[str]] = Field(description="The caller's own reactions by message.")
    next: str | None = Field(description="The `before` of the messages before these.")
    at: Position


class Invite(Shape):
    role: GivenRole
    token: str
    url: str


class OneMember(Shape):
    member: Member


class OneMessage(Shape):
    message: Message


class Messages(Shape):
    messages: list[Message] = Field(description="The oldest first.")
    mine: dict[str, list[str]] = Field(description="The caller's own reactions by message.")
    at: Position
    next: str | None


class OneVariation(Shape):
    variation: Variation
