"""The feed's scripts and the names of its keys."""

from __future__ import annotations

from livefeed import identifiers
from livefeed.streams import keys
from livefeed.streams.script import changing, reading, source
from livefeed.topic import Topic

PUBLICATION = source(__package__, "publication")
"""Lua that defines `create_post`."""

_POST, _TELL, _TIMELINE, _LINEAGE = (source(__package__, name) for name in ("post", "tell", "timeline", "lineage"))


def _of_post(name: str) -> str:
    return "\n".join((_POST, _TELL, source(__package__, name)))


POST_CREATE = changing("\n".join((_POST, PUBLICATION, source(__package__, "post_create"))))
POST_DELETE = changing(_of_post("post_delete"))
POST_READ = reading("\n".join((_POST, source(__package__, "post_read"))))
POST_PROVENANCE = reading("\n".join((_POST, source(__package__, "post_provenance"))))
COMMENT_CREATE = changing(_of_post("comment_create"))
COMMENT_DELETE = changing(_of_post("comment_delete"))
COMMENT_LIST = reading("\n".join((_POST, source(__package__, "comment_list"))))
REACTION = changing(_of_post("reaction"))
REMIX = changing(_of_post("remix"))

LINEAGE_PLACE = reading("\n".join((_POST, source(__package__, "lineage_place"))))
LINEAGE_NODE = reading("\n".join((_POST, source(__package__, "lineage_node"))))
LINEAGE_ROOT = changing("\n".join((_POST, source(__package__, "lineage_root"))))
LINEAGE_READ = reading(f"{_LINEAGE}\n{source(__package__, 'lineage_read')}")
LINEAGE_GROW, LINEAGE_FELL = (
    changing(f"{_LINEAGE}\n{source(__package__, 'lineage_' + name)}") for name in ("grow", "fell")
)

TIMELINE_READ = reading(source(__package__, "timeline_read"))
TIMELINE_POST, TIMELINE_DELETE, TIMELINE_GENERATION, TIMELINE_END, TIMELINE_COUNTERS = (
    changing(f"{_TIMELINE}\n{source(__package__, 'timeline_' + name)}")
    for name in ("post", "delete", "generation", "end", "counters")
)


def post_shard(post: str, shards: int) -> int:
    """Return the shard of a post (or of a comment's post)."""
    return identifiers.shard_of(post) % shards


def post_key(post: str, shards: int) -> str:
    """The hash of a post."""
    return f"{keys.tag(post_shard(post, shards))}post:{post}"


def post_keys(post: str, shards: int) -> list[str]:
    """The keys of a post's slot, as scripts/post.lua names them."""
    tag = keys.tag(post_shard(post, shards))
    kinds = ("post", "totals", "reactions", "comments", "thread", "remixes")
    return [f"{tag}{kind}:{post}" for kind in kinds]


def unremixed_key(parent: str, child: str, shards: int) -> str:
    """The tombstone, in the parent's slot, of a remix that was deleted."""
    return f"{keys.tag(post_shard(parent, shards))}unremixed:{parent}:{child}"


def lineage_keys(root: str, shards: int) -> list[str]:
    """The keys of a lineage in its root's slot, as scripts/lineage.lua names them."""
    tag = keys.tag(post_shard(root, shards))
    return [f"{tag}{kind}:{root}" for kind in ("lineage", "felled")]


def timeline_keys(feed: Topic, shards: int) -> list[str]:
    """The timeline and the live generations of a feed."""
    tag = keys.tag(feed.shard(shards))
    return [f"{tag}timeline:{feed.name}", f"{tag}live:{feed.name}"]


def timeline_entry_keys(feed: Topic, entity: str, shards: int) -> list[str]:
    """The keys of one post or generation on a feed, as scripts/timeline.lua names them."""
    tag = keys.tag(feed.shard(shards))
    own = [f"{tag}{kind}:{feed.name}:{entity}" for kind in ("gone", "ended", "mark")]
    return timeline_keys(feed, shards) + own
