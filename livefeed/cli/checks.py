"""What `livefeed doctor` looks at. Each check returns findings and raises nothing."""

from __future__ import annotations

import asyncio
import difflib
import logging
import os
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path

from livefeed.cli.engines import engines
from livefeed.cli.findings import Finding, State
from livefeed.cli.server_option import open_feed
from livefeed.client import Unreachable
from livefeed.config import PREFIX, Config, variable
from livefeed.errors import ConfigurationError, LivefeedError, StoreUnavailable
from livefeed.generation import registry
from livefeed.identity import ApiKeys
from livefeed.identity.proxies import Proxies
from livefeed.streams.condition import Condition, conditions
from livefeed.streams.connection import Store
from livefeed.streams.embedded import binary
from livefeed.streams.embedded_place import Place
from livefeed.streams.opening import NotToBeHad, admit, store_at

WEB = Path(__file__).parent.parent / "web_dist"
ROOMY_BYTES = 1024**3
SECRETS = frozenset({"api_keys", "openai_key"})
WEB_ADDRESSES = frozenset({"openai_url", "comfyui_url", "automatic1111_url"})
STORE_S = 3.0
"""Somebody waits at the terminal: a store that is not there is told of soon."""
FROM_STORE = frozenset({"store", "follower"})
"""Parts of a server's readiness that a bad store makes bad."""


def configured(environment: Mapping[str, str]) -> tuple[Config, list[Finding]]:
    """Read the configuration and tell what is wrong, or what was set, secrets masked.

    Returns: what can be used of it, so that one wrong value does not hide what else there is to find.
    """
    config, wrong = usable(environment)
    defaults = Config()
    changed = [
        f"{variable(one.name)}={masked(one.name, str(getattr(config, one.name)))}"
        for one in fields(config)
        if getattr(config, one.name) != getattr(defaults, one.name)
    ]
    told = [Finding("settings", State.WRONG, says) for says in wrong]
    good = [Finding("settings", State.GOOD, ", ".join(changed) or "all at their defaults")]
    return config, [*(told or good), *misspelt(environment)]


def usable(environment: Mapping[str, str]) -> tuple[Config, list[str]]:
    """Return the configuration without the variables that are wrong, and what is wrong with each, as serve says it."""
    values = {name: environment[name] for one in fields(Config) if (name := variable(one.name)) in environment}
    wrong: list[str] = []
    dropped: set[str] = set()
    while (config := _read(values, wrong, dropped)) is None:
        pass
    for parse, text in ((ApiKeys.parse, config.api_keys), (Proxies.parse, config.trusted_proxies)):
        try:
            parse(text)
        except ConfigurationError as exc:
            wrong.append(exc.message)
    return config, wrong


def _read(values: dict[str, str], wrong: list[str], dropped: set[str]) -> Config | None:
    """Return the configuration; None if something was wrong, which is then no longer among the values."""
    try:
        return Config.from_environment(values)
    except ConfigurationError as exc:
        named = set(re.findall(rf"{PREFIX}[A-Z_]+", exc.message))
        if not named & dropped:  # else it is only wrong without another one
            wrong.append(masked("redis_url", exc.message))
        for name in (named & set(values)) or set(values):
            dropped.add(name)
            del values[name]
        return None


def masked(name: str, value: str) -> str:
    """Return a setting without its secrets: API keys keep their topics, an URL loses its password."""
    if name in SECRETS:
        parts = [part.rpartition("=app:") for part in value.split(",") if part]
        return ",".join("***" + found + prefix if found else "***" for _, found, prefix in parts)
    value = re.sub(r"(?<=://)([^:@/]*):[^/]*@", r"\1:***@", value)
    if name in WEB_ADDRESSES:  # where a user without a password is a token, and a query may hold one
        value = re.sub(r"(?<=\?).+", "***", re.sub(r"(?<=://)[^:@/]+@", "***@", value))
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
    """Can a server with this configuration use the store, and is it set up so that nothing gets lost?"""
    if config.redis_url:
        shown = masked("redis_url", config.redis_url)
        return await _ask_store(config, config.redis_url, shown)
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


async def _ask_store(config: Config, url: str, shown: str, silent: Finding | None = None) -> list[Finding]:
    """Ask as a server does at its start. silent: what to say instead of its words when the store is not to be had."""
    try:
        async with store_at(url, timeout_s=STORE_S) as opened:
            refusal = await _refusal(opened, config)
            found = await conditions(opened)
    except NotToBeHad as exc:
        return [silent or Finding("store", State.WRONG, exc.message)]
    except LivefeedError as exc:
        return [Finding("store", State.WRONG, exc.message)]
    names = ", ".join(dict.fromkeys(one.name for one in found if one.name))
    of = f" ({len(found)} masters)" if len(found) > 1 else ""
    looks = [*[finding for one in found for finding in _safety(one, config)], *_holes(found)]
    if refusal and not any(finding.state is State.WRONG for finding in looks):
        return [Finding("store", State.WRONG, refusal)]
    return [Finding("store", State.GOOD, f"{shown}: {names}{of}"), *looks]


