"""Publishing to `app:` topics with an API key."""

from __future__ import annotations

from aiohttp import web
from pydantic import TypeAdapter

from livefeed.api import shapes
from livefeed.api.route import Ask, Route, json
from livefeed.errors import BadRequest, Forbidden, NotFound
from livefeed.streams.streams import Once
from livefeed.topic import Topic

MAX_EVENTS = 500
MAX_BODY_BYTES = 4 * 1024 * 1024

_EVENTS: TypeAdapter[shapes.PublishEvent | list[shapes.PublishEvent]] = TypeAdapter(
    shapes.PublishEvent | list[shapes.PublishEvent]
)


async def publish(ask: Ask) -> web.StreamResponse:
    topic = Topic.parse(ask.part("topic"))
    if ask.caller.key is None or not ask.house.keys.may_publish(ask.caller.key, topic):
        raise Forbidden(f"This key may not publish to {topic}.")
    events = ask.body if isinstance(ask.body, list) else [ask.body]
    if not 0 < len(events) <= MAX_EVENTS:
        raise BadRequest(f"Publish 1 to {MAX_EVENTS} events at a time.")
    once = None
    if ask.key is not None:
        once = Once.of("key", ask.key, [topic.name, [event.model_dump() for event in events]])
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
