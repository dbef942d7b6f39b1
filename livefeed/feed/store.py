"""The feed's scripts and the names of its keys."""

from __future__ import annotations

from livefeed import identifiers
from livefeed.feed.aloud import SILENT, Aloud
from livefeed.streams import keys
from livefeed.streams.script import ROWS, Script, changing, reading, source
from livefeed.topic import Topic, feed_following, feed_user

PUBLICATION = source(__package__, "publication")
"""Lua that defines `create_post`."""

_POST, _TELL, _TIMELINE, _LINEAGE, _NEWER, _CONCERNING = (
    source(__package__, name) for name in ("post", "tell", "timeline", "lineage", "newer", "concerning")
)


def _of_post(name: str) -> str:
    return "\n".join((_POST, _TELL, source(__package__, name)))


POST_CREATE = changing("\n".join((_POST, PUBLICATION, source(__package__, "post_create"))))
POST_DELETE = changing(_of_post("post_delete"))
POST_READ = reading("\n".join((_POST, source(__package__, "post_read"))))
POST_PROVENANCE = reading("\n".join((_POST, source(__package__, "post_provenance"))))
POST_UPDATE = changing(_of_post("post_update"))
COMMENT_CREATE, COMMENT_UPDATE, COMMENT_DELETE = (
    changing("\n".join((_POST, _TELL, _CONCERNING, source(__package__, f"comment_{name}"))))
    for name in ("create", "update", "delete")
)
COMMENT_LIST = reading("\n".join((_POST, source(__package__, "comment_list"))))
REACTION = changing(_of_post("reaction"))
REMIX, REMIXING = changing(_of_post("remix")), changing(_of_post("remixing"))
ORIGIN_NEXT = reading("\n".join((_POST, source(__package__, "origin_next"))))
ORIGIN_GONE, ORIGIN_STEP = changing(_of_post("origin_gone")), changing(_of_post("origin_step"))

LINEAGE_PLACE = reading("\n".join((_POST, source(__package__, "lineage_place"))))
LINEAGE_NODE = reading("\n".join((_POST, source(__package__, "lineage_node"))))
LINEAGE_ROOT = changing("\n".join((_POST, source(__package__, "lineage_root"))))
LINEAGE_READ = reading(f"{_LINEAGE}\n{source(__package__, 'lineage_read')}")
LINEAGE_GROW, LINEAGE_FELL = (
    changing(f"{_LINEAGE}\n{source(__package__, 'lineage_' + name)}") for name in ("grow", "fell")
)

TIMELINE_READ = reading(f"{ROWS}\n{source(__package__, 'timeline_read')}")
TIMELINE_POST, TIMELINE_DELETE, TIMELINE_GENERATION, TIMELINE_END, TIMELINE_COUNTERS, TIMELINE_UPDATE = (
    changing(f"{_NEWER}\n{_TIMELINE}\n{source(__package__, 'timeline_' + name)}")
    for name in ("post", "delete", "generation", "end", "counters", "update")
)

_FOLLOWING = f"{_NEWER}\n{source(__package__, 'following')}"
_FOLLOWERS = source(__package__, "followers")
FOLLOW, UNFOLLOW = (changing(f"{_FOLLOWING}\n{source(__package__, name)}") for name in ("follow", "unfollow"))
STANDING = reading(source(__package__, "standing"))
FOLLOWERS_LIST, FOLLOWING_LIST = (
    reading(f"{ROWS}\n{source(__package__, name)}") for name in ("followers_list", "following_list")
)
LIKED = changing(f"{_NEWER}\n{source(__package__, 'liked')}")
LIKED_READ = reading(f"{ROWS}\n{source(__package__, 'liked_read')}")
LIKED_FORGET = changing(source(__package__, "liked_forget"))
FOLLOWERS_CHANGE, FOLLOWERS_STEP, FOLLOWERS_NEXT = (
    changing(f"{_FOLLOWERS}\n{source(__package__, 'followers_' + name)}") for name in ("change", "step", "next")
)
FOLLOWING_POST, FOLLOWING_DELETE, FOLLOWING_GENERATION, FOLLOWING_END, FOLLOWING_COUNTERS, FOLLOWING_UPDATE = (
    changing(f"{_FOLLOWING}\n{source(__package__, 'following_' + name)}")
    for name in ("post", "delete", "generation", "end", "counters", "update")
)
POST_TOLD = reading("\n".join((_POST, source(__package__, "post_told"))))
POST_GLANCE = reading("\n".join((_POST, source(__package__, "post_glance"))))

_NOTICES = f"{_NEWER}\n{source(__package__, 'notices')}"


def _of_notices(name: str, aloud: Aloud = SILENT) -> Script:
    return changing(f"{aloud.lua}\n{_NOTICES}\n{source(__package__, name)}")


