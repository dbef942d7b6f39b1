"""Counts of one node: what it tells the others, what it shows, and how seldom."""

from __future__ import annotations

import random

import pytest

from livefeed.presence import headcount
from livefeed.presence.counts import EXPIRES_S, HEARTBEAT_S
from livefeed.presence.headcount import SHOW_EVERY_S, Headcount, shown


def pass_time(now_s: float, *nodes: Headcount) -> list[dict[str, int]]:
    """Let every node tell every other what it has to, and return what each then shows."""
    for node in nodes:
        told = node.tell(now_s)
        for other in nodes if told else ():
            other.hear(told["node"], dict(told["counts"]), whole=told["whole"], now_s=now_s)
    return [node.show(now_s) for node in nodes]


def test_everybody_is_told_how_many_watch_over_all_nodes() -> None:
    here, there = Headcount("a"), Headcount("b")
    here.watch("feed:all")
    here.watch("feed:all")
    there.watch("feed:all")
    assert pass_time(1, here, there) == [{"feed:all": 3}, {"feed:all": 3}]
    here.unwatch("feed:all")
    assert pass_time(3, here, there) == [{"feed:all": 2}, {"feed:all": 2}]
    assert pass_time(5, here, there) == [{}, {}]


def test_many_changes_within_a_second_are_shown_as_one() -> None:
    node = Headcount("a")
    pass_time(0, node)
    shows = []
    for turn in range(11):
        node.watch("feed:all")
        shows += pass_time(SHOW_EVERY_S * turn / 10, node)
    assert [found for found in shows if found] == [{"feed:all": 11}]


def test_whoever_comes_is_told_a_count_that_includes_them() -> None:
    assert Headcount("a").watch("feed:all") == 1


def test_whoever_hides_is_told_and_not_counted() -> None:
    node = Headcount("a")
    assert node.watch("post:x") == 1
    assert node.watch("post:x", hidden=True) == 1
    assert node.watch("feed:all", hidden=True) == 0
    assert node.watch("feed:all") == 1
    assert pass_time(1, node) == [{"feed:all": 1}], "also to whoever hides"
    node.unwatch("feed:all", hidden=True)
    assert pass_time(3, node) == [{}]
    node.watch("feed:all", hidden=True)
    node.unwatch("feed:all")
    assert pass_time(5, node) == [{"feed:all": 0}]


@pytest.mark.parametrize(
    ("count", "told"), [(0, 0), (1, 1), (101, 101), (1_000, 1_000), (1_001, 1_000), (1_204, 1_200), (98_765, 98_000)]
)
def test_counts_are_exact_to_a_thousand_and_two_digits_above(count: int, told: int) -> None:
    assert shown(count) == told


def test_a_rounded_count_stays_while_people_come_and_go_around_its_boundary() -> None:
    assert [shown(count, 21_000) for count in (20_999, 21_000, 20_100, 21_999)] == [21_000] * 4
    assert shown(20_000, 21_000) == 20_000
    assert shown(22_000, 21_000) == 22_000
    assert shown(900, 1_100) == 900


def test_a_thousand_joins_of_a_large_feed_are_one_show(seed: int) -> None:
    """What is sent to 20,000 readers is what has changed for them, not what every single one has changed."""
    chance, node = random.Random(seed), Headcount("a")
    for _ in range(20_000):
        node.watch("feed:all")
    pass_time(0, node)
    shows = 0
    for second in range(1, 101):
        for _ in range(10):
            node.watch("feed:all")
        for _ in range(chance.randrange(3)):
            node.unwatch("feed:all")
            node.watch("feed:all")
        shows += bool(pass_time(second, node)[0])
    assert shows == 1


def test_a_tick_without_news_says_nothing() -> None:
    node = Headcount("a")
    node.watch("feed:all")
    assert node.tell(0)
    assert node.tell(1) is None


def test_one_heartbeat_a_node_however_many_watch() -> None:
    node = Headcount("a")
    for number in range(500):
        node.watch(f"post:{number % 5}")
    messages = [told for tenth in range(int(10 * HEARTBEAT_S)) if (told := node.tell(tenth / 10))]
    assert [message["whole"] for message in messages] == [True]
    assert sum(messages[0]["counts"].values()) == 500
    assert node.tell(HEARTBEAT_S)


def test_a_message_that_got_lost_is_made_good_by_the_next_heartbeat() -> None:
    node, far = Headcount("a"), Headcount("b")
    pass_time(0, node, far)
    far.watch("feed:all")
    node.watch("feed:all")
    assert node.tell(1), "and nobody hears it"
    assert pass_time(2, far) == [{}], "it knows of itself alone"
    assert pass_time(HEARTBEAT_S, node, far)[1] == {"feed:all": 2}


def test_a_node_that_died_is_forgotten() -> None:
    dying, node = Headcount("a"), Headcount("b")
    dying.watch("feed:all")
    node.watch("feed:all")
    assert pass_time(0, dying, node)[1] == {"feed:all": 2}
    assert not node.alone
    for second in range(1, int(EXPIRES_S) + 12):
        (found,) = pass_time(second, node)
        if found:
            break
    assert found == {"feed:all": 1}
    assert second > EXPIRES_S
    assert node.alone


def test_a_new_node_is_told_at_once_who_is_there() -> None:
    old, new = Headcount("a"), Headcount("b")
    old.watch("feed:all")
    pass_time(0, old)
    old.greet()
    new.watch("feed:all")
    assert pass_time(1, old, new)[1] == {"feed:all": 2}


def test_what_could_not_be_told_is_shown_again() -> None:
    node = Headcount("a")
    node.watch("feed:all")
    assert pass_time(0, node) == [{}]
    node.show_again("feed:all")
    assert pass_time(1, node) == [{"feed:all": 1}]
    assert pass_time(2, node) == [{}]


def test_a_node_counts_a_bounded_number_of_topics(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(headcount, "MAX_TOPICS", 2)
    node = Headcount("a")
    for number in range(4):
        node.watch(f"post:{number}")
    told = node.tell(0)
    assert told is not None
    assert set(told["counts"]) == {"post:0", "post:1"}
    for number in range(4):
        node.unwatch(f"post:{number}")
    told = node.tell(1)
    assert told is not None
    assert told["counts"] == {"post:0": 0, "post:1": 0}
