"""The browsers in which the caller is told of what concerns them. Source: docs/push.md."""

from __future__ import annotations

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from livefeed.api.commands import COMMAND
from livefeed.api.route import Ask, Route, json
from livefeed.errors import BadRequest, NotFound, RateLimited
from livefeed.push.device import ENDPOINT_CHARACTERS, Device


class PushKey(BaseModel):
    """What a browser needs to subscribe."""

    model_config = ConfigDict(extra="ignore", strict=True)

    key: str = Field(description="`applicationServerKey`: an uncompressed point of P-256 in base64url.")


class PushKeys(BaseModel):
    """Keys of a subscription."""

    model_config = ConfigDict(extra="ignore", strict=True)

    p256dh: str = Field(max_length=128, description="The browser's public key, 65 bytes in base64url.")
    auth: str = Field(max_length=64, description="16 bytes in base64url.")


class Subscription(BaseModel):
    """What `PushSubscription.toJSON()` gives."""

    model_config = ConfigDict(extra="ignore", strict=True)

    endpoint: str = Field(
        max_length=ENDPOINT_CHARACTERS, description="Address at the browser's push service; a secret."
    )
    keys: PushKeys


class PushDevice(BaseModel):
    """A browser that is told."""

    model_config = ConfigDict(extra="ignore", strict=True)

    device: str = Field(description="What we call it: half of its endpoint's SHA-256, in hexadecimal.")


class DeviceQuery(BaseModel):
    """Which browser is told no more."""

    model_config = ConfigDict(extra="ignore", strict=False)

    device: str | None = Field(
        default=None, max_length=64, description="As PUT answered; without it, all of one's own."
    )


async def read_push_key(ask: Ask) -> web.StreamResponse:
    return json({"key": _key(ask)}, headers={"Cache-Control": "public, max-age=300"})


async def put_device(ask: Ask) -> web.StreamResponse:
    _key(ask)
    ask.house.limits.spend(COMMAND, ask.user.id)
    body: Subscription = ask.body
    device = Device.parse(body.endpoint, body.keys.p256dh, body.keys.auth)
    return json({"device": await ask.house.devices.put(ask.user.id, device)})


async def delete_device(ask: Ask) -> web.StreamResponse:
    ask.house.limits.spend(COMMAND, ask.user.id)
    query: DeviceQuery = ask.query
    await ask.house.devices.remove(ask.user.id, query.device)
    return web.Response(status=204)


def _key(ask: Ask) -> str:
    """Raises: NotFound."""
    if not ask.house.push_key:
        raise NotFound("This server sends no push notifications.")
    return ask.house.push_key


ROUTES = (
    Route(
        method="GET",
        path="/api/push",
        handler=read_push_key,
        response=PushKey,
        public=True,
        summary="The key with which a browser subscribes to push notifications.",
        errors=(NotFound,),
    ),
    Route(
        method="PUT",
        path="/api/push",
        handler=put_device,
        access="user",
        body=Subscription,
        response=PushDevice,
        summary="Be told of one's notifications in a browser, also while no page is open. Repeatable.",
        errors=(NotFound, BadRequest, RateLimited),
    ),
    Route(
        method="DELETE",
        path="/api/push",
        handler=delete_device,
        access="user",
        status=204,
        query=DeviceQuery,
        summary="Be told in a browser no more, or in none of one's own.",
        errors=(BadRequest, RateLimited),
    ),
)
