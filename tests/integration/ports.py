"""Ports for servers of the tests, of which several processes may be running on this machine."""

from __future__ import annotations

import contextlib
import errno
import itertools
import random
import socket

FIRST, PAST = 10_240, 32_000
"""Below those that Linux gives to whoever asks for any: a server that was killed finds its port still free."""

_chosen = itertools.count(random.SystemRandom().randrange(PAST - FIRST))


def free_ports(count: int) -> list[int]:
    """Return TCP ports on which nobody listens, each given once, from a place of this process's own."""
    with contextlib.ExitStack() as held:
        found: list[int] = []
        for port in (FIRST + number % (PAST - FIRST) for number in _chosen):
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
