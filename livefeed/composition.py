"""How the house is put together: which service is handed which. Shared by the server and the worker process."""

from __future__ import annotations

import asyncio
import functools
import io
from collections.abc import AsyncIterator, Coroutine, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any
from weakref import finalize

from PIL import Image

from livefeed.api.commands import COMMAND, COMMENT, MESSAGE, ROOM
from livefeed.api.documents import sealed
from livefeed.clock import Clock, SystemClock
from livefeed.config import Config
from livefeed.errors import Busy, ConfigurationError, LivefeedError, NotFound, StoreUnavailable
from livefeed.feed.aloud import SILENT, Aloud
from livefeed.feed.comments import Comments
from livefeed.feed.emoji import canonical
from livefeed.feed.following import Following
from livefeed.feed.follows import Follows
from livefeed.feed.liked import Liked
from livefeed.feed.lineage import Lineages
from livefeed.feed.notifications import Notifications
from livefeed.feed.posts import Posts
from livefeed.feed.reactions import Reactions
from livefeed.feed.search import Search
from livefeed.feed.tags import tags_of
from livefeed.feed.timelines import Timelines
from livefeed.feed.together import Social
from livefeed.generation.overseer import Overseer
from livefeed.generation.projection import QueueProjection
from livefeed.generation.registry import Generators, discover
from livefeed.generation.service import Generations
from livefeed.generation.store import GenerationStore
from livefeed.identity import GUESTS, ApiKeys, Identity, Rate, RateLimits, Users
from livefeed.identity.proxies import Proxies
from livefeed.making import Making, worded
from livefeed.media import Bounds, Drafts, PictureFolder, Pictures
from livefeed.push import store as push_store
from livefeed.push.courier import Courier
from livefeed.push.devices import Devices
from livefeed.push.push import Push
from livefeed.push.rounds import Rounds
from livefeed.push.services import Services as PushServices
from livefeed.push.vapid import identity_of
from livefeed.remixing import Beginnings, Easels, Remixing, Walls, remixing
from livefeed.rooms.archive import Archive
from livefeed.rooms.compaction import Compaction
from livefeed.rooms.documents import Documents, Origins
from livefeed.rooms.hiding import Hiding
from livefeed.rooms.lanes import Lanes
from livefeed.rooms.members import Members
from livefeed.rooms.relays import Relays
from livefeed.rooms.service import Rooms
from livefeed.rooms.standing import Rights
from livefeed.rooms.talk import Talk
from livefeed.rooms.votes import Votes
from livefeed.streams.condition import complaints
from livefeed.streams.connection import RedisStore, Store
from livefeed.streams.embedded import EmbeddedStore
from livefeed.streams.ephemeral import Ephemeral
from livefeed.streams.opening import store_at
from livefeed.streams.outbox import Carrier
from livefeed.streams.streams import Streams
from livefeed.streams.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What server and worker have in common, on an open store."""

    config: Config
    clock: Clock
    streams: Streams
    limits: RateLimits
    identity: Identity
    keys: ApiKeys
    proxies: Proxies
    pictures: Pictures
    drafts: Drafts
    posts: Posts
    comments: Comments
    reactions: Reactions
    follows: Follows
    liked: Liked
    notifications: Notifications
    push_services: PushServices
    devices: Devices
    search: Search
    social: Social
    timelines: Timelines
    lineages: Lineages
    work: Work
    generators: Generators
    generations: Generations
    rooms: Rooms
    members: Members
    talk: Talk
    votes: Votes
    queue: QueueProjection
    overseer: Overseer


class Authors:
    """The feed's port to identity: people as maps."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity

    async def users(self, ids: Iterable[str]) -> Mapping[str, Mapping[str, Any]]:
        """Return the people that are known among `ids`."""
        return {id: user.as_dict() for id, user in (await self._identity.users(ids)).items()}

    async def named(self, handles: Iterable[str]) -> Mapping[str, Mapping[str, Any]]:
        """Return the people who are called so now, by handle."""
        found = await asyncio.gather(*[self._called(handle) for handle in handles])
        return {user["handle"]: user for user in found if user is not None}

    async def beginning(self, text: str) -> Sequence[Mapping[str, Any]]:
        """Return a few people whose handle, or a word of it, begins so; who is called so first."""
        return [user.as_dict() for user in await self._identity.beginning(text)]

    async def _called(self, handle: str) -> Mapping[str, Any] | None:
        with suppress(NotFound):
            return (await self._identity.by_handle(handle)).as_dict()
        return None


