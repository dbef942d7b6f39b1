"""What the log says of an outage: one line when it begins and one when it is over, however many parts it has."""

from __future__ import annotations

import logging
from collections.abc import Hashable

from livefeed.errors import LivefeedError
from livefeed.streams.connection import Led


class Outage:
    """The parts of something that are without the store just now. Tells `log` of the first, and of the last one back.

    What was only led to another server is told quietly.
    """

    def __init__(self, log: logging.Logger, what: str) -> None:
        self._log, self._what = log, what
        self._lost: set[Hashable] = set()
        self._told = logging.NOTSET

    def lost(self, part: Hashable, why: LivefeedError) -> None:
        """Note that a part lost the store, or still is without it."""
        self._lost.add(part)
        level = logging.INFO if isinstance(why, Led) else logging.WARNING
        if level > self._told:
            self._told = level
            self._log.log(level, "%s lost the store and tries again: %s", self._what, why.message)

    def back(self, part: Hashable) -> None:
        """Note that a part has the store."""
        self._lost.discard(part)
        if self._told and not self._lost:
            self._told = logging.NOTSET
            self._log.info("%s has the store again", self._what)
