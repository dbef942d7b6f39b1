"""socketify (uWebSockets): subscribers on /, the publisher on /publish.

Run by bench/servers/peers.py, in an environment of its own that holds socketify. Argument: the port.
"""

import sys
from typing import Any

from socketify import App, OpCode  # type: ignore[import-not-found]  # not in our environment

app = App()


def subscribe(ws: Any) -> None:
    ws.subscribe("feed")


def forward(ws: Any, message: str, opcode: int) -> None:
    app.publish("feed", message, OpCode.TEXT)


LIMITS = {"max_payload_length": 1 << 20, "idle_timeout": 120, "max_backpressure": 64 << 20, "compression": 0}
app.ws("/publish", {**LIMITS, "message": forward})
app.ws("/", {**LIMITS, "open": subscribe})
app.listen({"host": "127.0.0.1", "port": int(sys.argv[1])}, lambda config: print("ready", config.port, flush=True))
app.run()
