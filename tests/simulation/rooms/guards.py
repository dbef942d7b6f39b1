"""What makes rooms converge, each taken out: worlds must then fail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from livefeed.rooms import ink
from livefeed.rooms.archive import Edit, Reading
from livefeed.rooms.held import Held
from livefeed.rooms.relay import Batch, Relay, Seat
from livefeed.rooms.relays import Relays

Guard = Callable[[pytest.MonkeyPatch], None]


def appended_edits_follow_what_all_have(patch: pytest.MonkeyPatch) -> None:
    """Ours is handed on without a look at what another node wrote before it."""

    def appended(self: Relay, batch: Batch, id: str, previous: str) -> list[Edit]:
        self.cursor = id
        return [Edit(id, batch.tag, batch.pieces)]

    patch.setattr(Relay, "appended", appended)


def lost_positions_are_noticed(patch: pytest.MonkeyPatch) -> None:
    """A position that is gone is taken for one that is good."""

    def receive(self: Relay, reading: Reading) -> bool:
        self.cursor = reading.end(self.cursor)
        return True

    patch.setattr(Relay, "receive", receive)


def writers_are_asked_again(patch: pytest.MonkeyPatch) -> None:
    """What was acknowledged and lost is nobody's concern."""

    async def never(self: Relays, seat: Seat) -> None:
        return None

    patch.setattr(Relays, "_ask_for_edits", never)


def who_was_behind_catches_up(patch: pytest.MonkeyPatch) -> None:
    """Whoever stalled goes on with the next edit."""

    def thaw(self: Relays, seat: Seat) -> None:
        seat.live = True

    patch.setattr(Relays, "thaw", thaw)


def what_waits_is_kept(patch: pytest.MonkeyPatch) -> None:
    """A snapshot is all that a document says of itself."""

    def whole(held: Held, _: Any) -> tuple[bytes, list[int]]:
        return held.doc.get_update(), []

    patch.setitem(ink._QUESTIONS, "whole", whole)  # type: ignore[arg-type]


def news_is_read_after_a_deaf_while(patch: pytest.MonkeyPatch) -> None:
    """A follower that was away assumes that nothing happened."""
    patch.setattr(Relays, "recheck", lambda self, shard: None)


def news_that_comes_during_a_reading_is_read(patch: pytest.MonkeyPatch) -> None:
    """What is heard while the store is being read is taken to be in what it answers."""
    heard = Relay.heard

    def deaf_while_reading(self: Relay, id: str) -> None:
        if not self.reading:
            heard(self, id)

    patch.setattr(Relay, "heard", deaf_while_reading)


GUARDS: list[Guard] = [
    appended_edits_follow_what_all_have,
    lost_positions_are_noticed,
    writers_are_asked_again,
    who_was_behind_catches_up,
    what_waits_is_kept,
    news_is_read_after_a_deaf_while,
    news_that_comes_during_a_reading_is_read,
]
