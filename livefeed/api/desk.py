"""What connections ask of the house: rights, credentials, commands, presence."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import Any

from livefeed.api.commands import CALLS
from livefeed.api.gate import authenticate
from livefeed.api.house import House
from livefeed.errors import LivefeedError, Unauthorised
from livefeed.hub.session import Session
from livefeed.people import Caller
from livefeed.topic import Topic


class UnknownMethod(LivefeedError):
    """The `method` of a call is not one of the protocol's."""

    code = "unknown_method"
    status = 404


class Desk:
    """The hub's port to everything that is not fan-out."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def authenticate(self, token: str) -> Caller:
        """Return whose token it is. Raises: Unauthorised."""
        return await authenticate(self._house, token)

    def may_subscribe(self, caller: Caller, topic: Topic) -> bool | Awaitable[bool]:
        """Tell whether a topic exists for this caller, at once if the store need not be asked."""
        return self._house.rights.may_subscribe(caller, topic)

    async def call(self, caller: Caller, method: str, data: Mapping[str, Any], key: str | None) -> Any:
        """Carry out a command that came as a `call` frame. Raises: LivefeedError."""
        command = CALLS.get(method)
        if command is None:
            raise UnknownMethod(f"There is no method '{method[:40]}'; there is: {', '.join(sorted(CALLS))}.")
        return await command(self._house, caller, data, key)

    def watch(self, session: Session, topic: str, *, roster: bool, hidden: bool) -> None:
        """Tell a session how many, or who, are present on a topic, and count it as one of them unless it is hidden."""
        count = self._house.presence.watch(session.id, topic, session.caller.user, hidden=hidden)
        self._house.audience.watch(session, topic, count, roster=roster)

    def unwatch(self, session: Session, topic: str, *, hidden: bool) -> None:
        """End what `watch` began."""
        self._house.audience.unwatch(session, topic)
        self._house.presence.unwatch(session.id, topic, hidden=hidden)

    async def signal(self, session: Session, topic: str, type: str, data: Mapping[str, Any] | None) -> None:
        """Pass a signal on to whoever else follows the topic. Raises: LivefeedError."""
        if session.caller.user is None:
            raise Unauthorised("Only a signed-in user can send signals.")
        await self._house.presence.signal(session.id, session.caller.user, topic, type, data)
