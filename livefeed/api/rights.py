"""Who may follow which topic. Source: docs/protocol.md, "Topics"."""

from __future__ import annotations

from collections.abc import Awaitable

from livefeed.feed.posts import Posts
from livefeed.generation.service import Generations
from livefeed.identity.service import Identity
from livefeed.people import Caller
from livefeed.rooms.service import Rooms
from livefeed.topic import Topic

LOSABLE = frozenset({"room", "generation"})
"""Kinds of topics that somebody may follow now and not later, though the topic is still there."""


class Rights:
    """Answers for topics; whatever does not exist and whatever may not be followed is answered alike."""

    def __init__(self, identity: Identity, posts: Posts, generations: Generations, rooms: Rooms) -> None:
        self._identity = identity
        self._posts = posts
        self._generations = generations
        self._rooms = rooms

    def may_subscribe(self, caller: Caller, topic: Topic) -> bool | Awaitable[bool]:
        """Tell whether a topic exists for this caller, at once if the store need not be asked."""
        user = caller.user
        match topic.name.split(":", 2):
            case ["feed", "all"] | ["feed", "tag", _]:
                return True
            case ["feed", "user", person]:
                return self._known(person)
            case ["feed", "following", person] | ["user", person]:
                return user is not None and user.id == person
            case ["post", post]:
                return self._posts.exists(post)
            case ["generation", generation]:
                return self._generations.visible(generation, user)
            case ["room", room]:
                return user is not None and self._rooms.member(room, user.id)
            case ["app", "private", *_]:
                return False
            case ["app", _, *_]:
                return True
        return False

    async def _known(self, person: str) -> bool:
        return person in await self._identity.users([person])
