"""The aiohttp application: routes behind the gate, connections, pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import HttpVersion11, web

from livefeed.api import (
    cards,
    embed,
    feeds,
    follows,
    generations,
    health,
    lineage,
    media,
    notifications,
    people,
    posts,
    provenance,
    push,
    rooms,
    search,
    topics,
    variations,
)
from livefeed.api.desk import Desk
from livefeed.api.documents import DocumentEndpoint
from livefeed.api.gate import caller_of
from livefeed.api.heads import Head
from livefeed.api.house import House
from livefeed.api.openapi import document
from livefeed.api.pages import add_pages
from livefeed.api.problem import problems
from livefeed.api.route import Ask, Route, json, read_body, read_query
from livefeed.api.sentences import Sentences
from livefeed.errors import BadRequest, NotFound, Unauthorised
from livefeed.hub.sse import SseEndpoint
from livefeed.hub.websocket import WebSocketEndpoint

ROUTES: tuple[Route, ...] = (
    *people.ROUTES,
    *follows.ROUTES,
    *notifications.ROUTES,
    *push.ROUTES,
    *feeds.ROUTES,
    *posts.ROUTES,
    *provenance.ROUTES,
    *lineage.ROUTES,
    *search.ROUTES,
    *generations.ROUTES,
    *rooms.ROUTES,
    *variations.ROUTES,
    *topics.ROUTES,
    *media.ROUTES,
    *embed.ROUTES,
    *cards.ROUTES,
    *health.ROUTES,
)

_OPEN = web.AppKey("open", set[web.AbstractResource])
"""The addresses that any site may read."""


def create_application(house: House) -> web.Application:
    """Return the application that serves a house."""
    app = web.Application(middlewares=[problems])
    app[_OPEN] = set()
    app.on_response_prepare.append(_open_to_all)
    for route in ROUTES:
        _add(app, route.method, route.path, _serve(house, route), public=route.public)
    openapi = document(ROUTES)
    _add(app, "GET", "/api/openapi.json", lambda request: _openapi(openapi), public=True)
    _add_connections(app, house)
    embed.add_embed(app, house)
    cards.add_cards(app)
    add_pages(app, house, lambda request, say: _said(house, request, say))
    return app


async def _said(house: House, request: web.Request, say: Sentences) -> tuple[Head, str]:
    return await cards.head_of(house, request, say), cards.own_address(house, request)


def _add(
    app: web.Application,
    method: str,
    path: str,
    handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
    *,
    public: bool = False,
    streams: bool = False,
) -> None:
    """Add a route. streams: its answer has no end, so nobody may ask for its head alone."""
    heads = method == "GET" and not streams
    added = app.router.add_get(path, handler) if heads else app.router.add_route(method, path, handler)
    if public and added.resource is not None:
        app[_OPEN].add(added.resource)
        app.router.add_options(path, _preflight)


def _serve(house: House, route: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def serve(request: web.Request) -> web.StreamResponse:
        caller = await caller_of(house, request)
        ask = Ask(house, request, caller)
        if route.access == "user":
            _ = ask.user
        elif route.access == "key" and caller.key is None:
            raise Unauthorised("This needs an API key: 'Authorization: Bearer' and one of LIVEFEED_API_KEYS.")
        body = None
        if route.body is not None:
            patience_s = house.config.write_timeout_s
            body = await read_body(request, route.body, route.body_bytes, within_s=patience_s)
        query = read_query(request, route.query) if route.query is not None else None
        response = await route.handler(Ask(house, request, caller, body, query))
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return serve


async def _preflight(request: web.Request) -> web.StreamResponse:
    return web.Response(
        status=204,
        headers={
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Allow-Methods": "GET",
            "Access-Control-Allow-Headers": "Authorization",
            "Access-Control-Max-Age": "86400",
        },
    )


async def _openapi(found: dict[str, object]) -> web.StreamResponse:
    return json(found)


async def _open_to_all(request: web.Request, response: web.StreamResponse) -> None:
    """Let any site read what is public, refusals included; never with credentials."""
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    if request.method in ("GET", "HEAD") and request.match_info.route.resource in request.app[_OPEN]:
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = "Retry-After"


def _add_connections(app: web.Application, house: House) -> None:
    desk = Desk(house)
    websocket = WebSocketEndpoint(house.node, desk, house.config, house.clock)
    sse = SseEndpoint(house.node, desk, house.config)

    async def serve_websocket(request: web.Request) -> web.StreamResponse:
        if request.headers.get("Upgrade", "").lower() != "websocket":
            raise NotFound("This address speaks WebSocket; see docs/protocol.md.")
        if request.version < HttpVersion11:
            raise BadRequest("A WebSocket begins with HTTP/1.1; a proxy in between must speak it too.")
        return await websocket.serve(request, await caller_of(house, request, websocket=True))

    async def serve_events(request: web.Request) -> web.StreamResponse:
        return await sse.serve(request, await caller_of(house, request))

    documents = DocumentEndpoint(house.node, house.relays, house.config)

    async def serve_document(request: web.Request) -> web.StreamResponse:
        caller = await caller_of(house, request, websocket=True)
        return await documents.serve(request, caller, request.match_info["id"])

    _add(app, "GET", "/api/rooms/{id}/doc", serve_document, streams=True)
    _add(app, "GET", "/ws", serve_websocket, streams=True)
    _add(app, "GET", "/sse", serve_events, public=True, streams=True)
