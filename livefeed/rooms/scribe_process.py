"""The process that holds documents: `python -m livefeed.rooms.scribe_process FD`, started by livefeed/rooms/scribe.py.

A decoder or a merge that goes on for ever cannot be stopped from inside, and holds the interpreter. So the system's
processor timer ends the process, and the file FD names the piece it was at. It leaves when its standard input ends.

Wire, both ways: four bytes of length, then MessagePack.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import resource
import signal
import struct
import sys
from collections.abc import Callable, Sequence
from typing import Any, BinaryIO

import msgpack

from livefeed.rooms import structure
from livefeed.rooms.ink import Ink, Spoiled, seed

LENGTH = struct.Struct(">I")
INDEX = struct.Struct(">i")
PROGRESS_BYTES = INDEX.size
PIECE_S, PIECE_S_PER_MB, ANSWER_S = 2.0, 2.0, 20.0
"""Processor time for one piece, more of it for a large one, and for an answer."""
MEMORY_BYTES = 2 * 1024**3
IDLE = -1


def main(file: int) -> None:
    """Serve until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is meant for the server, which still drains
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, resource.getrlimit(resource.RLIMIT_AS)[1]))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with mmap.mmap(file, PROGRESS_BYTES) as page:
        serve(sys.stdin.buffer, sys.stdout.buffer, page)


def serve(requests: BinaryIO, answers: BinaryIO, page: mmap.mmap) -> None:
    """Answer request after request."""
    pieces: Sequence[bytes] = ()

    def progress(index: int) -> None:
        INDEX.pack_into(page, 0, index)
        limit_s = ANSWER_S if index == IDLE else PIECE_S + PIECE_S_PER_MB * len(pieces[index]) / 1024**2
        signal.setitimer(signal.ITIMER_PROF, limit_s)

    ink = Ink(progress)
    while len(head := requests.read(LENGTH.size)) == LENGTH.size:
        request = msgpack.unpackb(requests.read(LENGTH.unpack(head)[0]))
        pieces = request.get("pieces", ())
        progress(IDLE)
        answer = msgpack.packb(_answer(ink, request), default=_as_bytes)
        signal.setitimer(signal.ITIMER_PROF, 0)
        answers.write(LENGTH.pack(len(answer)) + answer)
        answers.flush()


def _answer(ink: Ink, request: dict[str, Any]) -> tuple[str, Any]:
    question, argument = request["question"], request["argument"]
    try:
        if question in _CHECKS:
            return "answer", structure.complaint(_CHECKS[question], argument)
        if question == "seed":
            return "answer", seed(argument["prompt"], argument["params"])
        return ink.ask(request["room"], request["held"], request["pieces"], request["at"], question, argument)
    except Spoiled as exc:
        return "spoiled", exc.index


_CHECKS: dict[str, Callable[[bytes], None]] = {
    "check update": structure.check_update,
    "check state": structure.check_state,
}


def _as_bytes(value: Any) -> bytes:
    """Return what MessagePack has no word for: pycrdt gives some bytes as a bytearray."""
    return bytes(value)


if __name__ == "__main__":
    main(int(sys.argv[1]))
    os._exit(0)  # nothing to tidy up; documents are freed faster by the system
