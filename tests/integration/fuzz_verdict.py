"""What fuzzed bytes ask for, and what came of them: counted, and held against what is documented."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from livefeed.config import Config
from livefeed.hub import frames
from livefeed.hub.wire import BAD_FRAME, Goodbye, Reader
from tests.integration.fuzz_meter import Cost
from tests.integration.fuzzed import BINARY, CLOSE, MAX_BYTES, TEXT, Said, close_codes, error_codes

CONFIG = Config(frame_bytes=MAX_BYTES)


@dataclass(frozen=True, slots=True)
class Expected:
    """What a client's bytes ask for: frames; uses of its allowance; the code that ends it, if anything is wrong."""

    frames: int
    uses: int
    code: int | None = None

    @classmethod
    def of(cls, said: Said) -> Expected:
        reader, count, uses = Reader(limit=CONFIG.frame_bytes, deflates=said.deflates), 0, 0
        reader.feed(said.data)
        try:
            while (message := reader.next()) is not None:
                if message.opcode not in (TEXT, BINARY):
                    uses += 1
                    if message.opcode == CLOSE:
                        break
                    continue
                if (message.opcode == BINARY) is not said.packed:
                    raise Goodbye(BAD_FRAME, "the other codec")
                said_frames = frames.decode(message.payload)
                uses += not said_frames  # an empty list is a message nevertheless
                for frame in said_frames:
                    topics = frame.get("topics")
                    uses += max(1, len(topics)) if isinstance(topics, dict | list) else 1
                    count += 1
        except Goodbye as goodbye:
            return cls(count, uses, goodbye.code)
        except frames.BadFrame:
            return cls(count, uses, BAD_FRAME)
        return cls(count, uses)


@dataclass(slots=True)
class Outcome:
    """What came of many connections."""

    connections: int = 0
    sent_bytes: int = 0
    frames: int = 0
    """That stood in the bytes before anything was wrong with them, of clients that read."""
    answered: int = 0
    asking: int = 0
    """Connections whose client said at least one frame, and took what came."""
    silent: int = 0
    """Those of them on which not one was answered."""
    stalled: int = 0
    told_to_leave: int = 0
    """Clients that answered the server's close frame with theirs."""
    seen_off: int = 0
    """Those of them whose connection was then closed; a frame that never ends may hide the answer."""
    errors: Counter[str] = field(default_factory=Counter)
    closed: Counter[int] = field(default_factory=Counter)
    logged: list[str] = field(default_factory=list)
    cost: Cost = field(default_factory=Cost)
    dearest: str = ""
    """What the dearest frame came in."""

    def check(self) -> None:
        """Everything told is documented and no mistake of the server's, and nothing was logged."""
        assert not set(self.errors) - (error_codes() - {"internal", "illegal_transition"}), self.errors
        assert not set(self.closed) - close_codes(), self.closed
        assert not self.logged, self.logged[:5]

    def __str__(self) -> str:
        cost = self.cost
        return (
            f"{self.sent_bytes / 2**20:.0f} MB over {self.connections:,} connections, "
            f"{self.stalled:,} of them stalled: {self.answered:,} of {self.frames:,} frames answered; "
            f"dearest frame {1000 * cost.frame_s:.1f} ms, read {1000 * cost.read_s:.1f} ms, "
            f"turn {1000 * cost.turn_s:.1f} ms; "
            f"errors {dict(self.errors)}, closed {dict(self.closed)}"
        )