NOTICE_REMOVE, NOTICE_CLEAR, NOTICES_READ = map(_of_notices, ("notice_remove", "notice_clear", "notices_read"))
SEARCH_NOTE = changing(f"{_NEWER}\n{source(__package__, 'search_note')}")
SEARCH_WORDS = changing(source(__package__, "search_words"))
SEARCH_ALIKE = reading(source(__package__, "search_alike"))
SEARCH_PAGE = reading(f"{ROWS}\n{source(__package__, 'search_page')}")
NOTICES_LIST = reading(source(__package__, "notices_list"))
NOTICE_ONE = reading(source(__package__, "notice_one"))


def telling(aloud: Aloud) -> tuple[Script, Script]:
    """Return the scripts that tell a person something: a notification, and that of reactions."""
    return _of_notices("notice_add", aloud), _of_notices("notice_reaction", aloud)


def post_shard(post: str, shards: int) -> int:
    """Return the shard of a post (or of a comment's post)."""
    return identifiers.shard_of(post) % shards


def post_key(post: str, shards: int) -> str:
    """The hash of a post."""
    return f"{keys.tag(post_shard(post, shards))}post:{post}"


def comments_key(post: str, shards: int) -> str:
    """The comments of a post."""
    return post_keys(post, shards)[3]


def post_keys(post: str, shards: int) -> list[str]:
    """The keys of a post's slot, as scripts/post.lua names them."""
    tag = keys.tag(post_shard(post, shards))
    kinds = ("post", "totals", "reactions", "comments", "thread", "remixes", "easel")
    return [f"{tag}{kind}:{post}" for kind in kinds]


def unremixed_key(parent: str, child: str, shards: int) -> str:
    """The tombstone, in the parent's slot, of a remix that was deleted."""
    return f"{keys.tag(post_shard(parent, shards))}unremixed:{parent}:{child}"


def remixed_key(parent: str, generation: str, shards: int) -> str:
    """The tombstone, in the parent's slot, of a generation that is over."""
    return f"{keys.tag(post_shard(parent, shards))}remixed:{parent}:{generation}"


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
    own = [f"{tag}{kind}:{feed.name}:{entity}" for kind in ("gone", "ended", "mark", "edited")]
    return timeline_keys(feed, shards) + own + remix_keys(feed, shards)


def remix_keys(feed: Topic, shards: int) -> list[str]:
    """Of a person's feed: which of its posts are remixes, and how often each was remixed."""
    tag = keys.tag(feed.shard(shards))
    return [f"{tag}{kind}:{feed.name}" for kind in ("remixes", "remixed")]


def person_shard(user: str, shards: int) -> int:
    """Return the shard of what is kept of a person."""
    return identifiers.shard_of(user) % shards


def following_key(user: str, shards: int) -> str:
    """Whom a person follows."""
    return f"{keys.tag(person_shard(user, shards))}following:{user}"


def following_keys(user: str, shards: int, entity: str = "") -> list[str]:
    """The keys of a person's following, as scripts/following.lua names them; those of one entry too if there is one."""
    tag, feed = keys.tag(person_shard(user, shards)), feed_following(user)
    own = [following_key(user, shards), f"{tag}turn:{user}", *timeline_keys(feed, shards), f"{tag}whose:{user}"]
    kinds = ("gone", "ended", "mark", "edited") if entity else ()
    return own + [f"{tag}{kind}:{feed.name}:{entity}" for kind in kinds]


def followers_keys(user: str, shards: int) -> list[str]:
    """The keys of who follows a person, as scripts/followers.lua names them."""
    tag = keys.tag(person_shard(user, shards))
    return [f"{tag}{kind}:{user}" for kind in ("followers", "begun", "newest")]


def unfollowed_key(user: str, follower: str, shards: int) -> str:
    """The tombstone, in a person's slot, of somebody who follows them no more."""
    return f"{keys.tag(person_shard(user, shards))}unfollowed:{user}:{follower}"


def notices_keys(user: str, shards: int, notice: str = "") -> list[str]:
    """The keys of a person's notifications, as scripts/notices.lua names them; those of one too if there is one."""
    tag = keys.tag(person_shard(user, shards))
    own = [f"{tag}{kind}:{user}" for kind in ("notices", "noticed", "noticing")]
    return own + [f"{tag}{kind}:{user}:{notice}" for kind in ("unnoticed", "crowd", "crowded") if notice]


def liked_keys(user: str, shards: int, post: str = "") -> list[str]:
    """What a person reacts to, as scripts/liked.lua names it; with a post its mark too."""
    tag = keys.tag(person_shard(user, shards))
    return [f"{tag}liked:{user}", *([f"{tag}liking:{user}:{post}"] if post else [])]


def standing_keys(user: str, shards: int) -> list[str]:
    """The keys of what a profile counts, as scripts/standing.lua names them; all of the person's slot."""
    feed = feed_user(user)
    pictures, _ = timeline_keys(feed, shards)
    followers, *_ = followers_keys(user, shards)
    own = [pictures, *remix_keys(feed, shards), *liked_keys(user, shards)]
    return [followers, following_key(user, shards), *own]


def search_keys(post: str, shards: int) -> list[str]:
    """By which words a post is found, and the shelf of all posts of its shard that are found."""
    tag = keys.tag(post_shard(post, shards))
    return [f"{tag}words:{post}", f"{tag}shelf"]