async def _refusal(opened: Store, config: Config) -> str:
    """Return why the store does not carry out what a server asks at its start; its servers say more. Raises: others."""
    try:
        await admit(opened, config)
    except StoreUnavailable as exc:
        return exc.message
    return ""


def _holes(found: Sequence[Condition]) -> list[Finding]:
    """Say once what all the masters of a Cluster say of it."""
    states: dict[str, list[str]] = {}
    for one in found:
        if one.cluster not in ("", "ok"):
            states.setdefault(one.cluster, []).append(one.address)
    do = "See CLUSTER INFO and CLUSTER NODES there: every slot needs a master that answers."
    return [
        Finding("store cluster", State.WRONG, f"cluster_state is {state} at {', '.join(at)}", do)
        for state, at in states.items()
    ]


def _safety(one: Condition, config: Config) -> list[Finding]:
    """Say of one primary what is wrong, or that all is well."""
    at = f" at {one.address}" if one.address else ""
    if one.silent:
        do = "Start it, or let a replica take over."
        return [Finding("store server", State.WRONG, f"{one.address or 'it'} does not answer ({one.silent})", do)]
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
    if one.replicas < config.redis_wait:
        do = f"Add replicas, or lower {variable('redis_wait')}: every write waits for them in vain."
        says = f"{one.replicas} replicas{at}, {variable('redis_wait')} asks for {config.redis_wait}"
        findings.append(Finding("store replicas", State.WRONG, says, do))
    return findings


async def server(url: str | None, token: str | None, *, store_is_wrong: bool = False) -> list[Finding]:
    """Does the server answer, and is it ready? One that was named must run; the machine's own may rest.

    store_is_wrong: the store of the machine's own server was found wrong, and why is told already.
    """
    try:
        async with open_feed(url, token) as feed:
            status = await feed.status()
    except ConfigurationError:  # the settings were told; its address is one of them
        return [Finding("server", State.IDLE, "not asked, since settings are wrong; name it with --server")]
    except Unreachable as exc:
        if url is None:
            return [Finding("server", State.IDLE, "not running here", "")]
        return [Finding("server", State.WRONG, exc.message, "Start it, or correct --server.")]
    except LivefeedError as exc:
        return [Finding("server", State.WRONG, exc.message, "Is this the address of a livefeed server?")]
    return unready(status["checks"], store_is_wrong=store_is_wrong and url is None)


def unready(checks: Mapping[str, str], *, store_is_wrong: bool) -> list[Finding]:
    """Return what a server's readiness comes to. store_is_wrong: what it says of its store is known."""
    wrong = {name: says for name, says in checks.items() if says != "ok"}
    rest = {name: says for name, says in wrong.items() if not (store_is_wrong and name in FROM_STORE)}
    findings = [Finding("server", State.WRONG, f"{name}: {says}") for name, says in rest.items()]
    if rest != wrong:
        findings.append(Finding("server", State.WRONG, "not ready, because of its store", "Put the store right first."))
    return findings or [Finding("server", State.GOOD, "ready")]


def web_assets() -> list[Finding]:
    """Has the page been built?"""
    if (WEB / "index.html").is_file():
        return [Finding("web page", State.GOOD, "built")]
    do = "Run `make run` in the project, or install the wheel, which has it."
    return [Finding("web page", State.WRONG, "not built: the server has no page to show", do)]


def generators(config: Config) -> list[Finding]:
    """Which generators are there?"""
    log, complaints = logging.getLogger(registry.__name__), Complaints()
    log.addHandler(complaints)
    log.propagate = False
    try:
        found = [f"{one['title']} ({one['name']})" for one in registry.discover(config).describe()]
    except Exception as exc:  # whatever a plug-in does must not stop the doctor
        return [Finding("generators", State.WRONG, f"cannot be loaded: {exc}", "Install livefeed again.")]
    finally:
        log.removeHandler(complaints)
        log.propagate = True
    do = "Install what it needs, or uninstall it, or take its settings away."
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
    findings += await asyncio.to_thread(data_folder, config)
    if os.environ.get(variable("redis_url"), "").strip() and not config.redis_url:
        of_store = [Finding("store", State.IDLE, "not asked, since its address is wrong")]
    else:
        of_store = await store(config)
    findings += of_store
    findings += await server(url, token, store_is_wrong=any(one.state is State.WRONG for one in of_store))
    findings += web_assets()
    findings += await asyncio.to_thread(generators, config)
    findings += await engines(config)
    return findings
