"""Publishing to `app:` topics with an API key."""

from __future__ import annotations

import hashlib
from typing import Annotated

import orjson
from aiohttp import web
from pydantic import FailFast, Field, TypeAdapter

from livefeed.api import shapes
from livefeed.api.route import Ask, Route, json
from livefeed.errors import BadRequest, Forbidden, NotFound, TooLarge
from livefeed.streams.streams import Once
from livefeed.topic import Topic

MAX_EVENTS = 500
MAX_BODY_BYTES = 4 * 1024 * 1024

MAX_EVENT_BYTES = 65_536

_EVENTS: TypeAdapter[list[shapes.PublishEvent]] = TypeAdapter(
    Annotated[list[shapes.PublishEvent], FailFast(), Field(min_length=1, max_length=MAX_EVENTS)]
)


async def publish(ask: Ask) -> web.StreamResponse:
    topic = Topic.parse(ask.part("topic"))
    if ask.caller.key is None or not ask.house.keys.may_publish(ask.caller.key, topic):
        raise Forbidden(f"This key may not publish to {topic}.")
    events: list[shapes.PublishEvent] = ask.body
    if any(len(orjson.dumps(event.data)) > MAX_EVENT_BYTES for event in events):
        raise TooLarge(f"The data of an event has at most {MAX_EVENT_BYTES} bytes.")
    if any("image_key" in event.data for event in events):
        raise BadRequest("'image_key' is a field of the server's own; name it otherwise.")
    once = None
    if ask.key is not None:
        who = "key:" + hashlib.sha256(ask.caller.key.encode()).hexdigest()[:16]
        once = Once.of(who, ask.key, [topic.name, [event.model_dump() for event in events]])
    ids = await ask.house.streams.append(topic, [_event(event) for event in events], once=once)
    return json({"ids": [str(id) for id in ids]}, status=202)


def _event(event: shapes.PublishEvent) -> tuple[str, object, str | None]:
    return event.type, event.data, (event.key or event.type) if event.delivery == "latest" else None


ROUTES = (
    Route(
        method="POST",
        path="/api/topics/{topic}/events",
        handler=publish,
        access="key",
        status=202,
        body=_EVENTS,
        body_bytes=MAX_BODY_BYTES,
        response=shapes.Published,
        summary="Publish one event, or a list of up to 500, to an app: topic.",
        errors=(Forbidden, NotFound),
    ),
)
