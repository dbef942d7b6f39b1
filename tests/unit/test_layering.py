"""Arrows point inward: what each part of the house may import."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "livefeed"
MODULES = sorted(PACKAGE.rglob("*.py"))

MIDDLE = {"hub", "feed", "generation", "presence", "rooms", "media", "identity", "push"}
OUTER = {"api", "client", "cli", "composition", "remixing", "server", "supervision", "listening"}
VOCABULARY = "vocabulary"
"""Every other file that lies in livefeed/ itself: event, topic, position, errors, clock, config…"""

RESERVED = {
    "redis": ("streams/*", "*/store.py"),
    "aiohttp": (
        *("hub/websocket.py", "hub/sse.py", "hub/takeover.py", "api/*", "client/*", "server.py", "push/courier.py"),
        *("generation/generators/comfyui*", "generation/generators/automatic1111*"),
    ),
    "cryptography": ("push/sealing.py", "push/vapid.py"),
    "openai": ("generation/generators/openai*",),
    **dict.fromkeys(
        ("torch", "diffusers", "transformers"),
        ("generation/generators/diffusers/pipeline.py", "generation/generators/diffusers/previews.py"),
    ),
}
DECIDES = [
    *["event.py", "topic.py", "position.py", "errors.py", "identifiers.py", "people.py", "making.py"],
    *["hub/codec.py", "hub/delivery.py", "hub/frames.py", "hub/hub.py", "hub/session.py", "hub/shard.py"],
    *["hub/subscription.py", "hub/tail.py"],
    *["hub/wire.py", "hub/handshake.py", "hub/held.py", "hub/admission.py"],
    *["generation/job.py", "presence/counts.py"],
    *["generation/generators/diffusers/asked.py", "generation/generators/diffusers/wire.py"],
    *["rooms/strokes.py", "rooms/canvas.py"],
    *["push/device.py", "push/services.py", "push/verdict.py", "push/message.py"],
    *["api/heads.py", "api/sentences.py", "media/card.py"],
]
WORLD = {"aiohttp", "asyncio", "random", "redis", "secrets", "socket", "subprocess", "threading", "time"}


def room(module: str) -> str:
    """Return the part of the house that a livefeed module belongs to."""
    parts = module.split(".")
    if len(parts) == 1:
        return VOCABULARY
    name = parts[1]
    return name if name == "streams" or name in MIDDLE | OUTER else VOCABULARY


def may_import(importer: str, imported: str) -> bool:
    """Say whether one part may know another."""
    if importer == imported or imported == VOCABULARY:
        return True
    if importer in OUTER:
        return True
    return importer in MIDDLE and imported == "streams"


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path) -> Iterator[str]:
    """Yield the full name of everything a file imports, wherever in the file, for types only or not."""
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(path.read_text("utf-8"), str(path))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            prefix = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{prefix}.{alias.name}" for alias in node.names)


def label(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def test_the_walk_finds_the_house() -> None:
    rooms = {room(name_of(path)) for path in MODULES}
    assert {VOCABULARY, "streams", "hub", "feed", "api"} <= rooms
    assert "livefeed.errors.LivefeedError" in set(imports_of(PACKAGE / "streams" / "follower.py"))
    assert not may_import("feed", "hub")
    assert not may_import("streams", "feed")
    assert not may_import(VOCABULARY, "streams")


def test_arrows_point_inward() -> None:
    wrong = [
        f"{label(path)} imports {imported}"
        for path in MODULES
        for imported in imports_of(path)
        if imported.split(".")[0] == "livefeed" and not may_import(room(name_of(path)), room(imported))
    ]
    assert not wrong


def test_the_store_and_the_web_server_are_imported_where_they_belong() -> None:
    wrong = [
        f"{label(path)} imports {imported}"
        for path in MODULES
        for imported in imports_of(path)
        for library, places in RESERVED.items()
        if imported.split(".")[0] == library and not any(fnmatch(label(path), place) for place in places)
    ]
    assert not wrong


@pytest.mark.parametrize("name", DECIDES)
def test_what_decides_touches_no_clock_no_chance_and_no_world(name: str) -> None:
    wrong = [imported for imported in imports_of(PACKAGE / name) if imported.split(".")[0] in WORLD]
    assert not wrong, f"{name} decides, and may not import {wrong}"
