"""Keys, slots and redirections of a Cluster."""

from __future__ import annotations

import hiredis
import pytest

from livefeed.streams import keys
from livefeed.streams.address import Server
from livefeed.streams.slots import key_of, redirection, slot, slot_map
from livefeed.topic import Topic

ASKED = Server("10.0.0.9", 7000)


def test_the_slots_are_those_of_the_specification():
    assert slot("123456789") == 0x31C3, "the CRC16 of the specification's appendix"
    assert slot("{user1000}.following") == slot("{user1000}.followers") == slot("user1000")
    assert slot("foo{}{bar}") != slot("bar"), "an empty tag is none"
    assert slot("foo{{bar}}zap") == slot("{bar")
    assert slot("foo{bar}{zap}") == slot("bar")
    assert slot("foo{bar") == slot("foo{bar")


def test_all_keys_of_a_shard_are_in_one_slot():
    topic = Topic("post:x")
    names = [keys.fan(7), keys.outbox(7), keys.idempotency(7, "me", "{else}"), *keys.of_topic(7, topic)]
    assert {slot(name) for name in names} == {slot("s07")}


@pytest.mark.parametrize(
    ("command", "key"),
    [
        (("GET", "k"), "k"),
        (("EVALSHA", "digest", 2, "k", "k2", "a"), "k"),
        (("XREAD", "COUNT", 5, "BLOCK", 1, "STREAMS", "k", "0-0"), "k"),
        (("XREADGROUP", "GROUP", "g", "c", "STREAMS", b"k", ">"), "k"),
        (("XGROUP", "CREATE", "k", "g", "0"), "k"),
        (("XINFO", "CONSUMERS", "k", "g"), "k"),
        (("PUBLISH", "channel", "message"), None),
        (("INFO", "cluster"), None),
    ],
)
def test_a_command_goes_where_its_key_is(command, key):
    assert key_of(command) == key


INFO = b"cluster_state:%s\r\ncluster_current_epoch:%d\r\n"


def test_the_map_names_the_master_of_every_slot_and_all_servers():
    first = [0, 99, [b"10.0.0.1", 7001, b"id"], [b"10.0.0.2", 7002, b"id"]]
    told = slot_map([first, [100, 16383, [b"", 7003, b"id"]]], INFO % (b"ok", 4), ASKED)
    assert (told.owners[0], told.owners[99]) == (Server("10.0.0.1", 7001),) * 2
    assert told.owners[16383] == Server("10.0.0.9", 7003), "no host means the host that was asked"
    assert {server.port for server in told.servers} == {7000, 7001, 7002, 7003}
    assert slot_map([[5, 5, [None, 1, b"id"]]], b"", ASKED).owners[4:7] == [None, Server("10.0.0.9", 1), None]


def test_whoever_sees_the_whole_cluster_and_the_last_failover_is_believed():
    maps = [slot_map([], INFO % said, ASKED) for said in ((b"fail", 9), (b"ok", 3), (b"ok", 4))]
    assert max(maps, key=lambda told: told.rank) is maps[2]
    assert min(maps, key=lambda told: told.rank) is maps[0]


def test_a_redirection_names_slot_and_server():
    assert redirection(hiredis.ReplyError("MOVED 3999 127.0.0.1:6381"), ASKED) == (3999, Server("127.0.0.1", 6381))
    assert redirection(hiredis.ReplyError("ASK 3999 ::1:6381"), ASKED) == (3999, Server("::1", 6381))
    assert redirection(hiredis.ReplyError("MOVED 3999 :6381"), ASKED) == (3999, Server("10.0.0.9", 6381))
