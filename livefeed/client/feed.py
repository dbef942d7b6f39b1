"""A livefeed server, as a program uses it."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncGenerator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Unpack, cast
from urllib.parse import quote

import aiohttp

from livefeed.client.dialogue import Command
from livefeed.client.errors import Unreachable
from livefeed.client.following import Following
from livefeed.client.frames import Codec
from livefeed.client.http import Credentials, Http
from livefeed.client.items import Gap
from livefeed.client.link import Link
from livefeed.client.painting import Completed, Queued, Step, step_of, step_of_snapshot
from livefeed.client.rooms import Rooms
from livefeed.client.shapes import (
    Comment,
    CommentPage,
    FeedPage,
    Generation,
    GenerationOptions,
    GenerationSnapshot,
    Lineage,
    Post,
    PostSnapshot,
    User,
)
from livefeed.client.subscription import Subscription
from livefeed.errors import BadRequest
from livefeed.event import Delivery
from livefeed.position import Position
from livefeed.topic import Topic


class Feed:
    """What `connect` gives: subscriptions, calls, pictures, snapshots. An async context manager.

    Commands that need somebody make a guest, once, when no token was given. Every command carries an
    idempotency key, so that what is repeated after a lost connection happens once.
    """

    def __init__(self, base: str, socket_url: str, token: str | None, codec: Codec, *, patience_s: float) -> None:
        self._credentials = Credentials(token)
        self._http = Http(base, self._credentials, patience_s=patience_s)
        self._link = Link(socket_url, self._credentials, codec, patience_s=patience_s)
        self._signing_in = asyncio.Lock()
        self._running: asyncio.Task[None] | None = None
        self.rooms = Rooms(self._http, self._identify, new_key)
        """Remix rooms."""
        self.user: User | None = None
        """Who this client is, once it is known: see `sign_in`."""

    @property
    def token(self) -> str | None:
        """The token in use; keep it to be the same guest again."""
        return self._credentials.token

    async def __aenter__(self) -> Feed:
        await self._http.__aenter__()
        self._running = asyncio.create_task(self._link.run(), name="livefeed client")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._running is not None
        self._running.cancel()
        try:
            with contextlib.suppress(asyncio.CancelledError):
                await self._running
        finally:
            self._link.end(Unreachable("The client is closed; use it inside 'async with connect(…)'."))
            await self._http.__aexit__()

    # Topics.

    def subscribe(
        self,
        topic: str,
        since: Position | str | None = None,
        *,
        latest: int = 0,
        presence: bool = False,
        max_waiting: int = 1_000,
    ) -> Subscription:
        """Follow a topic: from `since` if given, else from now, after a replay of the newest `latest` events.

        latest: 0 to 200. presence: also give `Count`s. max_waiting: events that may wait for the consumer
        before the subscription rests (see docs/client.md, "A slow consumer").
        Raises: BadTopic, BadPosition, Conflict if this client follows the topic already.
        """
        following = Following(
            Topic.parse(topic).name,
            since=Position.parse(since) if isinstance(since, str) else since,
            latest=latest,
            presence=presence,
            max_waiting=max_waiting,
        )
        self._link.speak()
        self._link.dialogue.follow(following)
        return Subscription(following, self._link)

    async def publish(
        self,
        topic: str,
        type: str,
        data: Mapping[str, Any],
        delivery: Delivery = Delivery.KEPT,
        key: str | None = None,
    ) -> Position:
        """Publish an event to an `app:` topic and return its id; the token must be an API key.

        key: of a LATEST value; its type if not given.
        Raises: LivefeedError.
        """
        event: dict[str, Any] = {"type": type, "data": data, "delivery": delivery.value}
        if key is not None:
            event["key"] = key
        return (await self.publish_many(topic, [event]))[0]

    async def publish_many(self, topic: str, events: Sequence[Mapping[str, Any]]) -> list[Position]:
        """Publish up to 500 events `{type, data, delivery?, key?}` in order and return their ids."""
        path = f"/api/topics/{quote(Topic.parse(topic).name, safe='')}/events"
        answer = await self._http.json("POST", path, body=list(events), key=new_key())
        return [Position.parse(found) for found in answer["ids"]]

    def signal(self, topic: str, type: str, data: Mapping[str, Any] | None = None) -> None:
        """Say something fleeting, such as 'typing', on a followed topic. May be lost; never waits."""
        self._link.check(data)
        self._link.dialogue.signal({"topic": Topic.parse(topic).name, "type": type, "data": dict(data or {})})
        self._link.speak()

    # Commands.

    async def sign_in(self) -> User:
        """Return who this client is, making a guest when there is no token. Raises: LivefeedError."""
        async with self._signing_in:
            if self._credentials.token is None:
                guest = await self._http.json("POST", "/api/guests")
                self.user = cast(User, guest["user"])
                self._credentials.token = guest["token"]
            elif self.user is None:
                self.user = cast("User | None", (await self._http.json("GET", "/api/me"))["user"])
            if self.user is None:
                raise BadRequest("This token is an API key; commands of people need a user's token.")
            return self.user

    async def call(
        self, method: str, data: Mapping[str, Any], *, key: str | None = None, timeout_s: float = 30.0
    ) -> Any:
        """Carry out a command such as `comment.create` over the WebSocket and return its result.

        key: of idempotency; one is made if not given. Over lost connections the same key is sent again.
        Raises: LivefeedError by code; Unreachable after `timeout_s`, when it is unknown whether it took
        effect.
        """
        await self._identify()
        key = key or new_key()
        self._link.check(data)
        self._link.speak()
        command = self._link.dialogue.call({"op": "call", "method": method, "data": dict(data), "key": key})
        bell = self._link.bell(command)
        try:
            async with asyncio.timeout(timeout_s):
                while not command.done:
                    bell.clear()
                    await bell.wait()
        except TimeoutError as exc:
            raise Unreachable(
                f"'{method}' got no answer in {timeout_s:g} s; repeat it with key='{key}' to be sure."
            ) from exc
        finally:
            self._link.dialogue.forget(command)
            self._link.hang_up(command)
        return _outcome(command)

    async def comment(self, post: str, text: str, *, parent: str | None = None, key: str | None = None) -> Comment:
        """Comment on a post."""
        data = {"post": post, "text": text, **({"parent": parent} if parent else {})}
        return cast(Comment, (await self.call("comment.create", data, key=key))["comment"])

    async def react(self, post: str, emoji: str, on: bool = True) -> dict[str, int]:
        """Set or unset a reaction and return the post's totals."""
        answer = await self.call("reaction.set", {"post": post, "emoji": emoji, "on": on})
        return cast("dict[str, int]", answer["reactions"])

    async def upload(self, picture: Path | str | bytes, caption: str = "", *, key: str | None = None) -> Post:
        """Post a picture (a path, or the bytes of a file) and return the post."""
        await self._identify()
        if isinstance(picture, bytes):
            name, data = "picture", picture
        else:
            name, data = Path(picture).name, await asyncio.to_thread(Path(picture).read_bytes)

        def form() -> aiohttp.FormData:
            parts = aiohttp.FormData()
            parts.add_field("caption", caption)
            parts.add_field("image", data, filename=name, content_type="application/octet-stream")
            return parts

        answer = await self._http.json("POST", "/api/posts", form=form, key=key or new_key())
        return cast(Post, answer["post"])

    async def delete_post(self, post: str) -> None:
        """Delete an own post."""
        await self._http.json("DELETE", f"/api/posts/{quote(post, safe='')}")

    async def delete_comment(self, comment: str) -> None:
        """Delete an own comment."""
        await self._http.json("DELETE", f"/api/comments/{quote(comment, safe='')}")

    async def generate(
        self, prompt: str, *, key: str | None = None, **options: Unpack[GenerationOptions]
    ) -> AsyncGenerator[Step, None]:
        """Have a picture painted; yields `Queued` first, then what happens, `Completed` last.

        options: as of POST /api/generations; the server has a default for each.
        Leaving the loop early leaves the picture to be painted: `cancel` stops it.
        Raises: GenerationRefused, GenerationFailed, GenerationCancelled, GenerationAborted; LivefeedError.
        """
        await self._identify()
        body = {"prompt": prompt, **{name: value for name, value in options.items() if value is not None}}
        accepted = await self._http.json("POST", "/api/generations", body=body, key=key or new_key())
        identifier, topic = accepted["id"], accepted["topic"]
        yield Queued(identifier, topic)
        async with self.subscribe(topic, latest=200) as items:
            async for item in items:
                step = await self._ended(identifier) if isinstance(item, Gap) else step_of(identifier, item)
                if step is not None:
                    yield step
                if isinstance(step, Completed):
                    return

    async def _ended(self, generation: str) -> Completed | None:
        """Return the end that a gap may have swallowed."""
        return step_of_snapshot(await self.generation(generation))

    async def cancel(self, generation: str) -> None:
        """Stop an own generation."""
        await self._http.json("DELETE", f"/api/generations/{quote(generation, safe='')}")

    # Snapshots.

    async def feed(self, name: str = "all", *, before: str | None = None, limit: int = 30) -> FeedPage:
        """Return a page of a feed: 'all', 'tag:foxes', 'user:<id>'; its `at` is where to subscribe from."""
        query = {"limit": str(limit), **({"before": before} if before else {})}
        return cast(FeedPage, await self._http.json("GET", f"/api/feeds/{quote(name, safe=':')}", query=query))

    async def post(self, identifier: str) -> PostSnapshot:
        """Return a post and the position to subscribe to its topic from."""
        return cast(PostSnapshot, await self._http.json("GET", f"/api/posts/{quote(identifier, safe='')}"))

    async def lineage(self, post: str, *, before: str | None = None, limit: int = 30) -> Lineage:
        """Return what a post was made from and what was made from it, the nearest `limit` posts of the tree.

        before: a node's `next`, for more of its remixes.
        """
        query = {"limit": str(limit), **({"before": before} if before else {})}
        path = f"/api/posts/{quote(post, safe='')}/lineage"
        return cast(Lineage, await self._http.json("GET", path, query=query))

    async def comments(self, post: str, *, before: str | None = None, limit: int = 30) -> CommentPage:
        """Return a page of a post's comments."""
        query = {"limit": str(limit), **({"before": before} if before else {})}
        path = f"/api/posts/{quote(post, safe='')}/comments"
        return cast(CommentPage, await self._http.json("GET", path, query=query))

    async def generation(self, identifier: str) -> Generation:
        """Return how a generation stands."""
        path = f"/api/generations/{quote(identifier, safe='')}"
        return cast(GenerationSnapshot, await self._http.json("GET", path))["generation"]

    async def download(self, sha256: str, width: int = 1024) -> bytes:
        """Return a picture as WebP, `width` being 256, 512 or 1024 (or less, if the picture is smaller)."""
        return await self._http.download(f"/media/{quote(sha256, safe='')}/{width}.webp")

    async def fetch(self, path: str) -> bytes:
        """Return the bytes at a path of the server, such as a preview's `url`."""
        return await self._http.download(path)

    async def status(self) -> Mapping[str, Any]:
        """Return `{ok, checks}`: whether the server is ready, and each check, 'ok' or a sentence.

        Raises: Unreachable.
        """
        return cast("Mapping[str, Any]", await self._http.json("GET", "/readyz", also=503))

    async def _identify(self) -> None:
        if self._credentials.token is None:
            await self.sign_in()


def new_key() -> str:
    """Return a fresh idempotency key."""
    return secrets.token_hex(16)


def _outcome(command: Command) -> Any:
    if command.failure is not None:
        raise command.failure
    return command.data
