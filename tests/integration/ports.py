"""Ports for servers of the tests, of which several processes may be running on this machine."""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import random
import re
import socket

FIRST, PAST = 10_240, 32_000
"""Below those that Linux gives to whoever asks for any: a server that was killed finds its port still free."""
SHARE = (PAST - FIRST) // 8
"""Of those that share a run each takes from a part of its own, so that none is given what another's server will listen
on in a moment, or again after it was killed. They are at most six, see tests/conftest.py."""


def _first_of_own() -> int:
    number = re.sub(r"\D", "", os.environ.get("PYTEST_XDIST_WORKER", ""))
    return FIRST + int(number or 7) % 8 * SHARE


_chosen = itertools.count(random.SystemRandom().randrange(SHARE))


def free_ports(count: int) -> list[int]:
    """Return TCP ports on which nobody listens, each given once, from a part of this process's own."""
    with contextlib.ExitStack() as held:
        found: list[int] = []
        for port in (_first_of_own() + number % SHARE for number in _chosen):
            one = held.enter_context(socket.socket())
            try:
                one.bind(("127.0.0.1", port))
            except OSError as exc:
                if exc.errno != errno.EADDRINUSE:
                    raise
                continue
            found.append(port)
            if len(found) == count:
                break
        return found