class Canvases:
    """The worker's port to media: finished pictures."""

    def __init__(self, pictures: Pictures) -> None:
        self._pictures = pictures
        self._refused: dict[int, bytes] = {}

    async def add_image(self, image: Image.Image, making: Making) -> Mapping[str, Any]:
        """Store a picture that says how it was made, and return its `media` map. Raises: LivefeedError.

        One that the storage was too busy for is encoded once, however often it comes again: it must not change.
        """
        if (png := self._refused.get(id(image))) is None:
            png = await asyncio.to_thread(_png, image)
        try:
            return (await self._pictures.add(png, making)).as_dict()
        except Busy:
            if id(image) not in self._refused:  # kept as long as somebody has the picture, to try again
                self._refused[id(image)] = png
                finalize(image, self._refused.pop, id(image)).atexit = False
            raise


class Originals:
    """The worker's port to the feed and to media: what a remix starts from."""

    def __init__(self, posts: Posts, pictures: Pictures, drafts: Drafts) -> None:
        self._posts = posts
        self._pictures = pictures
        self._drafts = drafts

    async def draft(self, sha256: str) -> bytes | None:
        """Return a canvas or a mask that was kept for a generation, None when it is kept no more. Raises: Busy."""
        try:
            return await self._drafts.read(sha256)
        except NotFound:
            return None

    async def picture(self, post: str) -> bytes | None:
        """Return the stored file of a post's picture, None when either is gone. Raises: StoreUnavailable, Busy."""
        found = await self._posts.read(post)
        if found is None:
            return None
        try:
            return await self._pictures.original(found["post"]["media"]["sha256"])
        except NotFound:
            return None

    async def said(self, post: str) -> tuple[str, str | None] | None:
        """Return what a post's picture was asked for and the post it remixes, None when it is gone.

        Raises: StoreUnavailable.
        """
        found = await self._posts.read(post)
        if found is None:
            return None
        about = found["post"]
        return worded(about.get("prompt") or "", about.get("style")), about.get("parent")


def _png(image: Image.Image) -> bytes:
    """Return a picture losslessly; the store encodes it its own way."""
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=1)
    return out.getvalue()


@asynccontextmanager
async def open_store(config: Config) -> AsyncIterator[tuple[Store, str]]:
    """Open the configured store, or the embedded one in the data folder; give the store and its URL.

    Raises: ConfigurationError.
    """
    if config.redis_url:
        opening = store_at(config.redis_url, timeout_s=config.redis_timeout_s, replicas=config.redis_wait)
        async with opening as store:
            yield store, config.redis_url
        return
    async with (
        EmbeddedStore(config.data) as embedded,
        RedisStore(embedded.url, timeout_s=config.redis_timeout_s) as store,
    ):
        yield store, embedded.url


async def _wrong(store: Store, config: Config) -> list[str]:
    """Return what is wrong with a store that could be opened and then did not serve, as far as it says so."""
    with suppress(LivefeedError):
        return await complaints(store, replicas=config.redis_wait)
    return []


@dataclass(frozen=True, slots=True)
class Pushing:
    """Push notifications of one server process. key: the public one, "" where none are sent."""

    key: str
    background: list[Coroutine[Any, Any, None]]


@asynccontextmanager
async def pushing(services: Services, *, node: str) -> AsyncIterator[Pushing]:
    """Put push notifications together. Raises: ConfigurationError."""
    config = services.config
    if not services.push_services.some:
        yield Pushing("", [])
        return
    contact = config.push_contact or (config.public_url if config.public_url.startswith("https://") else "")
    identity = await asyncio.to_thread(identity_of, config.data / "push", key=config.push_key, contact=contact)
    async with Courier(services.push_services, identity) as courier:
        push = Push(services.devices, services.notifications, courier, services.clock)
        rounds = Rounds(services.streams.store, push.deliver, shards=config.shards, consumer=node)
        yield Pushing(identity.public, [rounds.run()])


AWARENESS = "lf:awareness"
"""The channel on which nodes tell each other who is in which document."""


@dataclass(frozen=True, slots=True)
class Paper:
    """The shared documents of one server process, and what needs them. background: what must run for them to work."""

    documents: Documents
    relays: Relays
    remixing: Remixing
    background: list[Coroutine[Any, Any, None]]

    @property
    def veil(self) -> DocumentVeil:
        """What presence tells who hides."""
        return DocumentVeil(self.relays.hiding)


