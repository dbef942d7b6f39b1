"""Pictures being made."""

from __future__ import annotations

from aiohttp import web

from livefeed.api import commands, shapes
from livefeed.api.route import Ask, Route, json
from livefeed.errors import Busy, Conflict, Forbidden, KeyReused, NotFound, RateLimited
from livefeed.identity.keys import URGENT


async def create_generation(ask: Ask) -> web.StreamResponse:
    return json(await commands.create_generation(ask.house, ask.user, ask.body, ask.key), status=202)


async def read_generation(ask: Ask) -> web.StreamResponse:
    return json(await ask.house.generations.get(ask.part("generation"), ask.caller.user))


async def list_running(ask: Ask) -> web.StreamResponse:
    return json({"generations": await ask.house.generations.running_of(ask.user)})


async def cancel_generation(ask: Ask) -> web.StreamResponse:
    await commands.cancel_generation(ask.house, ask.user, shapes.Named(id=ask.part("generation")), ask.key)
    return web.Response(status=204)


async def make_urgent(ask: Ask) -> web.StreamResponse:
    if ask.caller.key is None or not ask.house.keys.may_hurry(ask.caller.key):
        raise Forbidden(f"This key may not put pictures before others; the operator lists such keys as key={URGENT}.")
    await ask.house.generations.urgent(ask.part("generation"))
    return web.Response(status=204)


async def read_preview(ask: Ask) -> web.StreamResponse:
    image = await ask.house.generations.preview(ask.part("generation"), ask.caller.user, step=ask.query.step)
    if image is None:
        raise NotFound("There is no preview of that step now; previews are kept for two minutes.")
    return web.Response(body=image, content_type="image/jpeg", headers={"Cache-Control": "private, max-age=60"})


async def list_generators(ask: Ask) -> web.StreamResponse:
    return json({"generators": ask.house.generations.generators()})


ROUTES = (
    Route(
        method="POST",
        path="/api/generations",
        handler=create_generation,
        access="user",
        status=202,
        body=shapes.CreateGeneration,
        response=shapes.Accepted,
        summary="Ask for a picture; it is made live on its topic.",
        errors=(NotFound, RateLimited, Busy, KeyReused),
    ),
    Route(
        method="GET",
        path="/api/me/generations",
        handler=list_running,
        access="user",
        response=shapes.RunningGenerations,
        summary="One's own pictures that are queued or running, also those that nobody else sees; none of rooms.",
    ),
    Route(
        method="GET",
        path="/api/generations/{generation}",
        handler=read_generation,
        response=shapes.GenerationSnapshot,
        public=True,
        summary="A picture being made, and the position to follow it from.",
        errors=(NotFound,),
    ),
    Route(
        method="DELETE",
        path="/api/generations/{generation}",
        handler=cancel_generation,
        access="user",
        status=204,
        summary="Cancel one's picture.",
        errors=(NotFound, Forbidden, Conflict),
    ),
    Route(
        method="POST",
        path="/api/generations/{generation}/urgent",
        handler=make_urgent,
        access="key",
        status=204,
        summary="Put a waiting picture before all others, whoever asked for it.",
        errors=(NotFound, Forbidden, Conflict),
    ),
    Route(
        method="GET",
        path="/api/generations/{generation}/preview",
        handler=read_preview,
        content="image/jpeg",
        query=shapes.PreviewStep,
        public=True,
        summary="A preview: of a step, or the newest.",
        errors=(NotFound,),
    ),
    Route(
        method="GET",
        path="/api/generators",
        handler=list_generators,
        response=shapes.Generators,
        public=True,
        summary="What can make pictures here.",
    ),
)
