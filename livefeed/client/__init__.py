"""The Python client: subscribe with resume, call, upload, generate. Source: docs/client.md."""

from livefeed.client.connect import connect
from livefeed.client.errors import (
    GenerationAborted,
    GenerationCancelled,
    GenerationEnded,
    GenerationFailed,
    GenerationRefused,
    ProtocolBroken,
    Unreachable,
)
from livefeed.client.feed import Feed
from livefeed.client.frames import Codec
from livefeed.client.items import Count, Gap, Item, Signal, Signals
from livefeed.client.painting import Completed, Place, Preview, Progress, Queued, Retrying, Started, Step
from livefeed.client.subscription import Subscription
from livefeed.event import Delivery, Event, Value
from livefeed.position import Position

__all__ = [
    "Codec",
    "Completed",
    "Count",
    "Delivery",
    "Event",
    "Feed",
    "Gap",
    "GenerationAborted",
    "GenerationCancelled",
    "GenerationEnded",
    "GenerationFailed",
    "GenerationRefused",
    "Item",
    "Place",
    "Position",
    "Preview",
    "Progress",
    "ProtocolBroken",
    "Queued",
    "Retrying",
    "Signal",
    "Signals",
    "Started",
    "Step",
    "Subscription",
    "Unreachable",
    "Value",
    "connect",
]
