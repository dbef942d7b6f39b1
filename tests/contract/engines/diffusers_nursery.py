"""Painting processes for tests: `python -m …diffusers_nursery SOCKET FOLDER`. It imports torch once, and forks.

A process that the generator starts itself needs six seconds of a processor before it has imported everything; one that
comes from here does the same work, and trouble, 50 ms later. It ends when its standard input does.

Beside the model of an engine there may be a file `trouble`, which the next picture takes away and suffers; what
happens is written to a file `log` there.
"""

from __future__ import annotations

import os
import signal
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import torch

from livefeed.generation.generators.diffusers import painter
from livefeed.generation.generators.diffusers.pipeline import GoOn, Pipeline, Tell
from livefeed.generation.generators.diffusers.wire import Paint, Setup
from tests.contract.engines import STEP_S, Trouble, diffusers_model


def main(address: str, folder: str) -> None:
    """Make the models, and then a painting process for everybody who connects, who is first told its id."""
    torch.set_num_threads(1)  # no threads are forked, and the machine has other work
    diffusers_model.save_stable_diffusion(Path(folder, "checked"), checked=True)
    diffusers_model.save_stable_diffusion(Path(folder, "unchecked"), checked=False)
    diffusers_model.save_flux(Path(folder, "flux"))
    diffusers_model.save_tiny_vae(Path(folder, "tiny-vae"))
    Path(folder, "empty").mkdir()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them here
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen()
        threading.Thread(target=leave_with_parent, daemon=True).start()
        print("ready", flush=True)
        while True:
            line, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                line.sendall(struct.pack(">I", os.getpid()))
                os._exit(serve(line))
            line.close()


def leave_with_parent() -> None:
    """End when whoever started us is gone; what was forked ends with its own line."""
    sys.stdin.buffer.read()
    os._exit(0)


def serve(line: socket.socket) -> int:
    """Be a painting process that knows trouble."""
    load = Pipeline.load

    def loaded(setup: Setup) -> Pipeline:
        pipeline = load(setup)
        trouble(pipeline, Path(setup.model).parent, lambda: line.shutdown(socket.SHUT_RDWR))
        return pipeline

    with patch.object(Pipeline, "load", loaded):
        return painter.serve(line)


def trouble(pipeline: Pipeline, folder: Path, cut: Callable[[], None]) -> None:
    """Let a pipeline suffer what the engine is told, and write down when it works. cut: breaks the line."""
    paint = pipeline.paint
    network = getattr(pipeline._new, "unet", None) or pipeline._new.transformer
    forward: Callable[..., Any] = network.forward
    told: Trouble | None = None
    step = 0
    repeat: Callable[[], None] = lambda: None  # noqa: E731

    def write(words: str) -> None:
        with (folder / "log").open("a") as log:
            log.write(f"{os.getpid()} {words}\n")

    def watched(order: Paint, tell: Tell, go_on: GoOn) -> Any:
        nonlocal told, step, repeat
        told, step = taken(folder / "trouble"), 0
        if (checker := getattr(pipeline._new, "safety_checker", None)) is not None:
            diffusers_model.refuse(checker, told is Trouble.REFUSES)
        write("begins")
        made = None

        def again() -> None:
            go_on()
            tell(1, order.steps, None)

        repeat = again
        try:
            made = paint(order, tell, go_on)
            return made
        finally:
            write("has made one" if made is not None else "stops")

    def slow(*args: Any, **named: Any) -> Any:
        nonlocal step
        step += 1
        time.sleep(STEP_S)
        if step == 2:
            match told:
                case Trouble.FAILS:
                    raise RuntimeError("the numbers do not fit")
                case Trouble.CRASHES:
                    os.kill(os.getpid(), signal.SIGKILL)
                case Trouble.FALLS_SILENT:
                    threading.Event().wait()
                case Trouble.NEVER_ENDS:
                    while True:
                        repeat()
                        time.sleep(STEP_S)
                case Trouble.CUTS:
                    cut()
        return forward(*args, **named)

    network.forward = slow
    pipeline.paint = watched  # type: ignore[method-assign]


def taken(file: Path) -> Trouble | None:
    """Take a file away, and return what it says."""
    try:
        said = file.read_text()
        file.unlink()
    except FileNotFoundError:
        return None
    return Trouble(said)


if __name__ == "__main__":
    main(*sys.argv[1:])
