"""Stores of several servers, on loopback and free ports, from the embedded binary: replicas, sentinels, a Cluster."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from redis.exceptions import RedisError

from livefeed.streams import embedded_launcher
from livefeed.streams.embedded import binary
from livefeed.streams.slots import SLOTS
from tests.integration.ports import free_ports
from tests.integration.server_process import until

UP_S = 30.0
NODE_TIMEOUT_MS = 1_000
SERVICE = "feed"
TOLD_WITHIN_S = 20.0
"""Ten times what we promise: a gap is told within two seconds of the new primary's first answer."""

SOAK = bool(os.environ.get("LIVEFEED_SOAK"))
soak_only = (pytest.mark.soak, pytest.mark.skipif(not SOAK, reason="it takes long: make soak"))
"""Marks of what only `make soak` runs."""


class StoreServer:
    """One Valkey process. It ends with this one, whatever happens."""

    def __init__(self, folder: Path, port: int, *options: str, sentinel_conf: str = "") -> None:
        folder.mkdir(parents=True)
        self.port = port
        self.client = redis.Redis(port=port, socket_timeout=10, decode_responses=True)
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._options = list(options)
        if sentinel_conf:
            (folder / "sentinel.conf").write_text(sentinel_conf, encoding="utf-8")
            self._options = [str(folder / "sentinel.conf"), "--sentinel"]

    def start(self) -> None:
        """Start it and wait until it answers."""
        common = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self._folder)]
        launcher = [sys.executable, "-I", "-S", embedded_launcher.__file__, str(os.getpid())]
        with (self._folder / "log").open("ab") as said:
            self._process = subprocess.Popen(
                [*launcher, str(self._folder / "pid"), str(binary())]
                + (self._options if "--sentinel" in self._options else common + self._options),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        until(self.answers, f"the store on port {self.port} answers", UP_S)

    def answers(self) -> bool:
        with contextlib.suppress(RedisError, OSError):
            return bool(self.client.ping())
        return False

    def kill(self) -> None:
        """`kill -9`."""
        assert self._process is not None
        self.signal(signal.SIGKILL)
        self._process.wait()

    def pause(self) -> None:
        """Let the process stand still: it takes nothing in, and its connections stay."""
        self.signal(signal.SIGSTOP)

    def resume(self) -> None:
        self.signal(signal.SIGCONT)

    def signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        os.kill(self._process.pid, number)

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self.client.close()

    def info(self, section: str) -> dict[str, object]:
        return dict(self.client.info(section))


PLAIN = ("--appendonly", "yes", "--appendfsync", "no", "--save", "", "--repl-diskless-sync-delay", "0")


class Replicas:
    """A primary and a replica of it."""

    def __init__(self, folder: Path) -> None:
        first, second = free_ports(2)
        self.primary = StoreServer(folder / "primary", first, *PLAIN)
        self.replica = StoreServer(folder / "replica", second, *PLAIN, "--replicaof", f"127.0.0.1 {first}")
        self.sentinels: list[StoreServer] = []
        self._folder = folder

    @property
    def url(self) -> str:
        """The pair, without sentinels."""
        return f"redis://127.0.0.1:{self.primary.port},127.0.0.1:{self.replica.port}"

    @property
    def sentinel_url(self) -> str:
        hosts = ",".join(f"127.0.0.1:{sentinel.port}" for sentinel in self.sentinels)
        return f"redis+sentinel://{hosts}/{SERVICE}"

    def start(self) -> None:
        self.primary.start()
        self.replica.start()
        until(lambda: self.replica.info("replication")["master_link_status"] == "up", "the replica has a copy", UP_S)

    def watch(self, count: int) -> None:
        """Start sentinels and wait until all know each other and the replica."""
        for number, port in enumerate(free_ports(count)):
            conf = (
                f"port {port}\nbind 127.0.0.1\ndir {self._folder / f'sentinel{number}'}\n"
                f"sentinel monitor {SERVICE} 127.0.0.1 {self.primary.port} {count // 2 + 1}\n"
                f"sentinel down-after-milliseconds {SERVICE} {NODE_TIMEOUT_MS}\n"
                f"sentinel failover-timeout {SERVICE} 5000\n"
            )
            self.sentinels.append(StoreServer(self._folder / f"sentinel{number}", port, sentinel_conf=conf))
            self.sentinels[-1].start()
        until(self._all_known, "the sentinels know everybody", UP_S)

    def _all_known(self) -> bool:
        states = [sentinel.client.sentinel_master(SERVICE) for sentinel in self.sentinels]
        others = len(self.sentinels) - 1
        return all(state["num-slaves"] == 1 and state["num-other-sentinels"] == others for state in states)

    def stop(self) -> None:
        for server in (*self.sentinels, self.replica, self.primary):
            server.stop()


class Cluster:
    """Three masters, each with as many replicas as asked for."""

    def __init__(self, folder: Path, *, replicas: int = 0) -> None:
        count = 3 * (1 + replicas)
        ports = free_ports(2 * count)
        options = ("--cluster-enabled", "yes", "--cluster-node-timeout", str(NODE_TIMEOUT_MS))
        self.servers = [
            StoreServer(folder / f"node{n}", port, *PLAIN, *options, "--cluster-port", str(bus))
            for n, (port, bus) in enumerate(zip(ports[:count], ports[count:], strict=True))
        ]
        self._buses = ports[count:]
        self.masters, self.replicas = self.servers[:3], self.servers[3:]

    @property
    def url(self) -> str:
        return "redis+cluster://" + ",".join(f"127.0.0.1:{server.port}" for server in self.servers)

    def start(self) -> None:
        for server in self.servers:
            server.start()
        for number, master in enumerate(self.masters):
            first, last = number * SLOTS // 3, (number + 1) * SLOTS // 3 - 1
            master.client.execute_command("CLUSTER", "SET-CONFIG-EPOCH", number + 1)
            master.client.execute_command("CLUSTER", "ADDSLOTSRANGE", first, last)
        for server, bus in list(zip(self.servers, self._buses, strict=True))[1:]:
            self.servers[0].client.execute_command("CLUSTER", "MEET", "127.0.0.1", server.port, bus)
        until(self._all_met, "the Cluster's servers know each other", UP_S)
        for number, replica in enumerate(self.replicas):
            replica.client.execute_command("CLUSTER", "REPLICATE", self.id(self.masters[number % 3]))
        for replica in self.replicas:
            until(lambda one=replica: one.info("replication").get("master_link_status") == "up", "a replica", UP_S)
        until(self.is_whole, "the Cluster is up", UP_S)

    def _all_met(self) -> bool:
        return all(int(self._info(server)["cluster_known_nodes"]) == len(self.servers) for server in self.servers)

    def is_whole(self) -> bool:
        """Tell whether every server that answers has all slots covered."""
        return all(self._info(server)["cluster_state"] == "ok" for server in self.servers if server.answers())

    @staticmethod
    def _info(server: StoreServer) -> dict[str, str]:
        raw = server.client.execute_command("CLUSTER", "INFO")
        text = raw if isinstance(raw, str) else "\n".join(f"{name}:{value}" for name, value in raw.items())
        return dict(line.strip().split(":", 1) for line in text.splitlines() if ":" in line)

    @staticmethod
    def id(server: StoreServer) -> str:
        return str(server.client.execute_command("CLUSTER", "MYID"))

    def owner(self, slot: int) -> StoreServer:
        """Return the master of a slot, as the servers that answer have it."""
        for server in self.servers:
            if server.answers():
                for first, last, (_, port, *_), *_ in server.client.execute_command("CLUSTER", "SLOTS"):
                    if first <= slot <= last:
                        return next(one for one in self.servers if one.port == port)
        raise AssertionError(f"nobody has slot {slot}")

    def move(self, slots: list[int], to: StoreServer) -> None:
        """Hand slots over, key by key, as `--cluster reshard` does: with MOVED, ASK and TRYAGAIN on the way."""
        for slot in slots:
            source = self.owner(slot)
            if source is to:
                continue
            to.client.execute_command("CLUSTER", "SETSLOT", slot, "IMPORTING", self.id(source))
            source.client.execute_command("CLUSTER", "SETSLOT", slot, "MIGRATING", self.id(to))
            while keys := source.client.execute_command("CLUSTER", "GETKEYSINSLOT", slot, 2):
                for key in keys:
                    source.client.execute_command("MIGRATE", "127.0.0.1", to.port, key, 0, 5000)
            for server in (to, source, *self.masters):
                with contextlib.suppress(RedisError):  # a server that died meanwhile hears of it by gossip
                    server.client.execute_command("CLUSTER", "SETSLOT", slot, "NODE", self.id(to))

    def move_at_once(self, slots: list[int], to: StoreServer) -> None:
        """Hand slots over as Valkey 9 can by itself, each in one step: with MOVED alone."""
        for slot in slots:
            source = self.owner(slot)
            if source is not to:
                source.client.execute_command("CLUSTER", "MIGRATESLOTS", "SLOTSRANGE", slot, slot, "NODE", self.id(to))
                until(lambda slot=slot: self.owner(slot) is to, f"slot {slot} has moved", UP_S)

    def stop(self) -> None:
        for server in self.servers:
            server.stop()


async def copied(primary: StoreServer, replica: StoreServer) -> None:
    """Wait until a replica has all that its primary has just now."""
    offset = (await asyncio.to_thread(primary.info, "replication"))["master_repl_offset"]
    await asyncio.to_thread(
        until, lambda: replica.info("replication")["slave_repl_offset"] >= offset, "the replica has it all", UP_S
    )


def cut_off(primary: StoreServer, replica: StoreServer) -> None:
    """Let a replica get nothing from here on: it stands still, and what was in its socket's buffer is all it has."""
    replica.pause()
    primary.client.execute_command("CLIENT", "KILL", "TYPE", "REPLICA")


async def promoted(server: StoreServer) -> float:
    """Wait until a server is a primary; return when it was, on the monotonic clock."""
    async with asyncio.timeout(60):
        while (await asyncio.to_thread(server.info, "replication"))["role"] != "master":
            await asyncio.sleep(0.02)
    return time.monotonic()


@contextlib.contextmanager
def running(store: Cluster | Replicas) -> Iterator[None]:
    """Start a store's servers, and end them with the block, each by its process id."""
    try:
        store.start()
        yield
    finally:
        store.stop()
