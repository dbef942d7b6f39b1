"""How much processor time something takes, whatever else this process holds."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

RUNS = 3


def cpu_s(work: Callable[[], object]) -> float:
    """Return the seconds of processor time that `work` takes at its quickest, of three times that it is done.

    Nothing is collected meanwhile: that costs what the other tests of this process have left behind.
    """
    took_s = []
    for _ in range(RUNS):
        gc.collect()
        gc.disable()
        try:
            began_s = time.process_time()
            work()
            took_s.append(time.process_time() - began_s)
        finally:
            gc.enable()
    return min(took_s)
