"""livefeed itself, as `livefeed serve` starts it: the defaults, no workers, a store on a TCP port."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from bench.appending import append_words, load_script
from bench.build import NotHere
from bench.child import children
from bench.cores import server_core
from bench.servers.target import Target
from bench.store import Valkey, valkey
from livefeed.config import Config
from tests.integration.server_process import ServerProcess

TOPIC = "app:bench"
PROTOCOL = "livefeed.v1.json"
READY = '"op":"subscribed"'
SUBSCRIBE = '{{"op":"subscribe","ref":1,"topics":{{"{topic}":{{}}}}}}'


@contextlib.contextmanager
def livefeed(
    folder: Path, *, store: Valkey | None = None, name: str = "livefeed", **settings: object
) -> Iterator[Target]:
    """Run a server and, if none is given, its store. settings: of the configuration, as ServerProcess takes them."""
    with contextlib.ExitStack() as stack:
        used = store or stack.enter_context(valkey(folder / name / "store"))
        server = ServerProcess(folder / name / "data", redis_url=used.url, **settings)
        stack.callback(server.stop)
        with on_server_core():
            try:
                server.start()
            except AssertionError as exc:
                raise NotHere(f"livefeed did not start: {str(exc).strip().splitlines()[-1]}") from exc
        yield target(name, server.url.rpartition(":")[2], (server.pid, *children(server.pid)), used)


def target(name: str, port: str, pids: tuple[int, ...], store: Valkey) -> Target:
    """Return a running server as the load client sees it: JSON, one topic, events appended to its store."""
    words, script = append_words(TOPIC, Config())
    load_script(store.url, script)
    return Target(
        name,
        f"127.0.0.1:{port}/ws",
        pids,
        "resp",
        store.address,
        protocol=PROTOCOL,
        greeting=(SUBSCRIBE.format(topic=TOPIC),),
        ready=READY,
        refused='"error":',
        words=tuple(words),
    )


@contextlib.contextmanager
def on_server_core() -> Iterator[None]:
    """Let what is started in the block have the server's core alone; children inherit it."""
    core, before = server_core(), os.sched_getaffinity(0)
    if core is not None:
        os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
