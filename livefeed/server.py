"""The composition root: the processes that `livefeed serve` and `livefeed worker` start."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import os
import resource
import secrets
import signal
from collections.abc import AsyncIterator, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import uvloop

from livefeed.api.application import create_application
from livefeed.api.audience import SessionAudience
from livefeed.api.door import Door
from livefeed.api.house import House
from livefeed.api.revocation import Revocations
from livefeed.api.rights import Rights
from livefeed.api.uploads import Uploads
from livefeed.composition import Canvases, Originals, Paper, Services, furnish, lay_out, open_store, pushing
from livefeed.config import Config, variable
from livefeed.errors import ConfigurationError
from livefeed.generation.previews import PreviewMaker
from livefeed.generation.worker import Worker
from livefeed.hub.node import Node
from livefeed.identity.avatars import Avatars
from livefeed.listening import close_emptied, held_port, refused
from livefeed.media import preview_jpeg
from livefeed.media.placeholder import palette
from livefeed.presence.presence import Presence
from livefeed.presence.store import RosterStore
from livefeed.streams.ephemeral import Ephemeral
from livefeed.streams.follower import Follower
from livefeed.streams.listeners import Listeners
from livefeed.streams.outbox import Carrier
from livefeed.supervision import keep_server, keep_worker, mind_parent, orphaned, supervised, worker_name

log = logging.getLogger(__name__)

WEB = Path(__file__).parent / "web_dist"
START_S = 30.0
SHUTDOWN_S = 5.0
LAST_WORD_S = 0.3
"""How long connections that were just accepted have to say what they want, when the server is to close."""
BACKLOG = 4096
UPLOADS_AT_ONCE = 16
UPLOADS_PER_PERSON = 3
IDLE_HEARTBEATS = 3
"""How long a connection may be open without a whole request on it."""


LOG = "%(asctime)s %(levelname)s %(name)s: %(message)s"
LOG_OF_MANY = "%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"


def main_serve(config: Config) -> None:
    """Serve until SIGINT or SIGTERM, then drain. Raises: ConfigurationError."""
    config = replace(config, processes=config.processes or usable_cores())
    alone = config.processes == 1
    logging.basicConfig(level=logging.INFO, format=LOG if alone else LOG_OF_MANY)
    _raise_file_limit()
    main = serve if alone or supervised() else serve_together
    uvloop.run(_until_signalled(lambda stop: main(config, stop)))


def usable_cores() -> int:
    """Return how many cores this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def main_worker(config: Config) -> None:
    """Make pictures until SIGINT or SIGTERM; what is on the easel then is handed back. Raises: ConfigurationError."""
    if not config.redis_url:
        raise ConfigurationError(
            f"A worker needs the store its server uses: set {variable('redis_url')} (the server tells it at its start)."
        )
    logging.basicConfig(level=logging.INFO, format=LOG)
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


async def serve_together(config: Config, stop: asyncio.Event) -> None:
    """Run the store, the workers and `config.processes` server processes on one port until `stop`.

    A server process that dies is replaced; the others know nothing of it. At the end all of them drain at once.
    """
    with held_port(config.host, config.port) as (host, port):
        config = replace(config, port=port)
        async with open_store(config) as (store, url), furnish(config, store) as services:
            stands = [asyncio.Event() for _ in range(config.processes)]
            processes: list[Coroutine[Any, Any, None]] = [
                *[keep_server(config, url, one, leave_s=SHUTDOWN_S + LAST_WORD_S) for one in stands],
                *[keep_worker(config, url, services.work) for _ in range(config.workers)],
            ]
            async with _running(processes):
                await _all_stand(stands, stop)
                if not stop.is_set():
                    _say_ready(config, host, port)
                await stop.wait()


async def _all_stand(stands: list[asyncio.Event], stop: asyncio.Event) -> None:
    """Wait until every server process serves, or `stop`; they give up by themselves if they cannot."""

    async def all_of_them() -> None:
        for one in stands:
            await one.wait()

    waits = [asyncio.ensure_future(all_of_them()), asyncio.ensure_future(stop.wait())]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


def share(config: Config) -> Config:
    """Return the part of one server process in what the server as a whole may take.

    What is counted per caller is not divided: a caller's connections are usually one process's.
    """
    count = config.processes
    return replace(
        config,
        sessions=math.ceil(config.sessions / count),
        admissions_per_s=max(1.0, config.admissions_per_s / count),
        workers=0 if supervised() else config.workers,
    )


