"""`livefeed tail` and `livefeed publish`: topics from the shell."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from datetime import datetime
from typing import Any, assert_never

import click
import orjson
from rich.console import Console
from rich.markup import escape

from livefeed.cli.ending import run
from livefeed.cli.server_option import open_feed, with_server
from livefeed.client import Count, Delivery, Event, Gap, Item, Signals, Value
from livefeed.client.frames import Codec


@click.command()
@click.argument("topic")
@click.option("--since", metavar="POSITION", help="Begin after this position, such as the last line's.")
@click.option("--latest", type=click.IntRange(0, 200), default=0, help="Begin with so many past events.")
@click.option("--count", "presence", is_flag=True, help="Also tell how many are looking.")
@click.option("--limit", type=click.IntRange(1), help="End after so many lines.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "pretty"]),
    help="JSON lines, or readable ones; by default what suits the output.",
)
@with_server
def tail(
    topic: str,
    since: str | None,
    latest: int,
    presence: bool,
    limit: int | None,
    form: str | None,
    server: str | None,
    token: str | None,
) -> None:
    """Print what happens on TOPIC, line by line, until Ctrl-C. Lost connections are made anew without a gap."""
    pretty = form == "pretty" or (form is None and sys.stdout.isatty())
    _tell_of_connections()
    run(_tail(topic, since, latest, presence, limit, pretty, server, token))


async def _tail(
    topic: str,
    since: str | None,
    latest: int,
    presence: bool,
    limit: int | None,
    pretty: bool,
    server: str | None,
    token: str | None,
) -> None:
    console, printed = Console(highlight=False, soft_wrap=True), 0
    async with (
        open_feed(server, token, Codec.JSON) as feed,
        feed.subscribe(topic, since, latest=latest, presence=presence) as items,
    ):
        await items.started()
        held = items.position
        async for item in items:
            if pretty:
                console.print(readable(item))
            else:
                # Of events that came together, the last one's line has the position: before it, there is none.
                moved, held = items.position != held, items.position
                line = {"topic": items.topic, **as_map(item), "position": str(held) if moved else None}
                print(orjson.dumps(line).decode(), flush=True)
            printed += 1
            if printed == limit:
                return


def as_map(item: Item) -> dict[str, Any]:
    """Return an item as `tail` writes it in JSON; `kind` tells which fields there are."""
    match item:
        case Event():
            return {
                "kind": "event",
                "id": str(item.id),
                "type": item.type,
                "time": item.time,
                "data": item.data,
            }
        case Value():
            return {
                "kind": "value",
                "key": item.key,
                "rev": str(item.rev),
                "type": item.type,
                "time": item.time,
                "data": item.data,
            }
        case Gap():
            return {"kind": "gap", "at": str(item.at)}
        case Count():
            return {"kind": "count", "count": item.count}
        case Signals():
            signals = [{"user": one.user, "type": one.type, "data": one.data} for one in item.signals]
            return {"kind": "signals", "signals": signals}
        case _:
            assert_never(item)


def readable(item: Item) -> str:
    """Return an item as one line for people, with rich's markup."""
    match item:
        case Event():
            return f"[dim]{_clock(item.time)}[/] [bold]{escape(item.type)}[/] {_told(item.data)}"
        case Value():
            return f"[dim]{_clock(item.time)} {escape(item.type)} {_data(item.data)}[/]"
        case Gap():
            return "[yellow]some events are gone; what follows is new[/]"
        case Count():
            return f"[dim]{item.count} looking[/]"
        case Signals():
            told = ", ".join(f"{one.user.get('handle', '?')} {one.type}" for one in item.signals)
            return f"[dim]{escape(told)}[/]"
        case _:
            assert_never(item)


def _clock(time_ms: int) -> str:
    return datetime.fromtimestamp(time_ms / 1000).strftime("%H:%M:%S")


def _told(data: Mapping[str, Any]) -> str:
    """Return what a person did, in one line; of what is not known to be a person's doing, the data."""
    for about, words in (("post", "caption"), ("comment", "text"), ("generation", "prompt")):
        thing = data.get(about)
        if not isinstance(thing, dict) or not isinstance(thing.get(words), str):
            continue
        match thing.get("author"):
            case {"handle": str(handle)}:
                return escape(f"{handle}: {' '.join(thing[words].split())}")
    return _data(data)


def _data(data: Mapping[str, Any]) -> str:
    return escape(orjson.dumps(data).decode())


def _tell_of_connections() -> None:
    """Let the client's own log say on stderr when a connection is lost."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("livefeed: %(message)s"))
    logger = logging.getLogger("livefeed.client")
    logger.addHandler(handler)
    logger.setLevel(logging.WARNING)
    logger.propagate = False


@click.command()
@click.argument("topic")
@click.argument("type")
@click.argument("json")
@click.option("--key", help="Publish the newest value of this key (delivery 'latest'), not an event.")
@click.option("--latest", is_flag=True, help="Publish the newest value; its key is TYPE unless --key is given.")
@with_server
def publish(
    topic: str, type: str, json: str, key: str | None, latest: bool, server: str | None, token: str | None
) -> None:
    """Publish an event of TYPE with the data JSON ('-': from standard input) to an app: TOPIC; prints its id.

    The token must be one of the server's LIVEFEED_API_KEYS.
    """
    if token is None:
        raise click.UsageError("publish needs an API key: --token or LIVEFEED_TOKEN.")
    data = _parsed(sys.stdin.read() if json == "-" else json)
    delivery = Delivery.LATEST if latest or key is not None else Delivery.KEPT
    print(run(_publish(topic, type, data, delivery, key, server, token)))


async def _publish(
    topic: str,
    type: str,
    data: Mapping[str, Any],
    delivery: Delivery,
    key: str | None,
    server: str | None,
    token: str,
) -> str:
    async with open_feed(server, token) as feed:
        return str(await feed.publish(topic, type, data, delivery, key))


def _parsed(text: str) -> Mapping[str, Any]:
    try:
        data = orjson.loads(text)
    except orjson.JSONDecodeError as exc:
        raise click.UsageError(f"JSON cannot be read: {exc}.") from exc
    if not isinstance(data, dict):
        raise click.UsageError("JSON must be a map, such as '{\"n\": 1}'.")
    return data
