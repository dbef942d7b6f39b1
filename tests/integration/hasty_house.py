"""A document house that shows edits to others before they are stored: for the test that must notice it."""

from __future__ import annotations

from livefeed.rooms.relays import Relays
from tests.integration import document_house
from tests.integration.stock import RoomServer
from tests.simulation.edits import Edit

HASTY = Edit(
    Relays,
    "take",
    "relay.take(seat, piece, credited=credited, waits=waits)",
    'relay.take(seat, piece, credited=credited, waits=waits); self.deliver(relay, [Edit("0-0", seat.tag, [piece])])',
)


class HastyServer(RoomServer):
    PROGRAM = ("tests.integration.hasty_house",)


if __name__ == "__main__":
    with HASTY.applied():
        document_house.main()
