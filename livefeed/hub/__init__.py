"""Fan-out in one process: shared tails, sessions with cursors, the WebSocket and SSE shells."""
