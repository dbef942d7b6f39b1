"""Remix rooms: opened, joined, talked in."""

from __future__ import annotations

import contextlib

from aiohttp import web

from livefeed.api import room_shapes as rooms
from livefeed.api import shapes
from livefeed.api.commands import COMMAND, MESSAGE, ROOM
from livefeed.api.route import Ask, Route, json
from livefeed.errors import Conflict, Forbidden, KeyReused, LivefeedError, NotFound, RateLimited
from livefeed.rooms.commands import no_such_room


def viewer_of(ask: Ask) -> str:
    """Return who reads. Raises: NotFound for whoever is nobody: rooms are there for their members alone."""
    if ask.caller.user is None:
        raise no_such_room()
    return ask.caller.user.id


def spend(ask: Ask, kind: str = COMMAND) -> dict[str, str]:
    """Count a command and return who gives it. Raises: RateLimited."""
    ask.house.limits.spend(kind, ask.user.id)
    return ask.user.as_dict()


async def open_room(ask: Ask) -> web.StreamResponse:
    user = spend(ask, ROOM)
    room = await ask.house.rooms.open(user, ask.body.post, key=ask.key)
    with contextlib.suppress(LivefeedError):  # it is there; its document begins when somebody comes, at the latest
        room["epoch"] = await ask.house.relays.begin(room["id"])
    return json({"room": room}, status=201)


async def list_rooms(ask: Ask) -> web.StreamResponse:
    query: rooms.Mine = ask.query
    if query.post is not None:
        return json({"rooms": await ask.house.rooms.mine(ask.user.id, post=query.post), "next": None})
    return json(await ask.house.rooms.page(ask.user.id, before=query.before, limit=query.limit))


async def read_room(ask: Ask) -> web.StreamResponse:
    return json(await ask.house.rooms.read(ask.part("room"), viewer_of(ask)))


async def invite_to_room(ask: Ask) -> web.StreamResponse:
    user, room = spend(ask), ask.part("room")
    role, token = await ask.house.members.invite(room, user["id"], ask.body.role)
    request = ask.request
    base = ask.house.config.public_url.rstrip("/") or f"{request.scheme}://{request.host}"
    return json({"role": str(role), "token": token, "url": f"{base}/room/{room}?invite={token}"}, status=201)


async def end_invitation(ask: Ask) -> web.StreamResponse:
    user = spend(ask)
    await ask.house.members.end_invite(ask.part("room"), user["id"], ask.part("role"))
    return web.Response(status=204)


async def join_room(ask: Ask) -> web.StreamResponse:
    user, room = spend(ask), ask.part("room")
    await ask.house.members.join(room, user, ask.body.token, key=ask.key)
    return json({"room": await ask.house.rooms.glance(room, user["id"])})


async def set_member(ask: Ask) -> web.StreamResponse:
    user = spend(ask)
    wanted = await ask.house.identity.by_handle(ask.part("handle"))
    member = await ask.house.members.set(ask.part("room"), user["id"], wanted.as_dict(), ask.body.role, key=ask.key)
    return json({"member": member})


async def remove_member(ask: Ask) -> web.StreamResponse:
    user = spend(ask)
    gone = await ask.house.identity.by_handle(ask.part("handle"))
    await ask.house.members.remove(ask.part("room"), user["id"], gone.as_dict(), key=ask.key)
    return web.Response(status=204)


async def read_messages(ask: Ask) -> web.StreamResponse:
    query: shapes.Paging = ask.query
    return json(await ask.house.talk.list(ask.part("room"), viewer_of(ask), query.before, query.limit))


async def say_message(ask: Ask) -> web.StreamResponse:
    user = spend(ask, MESSAGE)
    return json({"message": await ask.house.talk.say(ask.part("room"), user, ask.body.text, key=ask.key)}, status=201)


async def set_message_reaction(ask: Ask) -> web.StreamResponse:
    return json(await _react(ask, on=True))


async def unset_message_reaction(ask: Ask) -> web.StreamResponse:
    await _react(ask, on=False)
    return web.Response(status=204)


async def _react(ask: Ask, *, on: bool) -> dict[str, object]:
    user = spend(ask)
    room, message, emoji = (ask.part(name) for name in ("room", "message", "emoji"))
    return await ask.house.talk.react(room, message, user["id"], emoji, on, key=ask.key)


ROUTES = (
    Route(
        method="POST",
        path="/api/rooms",
        handler=open_room,
        access="user",
        status=201,
        body=rooms.OpenRoom,
        response=rooms.OneRoom,
        summary="Open a room to remix a picture together.",
        errors=(NotFound, RateLimited),
    ),
    Route(
        method="GET",
        path="/api/rooms",
        handler=list_rooms,
        access="user",
        query=rooms.Mine,
        response=rooms.Rooms,
        summary="The rooms one is in, the one come into last first; of one picture, if asked.",
    ),
    Route(
        method="GET",
        path="/api/rooms/{room}",
        handler=read_room,
        response=rooms.RoomSnapshot,
        summary="A room as its members see it, and the position to subscribe to it from.",
        errors=(NotFound,),
    ),
    Route(
        method="POST",
        path="/api/rooms/{room}/invites",
        handler=invite_to_room,
        access="user",
        status=201,
        body=rooms.GiveRole,
        response=rooms.Invite,
        summary="The link that lets people in with a role; the same one until it is ended.",
        errors=(NotFound, Forbidden),
    ),
    Route(
        method="DELETE",
        path="/api/rooms/{room}/invites/{role}",
        handler=end_invitation,
        access="user",
        status=204,
        summary="Let nobody in by a role's link any more.",
        errors=(NotFound, Forbidden),
    ),
    Route(
        method="POST",
        path="/api/rooms/{room}/join",
        handler=join_room,
        access="user",
        body=rooms.JoinRoom,
        response=rooms.OneRoom,
        summary="Come in by an invitation.",
        errors=(NotFound, Conflict),
    ),
    Route(
        method="PUT",
        path="/api/rooms/{room}/members/{handle}",
        handler=set_member,
        access="user",
        body=rooms.GiveRole,
        response=rooms.OneMember,
        summary="Give somebody a role in one's room.",
        errors=(NotFound, Forbidden, Conflict),
    ),
    Route(
        method="DELETE",
        path="/api/rooms/{room}/members/{handle}",
        handler=remove_member,
        access="user",
        status=204,
        summary="Leave a room, or take somebody out of one's own.",
        errors=(NotFound, Forbidden, Conflict),
    ),
    Route(
        method="GET",
        path="/api/rooms/{room}/messages",
        handler=read_messages,
        query=shapes.Paging,
        response=rooms.Messages,
        summary="A room's newest messages, the oldest of them first.",
        errors=(NotFound,),
    ),
    Route(
        method="POST",
        path="/api/rooms/{room}/messages",
        handler=say_message,
        access="user",
        status=201,
        body=rooms.Say,
        response=rooms.OneMessage,
        summary="Say something in a room.",
        errors=(NotFound, RateLimited, KeyReused),
    ),
    Route(
        method="PUT",
        path="/api/rooms/{room}/messages/{message}/reactions/{emoji}",
        handler=set_message_reaction,
        access="user",
        response=shapes.Reactions,
        summary="React to a message with an emoji.",
        errors=(NotFound, Conflict),
    ),
    Route(
        method="DELETE",
        path="/api/rooms/{room}/messages/{message}/reactions/{emoji}",
        handler=unset_message_reaction,
        access="user",
        status=204,
        summary="Take one's reaction to a message away.",
        errors=(NotFound,),
    ),
)
