"""The rooms' scripts and the names of their keys: everything of a room is in the slot that its id names."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from livefeed import identifiers
from livefeed.errors import NotFound
from livefeed.streams import keys
from livefeed.streams.connection import Argument
from livefeed.streams.script import ROWS, Script, changing, reading, source
from livefeed.streams.streams import Once, Streams
from livefeed.topic import Topic, post_topic, room_topic

_KINDS = (
    *("room", "members", "invites", "talk", "messages", "applause", "reacted"),
    *("strip", "variations", "seen", "votes", "bars"),
)
_ROOM, _THREAD = source(__package__, "room"), source(__package__, "thread")
_RIGHTS, _BALLOT, _ENTERING, _BARRING = (
    source(__package__, name) for name in ("rights", "ballot", "entering", "barring")
)


def _changing(*parts: str) -> Script:
    *front, name = parts
    return changing("\n".join((_ROOM, _RIGHTS, *front, source(__package__, name))))


OPEN = _changing(_BALLOT, _ENTERING, "room_open")
MEMBER_SET = _changing(_BALLOT, _ENTERING, _BARRING, "member_set")
MEMBER_REMOVE = _changing(_BALLOT, _BARRING, "member_remove")
JOIN = _changing(_BALLOT, _ENTERING, _BARRING, "join")
INVITE = _changing("invite")
INVITE_END = _changing("invite_end")
SAY = _changing("say")
REACT = _changing("react")
NOTE = _changing("note")
VOTE = _changing(_BALLOT, "vote")

READ = reading("\n".join((_ROOM, _THREAD, source(__package__, "room_read"))))
TALK = reading("\n".join((_ROOM, _THREAD, source(__package__, "talk"))))
GLANCE = reading("\n".join((_ROOM, source(__package__, "room_glance"))))
DECIDED = reading("\n".join((_ROOM, source(__package__, "decided"))))
VARIATION = reading("\n".join((_ROOM, source(__package__, "variation"))))

_PERMIT = "\n".join((_ROOM, _RIGHTS, source(__package__, "permit")))
MAY_PAINT = reading(
    f"local function refuse(code, message) return {{code, message}} end\nlocal function refused()\n{_PERMIT}\nend\n"
    "return refused() or {'', call('HGET', KEYS[2], 'room')}"
)
PERMIT = (
    "local function refused(first_key, first_arg)\n"
    f"local keys, args = {{unpack(keys, first_key)}}, {{unpack(args, first_arg)}}\n{_PERMIT}\nend"
)
"""Lua: what a generation of a room asks as it is written, see generation.ports.Permit."""

SHELVE = changing(source(__package__, "shelve"))
SHELF = reading(f"{ROWS}\n{source(__package__, 'shelf')}")


@lru_cache(maxsize=8)
def publish_script(create_post: str) -> Script:
    """Return the script that publishes. create_post: Lua that defines the function of that name."""
    return _changing(_BALLOT, create_post, "publish")


def no_such_room() -> NotFound:
    """Return the refusal for a room that is not there, or not the asker's to see."""
    return NotFound("There is no such room, or you are not in it.")


def check_room_id(room: object) -> str:
    """Return `room` if it has the form of an id. Raises: NotFound."""
    if not isinstance(room, str) or not identifiers.is_id(room):
        raise no_such_room()
    return room


def room_shard(room: str, shards: int) -> int:
    """Return the shard of a room."""
    return identifiers.shard_of(room) % shards


def room_keys(room: str, shards: int) -> list[str]:
    """The keys of a room's slot, as scripts/room.lua names them."""
    tag = keys.tag(room_shard(room, shards))
    return [f"{tag}{kind}:{room}" for kind in _KINDS]


def members_key(room: str, shards: int) -> str:
    """Hash: who is in a room."""
    return f"{keys.tag(room_shard(room, shards))}members:{room}"


def shelf_keys(user: str, room: str, shards: int) -> list[str]:
    """The rooms that somebody is in, and the mark of one of them, in that person's slot."""
    tag = keys.tag(identifiers.shard_of(user) % shards)
    return [f"{tag}rooms:{user}", f"{tag}shelved:{user}:{room}"]


async def commit(
    streams: Streams,
    script: Script,
    room: str,
    args: Sequence[Argument],
    *,
    once: Once | None = None,
    names: Sequence[str] = (),
    post: str | None = None,
    bounded: bool = True,
) -> bytes:
    """Run a script that changes a room, in one atomic step of its slot.

    names: further keys. post: one of the room's own slot, whose topic is the second. bounded: refused as busy while
    the outbox is full.
    """
    topics: list[Topic] = [room_topic(room), *([post_topic(post)] if post else [])]
    return await streams.commit(
        script,
        shard=room_shard(room, streams.shards),
        topics=topics,
        keys_=[*room_keys(room, streams.shards), *names],
        args=args,
        once=once,
        outbox=bounded,
    )
