"""Is the process alive, and can it serve?"""

from __future__ import annotations

from typing import Final

from aiohttp import web

from livefeed.api import shapes
from livefeed.api.house import House
from livefeed.api.route import Ask, Route, json
from livefeed.errors import LivefeedError
from livefeed.streams.condition import complaints

BESIDE: Final = frozenset({"pictures"})
"""Told, and no reason to send clients elsewhere: what is stored is still shown, and the storage is all nodes' own."""


async def healthz(ask: Ask) -> web.StreamResponse:
    return json({"ok": True, "checks": {}})


async def readyz(ask: Ask) -> web.StreamResponse:
    checks = await check(ask.house)
    ok = all(value == "ok" for name, value in checks.items() if name not in BESIDE)
    return json({"ok": ok, "checks": checks}, status=200 if ok else 503)


async def check(house: House) -> dict[str, str]:
    """Return what serving needs, each 'ok' or one sentence."""
    checks = {
        "follower": "ok" if house.follower.ready.is_set() else "The follower is not connected to the store.",
        "draining": "This server is stopping." if house.node.draining else "ok",
        "pictures": await house.pictures.complaint() or "ok",
    }
    try:
        wrong = await complaints(house.streams.store, replicas=house.config.redis_wait)
        checks["store"] = " ".join(wrong) or "ok"
    except LivefeedError as exc:
        checks.setdefault("store", exc.message)
    return checks


ROUTES = (
    Route(
        method="GET",
        path="/healthz",
        handler=healthz,
        response=shapes.Health,
        summary="The process is alive.",
    ),
    Route(
        method="GET",
        path="/readyz",
        handler=readyz,
        response=shapes.Health,
        summary="The process can serve: 200, or 503 and what is wrong.",
    ),
)
