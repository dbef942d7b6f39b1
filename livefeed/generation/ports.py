"""What generation needs from the rest of the house, as ports that the composition root fills."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from PIL import Image

from livefeed.making import Making

JSON = Mapping[str, Any]


class Person(Protocol):
    """Somebody, as others see them."""

    @property
    def id(self) -> str: ...

    def as_dict(self) -> Mapping[str, Any]:
        """Return the contract's `user`."""


class People(Protocol):
    """Who people are now."""

    async def users(self, ids: Iterable[str], /) -> Mapping[str, Person]:
        """Return the people with these ids; the unknown are left out. Raises: StoreUnavailable."""


class Pictures(Protocol):
    """Where finished pictures go."""

    async def add_image(self, image: Image.Image, making: Making, /) -> JSON:
        """Store a picture and return its `media`; the same pixels, made the same way, give the same.

        Its files say how it was made. Raises: LivefeedError.
        """


class Parents(Protocol):
    """Where the pictures come from that are remixed."""

    async def draft(self, sha256: str, /) -> bytes | None:
        """Return a canvas or a mask that was kept for a generation, None when it is kept no more. Raises: Busy."""

    async def picture(self, post: str, /) -> bytes | None:
        """Return the file of a post's picture as it is stored, or None when the post or its picture is gone.

        Raises: StoreUnavailable, Busy.
        """

    async def said(self, post: str, /) -> tuple[str, str | None] | None:
        """Return what a post's picture was asked for ("" where nobody said) and the post that it remixes, if any.

        None when the post is gone. Raises: StoreUnavailable.
        """


class Publication(Protocol):
    """How a post is written inside another domain's script, in the same atomic step.

    lua: defines `create_post(topic, first_key, first_arg)`: `topic` is the number of the post's topic among
    the commit's, the others say where `keys` and `args` begin among the script's. Called again for the same
    post, it changes nothing.
    """

    @property
    def lua(self) -> str: ...

    @property
    def keys(self) -> Sequence[str]: ...

    @property
    def args(self) -> Sequence[str | bytes | int]: ...


class Permit(Protocol):
    """Whether a picture may be made at all, asked in the same atomic step in which its generation is written.

    lua: defines `refused(first_key, first_arg)`, which returns a refusal or nothing; `keys` and `args` are its own, and
    its keys are in the slot of `shard`, where the generation is put then.
    """

    @property
    def shard(self) -> int: ...

    @property
    def lua(self) -> str: ...

    @property
    def keys(self) -> Sequence[str]: ...

    @property
    def args(self) -> Sequence[str | bytes | int]: ...


class Drawing(Protocol):
    """Makes what a picture starts from, once it is certain that its person may have one more."""

    async def __call__(self, generation: str, /) -> tuple[str | None, str | None]:
        """Keep the files for this generation; return canvas and mask, see Generations.create. Raises: LivefeedError."""


class Publisher(Protocol):
    """Whoever knows how posts are written."""

    async def __call__(self, post: JSON, /) -> Publication:
        """Return how to write `post`: the contract's shape without `created`, and `made`, see Making.as_dict.

        Raises: StoreUnavailable.
        """


class Rooms(Protocol):
    """Whoever knows the rooms in which people make pictures together."""

    async def member(self, room: str, user: str, /) -> bool:
        """Tell whether somebody is a member of a room, in whatever role. Raises: StoreUnavailable."""


class Posts(Protocol):
    """Whoever knows which posts there are."""

    async def exists(self, id: str, /) -> bool:
        """Tell whether there is such a post, and all may see it. Raises: StoreUnavailable."""
