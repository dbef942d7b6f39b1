"""When Python looks for cycles: seldom, for what a node holds long is many thousand objects and none of them a cycle.

Sessions, subscriptions and tails are freed by their reference counts. CPython's rule for a full collection (a quarter
of new long-lived objects) comes true every few seconds while viewports scroll, and walks everything: with 200,000
subscriptions that took nine tenths of the processor, a second at a time. Source: CPython, Modules/gcmodule.c.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import time

log = logging.getLogger(__name__)

THRESHOLDS = (10_000, 20, 1_000)
"""Objects more than before until the young are looked at, and how many times that until the older ones are."""
FULL_EVERY_S = 600.0
WORTH_TELLING_S = 0.2


async def collect_seldom() -> None:
    """Take what the process has loaded out of sight, then look at everything once in ten minutes, until cancelled."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
    try:
        while True:
            await asyncio.sleep(FULL_EVERY_S)
            began_s = time.monotonic()
            found = gc.collect()
            took_s = time.monotonic() - began_s
            if took_s > WORTH_TELLING_S:
                log.info("looking for cycles took %.1f s and found %d objects", took_s, found)
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
