"""The other servers, each as its makers advise: what `tools/peers.sh` could install.

How each is set up, and in whose favour that is: docs/benchmarks.md, "The peers".
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NoReturn

from bench.build import NotHere
from bench.child import children, free_port, running
from bench.servers.target import Start, Target
from bench.store import valkey

INSTALLED = Path(__file__).parents[1] / "peers"
PROGRAMS = Path(__file__).parent / "programs"
SOCKET_IO_EVENT = '{"packet":{"type":2,"data":["feed",{event}],"nsp":"/"},"opts":{"rooms":[],"except":[],"flags":{}}}'
NATS_CONFIGURATION = """
host: 127.0.0.1
port: {port}
ping_interval: "10m"
write_deadline: "60s"
max_pending: 268435456
websocket {{ host: 127.0.0.1, port: {websocket_port}, no_tls: true, compression: false }}
"""
NGINX_CONFIGURATION = """
load_module {module};
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 20000; }}
worker_rlimit_nofile 20000;
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  keepalive_requests 1000000000;
  keepalive_timeout 1h;
  nchan_shared_memory_size 256M;
  nchan_message_timeout 1m;
  nchan_message_buffer_length 1000;
  {upstream}
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location = /subscribe {{
      nchan_subscriber websocket; nchan_channel_id feed; nchan_subscriber_first_message newest; {use}
    }}
    location = /publish {{ nchan_publisher; nchan_channel_id feed; {use} }}
  }}
}}
"""


@contextlib.contextmanager
def socketify(folder: Path) -> Iterator[Target]:
    """uWebSockets through socketify: no store, no protocol; the publisher is a WebSocket of its own."""
    python, port = _installed("venv/bin/python"), free_port()
    command = [str(python), str(PROGRAMS / "socketify_server.py"), str(port)]
    with running(command, log=folder / "socketify.log", says="ready") as (process, _):
        at = f"127.0.0.1:{port}"
        yield Target("socketify (uWebSockets)", f"{at}/", (process.pid,), "ws", f"{at}/publish")


@contextlib.contextmanager
def aiohttp(folder: Path) -> Iterator[Target]:
    """The loop that one writes first, with a Redis stream in front of it."""
    with valkey(folder / "aiohttp-store") as store:
        port = free_port()
        command = [sys.executable, str(PROGRAMS / "aiohttp_server.py"), str(port), store.url]
        with running(command, log=folder / "aiohttp.log", says="ready") as (process, _):
            words = ("XADD", "feed", "MAXLEN", "~", "10000", "*", "event", "{event}")
            yield Target("aiohttp, naive", f"127.0.0.1:{port}/", (process.pid,), "resp", store.address, words=words)


@contextlib.contextmanager
def socket_io(folder: Path) -> Iterator[Target]:
    """Socket.IO on Node, with its Redis Streams adapter; published as another node of it would."""
    node = shutil.which("node") or _missing("Node.js is not installed")
    modules = _installed("node/node_modules")
    with valkey(folder / "socket-io-store") as store:
        port = free_port()
        command = [node, str(PROGRAMS / "socket_io.js"), str(port), store.url]
        words = ("XADD", "socket.io", "MAXLEN", "~", "10000", "*", "uid", "bench", "nsp", "/", "type", "3", "data")
        environment = {"NODE_PATH": str(modules), "NODE_ENV": "production"}
        with running(command, log=folder / "socket-io.log", says="ready", environment=environment) as (process, _):
            yield Target(
                "Socket.IO, Redis Streams",
                f"127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket",
                (process.pid,),
                "resp",
                store.address,
                greeting=("40",),
                engine_io=True,
                ready='40{"sid"',
                words=(*words, SOCKET_IO_EVENT),
            )


@contextlib.contextmanager
def nats(folder: Path) -> Iterator[Target]:
    """NATS over its WebSocket port; memory only, the publisher speaks its own protocol over TCP."""
    server = shutil.which("nats-server") or str(_installed("debian/usr/sbin/nats-server"))
    port, websocket_port = free_port(), free_port()
    configuration = folder / "nats.conf"
    configuration.write_text(NATS_CONFIGURATION.format(port=port, websocket_port=websocket_port), "utf-8")
    log = folder / "nats.log"
    with running([server, "-c", str(configuration)], log=log, says="Server is ready") as (process, _):
        yield Target(
            "NATS",
            f"127.0.0.1:{websocket_port}/",
            (process.pid,),
            "nats",
            f"127.0.0.1:{port}",
            greeting=(r'CONNECT {"verbose":false,"pedantic":false}\r\nSUB feed 1\r\nPING\r\n',),
            binary=True,
            ready="PONG",
        )


@contextlib.contextmanager
def nchan(folder: Path, *, redis: bool) -> Iterator[Target]:
    """Nchan in nginx, with one worker process: in memory, or through Redis; published over HTTP, as it wants it."""
    nginx = shutil.which("nginx") or str(_installed("debian/usr/sbin/nginx"))
    modules = (Path("/usr/lib/nginx/modules"), INSTALLED / "debian/usr/lib/nginx/modules")
    module = next((path for path in modules if (path / "ngx_nchan_module.so").exists()), None)
    if module is None:
        _missing("the nginx module Nchan is not installed")
    here = folder / ("nchan-redis" if redis else "nchan-memory")
    here.mkdir()
    with contextlib.ExitStack() as stack:
        upstream = use = ""
        if redis:
            store = stack.enter_context(valkey(here / "store"))
            upstream, use = f"upstream store {{ nchan_redis_server {store.url}; }}", "nchan_redis_pass store;"
        port = free_port()
        text = NGINX_CONFIGURATION.format(
            module=module / "ngx_nchan_module.so", folder=here, port=port, upstream=upstream, use=use
        )
        (here / "nginx.conf").write_text(text, "utf-8")
        command = [nginx, "-p", str(here), "-c", str(here / "nginx.conf")]
        process, _ = stack.enter_context(running(command, log=here / "nginx.log", listens=port))
        yield Target(
            "Nchan, Redis" if redis else "Nchan, memory",
            f"127.0.0.1:{port}/subscribe",
            (process.pid, *children(process.pid)),
            "http",
            f"127.0.0.1:{port}/publish",
        )


PEERS: dict[str, Start] = {
    "socketify": socketify,
    "NATS": nats,
    "Nchan, memory": partial(nchan, redis=False),
    "Nchan, Redis": partial(nchan, redis=True),
    "Socket.IO, Redis Streams": socket_io,
    "aiohttp, naive": aiohttp,
}


def _installed(path: str) -> Path:
    found = INSTALLED / path
    return found if os.path.exists(found) else _missing(f"{path} is not in {INSTALLED.name}/")


def _missing(what: str) -> NoReturn:
    note = INSTALLED / "not-here.txt"
    why = f"; {note.read_text('utf-8').strip()}" if note.exists() else ""
    raise NotHere(f"{what} (tools/peers.sh installs it{why})")
