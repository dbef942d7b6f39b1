"""The painting process: `python -m …painter FD`. It loads a pipeline and paints what it is asked for, one by one.

It ends when nobody is at the other end of the line any more, whatever it is doing.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import threading
from queue import Queue
from typing import TYPE_CHECKING, Final

from PIL import Image

from livefeed.generation.generators.diffusers import wire
from livefeed.generation.generators.diffusers.wire import (
    Broken,
    Failure,
    Finished,
    News,
    Order,
    Paint,
    Ready,
    Setup,
    Step,
    Stop,
    Stopped,
    Withheld,
)  # fmt: skip

if TYPE_CHECKING:
    from livefeed.generation.generators.diffusers.pipeline import Pipeline

log = logging.getLogger("livefeed.painter")

ORDERS: Final = 4
"""So many are held; the worker gives one at a time."""
MAX_REASON: Final = 500


class CalledOff(Exception):
    """Nobody wants the picture any more."""


class Line:
    """The line to the worker. A thread of its own reads it, so that a stop is heard while a step is painted."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._orders: Queue[Setup | Paint] = Queue(ORDERS)
        self._stopped = self._begun = 0
        self._lock = threading.Lock()
        threading.Thread(target=self._listen, name="line", daemon=True).start()

    def next(self) -> Setup | Paint:
        """Wait for the next order."""
        return self._orders.get()

    def is_off(self, number: int) -> bool:
        """Tell whether nobody wants a picture any more."""
        return number <= self._stopped

    def begin(self, number: int) -> None:
        """Note that a picture is being painted, until `end`."""
        with self._lock:
            self._begun = number

    def end(self) -> None:
        """Note that nothing is painted any more, so that nothing can hang."""
        with self._lock:
            self._begun = 0
            signal.setitimer(signal.ITIMER_REAL, 0)

    def say(self, news: News) -> None:
        """Send news. It waits while the worker has enough to read, and ends the process when the worker is gone."""
        try:
            self._line.sendall(wire.pack(news))
        except ConnectionError:
            os._exit(0)

    def _listen(self) -> None:
        """Read until the worker is gone, and then end the process: a step that hangs would hold the device for ever."""
        try:
            while (order := self._receive()) is not None:
                if isinstance(order, Stop):
                    self._stop(order)
                elif isinstance(order, Setup | Paint):
                    self._orders.put(order)
        finally:
            os._exit(0)

    def _stop(self, order: Stop) -> None:
        """Have the painting stop, and the system end the process if it does not: by then no line of Python may run."""
        with self._lock:
            self._stopped = max(self._stopped, order.number)
            if 0 < self._begun <= order.number:
                signal.setitimer(signal.ITIMER_REAL, order.within_s)

    def _receive(self) -> Order | News | None:
        header = self._exactly(wire.HEADER.size)
        body = header and self._exactly(wire.length_of(header))
        return wire.unpack(body) if body else None

    def _exactly(self, size: int) -> bytes:
        """Return so many bytes, or none at the end of the line."""
        data = bytearray()
        while len(data) < size:
            try:
                part = self._line.recv(min(size - len(data), 1 << 20))
            except ConnectionError:
                part = b""
            if not part:
                return b""
            data += part
        return bytes(data)


def serve(connection: socket.socket) -> int:
    """Serve one worker; return the exit code once the process is of no more use to it."""
    line = Line(connection)
    setup = line.next()
    if not isinstance(setup, Setup):
        raise ValueError("The first order must be a Setup.")
    try:
        from livefeed.generation.generators.diffusers.pipeline import Pipeline

        pipeline = Pipeline.load(setup)
    except Exception as exc:
        log.exception("the model %s cannot be loaded", setup.model)
        line.say(Broken(f"The model {setup.model} cannot be loaded: {_reason(exc)}"))
        return 1
    line.say(Ready(pipeline.words))
    while True:
        order = line.next()
        if isinstance(order, Paint):
            news = _paint(pipeline, order, line)
            line.say(news)
            if isinstance(news, Broken):
                return 1


def _paint(pipeline: Pipeline, paint: Paint, line: Line) -> News:
    """Paint a picture, tell of its steps, and return its end."""

    def tell(done: int, total: int, image: Image.Image | None) -> None:
        shown = () if image is None else (*image.size, image.tobytes())
        line.say(Step(paint.number, done, total, *shown))

    def go_on() -> None:
        if line.is_off(paint.number):
            raise CalledOff

    line.begin(paint.number)
    try:
        go_on()
        image = pipeline.paint(paint, tell, go_on)
    except CalledOff:
        return Stopped(paint.number)
    except Exception as exc:
        if pipeline.is_beyond_repair(exc):
            log.exception("the device is lost")
            return Broken(f"The device is lost: {_reason(exc)}")
        if pipeline.is_short_of_memory(exc):
            return Failure(paint.number, f"There is not enough memory for {paint.width} x {paint.height} pixels.")
        log.exception("a picture of %d x %d in %d steps failed", paint.width, paint.height, paint.steps)
        return Failure(paint.number, f"The pipeline failed: {_reason(exc)}")
    finally:
        line.end()
        pipeline.tidy()
    return Withheld(paint.number) if image is None else Finished(paint.number, *image.size, image.tobytes())


def _reason(exc: Exception) -> str:
    return f"{type(exc).__name__}: {exc}"[:MAX_REASON]


def main(descriptor: str) -> int:
    """Run until the worker is gone, who alone answers when everything is to stop: it may finish its picture."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    return serve(socket.socket(fileno=int(descriptor)))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
