"""The process that makes one drawing: `python -m livefeed.rooms.canvas_process`, started by hands.py.

It reads a question from its standard input, all in MessagePack: `{parent, size, strokes}`, see canvas.render; and
writes its answer: `{image, mask, took_s}`, or `{refused, message, took_s}`. took_s: processor time. The system ends it
where it takes more processor time or memory than a drawing can need.
"""

from __future__ import annotations

import contextlib
import resource
import signal
import sys
import time
from typing import Any

import msgpack

from livefeed.errors import BadPicture, TooLarge
from livefeed.rooms.canvas import render

LIMIT_S = 10
"""Processor time: three times what the dearest drawing takes that is not refused."""
MEMORY_BYTES = 2 * 1024**3


def main() -> None:
    """Answer one question."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is meant for the server, which still drains
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (LIMIT_S, LIMIT_S))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, resource.getrlimit(resource.RLIMIT_AS)[1]))
    try:
        question = msgpack.unpackb(sys.stdin.buffer.read())
    except ValueError:  # cut off: the server was killed as it asked
        sys.exit(1)
    answer = msgpack.packb({**_answer(question), "took_s": time.process_time()})
    with contextlib.suppress(BrokenPipeError):  # the server was killed
        sys.stdout.buffer.write(answer)
        sys.stdout.buffer.flush()


def _answer(question: dict[str, Any]) -> dict[str, Any]:
    width, height = question["size"]
    try:
        made = render(question["parent"], (width, height), question["strokes"])
    except (BadPicture, TooLarge) as exc:
        return {"refused": type(exc).__name__, "message": exc.message}
    return {"image": made.image, "mask": made.mask}


if __name__ == "__main__":
    main()
