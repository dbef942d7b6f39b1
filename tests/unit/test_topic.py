"""Topics: what has their form, what they name, and which shard they live in."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livefeed import identifiers
from livefeed.errors import BadTopic
from livefeed.topic import (
    FEED_ALL,
    MAX_BYTES,
    Topic,
    feed_following,
    feed_tag,
    feed_user,
    generation_topic,
    normal_tag,
    post_topic,
)

ID = identifiers.make(1_700_000_000_000, 37, 12345)


@pytest.mark.parametrize(
    "name", ["feed:all", "feed:tag:foxes", "post:x", "app:a:b", "feed", "app:é", "app:" + "x" * 64]
)
def test_a_topic_is_a_word_and_up_to_two_parts(name):
    assert Topic.parse(name).name == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        ":",
        "Feed:all",
        "feed:",
        "feed:a:",
        "feed:a:b:c",
        "feed: a",
        "feed:a\n",
        "feed:a\tb",
        "feed1:a",
        "app:" + "x" * 65,
        "app:" + "é" * 63,
        "app:\ud800",
        None,
        5,
        b"feed:all",
        ["feed:all"],
    ],
)
def test_anything_else_is_a_bad_topic(name):
    with pytest.raises(BadTopic) as caught:
        Topic.parse(name)
    assert caught.value.code == "bad_topic"


def test_tags_are_lower_case_and_composed():
    decomposed = unicodedata.normalize("NFD", "Été")
    assert Topic.parse("feed:tag:" + decomposed).name == "feed:tag:été"
    assert feed_tag("FOX") == Topic("feed:tag:fox")
    assert Topic.parse("app:FOX").name == "app:FOX", "only tags are folded"


@given(st.text(min_size=1, max_size=70), st.sampled_from(["feed:tag:", "app:", "post:", "", "feed:user:"]))
def test_any_name_is_a_topic_or_a_bad_one_and_a_parsed_name_parses_to_itself(text, prefix):
    try:
        topic = Topic.parse(prefix + text)
    except BadTopic:
        return
    assert Topic.parse(topic.name) == topic
    assert len(topic.name.encode()) <= MAX_BYTES


def test_a_tag_that_lower_case_makes_too_long_is_refused():
    """Its own name would be no topic."""
    assert len(normal_tag("İ")) == 2
    with pytest.raises(BadTopic):
        Topic.parse("feed:tag:" + "İ" * 39)


def test_the_parts_of_a_topic():
    assert (FEED_ALL.kind, FEED_ALL.rest) == ("feed", "all")
    assert (Topic("app:a:b").kind, Topic("app:a:b").rest) == ("app", "a:b")
    assert (Topic("feed").kind, Topic("feed").rest) == ("feed", "")
    assert str(FEED_ALL) == "feed:all"


@pytest.mark.parametrize(
    "topic", [post_topic(ID), generation_topic(ID), Topic("user:" + ID), feed_user(ID), Topic("room:" + ID)]
)
def test_a_topic_of_an_entity_lives_in_the_shard_written_in_its_id(topic):
    assert topic.entity == ID
    assert topic.shard(64) == 37
    assert topic.shard(16) == 37 % 16


@pytest.mark.parametrize("name", ["feed:all", "feed:tag:x", "app:x", "post:unknown", "feed:tag:" + ID, "app:" + ID])
def test_other_topics_are_spread_by_name_and_stay_where_they_are(name):
    topic = Topic(name)
    assert topic.entity is None
    assert topic.shard(64) == Topic(name).shard(64)
    assert 0 <= topic.shard(7) < 7


def test_names_are_spread_over_all_shards():
    assert {Topic(f"app:{number}").shard(8) for number in range(200)} == set(range(8))


def test_what_one_follows_is_a_topic_of_one_s_own_that_everybody_calls_alike():
    person = identifiers.make(1_700_000_000_000, 37, 1)
    asked = Topic.parse("feed:following")
    own = asked.of(person)
    assert (own, own.shown, asked.shown) == (feed_following(person), "feed:following", "feed:following")
    assert own.shard(64) == 37
    assert asked.of(None) == asked
    assert feed_user(person).of(person) == feed_user(person)
    assert feed_user(person).shown == f"feed:user:{person}"
