"""How another domain's script creates a post."""

from __future__ import annotations

import orjson

from livefeed.feed import store
from livefeed.feed.publication import publication
from livefeed.streams import keys
from livefeed.topic import post_topic

POST = "0" * 11 + "5" + "0" * 10
AUTHOR = {"id": "2" * 22, "handle": "fox", "avatar": "", "email": "not shown"}
MEDIA = {"sha256": "ab", "width": 1, "height": 1, "thumbhash": "", "palette": []}


def test_a_publication_reads_the_tags_and_shows_of_the_author_what_everyone_may_see() -> None:
    new = publication({"id": POST, "author": AUTHOR, "caption": "", "prompt": "a #Fox", "media": MEDIA}, 64)
    head, author, tags, parent, made, origin = new.args
    assert isinstance(head, bytes)
    assert orjson.loads(head + b"}") == {
        "id": POST,
        "author": {"id": "2" * 22, "handle": "fox", "avatar": "ab"},
        "caption": "",
        "prompt": "a #Fox",
        "media": MEDIA,
        "tags": ["fox"],
    }
    assert (author, tags, parent, made, origin) == ("2" * 22, b'["fox"]', "", b"", b"")


def test_its_author_has_the_face_that_the_picture_gives_them() -> None:
    before = AUTHOR | {"avatar": "cd"}
    new = publication({"id": POST, "author": before, "caption": "", "media": MEDIA}, 64)
    head = new.args[0]
    assert isinstance(head, bytes)
    assert orjson.loads(head + b"}")["author"]["avatar"] == "ab"


def test_how_it_was_made_is_kept_beside_the_post_and_not_in_it() -> None:
    made = {"digital_source_type": "http://x", "generator": {"name": "quick", "title": "Quick"}}
    new = publication({"id": POST, "author": AUTHOR, "caption": "", "media": MEDIA, "made": made}, 64)
    assert b"generator" not in new.args[0]
    assert orjson.loads(new.args[4]) == made


def test_what_it_shows_of_its_parent_is_kept_beside_the_post_because_it_goes_with_the_parent() -> None:
    origin = {"media": MEDIA | {"sha256": "ff"}}
    new = publication({"id": POST, "author": AUTHOR, "caption": "", "media": MEDIA, "origin": origin}, 64)
    assert b"origin" not in new.args[0]
    assert orjson.loads(new.args[5]) == origin


def test_its_key_lives_in_the_slot_of_the_posts_topic_for_any_number_of_shards() -> None:
    for shards in (1, 4, 64):
        new = publication({"id": POST, "author": AUTHOR, "caption": "", "media": MEDIA, "tags": []}, shards)
        [key] = new.keys
        assert key.startswith(keys.tag(post_topic(POST).shard(shards)))
        assert store.post_keys(POST, shards)[0] == key


def test_its_lua_is_one_text_so_that_a_script_can_be_made_of_it_once() -> None:
    new = publication({"id": POST, "author": AUTHOR, "caption": "", "media": MEDIA, "parent": "1" * 22}, 64)
    assert new.lua is store.PUBLICATION
    assert new.args[3] == "1" * 22
