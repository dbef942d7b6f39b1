"""Frames gone wrong: valid ones made, mutated, and put into WebSocket frames that are not always valid either."""

from __future__ import annotations

import copy
import json
import random
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgpack

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "protocol.md"
CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
CLOSING = b"\x88\x80mask"
"""A client's close frame that says nothing."""
MAX_BYTES = 65_536
READ_BYTES = 262_144
"""What a server's event loop reads from a socket at once."""
ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**53, 2**64 - 1, -(2**63), 1.5, 1e308, "", " ", "x" * 300, "\u0000", "\U0001f98a" * 20,
    "e" + "\u0301" * 60, [], {}, [[]], {"": {}}, [None] * 50, {"a": {"b": {"c": []}}}, "9" * 40 + "-0", "0-0",
)  # fmt: skip
OPS = ("subscribe", "unsubscribe", "call", "signal", "auth", "ping", "welcome", "events", "subscribed", "\u00e9", "")
TOPICS = (
    "feed:all",
    "feed:tag:foxes",
    "feed:tag:\u00c9t\u00e9",
    "app:test",
    "app:other:x",
    "post:nobody",
    "user:x",
    "FEED",
    "a b",
)
METHODS = ("comment.create", "reaction.set", "generation.create", "no.such", "__class__")


def error_codes() -> set[str]:
    """Return the error codes that the protocol's document names."""
    section = DOCUMENT.read_text("utf-8").split("## Error codes")[1].split("\n## ")[0]
    return set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))


def close_codes() -> set[int]:
    """Return the close codes that the protocol's document names."""
    section = DOCUMENT.read_text("utf-8").split("## Close codes")[1].split("\n## ")[0]
    return {int(code) for code in re.findall(r"^\| (\d{4}) \|", section, re.MULTILINE)}


@dataclass(frozen=True, slots=True)
class Said:
    """What a client sends on one connection.

    pieces: as the server reads them from its socket. turns: of the event loop between two of them.
    reads: the client takes the answers. polite: it ends with a close frame.
    """

    pieces: tuple[bytes, ...]
    packed: bool = False
    deflates: bool = False
    turns: int = 0
    reads: bool = True
    polite: bool = True

    @property
    def data(self) -> bytes:
        """All of its bytes, with those that it ends with."""
        return b"".join(self.pieces) + (CLOSING if self.polite else b"")

    def __str__(self) -> str:
        data = self.data
        codec = "MessagePack" if self.packed else "JSON"
        return f"{len(data):,} bytes in {len(self.pieces)} pieces ({codec}, deflates={self.deflates}): {data[:200]!r}…"


