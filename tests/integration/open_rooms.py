"""A server whose rooms need no house: who has which part in one is in its name. For tests of presence alone.

`python -m tests.integration.open_rooms serve` is `livefeed serve` with these rooms. In `room:editor…` everybody is an
editor, in `room:viewer…` a viewer; every other room has no members, but may be subscribed to.
With LOOP_LAGS in the environment, how late the event loop was is written to that file, see `read_lags`. With HURRY in
it, leases, beats and the grace are so many times as short.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Collection, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from livefeed import server
from livefeed.api.desk import Desk
from livefeed.cli.entry import main
from livefeed.people import Caller
from livefeed.presence import attendance, rosters
from livefeed.presence.attendance import BEAT_S
from livefeed.presence.presence import Presence
from livefeed.presence.store import RosterStore
from livefeed.topic import Topic
from tests.integration.server_process import ServerProcess

LAGS, HURRY = "LOOP_LAGS", "HURRY"
EVERY_S = 0.005
_judge = Desk.may_subscribe


class OpenRooms(ServerProcess):
    PROGRAM = ("tests.integration.open_rooms", "serve")


class NamedRoles:
    """The roles that the rooms' names say."""

    async def roles(self, room: str, users: Collection[str]) -> Mapping[str, str]:
        role = next((role for role in ("owner", "editor", "viewer") if room.startswith(role)), None)
        return dict.fromkeys(users, role) if role else {}


class OpenPresence(Presence):
    """Presence with such rooms; it also watches the loop."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **{**more, "roles": NamedRoles()})

    async def run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            if LAGS in os.environ:
                tasks.create_task(_watch_loop(Path(os.environ[LAGS])))
            await super().run()


def _may_subscribe(self: Desk, caller: Caller, topic: Topic) -> bool | Awaitable[bool]:
    return caller.user is not None if topic.kind == "room" else _judge(self, caller, topic)


async def _watch_loop(path: Path) -> None:
    loop, lags = asyncio.get_running_loop(), list[str]()
    written_s = loop.time()
    while True:
        due_s = loop.time() + EVERY_S
        await asyncio.sleep(EVERY_S)
        lags.append(f"{time.time():.3f} {1000 * (loop.time() - due_s):.3f}\n")
        if loop.time() - written_s > 0.5:
            with path.open("a", encoding="ascii") as file:
                file.writelines(lags)
            lags, written_s = [], loop.time()


def _hurry(times: float) -> None:
    """Make leases, beats and the grace so many times as short."""
    lease_s, grace_s = attendance.LEASE_S / times, attendance.GRACE_S / times
    _replace(server, RosterStore=partial(RosterStore, lease_s=lease_s, grace_s=grace_s))
    for module in (attendance, rosters):
        _replace(module, BEAT_S=BEAT_S / times)


def _replace(owner: object, **values: object) -> None:
    for name, value in values.items():
        setattr(owner, name, value)


def read_lags(path: Path, since: float, until: float) -> list[float]:
    """Return how many ms late the loop was, each time it was looked at between two times of the clock."""
    rows = [line.split() for line in path.read_text("ascii").splitlines()]
    return [float(lag_ms) for at, lag_ms in rows if since <= float(at) <= until]


if __name__ == "__main__":
    _replace(server, Presence=OpenPresence)
    _replace(Desk, may_subscribe=_may_subscribe)
    if HURRY in os.environ:
        _hurry(float(os.environ[HURRY]))
    main()
