"""What `livefeed doctor` looks at. Each check returns findings and raises nothing."""

from __future__ import annotations

import asyncio
import difflib
import logging
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import Enum
from pathlib import Path

from livefeed.cli.server_option import open_feed
from livefeed.client import Unreachable
from livefeed.config import PREFIX, Config, variable
from livefeed.errors import ConfigurationError, LivefeedError
from livefeed.generation import registry
from livefeed.streams.condition import Condition, conditions
from livefeed.streams.embedded import binary
from livefeed.streams.embedded_place import Place
from livefeed.streams.opening import store_at

WEB = Path(__file__).parent.parent / "web_dist"
ROOMY_BYTES = 1024**3
SECRETS = frozenset({"api_keys"})


class State(Enum):
    """How a thing is. Only WRONG makes the doctor's exit code 1."""

    GOOD = "good"
    IDLE = "idle"
    """Not running, which is nobody's fault."""
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing, how it is, and what to do about it if it is wrong."""

    name: str
    state: State
    says: str
    do: str = ""


def configured(environment: Mapping[str, str]) -> tuple[Config | None, list[Finding]]:
    """Read the configuration and tell what was set, secrets masked."""
    try:
        config = Config.from_environment(environment)
    except ConfigurationError as exc:
        return None, [Finding("settings", State.WRONG, exc.message, "Correct that variable.")]
    defaults = Config()
    changed = [
        f"{variable(one.name)}={masked(one.name, str(getattr(config, one.name)))}"
        for one in fields(config)
        if getattr(config, one.name) != getattr(defaults, one.name)
    ]
    return config, [
        Finding("settings", State.GOOD, ", ".join(changed) or "all at their defaults"),
        *misspelt(environment),
    ]


def masked(name: str, value: str) -> str:
    """Return a setting without its secrets: API keys keep their topics, an URL loses its password."""
    if name in SECRETS:
        return ",".join(f"***={part.partition('=')[2]}" for part in value.split(",") if part)
    value = re.sub(r"(?<=://)([^:@/]*):[^@/]*@", r"\1:***@", value)
    return re.sub(r"(?<=password=)[^&]*", "***", value)


def misspelt(environment: Mapping[str, str]) -> list[Finding]:
    """A misspelt variable changes nothing and says nothing: say it here."""
    known = [variable(one.name) for one in fields(Config)]
    findings = []
    for name in sorted(set(environment) - set(known)):
        meant = difflib.get_close_matches(name, known, n=1, cutoff=0.85) if name.startswith(PREFIX) else []
        if meant:
            do = f"Did you mean {meant[0]}?"
            findings.append(Finding("settings", State.WRONG, f"{name} is no setting and has no effect", do))
    return findings


def data_folder(config: Config) -> list[Finding]:
    """Is the data folder writable, or can it be made, and is there room? Makes nothing that stays."""
    folder = config.data.expanduser().absolute()
    there = folder
    while not there.exists() and there != there.parent:
        there = there.parent
    try:
        with tempfile.TemporaryFile(dir=there) as file:
            file.write(b"livefeed")
            file.flush()
        free = shutil.disk_usage(there).free
    except OSError as exc:
        do = f"Make it writable, or set {variable('data')} to a folder that is."
        return [Finding("data folder", State.WRONG, f"{folder}: {exc.strerror}", do)]
    if free < ROOMY_BYTES:
        says = f"{folder} has {free // 1024**2} MB left"
        return [Finding("data folder", State.WRONG, says, "Free some space: a full disk stops every write.")]
    says = "writable" if there == folder else "will be made"
    return [Finding("data folder", State.GOOD, f"{folder}, {says}, {free // 1024**3} GB free")]


async def store(config: Config) -> list[Finding]:
    """Does the store answer, and is it set up so that nothing gets lost?"""
    if config.redis_url:
        shown = masked("redis_url", config.redis_url)
        do = f"Start it, or correct {variable('redis_url')}."
        silent = Finding("store", State.WRONG, f"{shown} does not answer", do)
        return await _ask_store(config, config.redis_url, shown, silent)
    try:
        program = binary()
    except ConfigurationError as exc:
        return [Finding("store", State.WRONG, exc.message, "Set that variable.")]
    place = Place.at(config.data)
    if not place.socket.exists():
        return [Finding("store", State.IDLE, f"embedded ({program.name}), starts with 'livefeed serve'")]
    do = "Start the server again: it ends what is left of the old one."
    silent = Finding("store", State.WRONG, f"embedded, its socket is there but nobody answers at {place.socket}", do)
    return await _ask_store(config, place.url, "embedded", silent)


async def _ask_store(config: Config, url: str, shown: str, silent: Finding) -> list[Finding]:
    try:
        async with store_at(url, timeout_s=3.0) as opened:
            found = await conditions(opened)
    except ConfigurationError as exc:
        return [Finding("store", State.WRONG, exc.message, f"Correct {variable('redis_url')}.")]
    except LivefeedError:
        return [silent]
    names = ", ".join(dict.fromkeys(one.name for one in found if one.name))
    of = f" ({len(found)} masters)" if len(found) > 1 else ""
    return [
        Finding("store", State.GOOD, f"{shown}: {names}{of}"),
        *[finding for one in found for finding in _safety(one, config)],
    ]


def _safety(one: Condition, config: Config) -> list[Finding]:
    """Say of one primary what is wrong, or that all is well."""
    at = f" at {one.address}" if one.address else ""
    if one.silent:
        do = "Start it, or let a replica take over."
        return [Finding("store server", State.WRONG, f"{one.address or 'it'} does not answer: {one.silent}", do)]
    findings = []
    if one.policy == "noeviction":
        findings.append(Finding("store memory", State.GOOD, f"maxmemory-policy noeviction{at}"))
    else:
        do = "CONFIG SET maxmemory-policy noeviction, and in its configuration file: else events vanish unnoticed."
        findings.append(Finding("store memory", State.WRONG, f"maxmemory-policy is {one.policy}{at}", do))
    if one.logs:
        findings.append(Finding("store log", State.GOOD, f"append-only log on{at}"))
    else:
        do = "CONFIG SET appendonly yes, and in its configuration file: else a crash loses what was acknowledged."
        findings.append(Finding("store log", State.WRONG, f"the append-only log is off{at}", do))
    if one.cluster not in ("", "ok"):
        do = "See CLUSTER INFO and CLUSTER NODES there: every slot needs a master that answers."
        findings.append(Finding("store cluster", State.WRONG, f"cluster_state is {one.cluster}{at}", do))
    if one.replicas < config.redis_wait:
        do = f"Add replicas, or lower {variable('redis_wait')}: every write waits for them in vain."
        says = f"{one.replicas} replicas{at}, {variable('redis_wait')} asks for {config.redis_wait}"
        findings.append(Finding("store replicas", State.WRONG, says, do))
    return findings


async def server(url: str | None, token: str | None) -> list[Finding]:
    """Does the server answer, and is it ready? One that was named must run; the machine's own may rest."""
    try:
        async with open_feed(url, token) as feed:
            status = await feed.status()
    except Unreachable as exc:
        if url is None:
            return [Finding("server", State.IDLE, "not running here", "")]
        return [Finding("server", State.WRONG, exc.message, "Start it, or correct --server.")]
    except LivefeedError as exc:
        return [Finding("server", State.WRONG, exc.message, "Is this the address of a livefeed server?")]
    wrong = [f"{name}: {says}" for name, says in status["checks"].items() if says != "ok"]
    do = "Its own log has the details."
    return [Finding("server", State.WRONG, says, do) for says in wrong] or [Finding("server", State.GOOD, "ready")]


