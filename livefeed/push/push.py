"""One message, from a notification to a browser: put together of the parts beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final, Protocol

from livefeed.clock import Clock
from livefeed.push.courier import Courier
from livefeed.push.device import Device, encoded
from livefeed.push.devices import Devices
from livefeed.push.message import message
from livefeed.push.rounds import Entry
from livefeed.push.verdict import Verdict

OLDEST_MS: Final = 24 * 3600 * 1000
"""A notification that could not be pushed for so long is only in the list."""


class Notices(Protocol):
    """What people are told, as the feed keeps it."""

    async def one(self, person: str, id: str) -> Mapping[str, Any] | None:
        """Return a notification as what it is about stands now, None when it is gone or was read."""


class Push:
    """Delivers entries: asks what there is to say now, seals it, sends it."""

    def __init__(self, devices: Devices, notices: Notices, courier: Courier, clock: Clock) -> None:
        self._devices = devices
        self._notices = notices
        self._courier = courier
        self._clock = clock

    async def deliver(self, entry: Entry) -> Verdict:
        """Send a notification to a browser, unless it needs nobody's attention any more. Raises: StoreUnavailable."""
        if self._clock.now_ms() - entry.made_ms > OLDEST_MS:
            return Verdict.DONE
        device = await self._devices.read(entry.person, entry.device)
        if device is None:
            await self._devices.remove(entry.person, entry.device)
            return Verdict.DONE
        notice = await self._notices.one(entry.person, entry.notice)
        if notice is None:
            return Verdict.DONE
        found = await self._courier.send(device, message(notice), topic=_topic(entry.notice))
        if found is Verdict.GONE:
            await self._forget(entry, device)
        return found

    async def _forget(self, entry: Entry, device: Device) -> None:
        """Forget a browser that is gone, unless it came back meanwhile with other keys."""
        if await self._devices.read(entry.person, entry.device) == device:
            await self._devices.remove(entry.person, entry.device)


def _topic(notice: str) -> str:
    """Return a notification's name as push services take it: 32 characters that say nothing."""
    return encoded(hashlib.sha256(notice.encode()).digest()[:24])
