"""Keys and scripts: one slot per shard, no two things under one name."""

from __future__ import annotations

import hashlib
import re

import pytest

from livefeed.errors import BadTopic
from livefeed.streams import keys
from livefeed.streams.script import Script, changing, reading
from livefeed.streams.streams import Once
from livefeed.topic import Topic

TOPIC = Topic("app:a:b")


def of(shard):
    return [
        keys.fan(shard), keys.outbox(shard), keys.stream(shard, TOPIC), keys.latest(shard, TOPIC),
        keys.latest_order(shard, TOPIC), keys.idempotency(shard, "user", "key"),
    ]  # fmt: skip


@pytest.mark.parametrize("shard", [0, 7, 63, 1023])
def test_all_keys_of_a_shard_carry_its_hash_tag(shard):
    tags = {re.search(r"\{(.*?)\}", name)[1] for name in of(shard)}
    assert len(tags) == 1
    assert all(name.startswith("lf:{") for name in of(shard))


def test_no_two_things_share_a_name():
    names = [name for shard in range(3) for name in of(shard)]
    assert len(names) == len(set(names))


def test_no_topic_reaches_out_of_its_hash_tag():
    with pytest.raises(BadTopic):
        Topic.parse("{s00}:fan")
    assert keys.stream(3, Topic.parse("app:{s05}")).startswith("lf:{s03}:")


def test_a_script_is_known_by_the_digest_of_its_text():
    script = Script("return 1")
    assert script.digest == hashlib.sha1(b"return 1").hexdigest()
    assert changing("return ''") == changing("return ''")
    assert changing("return ''").digest != reading("return ''").digest


def test_the_same_request_has_the_same_fingerprint_whatever_the_order_of_its_fields():
    one, other = Once.of("u", "k", {"a": 1, "b": [2]}), Once.of("u", "k", {"b": [2], "a": 1})
    assert one == other
    assert Once.of("u", "k", {"a": 2}).fingerprint != one.fingerprint
