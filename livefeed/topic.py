"""Topics: what a reader subscribes to.

Form: `[a-z]+(:[^\\s:]{1,64}){0,2}`, at most 128 bytes. Source: docs/protocol.md, "Topics".
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from dataclasses import dataclass

from livefeed import identifiers
from livefeed.errors import BadTopic

_FORM = re.compile(r"[a-z]+(:[^\s:]{1,64}){0,2}")
MAX_BYTES = 128
_ENTITIES = frozenset({"post", "generation", "room", "doc", "user"})
_OF_PERSON = ("feed:user:", "feed:following:")
_FOLLOWING = "feed:following"


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic's name, known to be well formed."""

    name: str

    @classmethod
    def parse(cls, name: object) -> Topic:
        """Return the topic called `name`, tags in NFC and lower case.

        Raises: BadTopic.
        """
        if not isinstance(name, str) or len(name) > MAX_BYTES or _FORM.fullmatch(name) is None:
            raise BadTopic("A topic looks like 'feed:all', 'feed:tag:foxes' or 'post:…' and has no spaces.")
        if name.startswith("feed:tag:"):
            name = "feed:tag:" + normal_tag(name[9:])
            if _FORM.fullmatch(name) is None:  # lower case can be longer than what it was made from
                raise BadTopic("A tag has at most 64 characters in lower case, and no spaces.")
        if len(name.encode("utf-8", "surrogatepass")) > MAX_BYTES or not _encodes(name):
            raise BadTopic(f"A topic has at most {MAX_BYTES} bytes of UTF-8.")
        return cls(name)

    @property
    def kind(self) -> str:
        """The first part: feed, post, generation, room, user, app."""
        return self.name.partition(":")[0]

    @property
    def rest(self) -> str:
        """What follows the first colon, or ''."""
        return self.name.partition(":")[2]

    @property
    def entity(self) -> str | None:
        """The id of the entity whose shard the topic lives in, if it names one."""
        named = self.kind in _ENTITIES or self.name.startswith(_OF_PERSON)
        rest = self.name.rpartition(":")[2] if self.kind == "feed" else self.rest
        return rest if named and identifiers.is_id(rest) else None

    @property
    def shown(self) -> str:
        """The name that frames carry: `feed:following` is everybody's own."""
        return _FOLLOWING if self.name.startswith(_FOLLOWING + ":") else self.name

    def of(self, person: str | None) -> Topic:
        """Return the topic that a person means by this one; None: nobody known asks."""
        return feed_following(person) if person is not None and self.name == _FOLLOWING else self

    def shard(self, shards: int) -> int:
        """Return the logical shard (0 to shards - 1) the topic lives in."""
        entity = self.entity
        if entity is not None:
            return identifiers.shard_of(entity) % shards
        return zlib.crc32(self.name.encode()) % shards

    def __str__(self) -> str:
        return self.name


def normal_tag(tag: str) -> str:
    """Return a tag as topics carry it: NFC, lower case."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", tag).lower())


def _encodes(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


FEED_ALL = Topic("feed:all")


def feed_tag(tag: str) -> Topic:
    """Return the topic of a tag.

    Raises: BadTopic.
    """
    return Topic.parse("feed:tag:" + tag)


def feed_user(user: str) -> Topic:
    """Return the topic of one person's public posts."""
    return Topic("feed:user:" + user)


def feed_following(user: str) -> Topic:
    """Return the topic of what those whom one person follows post; it lives in that person's shard."""
    return Topic(f"{_FOLLOWING}:{user}")


def user_topic(user: str) -> Topic:
    """Return the topic of what concerns one person alone."""
    return Topic("user:" + user)


def post_topic(post: str) -> Topic:
    """Return the topic of one post."""
    return Topic("post:" + post)


def generation_topic(generation: str) -> Topic:
    """Return the topic of one generation."""
    return Topic("generation:" + generation)


def room_topic(room: str) -> Topic:
    """Return the topic of one remix room."""
    return Topic("room:" + room)
