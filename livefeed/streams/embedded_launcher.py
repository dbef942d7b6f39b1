"""Become the embedded store: `python -I -S embedded_launcher.py PARENT PIDFILE BINARY ARGUMENT…`.

A program of its own, because it runs between fork and exec, where a threaded server may run nothing. Only the
standard library, and nothing of livefeed.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
"""Source: prctl(2)."""


def die_with(parent: int) -> None:
    """Ask Linux to stop this process when its parent dies; elsewhere the next start ends it.

    The signal is SIGTERM, so that the store flushes its log. It survives execv.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died before it was asked for
            raise SystemExit(1)


def main(parent: str, pid_file: str, binary: str, *arguments: str) -> None:
    die_with(int(parent))
    # Written before the store exists: there is no moment when one runs that the file does not name.
    with open(pid_file, "w", encoding="ascii") as file:
        file.write(f"{os.getpid()}\n")
    os.execv(binary, [binary, *arguments])


if __name__ == "__main__":
    main(*sys.argv[1:])