async def serve(config: Config, stop: asyncio.Event) -> None:
    """Run one server process until `stop`, or until the process that started it is gone."""
    config, name = share(config), secrets.token_hex(6)
    async with (
        open_store(config) as (store, url),
        furnish(config, store) as services,
        pushing(services, node=name) as push,
    ):
        node = Node(services.streams, config)
        rights = Rights(services.identity, services.posts, services.generations, services.rooms)
        ephemeral = Ephemeral(store)
        audience = SessionAudience(node)
        paper = lay_out(services, node=name)
        presence = Presence(
            name, ephemeral, audience, RosterStore(services.streams), roles=services.rooms, veil=paper.veil
        )
        listeners = Listeners(paper.relays, Revocations(node, rights, presence.role_changed))
        follower = Follower(store, listeners, shards=config.shards, shares_cores=config.processes > 1)
        house = _house(services, node, follower, audience, presence, rights, paper, push.key)
        background: list[Coroutine[Any, Any, None]] = [
            node.run(),
            follower.run(),
            ephemeral.run(presence.receive),
            presence.run(),
            Carrier(store, services.timelines, shards=config.shards, consumer=name).run(),
            Carrier(store, services.social, shards=config.shards, consumer=name).run(),
            Carrier(store, services.queue, shards=config.shards, consumer=name).run(),
            *paper.background,
            *push.background,
            services.overseer.run(),
            Carrier(store, Avatars(services.identity), shards=config.shards, consumer=name).run(),
            *[keep_worker(config, url, services.work) for _ in range(config.workers)],
            mind_parent(stop),
        ]
        async with _running(background):
            await _ready(follower, stop)
            async with _listening(house) as listener:
                await stop.wait()
                if orphaned():
                    await close_emptied(listener)  # newcomers go to whoever takes our parent's place
                await _drain(node, config)


def _house(
    services: Services,
    node: Node,
    follower: Follower,
    audience: SessionAudience,
    presence: Presence,
    rights: Rights,
    paper: Paper,
    push_key: str = "",
) -> House:
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
        search=services.search,
        follows=services.follows,
        liked=services.liked,
        timelines=services.timelines,
        lineages=services.lineages,
        notifications=services.notifications,
        devices=services.devices,
        push_key=push_key,
        generations=services.generations,
        rooms=services.rooms,
        members=services.members,
        talk=services.talk,
        votes=services.votes,
        relays=paper.relays,
        variations=paper.remixing.variations,
        publishing=paper.remixing.publishing,
        rights=rights,
        web=WEB,
        uploads=Uploads(
            in_all=max(UPLOADS_PER_PERSON, UPLOADS_AT_ONCE // services.config.processes), per_person=UPLOADS_PER_PERSON
        ),
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
async def _listening(house: House) -> AsyncIterator[asyncio.Server]:
    """Listen for as long as the block lasts; then answer whoever waits at the door, and close it."""
    config = house.config
    runner = Door(
        create_application(house),
        access_log=None,
        shutdown_timeout=SHUTDOWN_S,
        keepalive_timeout=IDLE_HEARTBEATS * config.heartbeat_s,
    )
    await runner.setup()
    listener: asyncio.Server | None = None
    try:
        listener = await _listen(runner, config)
        host, port, *_ = listener.sockets[0].getsockname()
        _say_ready(config, host, port)
        yield listener
        await close_emptied(listener)
        if runner.server is not None and runner.server.connections:
            await asyncio.sleep(LAST_WORD_S)
    finally:
        if listener is not None:
            listener.close()
        await runner.cleanup()


async def _listen(runner: Door, config: Config) -> asyncio.Server:
    """Raises: ConfigurationError."""
    assert runner.server is not None
    try:
        return await asyncio.get_running_loop().create_server(
            runner.server, config.host, config.port, backlog=BACKLOG, reuse_port=config.processes > 1
        )
    except OSError as exc:
        raise refused(config.host, config.port, exc) from exc


def _say_ready(config: Config, host: str, port: int) -> None:
    """Print the one line that programs wait for: the address that was really bound, as port 0 takes a free one."""
    shown = f"[{host}]" if ":" in host else host
    print(f"livefeed is ready at {config.public_url or f'http://{shown}:{port}'}", flush=True)


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
            parents=Originals(services.posts, services.pictures, services.drafts),
            people=services.identity,
            publish=services.posts.publication,
            previews=PreviewMaker(preview_jpeg, palette),
        )
        async with _running([mind_parent(stop)]):
            await worker.run(stop)
