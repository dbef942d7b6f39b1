"""What rooms need from the rest of the house, as ports that the composition root fills."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, Protocol

from livefeed.position import Position

JSON = Mapping[str, Any]
User = Mapping[str, Any]
"""`{id, handle, avatar}`."""


class People(Protocol):
    """Who is behind an id now."""

    async def users(self, ids: Iterable[str], /) -> Mapping[str, User]:
        """Return the people that are known among `ids`, in one round trip."""


class Posts(Protocol):
    """The pictures that rooms begin from and end with."""

    async def post(self, id: str, /) -> JSON | None:
        """Return a post as everybody sees it, or None when it is gone. Raises: StoreUnavailable."""


class Contents(Protocol):
    """What a room's document says at one moment, as its people wrote it: nothing in it has been checked."""

    @property
    def prompt(self) -> str: ...

    @property
    def params(self) -> JSON: ...

    @property
    def strokes(self) -> Sequence[bytes]: ...


class Documents(Protocol):
    """The shared documents."""

    async def read(self, room: str, /) -> Contents:
        """Return what the document says now. Raises: StoreUnavailable."""

    async def mirror(self, room: str, /, *, variations: JSON, votes: Mapping[str, str]) -> None:
        """Show variations (by id: `{state, seed, prompt}`) and votes (by user) in the document.

        What the document held of them is replaced; the same again changes nothing. Raises: StoreUnavailable.
        """

    async def editors(self, room: str, /) -> Set[str]:
        """Return the ids of everybody whose edits the document took. Raises: StoreUnavailable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Painting:
    """A variation's generation as it was when it was read.

    at: the position it stands for: of two readings of one generation the higher is the later one.
    made: how its picture was made, for the post that it may become.
    """

    id: str
    room: str | None
    author: str
    prompt: str
    seed: int
    state: str
    created: int
    at: Position
    media: JSON | None = None
    error: JSON | None = None
    made: JSON | None = None
    style: str | None = None
    drawings: Sequence[str] = ()
    """The files it was to start from, as long as they are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a variation is to be, of what the document says. Sizes and seeds that make no sense are left out."""

    prompt: str
    strokes: Sequence[bytes]
    parent: str | None
    style: str | None = None
    width: int | None = None
    height: int | None = None
    seed: int | None = None
    generator: str | None = None
    strength: float | None = None


@dataclass(frozen=True, slots=True)
class Permit:
    """What is asked of a room in the same atomic step in which a generation of its is written; see scripts/permit.lua.

    lua: defines `refused(first_key, first_arg)`, which returns a refusal or nothing. shard: the room's.
    """

    shard: int
    lua: str
    keys: Sequence[str]
    args: Sequence[str | bytes | int]


class Atelier(Protocol):
    """Who paints variations."""

    async def begin(self, author: User, room: str, wish: Wish, /, *, permit: Permit, key: str | None) -> str:
        """Have a picture painted that is not published, and return its generation's id.

        What is refused costs no drawing: that is made when all else is known to be well.
        key: the same key again returns the same generation, whatever is wished meanwhile.
        Raises: what the permit refuses, BadRequest, RateLimited (`own_limit`), Busy, TooLarge, KeyReused,
            StoreUnavailable.
        """

    async def begun(self, author: str, key: str, /, *, shard: int) -> str | None:
        """Return the id of the generation that `begin` made for this key and a permit of this shard, if it did."""

    async def clear(self, painting: Painting, /) -> None:
        """Throw away the drawings of a painting that is over. Repeatable; what cannot be done now is done later."""

    async def painting(self, generation: str, /) -> Painting | None:
        """Return how a generation stands, None when it is gone. Raises: StoreUnavailable."""


class Publication(Protocol):
    """How a post is written inside a room's script, in the same atomic step.

    lua: defines `create_post(topic, first_key, first_arg)`: `topic` is the number of the post's topic among the
    commit's, the others say where `keys` and `args` begin among the script's. Called again for the same post, it
    changes nothing.
    """

    @property
    def lua(self) -> str: ...

    @property
    def keys(self) -> Sequence[str]: ...

    @property
    def args(self) -> Sequence[str | bytes | int]: ...


class Publisher(Protocol):
    """Whoever knows how posts are written."""

    async def __call__(self, post: JSON, /) -> Publication:
        """Return how to write a post: the contract's shape without `created`, with `credits` and `made`.

        Raises: StoreUnavailable.
        """


Emoji = Callable[[object], str]
"""Returns the one spelling of an emoji, or raises BadRequest."""
