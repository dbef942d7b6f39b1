"""Counts over all nodes: the sums are right whatever the order in which nodes speak and fall silent."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from livefeed.presence.counts import EXPIRES_S, Counts

TOPICS = st.sampled_from(["feed:all", "post:a", "post:b"])
NUMBERS = st.dictionaries(TOPICS, st.integers(0, 5), max_size=3)


def test_nobody_is_anywhere_at_first() -> None:
    assert Counts().of("feed:all") == 0


def test_the_count_is_the_sum_over_the_nodes() -> None:
    counts = Counts()
    assert counts.tell("a", {"feed:all": 2}, whole=True, now_s=0) == {"feed:all"}
    assert counts.tell("b", {"feed:all": 3, "post:x": 1}, whole=True, now_s=0) == {"feed:all", "post:x"}
    assert (counts.of("feed:all"), counts.of("post:x")) == (5, 1)


def test_a_change_leaves_the_other_topics_of_its_node_alone() -> None:
    counts = Counts()
    counts.tell("a", {"feed:all": 2, "post:x": 1}, whole=True, now_s=0)
    assert counts.tell("a", {"post:x": 0}, whole=False, now_s=1) == {"post:x"}
    assert (counts.of("feed:all"), counts.of("post:x")) == (2, 0)


def test_a_whole_telling_takes_back_what_it_does_not_name() -> None:
    """What a lost message should have said is made good at the next heartbeat."""
    counts = Counts()
    counts.tell("a", {"feed:all": 2, "post:x": 1}, whole=True, now_s=0)
    assert counts.tell("a", {"feed:all": 2}, whole=True, now_s=10) == {"post:x"}
    assert counts.of("post:x") == 0


def test_saying_the_same_again_changes_nothing() -> None:
    counts = Counts()
    counts.tell("a", {"feed:all": 2}, whole=True, now_s=0)
    assert counts.tell("a", {"feed:all": 2}, whole=True, now_s=10) == set()


def test_a_node_that_fell_silent_no_longer_counts() -> None:
    counts = Counts()
    counts.tell("a", {"feed:all": 2}, whole=True, now_s=0)
    counts.tell("b", {"feed:all": 1}, whole=True, now_s=20)
    assert counts.expire(now_s=EXPIRES_S) == set()
    assert counts.expire(now_s=EXPIRES_S + 1) == {"feed:all"}
    assert counts.of("feed:all") == 1


def test_a_silent_node_that_speaks_again_counts_again() -> None:
    counts = Counts()
    counts.tell("a", {"feed:all": 2}, whole=True, now_s=0)
    counts.expire(now_s=100)
    counts.tell("a", {"post:x": 1}, whole=False, now_s=101)
    assert (counts.of("feed:all"), counts.of("post:x")) == (0, 1)


@given(st.lists(st.tuples(st.sampled_from("abc"), NUMBERS, st.booleans()), max_size=40))
def test_the_sums_are_those_of_a_plain_model(told: list[tuple[str, dict[str, int], bool]]) -> None:
    counts, model = Counts(), {}
    for node, numbers, whole in told:
        before = Counter({topic: counts.of(topic) for topic in ("feed:all", "post:a", "post:b")})
        changed = counts.tell(node, numbers, whole=whole, now_s=0)
        model[node] = numbers if whole else {**model.get(node, {}), **numbers}
        for topic in ("feed:all", "post:a", "post:b"):
            total = sum(held.get(topic, 0) for held in model.values())
            assert counts.of(topic) == total
            assert (topic in changed) == (total != before[topic])
