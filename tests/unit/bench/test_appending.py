"""The append command that the load client repeats is livefeed's own."""

from __future__ import annotations

import hashlib

from bench.appending import EVENT_TYPE, append_words
from livefeed.config import Config
from livefeed.streams import keys
from livefeed.topic import Topic

TOPIC = Topic("app:bench")
WORDS, SCRIPT = append_words(TOPIC.name, Config())


def test_it_runs_the_script_by_its_digest_on_the_topics_own_keys() -> None:
    shard = TOPIC.shard(Config().shards)
    assert WORDS[:2] == ["EVALSHA", hashlib.sha1(SCRIPT.text.encode(), usedforsecurity=False).hexdigest()]
    assert keys.fan(shard) in WORDS
    assert keys.stream(shard, TOPIC) in WORDS


def test_what_changes_from_call_to_call_is_marked_once() -> None:
    assert [WORDS.count(mark) for mark in ("{chance}", "{step}", "{data}")] == [1, 1, 1]


def test_it_appends_one_kept_event_within_the_configured_limits() -> None:
    assert WORDS[-3:] == [EVENT_TYPE, "{data}", ""], "no key: KEPT"
    changed, _ = append_words(TOPIC.name, Config(topic_events=23_456))
    assert [word for word in changed if word not in WORDS] == ["23456"]
