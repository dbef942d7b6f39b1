"""`make dev`: the server restarts when Python changes, and Vite's own server shows web changes at once.

Open the address that Vite prints: it passes /api, /media and /ws on to the server.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

from watchfiles import PythonFilter, run_process

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    server = f"http://127.0.0.1:{os.environ.get('LIVEFEED_PORT', '8080')}"
    vite = subprocess.Popen(
        [sys.executable, str(ROOT / "tools" / "web.py"), "dev"],
        env={**os.environ, "LIVEFEED_SERVER": server},
        start_new_session=True,  # so that all of npm's processes can be ended together
    )
    try:
        run_process(
            ROOT / "livefeed",
            target=f"{Path(sys.executable).with_name('livefeed')} serve",
            target_type="command",
            watch_filter=PythonFilter(),
            grace_period=1,
            sigint_timeout=15,
        )
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(vite.pid, signal.SIGTERM)
        vite.wait()


if __name__ == "__main__":
    main()
