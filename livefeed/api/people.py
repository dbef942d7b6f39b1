"""Guests and names."""

from __future__ import annotations

from aiohttp import web

from livefeed.api import shapes
from livefeed.api.commands import COMMAND
from livefeed.api.gate import sign_in
from livefeed.api.route import Ask, Route, json
from livefeed.errors import Conflict, NotFound, RateLimited


async def create_guest(ask: Ask) -> web.StreamResponse:
    guest = await ask.house.identity.create_guest(ask.house.proxies.client(ask.request.remote, ask.request.headers))
    response = json({"user": guest.user.as_dict(), "token": guest.token}, status=201)
    sign_in(ask.house, response, guest.token)
    return response


async def read_me(ask: Ask) -> web.StreamResponse:
    user = ask.caller.user
    if user is not None:
        await ask.house.identity.seen(user)
    return json({"user": user.as_dict() if user else None})


async def rename_me(ask: Ask) -> web.StreamResponse:
    ask.house.limits.spend(COMMAND, ask.user.id)
    user = await ask.house.identity.rename(ask.user.id, ask.body.handle)
    return json({"user": user.as_dict()})


async def read_user(ask: Ask) -> web.StreamResponse:
    user = await ask.house.identity.named(ask.part("handle"))
    viewer = ask.caller.user
    standing = await ask.house.follows.standing(user.id, viewer.id if viewer else None)
    said = {"user": user.as_dict(), **standing.as_dict()}
    if viewer is not None and viewer.id == user.id:  # what one likes and where one paints is nobody else's to know
        said |= {"liked": standing.liked, "rooms": await ask.house.rooms.count(user.id)}
    return json(said)


ROUTES = (
    Route(
        method="POST",
        path="/api/guests",
        handler=create_guest,
        status=201,
        response=shapes.Guest,
        summary="Become a guest: a user with a handle, a token and a session cookie.",
        errors=(RateLimited,),
    ),
    Route(method="GET", path="/api/me", handler=read_me, response=shapes.Me, summary="Who the caller is."),
    Route(
        method="PATCH",
        path="/api/me",
        handler=rename_me,
        access="user",
        body=shapes.Rename,
        response=shapes.Me,
        summary="Take another handle.",
        errors=(Conflict, RateLimited),
    ),
    Route(
        method="GET",
        path="/api/users/{handle}",
        handler=read_user,
        response=shapes.Profile,
        public=True,
        summary="A person by handle or id, and how many follow them.",
        errors=(NotFound,),
    ),
)
