"""What one command may name, on one server and on a Cluster."""

from __future__ import annotations

import hiredis
import pytest

from livefeed.config import Config
from livefeed.errors import ConfigurationError
from livefeed.streams import keys
from livefeed.streams.connection import Led, strands
from livefeed.streams.master import PUT_OFF, StoreRefused, WritesRefused, refused, word
from livefeed.streams.script import Script, changing, reading
from livefeed.streams.slots import slot

NAMES = [keys.fan(shard) for shard in range(4)]


class Whole:
    """A store on one server."""


class Apart:
    """A store whose keys live on several servers; `at` names the key it was asked for."""

    def slot(self, key: str) -> int:
        return slot(key) % 2

    def at(self, key: str) -> str:
        return f"at {key}"


def test_on_one_server_one_command_may_name_all_keys():
    store = Whole()
    assert strands(store, NAMES) == [(store, NAMES)]


def test_on_a_cluster_the_keys_of_a_command_share_a_slot_and_each_is_read_once():
    found = strands(Apart(), NAMES)
    assert len(found) == 2
    assert sorted(name for _, names in found for name in names) == NAMES
    for store, names in found:
        assert len({slot(name) % 2 for name in names}) == 1
        assert store == f"at {names[0]}"


def test_only_scripts_that_commit_wait_for_replicas():
    assert changing("return ''").changes
    assert not reading("return {}").changes
    assert not Script("return 1").changes


def test_refusals_that_are_sat_out_never_took_effect():
    assert word(hiredis.ReplyError("READONLY You can't write against a read only replica.")) in PUT_OFF
    assert not PUT_OFF & {"ERR", "OOM", "NOSCRIPT", "MISCONF", "NOREPLICAS", "WRONGTYPE", "UNBLOCKED"}
    assert Led(hiredis.ReplyError("MOVED 1 host:2")).code == "store_unavailable"


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        ("OOM command not allowed when used memory > 'maxmemory'.", WritesRefused),
        ("MISCONF Errors writing to the AOF file", WritesRefused),
        ("NOREPLICAS Not enough good replicas to write.", WritesRefused),
        ("WRONGTYPE Operation against a key", StoreRefused),
        ("ERR unknown command", StoreRefused),
    ],
)
def test_a_store_that_takes_no_writes_is_told_from_a_command_that_is_wrong(reply, kind):
    """The first may be waited for; both are the same to whoever asks."""
    error = refused(hiredis.ReplyError(reply))
    assert (type(error), error.code) == (kind, "store_refused")


def test_waiting_for_replicas_needs_a_store_that_can_have_some():
    assert Config(redis_wait=1, redis_url="redis://store").redis_wait == 1
    with pytest.raises(ConfigurationError, match="the embedded store has no replicas"):
        Config(redis_wait=1)
