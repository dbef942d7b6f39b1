"""The whole house in one value: what handlers and connections use, put together by livefeed/server.py."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from livefeed.api.audience import SessionAudience
from livefeed.api.rights import Rights
from livefeed.api.uploads import Uploads
from livefeed.clock import Clock
from livefeed.config import Config
from livefeed.feed.comments import Comments
from livefeed.feed.follows import Follows
from livefeed.feed.liked import Liked
from livefeed.feed.lineage import Lineages
from livefeed.feed.notifications import Notifications
from livefeed.feed.posts import Posts
from livefeed.feed.reactions import Reactions
from livefeed.feed.search import Search
from livefeed.feed.timelines import Timelines
from livefeed.generation.service import Generations
from livefeed.hub.node import Node
from livefeed.identity.keys import ApiKeys
from livefeed.identity.limits import RateLimits
from livefeed.identity.proxies import Proxies
from livefeed.identity.service import Identity
from livefeed.media import Pictures
from livefeed.presence.presence import Presence
from livefeed.push.devices import Devices
from livefeed.rooms.members import Members
from livefeed.rooms.publishing import Publishing
from livefeed.rooms.relays import Relays
from livefeed.rooms.service import Rooms
from livefeed.rooms.talk import Talk
from livefeed.rooms.variations import Variations
from livefeed.rooms.votes import Votes
from livefeed.streams.follower import Follower
from livefeed.streams.streams import Streams


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Every service of one server process."""

    config: Config
    clock: Clock
    streams: Streams
    follower: Follower
    node: Node
    audience: SessionAudience
    presence: Presence
    identity: Identity
    keys: ApiKeys
    proxies: Proxies
    limits: RateLimits
    pictures: Pictures
    posts: Posts
    comments: Comments
    follows: Follows
    liked: Liked
    reactions: Reactions
    search: Search
    timelines: Timelines
    lineages: Lineages
    notifications: Notifications
    devices: Devices
    push_key: str
    """Public key of push notifications, "" where none are sent."""
    generations: Generations
    rooms: Rooms
    members: Members
    talk: Talk
    votes: Votes
    variations: Variations
    publishing: Publishing
    rights: Rights
    relays: Relays
    """The shared documents that are open here."""
    web: Path
    uploads: Uploads
    """Pictures that may be arriving at once: each is held in memory meanwhile."""
