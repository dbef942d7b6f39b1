"""Signs of life of a node's sessions: asked for at each heartbeat; who takes nothing for too long is ended."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection

from livefeed.config import Config
from livefeed.hub.hub import Hub
from livefeed.hub.session import Session

WATCH_S = 0.5
"""How often stalled sessions are looked at."""
BEATS_AT_ONCE = 100
SLOW = 4001


class Vigil:
    """Watches the sessions of a node. sessions: the open ones, as they are now; soon: has what waits sent."""

    def __init__(self, hub: Hub, sessions: Collection[Session], soon: Callable[[], None], config: Config) -> None:
        self._hub = hub
        self._sessions = sessions
        self._soon = soon
        self._config = config
        self._stalled: dict[Session, tuple[float, int]] = {}
        """Since when, and how many bytes waited then."""

    def stall(self, session: Session) -> None:
        """Note that a session's transport takes nothing more."""
        if session.outlet is not None:
            self._stalled[session] = (asyncio.get_running_loop().time(), session.outlet.waiting())

    def forget(self, session: Session) -> None:
        """Note that it does again, or is gone."""
        self._stalled.pop(session, None)

    async def beat(self) -> None:
        """Once per heartbeat, move every session's idle positions on and ask it for a sign of life.

        Spread over the heartbeat, so that many thousand of them are no burst.
        """
        while True:
            sessions = list(self._sessions)
            pause_s = self._config.heartbeat_s / (len(sessions) // BEATS_AT_ONCE + 1)
            for number in range(0, len(sessions) + 1, BEATS_AT_ONCE):
                await asyncio.sleep(pause_s)
                for session in sessions[number : number + BEATS_AT_ONCE]:
                    self._beat_one(session)
                self._soon()

    def _beat_one(self, session: Session) -> None:
        outlet = session.outlet
        if outlet is not None and session.writable:
            self._hub.beat(session)
            if not outlet.ping():
                outlet.abort()

    async def watch(self) -> None:
        """End the sessions that take nothing for too long."""
        while True:
            await asyncio.sleep(min(WATCH_S, self._config.write_timeout_s / 4))
            now = asyncio.get_running_loop().time()
            for session, (since, before) in list(self._stalled.items()):
                outlet = session.outlet
                if outlet is None:
                    continue
                waiting = outlet.waiting()
                if waiting < before:
                    self._stalled[session] = (now, waiting)
                elif now - since > self._config.write_timeout_s:
                    outlet.close(SLOW, "too slow")
