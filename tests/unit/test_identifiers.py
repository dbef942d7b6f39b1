"""Ids: sorted by time, and whoever holds one knows the shard."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livefeed.identifiers import ALPHABET, CHANCE_BITS, MAX_SHARDS, derive, encode, is_id, make, shard_of

times = st.integers(0, 2**50 - 1)
shards = st.integers(0, MAX_SHARDS - 1)
chances = st.integers(0, 2**CHANCE_BITS - 1)


@given(times, shards, chances)
def test_an_id_carries_its_shard(now_ms, shard, chance):
    made = make(now_ms, shard, chance)
    assert is_id(made)
    assert shard_of(made) == shard
    assert shard_of(made + "." + encode(5, 10)) == shard, "a comment's id knows its post's"


@given(times, times, shards, chances, chances)
def test_ids_sort_by_time(one, other, shard, chance, another):
    if one < other:
        assert make(one, shard, chance) < make(other, shard, another)


@given(times, shards, chances, chances)
def test_different_chance_makes_different_ids(now_ms, shard, one, other):
    assert (make(now_ms, shard, one) == make(now_ms, shard, other)) == (one == other)


@given(st.text(), st.text(), st.text(min_size=1), shards)
def test_a_repeated_create_gets_the_same_id(user, method, key, shard):
    made = derive(user, method, key, shard=shard)
    assert made == derive(user, method, key, shard=shard)
    assert is_id(made)
    assert shard_of(made) == shard
    assert made != derive(user, method, key + "x", shard=shard)


def test_the_parts_of_a_derived_id_do_not_run_together():
    assert derive("a", "bc", "d", shard=0) != derive("ab", "c", "d", shard=0)


@pytest.mark.parametrize(
    "text", ["", "x" * 21, "x" * 23, "i" + "0" * 21, "X" * 22, "0" * 21 + "\n", "٠" * 22, "u" * 22]
)
def test_anything_else_is_no_id(text):
    assert not is_id(text)


def test_the_alphabet_has_no_letters_that_look_alike_and_sorts_as_it_counts():
    assert len(ALPHABET) == 32
    assert not set("ilou") & set(ALPHABET)
    assert list(ALPHABET) == sorted(ALPHABET)
