"""What clients may say, as values; how bytes become them. [pure]

Source: docs/protocol.md, "Frames from the client".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgpack
import orjson

from livefeed.errors import BadPosition, BadRequest, BadTopic, PeerError
from livefeed.position import Position
from livefeed.topic import Topic

MAX_REF = 64
MAX_FRAMES = 1_000
MAX_REPLAY = 200
MAX_TYPE = 64
PRESENCE = ("count", "roster")


class BadFrame(PeerError):
    """A message that is no map or list of maps: the connection is closed with 4500."""

    code = "bad_frame"


class UnknownOp(PeerError):
    """The frame's `op` is not one of the protocol's."""

    code = "unknown_op"


@dataclass(frozen=True, slots=True)
class Wanted:
    """How one topic is subscribed to; `since` wins over `latest`."""

    topic: Topic
    since: Position | None = None
    latest: int = 0
    presence: str = ""
    """`count` or `roster`: what is to be told of who is here."""
    hidden: bool = False
    """To see without being seen."""


@dataclass(frozen=True, slots=True)
class Subscribe:
    ref: str | int | None
    wanted: Mapping[str, Wanted | PeerError]
    """By the name the client used: what it wants, or what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    ref: str | int | None
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Call:
    ref: str | int | None
    method: str
    data: Mapping[str, Any]
    key: str | None


@dataclass(frozen=True, slots=True)
class Signal:
    topic: str
    type: str
    data: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Authenticate:
    ref: str | int | None
    token: str


@dataclass(frozen=True, slots=True)
class Ping:
    ref: str | int | None


ClientFrame = Subscribe | Unsubscribe | Call | Signal | Authenticate | Ping


def decode(message: bytes | str) -> list[Mapping[str, Any]]:
    """Return the maps in one WebSocket message: text is JSON, bytes are MessagePack.

    What they hold can be written as JSON again: no bytes, no keys but texts, nothing nested hundreds of levels deep.

    Raises: BadFrame.
    """
    try:
        found = orjson.loads(message) if isinstance(message, str) else msgpack.unpackb(message)
        orjson.dumps(found)
    except (ValueError, TypeError, RecursionError, msgpack.UnpackException) as exc:
        raise BadFrame("The message is neither a JSON text nor a MessagePack map of what JSON can say.") from exc
    maps = found if isinstance(found, list) else [found]
    if len(maps) > MAX_FRAMES:
        raise BadFrame(f"A message holds at most {MAX_FRAMES} frames.")
    if not all(isinstance(item, dict) and all(isinstance(key, str) for key in item) for item in maps):
        raise BadFrame("A message holds one frame, or a list of frames, and each frame is a map.")
    return maps


def reference(frame: Mapping[str, Any]) -> str | int | None:
    """Return the frame's `ref` if it is one."""
    ref = frame.get("ref")
    if isinstance(ref, str) and len(ref) <= MAX_REF:
        return ref
    return ref if isinstance(ref, int) and not isinstance(ref, bool) and abs(ref) < 2**53 else None


def parse(frame: Mapping[str, Any]) -> ClientFrame:
    """Return what a map says. Unknown fields are ignored.

    Raises: UnknownOp, BadRequest.
    """
    ref = reference(frame)
    if ref is None and frame.get("ref") is not None:
        raise BadRequest(f"A 'ref' is text of at most {MAX_REF} characters, or a whole number below 2^53.")
    match frame.get("op"):
        case "subscribe":
            topics = _field(frame, "topics", dict)
            return Subscribe(ref, {name: _wanted(name, options) for name, options in topics.items()})
        case "unsubscribe":
            names = _field(frame, "topics", list)
            if not all(isinstance(name, str) for name in names):
                raise BadRequest("'topics' of an unsubscribe is a list of topic names.")
            return Unsubscribe(ref, tuple(names))
        case "call":
            return Call(ref, _field(frame, "method", str), _field(frame, "data", dict, {}), _key(frame))
        case "signal":
            kind = _field(frame, "type", str)
            if not 0 < len(kind) <= MAX_TYPE:
                raise BadRequest(f"'type' of a signal has 1 to {MAX_TYPE} characters.")
            data = None if "data" in frame and frame["data"] is None else _field(frame, "data", dict, {})
            return Signal(_field(frame, "topic", str), kind, data)
        case "auth":
            return Authenticate(ref, _field(frame, "token", str))
        case "ping":
            return Ping(ref)
        case None:
            raise UnknownOp("A frame says in 'op' what it is; see docs/protocol.md.")
        case op:
            raise UnknownOp(f"'{str(op)[:40]}' is no op of this protocol; see docs/protocol.md.")


def _wanted(name: object, options: object) -> Wanted | PeerError:
    try:
        topic = Topic.parse(name)
        if not isinstance(options, dict):
            raise BadRequest("The options of a topic are a map; {} will do.")
        since, latest = options.get("since"), options.get("latest", 0)
        if not isinstance(latest, int) or isinstance(latest, bool) or not 0 <= latest <= MAX_REPLAY:
            raise BadRequest(f"'latest' is a whole number from 0 to {MAX_REPLAY}.")
        presence, hidden = _presence(topic, options)
        return Wanted(topic, None if since is None else Position.parse(since), latest, presence, hidden)
    except (BadTopic, BadPosition, BadRequest) as exc:
        return exc


def _presence(topic: Topic, options: Mapping[str, Any]) -> tuple[str, bool]:
    presence, hidden = options.get("presence"), options.get("hidden", False)
    if presence not in (None, *PRESENCE):
        raise BadRequest('\'presence\' is "count" or, of a room, "roster".')
    if presence == "roster" and topic.kind != "room":
        raise BadRequest("Only rooms have rosters; here 'presence' is \"count\".")
    if not isinstance(hidden, bool):
        raise BadRequest("'hidden' is true or false.")
    return presence or "", hidden


def _field(frame: Mapping[str, Any], name: str, kind: type[Any], default: Any = None) -> Any:
    value = frame.get(name, default)
    if not isinstance(value, kind):
        words: dict[type[Any], str] = {dict: "a map", list: "a list", str: "text"}
        raise BadRequest(f"'{name}' of '{frame['op']}' is missing or not {words[kind]}.")
    return value


def _key(frame: Mapping[str, Any]) -> str | None:
    key = frame.get("key")
    if key is not None and not (isinstance(key, str) and 0 < len(key) <= 128):
        raise BadRequest("'key' is text of 1 to 128 characters.")
    return key
