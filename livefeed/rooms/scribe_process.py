"""The process that holds documents: `python -m livefeed.rooms.scribe_process FD [blames]`, started by scribe.py.

A question comes with a budget of processor time. Once that is spent, or nobody waits for the answer any more, no other
piece is begun, and the answer is `overdrawn`. A decoder or a merge that goes on for ever cannot be stopped from
inside, and holds the interpreter: there the system's processor timer ends the process, a little behind the budget.
`blames`: each piece has as long as its size allows instead, the file FD names the one at which the process was ended,
and whoever asks the same again after `overdrawn` is answered from where it stopped. Without it, that would only take
the place of documents that are asked about again. It leaves when its standard input ends.

Wire, both ways: four bytes of length, then MessagePack. An answer is a word, a value, and the processor time it took.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import resource
import signal
import struct
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from typing import Any, BinaryIO

import msgpack

from livefeed.rooms import structure
from livefeed.rooms.held import IDLE
from livefeed.rooms.ink import Ink, Overdrawn, Spoiled, seed

LENGTH = struct.Struct(">I")
INDEX = struct.Struct(">i")
ABANDONED = struct.Struct(">I")
"""Behind the index: the newest question, counted from 1, whose answer nobody waits for."""
PROGRESS_BYTES = INDEX.size + ABANDONED.size
PIECE_S, PIECE_S_PER_MB = 2.0, 2.0
"""Processor time for one piece, more of it for a large one."""
GRACE_S = 0.75
"""Behind the end of its budget the process is ended at a question."""
MEMORY_BYTES = 2 * 1024**3
TRACE_CHARACTERS = 4_000


def main(file: int, *, blames: bool) -> None:
    """Serve until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is meant for the server, which still drains
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, resource.getrlimit(resource.RLIMIT_AS)[1]))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # A server that was killed reads no answers any more.
    with mmap.mmap(file, PROGRESS_BYTES) as page, contextlib.suppress(BrokenPipeError):
        serve(sys.stdin.buffer, sys.stdout.buffer, page, blames=blames)


def serve(requests: BinaryIO, answers: BinaryIO, page: mmap.mmap, *, blames: bool) -> None:
    """Answer request after request."""
    pieces: Sequence[bytes] = ()
    asked, began_s, budget_s = 0, 0.0, 0.0

    def progress(index: int) -> None:
        INDEX.pack_into(page, 0, index)
        left_s = began_s + budget_s - time.process_time()
        if left_s < 0.0 or ABANDONED.unpack_from(page, INDEX.size)[0] == asked:
            raise Overdrawn
        if blames:
            allowed_s = left_s + GRACE_S if index == IDLE else PIECE_S + PIECE_S_PER_MB * len(pieces[index]) / 1024**2
            signal.setitimer(signal.ITIMER_PROF, allowed_s)

    ink = Ink(progress, goes_on=blames)
    while len(head := requests.read(LENGTH.size)) == LENGTH.size:
        request = msgpack.unpackb(requests.read(LENGTH.unpack(head)[0]))
        pieces, budget_s = request.get("pieces", ()), request["budget_s"]
        asked, began_s = asked + 1, time.process_time()
        INDEX.pack_into(page, 0, IDLE)
        signal.setitimer(signal.ITIMER_PROF, budget_s + GRACE_S)
        answer = _packed(*_answer(ink, request), began_s)
        signal.setitimer(signal.ITIMER_PROF, 0)
        answers.write(LENGTH.pack(len(answer)) + answer)
        answers.flush()


def _packed(word: str, value: Any, began_s: float) -> bytes:
    took_s = time.process_time() - began_s
    try:
        packed: bytes = msgpack.packb((word, value, took_s), default=_as_bytes)
    except (TypeError, ValueError, OverflowError, MemoryError):  # editors write values of every kind
        packed = msgpack.packb(("failed", traceback.format_exc()[-TRACE_CHARACTERS:], took_s))
    return packed


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
    except Overdrawn:
        return "overdrawn", None
    except BaseException as exc:  # a panic in there is none of Exception's; the other documents are worth living for
        if isinstance(exc, KeyboardInterrupt | SystemExit):
            raise
        return "failed", traceback.format_exc()[-TRACE_CHARACTERS:]


_CHECKS: dict[str, Callable[[bytes], None]] = {
    "check state": structure.check_state,
}


def _as_bytes(value: Any) -> bytes:
    """Return what MessagePack has no word for: pycrdt gives some bytes as a bytearray."""
    return bytes(value)


if __name__ == "__main__":
    main(int(sys.argv[1]), blames="blames" in sys.argv[2:])
    os._exit(0)  # nothing to tidy up; documents are freed faster by the system
