"""Every guard there is. Source: docs/protocol.md, "Positions", which names them all."""

from __future__ import annotations

from tests.simulation.guards_of_delivery import DELIVERY
from tests.simulation.guards_of_positions import POSITIONS

GUARDS = (*POSITIONS, *DELIVERY)
