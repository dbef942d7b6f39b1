"""A running server as the load client sees it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Target:
    """Where subscribers connect, what they say, and how events are published.

    url: host:port/path of the WebSocket. greeting: what a client sends once it is open. ready: the text of a message
    that says that the subscription stands; None: the upgrade is enough. refused: the text of one that says that it does
    not. words: of the publisher, where it needs some. pids: of the server's own processes, not of its store.
    """

    name: str
    url: str
    pids: tuple[int, ...]
    publish: str
    publish_to: str
    protocol: str | None = None
    greeting: tuple[str, ...] = ()
    binary: bool = False
    engine_io: bool = False
    ready: str | None = None
    refused: str | None = None
    words: tuple[str, ...] = ()

    def connecting(self) -> list[object]:
        """Return those options that every program of the load client takes."""
        options: list[object] = ["--url", self.url, "--processes", ",".join(map(str, self.pids))]
        return [*options, "--protocol", self.protocol] if self.protocol else options

    def options(self, folder: Path) -> list[object]:
        """Return the load client's options for this server; what it reads from files is put into `folder`."""
        options = [*self.connecting(), "--publish", self.publish, "--publish-to", self.publish_to]
        if self.ready:
            options += ["--ready", self.ready]
        if self.refused:
            options += ["--refused", self.refused]
        for name, lines in (("greeting", self.greeting), ("words", self.words)):
            if lines:
                path = folder / f"{self.name.replace(' ', '-')}.{name}"
                path.write_text("".join([f"{line}\n" for line in lines]), "utf-8")
                options += [f"--{name}", path]
        if self.binary:
            options.append("--binary-greeting")
        if self.engine_io:
            options.append("--engine-io")
        return options


Start = Callable[[Path], AbstractContextManager[Target]]
"""Start a server in this folder and run it while the block lasts. Raises NotHere where it cannot be had."""