@dataclass(frozen=True, slots=True)
class DocumentVeil:
    """Hides people in a room's document by what they say on the room's topic, see presence.ports.Veil."""

    hiding: Hiding

    def hide(self, topic: str, people: frozenset[str]) -> None:
        self.hiding.hide(topic.partition(":")[2], people)

    def openly(self, topic: str, people: frozenset[str]) -> None:
        self.hiding.openly(topic.partition(":")[2], people)

    def show(self, topic: str, user: str) -> None:
        self.hiding.show(topic.partition(":")[2], user)


def lay_out(services: Services, *, node: str, rights: Rights | None = None, origins: Origins | None = None) -> Paper:
    """Put the shared documents together, and what needs them. The relays must hear what the follower tells.

    rights, origins: what the rooms say, if not given.
    """
    streams, store = services.streams, services.streams.store
    walls = Walls(services.posts)
    lanes, channel = Lanes(), Ephemeral(store, AWARENESS)
    beginnings = origins or Beginnings(services.rooms, walls, services.generations)
    documents = Documents(Archive(streams), lanes, beginnings)
    relays = Relays(documents, rights or services.rooms, channel, node=node, seal=sealed)
    easels = Easels(
        services.generations,
        Originals(services.posts, services.pictures, services.drafts),
        services.drafts,
    )
    remixes = remixing(
        streams,
        services.config,
        people=Authors(services.identity),
        walls=walls,
        documents=documents,
        easels=easels,
        publisher=services.posts.publication,
    )
    carriers = [
        Carrier(store, projection, shards=services.config.shards, consumer=node).run()
        for projection in (Compaction(documents), remixes.projection)
    ]
    background = [lanes.run(), relays.run(), channel.run(relays.receive), *carriers]
    return Paper(documents, relays, remixes, background)


@asynccontextmanager
async def furnish(config: Config, store: Store) -> AsyncIterator[Services]:
    """Put the services together on an open store. Raises: ConfigurationError."""
    clock = SystemClock()
    streams = Streams(store, config)
    try:
        await streams.open()
    except StoreUnavailable as exc:
        raise ConfigurationError(" ".join(await _wrong(store, config)) or exc.message) from exc
    limits = RateLimits(
        {
            GUESTS: Rate.per_minute(config.guests_per_minute),
            COMMENT: Rate.per_second(config.comments_per_s),
            COMMAND: Rate.per_second(config.commands_per_s),
            MESSAGE: Rate.per_second(config.messages_per_s),
            ROOM: Rate.per_hour(config.rooms_per_hour),
        },
        clock,
    )
    identity = Identity(Users(streams), limits, clock, shards=config.shards)
    authors = Authors(identity)
    posts = Posts(streams, config, authors)
    lineages = Lineages(streams, authors)
    rooms = Rooms(streams, authors, Walls(posts))
    push_services = PushServices.parse(config.push_services)
    aloud = Aloud(push_store.ALOUD, functools.partial(push_store.aloud_keys, shards=config.shards))
    notifications = Notifications(streams, posts, authors, aloud if push_services.some else SILENT)
    search = Search(streams, posts, authors)
    liked = Liked(streams, posts, authors)
    work = Work(
        store,
        lease_s=config.lease_s,
        per_person=config.generations_per_user,
        in_all=config.generations_queued,
    )
    generators = discover(config)
    bounds = Bounds(config.upload_bytes, config.upload_pixels)
    async with Pictures(PictureFolder(config.data / "media"), bounds) as pictures:
        yield Services(
            config=config,
            clock=clock,
            streams=streams,
            limits=limits,
            identity=identity,
            keys=ApiKeys.parse(config.api_keys),
            proxies=Proxies.parse(config.trusted_proxies),
            pictures=pictures,
            drafts=Drafts(config.data / "media" / "drafts"),
            posts=posts,
            comments=Comments(streams, config, authors),
            reactions=Reactions(streams),
            follows=Follows(streams, authors),
            liked=liked,
            notifications=notifications,
            push_services=push_services,
            devices=Devices(streams, push_services),
            search=search,
            social=Social(Following(streams), notifications, search, liked),
            timelines=Timelines(streams, posts, authors, lineages),
            lineages=lineages,
            work=work,
            generators=generators,
            generations=Generations(
                streams,
                config,
                work=work,
                generators=generators,
                people=identity,
                posts=posts,
                tags=tags_of,
                rooms=rooms,
            ),
            rooms=rooms,
            members=Members(streams),
            talk=Talk(streams, config, authors, emoji=canonical),
            votes=Votes(streams),
            queue=QueueProjection(streams, work),
            overseer=Overseer(work, GenerationStore(streams), identity),
        )
