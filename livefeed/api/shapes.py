"""What requests carry and responses look like, as the OpenAPI document tells it.

Requests are validated by these models; responses are the domains' own maps, and a test holds them against the models.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Position = Annotated[str, Field(pattern=r"^\d{1,16}-\d{1,16}$", description="A position to subscribe from; opaque.")]
Color = Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]
Milliseconds = Annotated[int, Field(ge=0, description="Milliseconds since 1970.")]


class Shape(BaseModel):
    """A map of the protocol."""

    model_config = ConfigDict(extra="ignore", strict=True)


class User(Shape):
    id: str
    handle: str
    avatar: str = Field(description="sha256 of a picture of theirs, or ''.")


class Media(Shape):
    sha256: str
    width: int
    height: int
    thumbhash: str = Field(description="Base64; see evanw.github.io/thumbhash.")
    palette: list[Color]


class Origin(Shape):
    media: Media


class Post(Shape):
    id: str
    author: User
    caption: str
    alt: str | None = Field(default=None, description="What it shows, in words; if absent the prompt says it.")
    prompt: str | None = None
    style: str | None = Field(default=None, description="How it was to be painted; the generator was told both.")
    media: Media
    tags: list[str]
    parent: str | None = None
    origin: Origin | None = Field(default=None, description="Its parent's picture, as long as the parent is there.")
    created: Milliseconds
    edited: Milliseconds | None = None
    credits: list[User] | None = Field(default=None, description="Everybody who made it, where several did.")
    reactions: dict[str, int]
    comments: int
    remixes: int


class Mention(Shape):
    id: str
    handle: str


class Comment(Shape):
    id: str
    post: str
    author: User
    text: str
    mentions: list[Mention] | None = Field(default=None, description="The users whom its @handles name.")
    tags: list[str] | None = None
    parent: str | None = None
    created: Milliseconds
    edited: Milliseconds | None = None


class Ended(Shape):
    stage: str
    code: str
    message: str


class Retry(Shape):
    attempt: int = Field(description="Which one is next, of `attempts`.")
    attempts: int
    code: str
    message: str
    after_s: float = Field(description="How long it rests before it may begin.")


class Generation(Shape):
    id: str
    topic: str
    author: User
    prompt: str
    style: str | None = Field(default=None, description="How it is to be painted; the generator is told both.")
    width: int
    height: int
    state: Literal["queued", "running", "completed", "refused", "failed", "cancelled", "aborted"]
    step: int | None = None
    steps: int | None = None
    place: int | None = None
    parent: str | None = None
    created: Milliseconds
    generator: str
    seed: int
    publish: bool
    strength: float | None = None
    eta_s: float | None = None
    priority: int | None = None
    deadline_s: float | None = None
    retry: Retry | None = Field(default=None, description="Why it is in line again, if it is.")
    media: Media | None = None
    post: str | None = None
    error: Ended | None = None


class Problem(Shape):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    retry_after_s: float | None = None


# Requests.


class NoBody(Shape):
    pass


class Rename(Shape):
    handle: str = Field(min_length=2, max_length=30)


class WriteComment(Shape):
    text: str = Field(min_length=1)
    parent: str | None = None


class CreateComment(WriteComment):
    post: str


class EditPost(Shape):
    caption: str | None = None
    alt: str | None = Field(default=None, description="What the picture shows, in words; blank: as its prompt says.")


class UpdatePost(EditPost):
    id: str


class EditComment(Shape):
    text: str = Field(min_length=1)


class UpdateComment(EditComment):
    id: str


class SetReaction(Shape):
    post: str
    emoji: str
    on: bool


class Named(Shape):
    id: str


class CreateGeneration(Shape):
    prompt: str
    style: str | None = Field(
        default=None, max_length=800, description="At most 200 characters, told to the generator behind the prompt."
    )
    width: int | None = None
    height: int | None = None
    seed: int | None = Field(default=None, ge=0, le=2**32 - 1)
    steps: int | None = None
    generator: str | None = None
    parent: str | None = None
    strength: float | None = Field(default=None, ge=0, le=1)
    publish: bool = True
    priority: int | None = Field(default=None, ge=0, le=9, description="The higher goes first, among one's own.")
    deadline_s: float | None = Field(
        default=None, gt=0, le=7 * 86_400, description="If it was not started by then it ends as aborted."
    )


class PublishEvent(Shape):
    type: str = Field(pattern=r"^[a-z][a-z0-9_.-]{0,63}$")
    data: dict[str, Any]
    delivery: Literal["kept", "latest"] = "kept"
    key: str | None = Field(
        default=None, min_length=1, max_length=128, description="Of a LATEST value; its type if absent."
    )


class ReadUntil(Shape):
    until: int = Field(ge=0, lt=2**53, description="The `time` of the newest one that was seen.")


class Paging(Shape):
    model_config = ConfigDict(extra="ignore", strict=False)

    before: str | None = Field(default=None, max_length=64, description="The `next` of the page before.")
    limit: int = Field(default=30, ge=1, le=100)


class Question(Paging):
    q: str = Field(min_length=1, max_length=200, description="Words, #tags and @handles; all must be there.")


class PreviewStep(Shape):
    model_config = ConfigDict(extra="ignore", strict=False)

    step: int | None = Field(default=None, ge=0, le=1000)


# Responses.


class Guest(Shape):
    user: User
    token: str


class Me(Shape):
    user: User | None


class Profile(Shape):
    user: User
    followers: int
    following: int
    followed: bool = Field(description="Whether the caller follows them.")
    pictures: int = Field(description="Of the newest 10,000.")
    remixes: int = Field(description="How many of these are remixes.")
    remixed: int = Field(description="How many remixes there are of what they made.")
    liked: int | None = Field(default=None, description="How many pictures they react to; to themselves only.")
    rooms: int | None = Field(default=None, description="How many rooms they are in; to themselves only.")


class Listed(Shape):
    user: User
    followed: bool = Field(description="Whether the caller follows them.")


class PeoplePage(Shape):
    people: list[Listed]
    next: str | None


class OnePost(Shape):
    post: Post


class PostSnapshot(Shape):
    post: Post
    at: Position
    mine: list[str] = Field(description="The caller's own reactions.")


class MadeBy(Shape):
    name: str
    title: str


class Ancestor(Shape):
    id: str
    deleted: bool | None = None


class FileSays(Shape):
    """What an uploaded file says of its origin, whether true or not."""

    digital_source_type: str | None = None
    system: str | None = None
    prompt: str | None = None
    tool: str | None = None
    camera: str | None = None
    creators: list[str] | None = None
    credit: str | None = None
    rights: str | None = None


class Provenance(Shape):
    id: str
    digital_source_type: str | None = Field(description="Address of a term of the IPTC's; of an upload, what it says.")
    generator: MadeBy | None = Field(description="What made it here; null of an upload.")
    prompt: str | None
    parents: list[Ancestor] = Field(description="The posts it was made from.")
    created: Milliseconds
    file: FileSays | None = Field(description="Of an upload: what its file says of its origin.")


class PostProvenance(Shape):
    provenance: Provenance


class LineageNode(Shape):
    """A post of a lineage; of a tombstone only what is not marked as absent there."""

    id: str
    parent: str | None = Field(default=None, description="The post it remixes; a root has none.")
    deleted: bool | None = Field(default=None, description="True of a tombstone; absent otherwise.")
    author: User | None = Field(default=None, description="Absent of a tombstone.")
    caption: str | None = Field(default=None, description="Absent of a tombstone.")
    prompt: str | None = None
    credits: list[User] | None = None
    media: Media | None = Field(description="Null of a tombstone.")
    created: Milliseconds | None = Field(default=None, description="Absent of a tombstone.")
    remixes: int | None = Field(default=None, description="Absent of a tombstone.")
    at: Position | None = Field(default=None, description="To subscribe to its topic from. Absent of a tombstone.")
    next: str | None = Field(description="The `before` of a page with more of its remixes.")


class Lineage(Shape):
    nodes: list[LineageNode] = Field(description="A parent before its remixes; of these the oldest first.")


class Feed(Shape):
    posts: list[Post]
    generations: list[Generation] = Field(description="Queued and running.")
    at: Position
    next: str | None
    mine: dict[str, list[str]] = Field(description="The caller's own reactions by post.")
    revs: dict[str, Position] = Field(description="Which totals the posts have, by id: of two the higher wins.")


class Found(Shape):
    posts: list[Post]
    users: list[User] = Field(description="Whose handle is one of the words or begins so, on the first page.")
    next: str | None = Field(description="A page may be empty and go on.")
    mine: dict[str, list[str]] = Field(description="The caller's own reactions by post.")
    revs: dict[str, Position] = Field(description="Which totals the posts have, by id: of two the higher wins.")


class OneComment(Shape):
    comment: Comment


class Comments(Shape):
    comments: list[Comment]
    generations: list[Generation] = Field(description="Remixes that are queued or running, on the first page.")
    at: Position
    next: str | None


class Notification(Shape):
    id: str = Field(description="The same thing has the same id: it replaces what you have of it.")
    kind: Literal["comment", "reply", "mention", "reaction", "remix", "publication", "follow", "generation"]
    time: Milliseconds
    unread: bool
    actors: list[User] = Field(description="Who did it, the newest three; none of one's own picture.")
    people: int = Field(description="How many did.")
    post: str | None = None
    parent: str | None = Field(default=None, description="Of a remix: one's own post.")
    comment: str | None = None
    text: str | None = Field(default=None, description="How the comment begins.")
    generation: str | None = None
    state: Literal["completed", "refused", "failed", "aborted"] | None = None
    room: str | None = Field(default=None, description="Of a picture that a room asked for.")
    media: Media | None = Field(default=None, description="The post's picture.")


class Notifications(Shape):
    notifications: list[Notification]
    unread: int = Field(description="How many in all.")
    at: Position
    next: str | None


class ReadSoFar(Shape):
    until: Milliseconds
    unread: int


class Reactions(Shape):
    reactions: dict[str, int]
    mine: list[str]


class Accepted(Shape):
    id: str
    topic: str


class GenerationSnapshot(Shape):
    generation: Generation
    at: Position


class RunningGenerations(Shape):
    generations: list[Generation]


class Bounds(Shape):
    low: int
    high: int
    default: int
    multiple: int


class Generator(Shape):
    name: str
    title: str
    digital_source_type: str = Field(description="Address of a term of the IPTC's: what kind of machine it is.")
    sizes: Bounds
    steps: Bounds
    remixes: bool = Field(description="Whether it starts from a parent's picture; else it has the words alone.")
    masks: bool = Field(description="Whether it repaints a part as what belongs to its surroundings.")


class Generators(Shape):
    generators: list[Generator]


class Published(Shape):
    ids: list[Position]


class Health(Shape):
    ok: bool
    checks: dict[str, str] = Field(default_factory=dict)