def web_assets() -> list[Finding]:
    """Has the page been built?"""
    if (WEB / "index.html").is_file():
        return [Finding("web page", State.GOOD, "built")]
    do = "Run `make run` in the project, or install the wheel, which has it."
    return [Finding("web page", State.WRONG, "not built: the server has no page to show", do)]


def generators() -> list[Finding]:
    """Which generators are there?"""
    log, complaints = logging.getLogger(registry.__name__), Complaints()
    log.addHandler(complaints)
    log.propagate = False
    try:
        found = [f"{one['title']} ({one['name']})" for one in registry.discover().describe()]
    except Exception as exc:  # whatever a plug-in does must not stop the doctor
        return [Finding("generators", State.WRONG, f"cannot be loaded: {exc}", "Install livefeed again.")]
    finally:
        log.removeHandler(complaints)
        log.propagate = True
    do = "Install that plug-in again, or uninstall it."
    broken = [Finding("generators", State.WRONG, words, do) for words in complaints.words]
    return [Finding("generators", State.GOOD, ", ".join(found)), *broken]


class Complaints(logging.Handler):
    """Keeps what a module has to complain about."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.words: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.words.append(record.getMessage())


async def examine(url: str | None, token: str | None) -> list[Finding]:
    """Make all checks, in the order in which one depends on the other."""
    config, findings = configured(os.environ)
    if config is not None:
        findings += await asyncio.to_thread(data_folder, config)
        findings += await store(config)
        findings += await server(url, token)
    findings += web_assets()
    findings += await asyncio.to_thread(generators)
    return findings
