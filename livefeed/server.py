"""The composition root: the processes that `livefeed serve` and `livefeed worker` start."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
import resource
import secrets
import signal
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path
from typing import Any

import uvloop
from aiohttp import web

from livefeed.api.application import create_application
from livefeed.api.audience import SessionAudience
from livefeed.api.door import Door
from livefeed.api.house import House
from livefeed.api.uploads import Uploads
from livefeed.composition import Canvases, Services, furnish, open_store
from livefeed.config import Config, variable
from livefeed.errors import ConfigurationError
from livefeed.feed.publication import publication
from livefeed.generation.previews import PreviewMaker
from livefeed.generation.worker import Worker
from livefeed.hub.node import Node
from livefeed.identity.avatars import Avatars
from livefeed.media import preview_jpeg
from livefeed.media.placeholder import palette
from livefeed.presence.presence import Presence
from livefeed.streams.ephemeral import Ephemeral
from livefeed.streams.follower import Follower
from livefeed.streams.outbox import Carrier
from livefeed.supervision import keep_worker, mind_parent, worker_name

log = logging.getLogger(__name__)

WEB = Path(__file__).parent / "web_dist"
START_S = 30.0
SHUTDOWN_S = 5.0
UPLOADS_AT_ONCE = 16
UPLOADS_PER_PERSON = 3
IDLE_HEARTBEATS = 3
"""How long a connection may be open without a whole request on it."""


def main_serve(config: Config) -> None:
    """Serve until SIGINT or SIGTERM, then drain. Raises: ConfigurationError."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    _raise_file_limit()
    uvloop.run(_until_signalled(lambda stop: serve(config, stop)))


def main_worker(config: Config) -> None:
    """Make pictures until SIGINT or SIGTERM; what is on the easel then is handed back. Raises: ConfigurationError."""
    if not config.redis_url:
        raise ConfigurationError(
            f"A worker needs the store its server uses: set {variable('redis_url')} (the server tells it at its start)."
        )
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    uvloop.run(_until_signalled(lambda stop: work(config, stop)))


def _raise_file_limit() -> None:
    """Take as many open files as we may: every connection is one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(
            resource.RLIMIT_NOFILE, (hard if hard != resource.RLIM_INFINITY else max(soft, 65_536), hard)
        )


async def _until_signalled(main: Any) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await main(stop)


async def serve(config: Config, stop: asyncio.Event) -> None:
    """Run one server process until `stop`."""
    async with open_store(config) as (store, url), furnish(config, store) as services:
        node = Node(services.streams, config)
        follower = Follower(store, node, shards=config.shards)
        ephemeral = Ephemeral(store)
        name = secrets.token_hex(6)
        audience = SessionAudience(node)
        presence = Presence(name, ephemeral, audience)
        house = _house(services, node, follower, audience, presence)
        background: list[Coroutine[Any, Any, None]] = [
            node.run(),
            follower.run(),
            ephemeral.run(presence.receive),
            presence.run(),
            Carrier(store, services.timelines, shards=config.shards, consumer=name).run(),
            Carrier(store, services.queue, shards=config.shards, consumer=name).run(),
            Carrier(store, Avatars(services.identity), shards=config.shards, consumer=name).run(),
            *[keep_worker(config, url, services.work) for _ in range(config.workers)],
        ]
        async with _running(background):
            await _ready(follower, stop)
            async with _listening(house):
                await stop.wait()
                await _drain(node, config)


def _house(services: Services, node: Node, follower: Follower, audience: SessionAudience, presence: Presence) -> House:
    return House(
        config=services.config,
        clock=services.clock,
        streams=services.streams,
        follower=follower,
        node=node,
        audience=audience,
        presence=presence,
        identity=services.identity,
        keys=services.keys,
        proxies=services.proxies,
        limits=services.limits,
        pictures=services.pictures,
        posts=services.posts,
        comments=services.comments,
        reactions=services.reactions,
        timelines=services.timelines,
        generations=services.generations,
        web=WEB,
        uploads=Uploads(in_all=UPLOADS_AT_ONCE, per_person=UPLOADS_PER_PERSON),
    )


@contextlib.asynccontextmanager
async def _running(coroutines: list[Coroutine[Any, Any, None]]) -> AsyncIterator[None]:
    """Own tasks for as long as the block lasts; the failure of one ends the process loudly."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(coroutine) for coroutine in coroutines]
            try:
                yield
            finally:
                for task in tasks:
                    task.cancel()
    except ExceptionGroup as failures:
        if len(failures.exceptions) == 1:
            raise failures.exceptions[0] from None
        raise


async def _ready(follower: Follower, stop: asyncio.Event) -> None:
    """Wait until the follower stands. Raises: ConfigurationError after START_S."""
    waits = [asyncio.ensure_future(follower.ready.wait()), asyncio.ensure_future(stop.wait())]
    try:
        done, _ = await asyncio.wait(waits, timeout=START_S, return_when=asyncio.FIRST_COMPLETED)
        if not done:
            raise ConfigurationError(f"The store did not answer in {START_S:.0f} s; check {variable('redis_url')}.")
    finally:
        for wait in waits:
            wait.cancel()


@contextlib.asynccontextmanager
async def _listening(house: House) -> AsyncIterator[None]:
    config = house.config
    runner = Door(
        create_application(house),
        access_log=None,
        shutdown_timeout=SHUTDOWN_S,
        keepalive_timeout=IDLE_HEARTBEATS * config.heartbeat_s,
    )
    await runner.setup()
    try:
        site = web.TCPSite(runner, config.host, config.port, backlog=4096)
        try:
            await site.start()
        except OSError as exc:
            raise ConfigurationError(
                f"Cannot listen on {config.host}:{config.port} ({exc.strerror}); "
                f"set {variable('port')} or {variable('host')}."
            ) from exc
        print(f"livefeed is ready at {config.public_url or _address(runner)}", flush=True)
        yield
    finally:
        await runner.cleanup()


def _address(runner: web.AppRunner) -> str:
    """Return the address that was really bound: port 0 takes a free one."""
    host, port, *_ = runner.addresses[0]
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}"


async def _drain(node: Node, config: Config) -> None:
    """Send everybody elsewhere, give them the time they were told, then close what is left."""
    node.drain()
    deadline = asyncio.get_running_loop().time() + config.drain_s
    while node.sessions and asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(0.05)
    node.close_all(4000, "draining")
    await asyncio.sleep(0.05 if node.sessions else 0)


async def work(config: Config, stop: asyncio.Event) -> None:
    """Run one worker process until `stop`, or until the server that started it is gone."""
    async with open_store(config) as (store, _), furnish(config, store) as services:
        worker = Worker(
            services.streams,
            config,
            name=worker_name(),
            work=services.work,
            generators=services.generators,
            pictures=Canvases(services.pictures),
            people=services.identity,
            publish=functools.partial(publication, shards=config.shards),
            previews=PreviewMaker(preview_jpeg, palette),
        )
        async with _running([mind_parent(stop)]):
            await worker.run(stop)