class Fuzzer:
    """A source of what clients should not send, by a seed."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    # Frames as maps.

    def frame(self) -> Any:
        """Return a frame, half of the time with something wrong about it."""
        chance = self._chance
        op = chance.choice(OPS[:6])
        frame: dict[str, Any] = {"op": op, "ref": chance.choice((1, "ref", 2**40))}
        match op:
            case "subscribe":
                count = chance.choice((1, 1, 2, 10, 300))
                frame["topics"] = {self._topic(): self._options() for _ in range(count)}
            case "unsubscribe":
                frame["topics"] = [self._topic() for _ in range(chance.choice((0, 1, 3, 300)))]
            case "call":
                frame |= {"method": chance.choice(METHODS), "data": {"post": "x", "text": "y" * chance.randrange(50)}}
            case "signal":
                frame |= {"topic": self._topic(), "type": "typing", "data": {}}
            case "auth":
                frame["token"] = "t" * chance.randrange(60)
        return self._spoilt(frame) if chance.random() < 0.5 else frame

    def _topic(self) -> str:
        chance = self._chance
        made = (
            chance.choice(TOPICS),
            f"app:x{chance.randrange(1000)}",
            chance.choice(TOPICS) + chance.choice("x: \u0301"),
        )
        return chance.choice(made)

    def _options(self) -> Any:
        chance = self._chance
        odd = self._odd()
        return chance.choice(
            ({}, {"latest": 3}, {"since": "0-0"}, {"since": odd}, {"latest": odd}, {"presence": odd}, odd)
        )

    def _odd(self) -> Any:
        """Return a value of its own: what is spoilt further must not be spoilt for later frames."""
        return copy.deepcopy(self._chance.choice(ODD))

    def _spoilt(self, frame: Any) -> Any:
        """Return a frame with wrong types, missing, additional or renamed fields, or too much of something."""
        chance = self._chance
        frame = copy.deepcopy(frame)
        for _ in range(chance.choice((1, 1, 2, 5))):
            where, name = self._somewhere(frame)
            if where is None:
                return self._odd()
            match chance.randrange(6):
                case 0:
                    where[name] = self._odd()
                case 1 if isinstance(where, dict):
                    where[str(self._odd())[:80]] = where.pop(name)
                case 2:
                    del where[name]
                case 3:
                    where[name] = self._deep(chance.choice((3, 100, 1_000, 8_000)))
                case 4:
                    where[name] = chance.choice(("y" * 30_000, list(range(5_000)), {str(n): n for n in range(3_000)}))
                case _:
                    where[name] = [where[name]] * chance.choice((0, 2, 5))
        return frame

    def _somewhere(self, frame: Any) -> tuple[Any, Any]:
        """Return some container within a frame, and a place in it."""
        found = None, None
        at = frame
        while isinstance(at, (dict, list)) and at:
            name = self._chance.choice(list(at) if isinstance(at, dict) else range(len(at)))
            found = at, name
            if self._chance.random() < 0.5:
                break
            at = at[name]
        return found

    def _deep(self, levels: int) -> Any:
        deep: Any = 1
        for _ in range(min(levels, 400)):
            deep = [deep] if self._chance.random() < 0.5 else {"a": deep}
        return deep

    # Messages as bytes.

    def message(self, *, packed: bool) -> bytes:
        """Return the payload of a message: one frame or a list of them, its bytes sometimes damaged."""
        chance = self._chance
        frames = [self.frame() for _ in range(chance.choice((1, 1, 1, 2, 5)))]
        if chance.random() < 0.02:
            frames *= 200
        said = frames[0] if len(frames) == 1 else frames
        payload = (
            self._packed(said)
            if packed
            else json.dumps(said, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")
        )
        return self._damaged(payload)[: MAX_BYTES + chance.choice((0, 0, 0, 1))]

    @staticmethod
    def _packed(said: Any) -> bytes:
        try:
            return msgpack.packb(said)
        except (ValueError, OverflowError):  # a number or a depth that MessagePack does not write
            return b"\x91" * 60_000

    def _damaged(self, payload: bytes) -> bytes:
        chance = self._chance
        if chance.random() < 0.5 or not payload:
            return payload
        data = bytearray(payload)
        for _ in range(chance.choice((1, 1, 3, 20))):
            at = chance.randrange(len(data) + 1)
            end = min(len(data), at + chance.choice((1, 4, 100)))
            match chance.randrange(6):
                case 0 if at < len(data):
                    data[at] ^= 1 << chance.randrange(8)
                case 1:
                    del data[at:]
                case 2:
                    del data[at:end]
                case 3:
                    data[at:at] = data[at:end] * chance.choice((1, 2, 50))
                case 4:
                    data[at:at] = chance.randbytes(chance.choice((1, 4, 100)))
                case _:
                    data[at:at] = chance.choice(
                        (b"[" * 1_000, b"\x91" * 1_000, b'{"a":' * 500, b"\xdf\xff\xff\xff\xff")
                    )
        return bytes(data)

    # WebSocket frames.

    def wire(self, *, packed: bool, deflates: bool) -> bytes:
        """Return a message as a client might send it: masked, whole or in pieces, compressed or not, or all wrong."""
        chance = self._chance
        payload, opcode = self.message(packed=packed), BINARY if packed else TEXT
        bits = 0
        if deflates and chance.random() < 0.5:
            payload, bits = self._deflated(payload), 0x40
        kind = chance.random()
        if kind < 0.6:
            return self._frame(0x80 | bits | opcode, payload)
        if kind < 0.85:
            return self._fragments(bits | opcode, payload)
        return self._broken(payload, opcode)

    def _deflated(self, payload: bytes) -> bytes:
        chance = self._chance
        if chance.random() < 0.1:
            payload = b" " * chance.choice((MAX_BYTES + 1, 1_000_000, 20_000_000))
        deflate = zlib.compressobj(chance.choice((1, 9)), zlib.DEFLATED, -zlib.MAX_WBITS)
        data = (deflate.compress(payload) + deflate.flush(zlib.Z_SYNC_FLUSH))[:-4]
        return self._damaged(data)[:MAX_BYTES]

    def _fragments(self, first: int, payload: bytes) -> bytes:
        chance = self._chance
        pieces, at = [], 0
        while at < len(payload) or not pieces:
            size = chance.choice((0, 1, 10, 1_000, 20_000)) if len(pieces) < 50 else len(payload)
            pieces.append(payload[at : at + size])
            at += size
        parts = []
        for index, piece in enumerate(pieces):
            last = 0x80 if index == len(pieces) - 1 else 0
            parts.append(self._frame(last | (first if index == 0 else CONTINUATION), piece))
            if chance.random() < 0.05:
                parts.append(self._frame(0x80 | chance.choice((PING, PONG)), chance.randbytes(chance.randrange(126))))
        if chance.random() < 0.1:
            chance.shuffle(parts)
        return b"".join(parts)

    def _broken(self, payload: bytes, opcode: int) -> bytes:
        """Return bytes that break the WebSocket protocol in one way or another."""
        chance = self._chance
        whole = self._frame(0x80 | opcode, payload)
        ways: tuple[Callable[[], bytes], ...] = (
            lambda: bytes((whole[0], whole[1] & 0x7F)) + whole[2:],
            lambda: bytes((whole[0] | chance.choice((0x10, 0x20, 0x40)),)) + whole[1:],
            lambda: self._frame(0x80 | chance.choice((3, 5, 7, 11, 15)), payload[:100]),
            lambda: self._frame(0x80 | CONTINUATION, payload),
            lambda: self._frame(PING, b"in pieces"),
            lambda: self._frame(0x80 | PING, payload[:300]),
            lambda: bytes((0x80 | opcode, 0xFF)) + chance.choice((2**63, 2**40, 70_000)).to_bytes(8, "big") + whole,
            lambda: bytes((0x80 | opcode, 0xFE, 0, 5)) + b"mask" + payload[:5],
            lambda: self._frame(
                0x80 | CLOSE, chance.choice((b"\x03", b"\x03\xe8", b"\x0f\xa0bye", b"\xff\xff\xff", b""))
            ),
            lambda: self._damaged(whole),
            lambda: whole[: chance.randrange(len(whole))] + whole,
            lambda: chance.randbytes(chance.choice((1, 10, 1_000, 20_000))),
        )
        return chance.choice(ways)()

    def flood(self, *, packed: bool, deflates: bool) -> bytes:
        """Return one small thing, or a few in turn, as often as a server reads at once."""
        chance = self._chance
        opcode = BINARY if packed else TEXT
        ways: tuple[Callable[[], bytes], ...] = (
            lambda: self._frame(0x80 | PING, b""),
            lambda: self._frame(0x80 | PING, bytes(125)),
            lambda: self._frame(0x80 | PONG, b""),
            lambda: self._frame(opcode, b" ") + self._frame(CONTINUATION, b"") * 2_000,
            lambda: self._frame(opcode, b" ") + self._frame(CONTINUATION, b"x" * 60) * 1_100,
            lambda: self._frame(0x80 | opcode, self._written({"op": "ping"}, packed=packed)),
            lambda: self._frame(0x80 | opcode, self._written([{"op": "ping"}] * 1_000, packed=packed)),
            lambda: self._frame(0x80 | opcode, self._written([{}] * 1_000, packed=packed)),
            lambda: self._frame(0x80 | opcode, self._written([{"op": "subscribe", "topics": {"x": 1}}], packed=packed)),
            lambda: self.wire(packed=packed, deflates=deflates)[:200],
            lambda: self.wire(packed=packed, deflates=deflates),
        )
        data = b"".join(chance.choice(ways)() for _ in range(chance.choice((1, 1, 3))))
        return (data * (READ_BYTES // max(1, len(data)) + 1))[:READ_BYTES]

    def said(self) -> Said:
        """Return what one connection hears: some messages, or a flood, cut into pieces in one way or another."""
        chance = self._chance
        packed, deflates = chance.random() < 0.5, chance.random() < 0.5
        floods = chance.random() < 0.02
        if floods:
            data = self.flood(packed=packed, deflates=deflates)
        else:
            count = chance.choice((1, 1, 3, 10))
            other = chance.random() < 0.05
            data = b"".join(self.wire(packed=packed is not other, deflates=deflates) for _ in range(count))
        return Said(
            tuple(self._cut(data)),
            packed,
            deflates,
            turns=chance.choice((0, 0, 1, 5)),
            reads=chance.random() < (0.7 if floods else 0.95),
            polite=chance.random() < 0.5,
        )

    def _cut(self, data: bytes) -> list[bytes]:
        chance = self._chance
        count = chance.choice((1, 1, 2, 10, 40))
        places = sorted(
            {0, *(chance.randrange(len(data) + 1) for _ in range(count - 1)), *range(0, len(data), READ_BYTES)}
        )
        if chance.random() < 0.1:
            places = sorted({*places, *range(min(20, len(data)))})
        pieces = [data[start:end] for start, end in zip(places, [*places[1:], len(data)], strict=True)]
        return [piece for piece in pieces if piece]

    @staticmethod
    def _written(said: Any, *, packed: bool) -> bytes:
        return bytes(msgpack.packb(said)) if packed else json.dumps(said, separators=(",", ":")).encode()

    def _frame(self, first: int, payload: bytes) -> bytes:
        return masked(first, payload, self._chance.randbytes(4))


def masked(first: int, payload: bytes, mask: bytes) -> bytes:
    """Return a client's WebSocket frame."""
    size = len(payload)
    if size < 126:
        head = bytes((first, 0x80 | size))
    elif size < 65_536:
        head = bytes((first, 0x80 | 126)) + size.to_bytes(2, "big")
    else:
        head = bytes((first, 0x80 | 127)) + size.to_bytes(8, "big")
    repeated = (mask * (size // 4 + 1))[:size]
    masked = (int.from_bytes(payload, "big") ^ int.from_bytes(repeated, "big")).to_bytes(size, "big")
    return head + mask + masked
