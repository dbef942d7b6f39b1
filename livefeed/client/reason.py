"""Why a server could not be reached, in words. [pure]"""

from __future__ import annotations

import os


def reason_of(exc: BaseException) -> str:
    """Return what the system calls an error (`connection refused`), or what the exception says, or its name."""
    number = exc.errno if isinstance(exc, OSError) else None
    if number is not None and number > 0:
        return os.strerror(number).lower()
    return str(exc) or type(exc).__name__
