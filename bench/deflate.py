"""What compression costs: deliveries with permessage-deflate, against the same without."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

from bench.build import NotHere, has_zlib
from bench.effort import Effort
from bench.figure import Bar, Figure
from bench.runs import EVENT_BYTES, SUBSCRIBERS, Runs, ratio
from bench.servers.ours import livefeed


async def measure(folder: Path) -> AsyncIterator[Figure]:
    """Saturated, 16 in flight, the same server; the clients offer the extension or do not."""
    if not has_zlib():
        raise NotHere("the load client needs zlib to inflate (Debian: apt-get install zlib1g-dev)")
    effort = Effort.from_environment()
    options = ["--clients", SUBSCRIBERS, "--event-bytes", EVENT_BYTES, "--window", 16, "--warm", 40]
    options += ["--seconds", effort.seconds]
    with livefeed(folder) as target:
        deflated, plain = Runs(target, folder), Runs(target, folder)
        for _ in range(effort.pairs):
            deflated.run([*options, "--deflate"], timeout_s=30 + 2 * effort.seconds)
            plain.run(options, timeout_s=30 + 2 * effort.seconds)
    if not all(deflated.values("deflated")):
        deflated.reports = [None]
        deflated.failure = "the server did not take the offer of permessage-deflate"
    yield ratio("deflated / plain, deliveries per CPU-second", deflated, plain, "per_cpu_s", Bar(low=0.7))
    yield ratio("deflated / plain, bytes on the wire per delivery", deflated, plain, "bytes_each")
