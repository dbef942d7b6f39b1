"""What is said when: subscriptions, calls, reconnects."""

from __future__ import annotations

from typing import Any

import pytest

from livefeed.client.dialogue import MAX_CALLS, PAUSE_S, TOPICS_A_FRAME, Dialogue
from livefeed.client.errors import ProtocolBroken, Unreachable
from livefeed.client.following import Following, Stage
from livefeed.errors import Busy, Conflict, NotFound, RateLimited, StoreUnavailable


def greeted() -> Dialogue:
    dialogue = Dialogue()
    welcome(dialogue)
    return dialogue


def welcome(dialogue: Dialogue) -> None:
    dialogue.hear({"op": "welcome", "user": None}, 0.0)


def said(dialogue: Dialogue, now_s: float = 0.0) -> list[dict[str, Any]]:
    return dialogue.take(now_s)[0]


def followed(dialogue: Dialogue, topic: str = "app:a", **options: Any) -> Following:
    """A live subscription at 1-0."""
    following = Following(topic, **options)
    dialogue.follow(following)
    ref = said(dialogue)[-1]["ref"]
    answer = {"op": "subscribed", "ref": ref, "topics": {topic: {"at": "1-0", "resumed": False}}}
    dialogue.hear(answer, 0.0)
    return following


def events(topic: str, start: int, end: int) -> dict[str, Any]:
    found = [{"id": f"1-{n}", "type": "t", "data": {}} for n in range(start + 1, end + 1)]
    return {"op": "events", "topic": topic, "from": f"1-{start}", "to": f"1-{end}", "events": found}


def test_nothing_is_said_before_the_welcome():
    dialogue = Dialogue()
    dialogue.follow(Following("app:a"))
    assert said(dialogue) == []
    welcome(dialogue)
    assert [frame["op"] for frame in said(dialogue)] == ["subscribe"]


def test_a_topic_is_asked_once_per_connection():
    dialogue = greeted()
    dialogue.follow(Following("app:a"))
    assert len(said(dialogue)) == 1
    assert said(dialogue) == []
    dialogue.lost()
    welcome(dialogue)
    assert len(said(dialogue)) == 1


def test_many_topics_share_frames():
    dialogue = greeted()
    for number in range(TOPICS_A_FRAME + 1):
        dialogue.follow(Following(f"app:{number}"))
    assert [len(frame["topics"]) for frame in said(dialogue)] == [TOPICS_A_FRAME, 1]


def test_a_topic_can_be_followed_once_at_a_time():
    dialogue = greeted()
    following = followed(dialogue)
    with pytest.raises(Conflict):
        dialogue.follow(Following("app:a"))
    dialogue.leave(following)
    dialogue.follow(Following("app:a"))


def test_leaving_tells_the_server_unless_the_topic_is_wanted_again():
    dialogue = greeted()
    dialogue.leave(followed(dialogue))
    assert [frame["op"] for frame in said(dialogue)] == ["unsubscribe"]
    dialogue.leave(followed(dialogue))
    dialogue.follow(Following("app:a"))
    assert [frame["op"] for frame in said(dialogue)] == ["subscribe"]


def test_an_answer_to_an_earlier_subscription_is_passed_over():
    dialogue = greeted()
    first = Following("app:a")
    dialogue.follow(first)
    ref = said(dialogue)[0]["ref"]
    dialogue.leave(first)
    second = Following("app:a")
    dialogue.follow(second)
    said(dialogue)
    dialogue.hear({"op": "subscribed", "ref": ref, "topics": {"app:a": {"at": "1-0", "resumed": False}}}, 0.0)
    assert second.stage is Stage.ASKED
    dialogue.hear(events("app:a", 3, 4), 0.0)
    assert second.waiting == 0


def test_a_refused_topic_fails_and_the_others_go_on():
    dialogue = greeted()
    refused, granted = Following("post:x"), Following("app:a")
    dialogue.follow(refused)
    dialogue.follow(granted)
    ref = said(dialogue)[0]["ref"]
    topics = {"post:x": {"error": "not_found"}, "app:a": {"at": "1-0", "resumed": False}}
    changed = dialogue.hear({"op": "subscribed", "ref": ref, "topics": topics}, 0.0)
    assert set(changed) == {refused, granted}
    assert isinstance(refused.failure, NotFound)
    assert granted.stage is Stage.LIVE


def test_a_busy_server_is_asked_again_after_a_pause():
    dialogue = greeted()
    following = Following("app:a")
    dialogue.follow(following)
    ref = said(dialogue)[0]["ref"]
    topics = {"app:a": {"error": "store_unavailable"}}
    dialogue.hear({"op": "subscribed", "ref": ref, "topics": topics}, 10.0)
    assert following.failure is None
    due, wait_s = dialogue.take(10.0)
    assert (due, wait_s) == ([], pytest.approx(PAUSE_S))
    assert [frame["op"] for frame in said(dialogue, 10.0 + PAUSE_S)] == ["subscribe"]


def test_an_error_may_answer_a_whole_subscribe():
    dialogue = greeted()
    following = Following("app:a")
    dialogue.follow(following)
    ref = said(dialogue)[0]["ref"]
    dialogue.hear({"op": "error", "ref": ref, "code": "rate_limited", "message": "slow down"}, 0.0)
    assert isinstance(following.failure, RateLimited)


def test_a_full_subscription_is_unsubscribed_and_asked_again_when_it_has_room():
    dialogue = greeted()
    following = followed(dialogue, max_waiting=2)
    dialogue.hear(events("app:a", 0, 3), 0.0)
    assert [frame["op"] for frame in said(dialogue)] == ["unsubscribe"]
    dialogue.hear(events("app:a", 3, 4), 0.0)
    assert following.waiting == 3
    following.take()
    following.take()
    assert said(dialogue)[0]["topics"] == {"app:a": {"since": "1-3"}}


def test_a_call_is_sent_again_with_its_key_after_a_lost_connection():
    dialogue = greeted()
    command = dialogue.call({"op": "call", "method": "comment.create", "data": {}, "key": "k"})
    first = said(dialogue)[0]
    assert said(dialogue) == []
    dialogue.lost()
    dialogue.hear({"op": "result", "ref": first["ref"], "data": "stale"}, 0.0)
    assert not command.done
    welcome(dialogue)
    second = said(dialogue)[0]
    assert second["key"] == first["key"] == "k"
    assert second["ref"] != first["ref"]
    assert dialogue.hear({"op": "result", "ref": second["ref"], "data": {"x": 1}}, 0.0) == [command]
    assert command.data == {"x": 1}
    assert dialogue.idle


def test_a_call_that_the_server_refuses_fails_with_its_code():
    dialogue = greeted()
    command = dialogue.call({"op": "call", "method": "x", "data": {}, "key": "k"})
    ref = said(dialogue)[0]["ref"]
    dialogue.hear({"op": "error", "ref": ref, "code": "unknown_method", "message": "No such method."}, 0.0)
    assert command.failure is not None
    assert command.failure.code == "unknown_method"


def test_a_call_during_an_outage_of_the_store_waits_and_goes_again():
    dialogue = greeted()
    command = dialogue.call({"op": "call", "method": "x", "data": {}, "key": "k"})
    ref = said(dialogue)[0]["ref"]
    error = {"op": "error", "ref": ref, "code": StoreUnavailable.code, "message": "", "retry_after_s": 2}
    dialogue.hear(error, 5.0)
    assert not command.done
    assert dialogue.take(5.0) == ([], pytest.approx(2.0))
    assert len(said(dialogue, 7.0)) == 1


def test_a_forgotten_call_is_not_sent_and_its_answer_is_passed_over():
    dialogue = greeted()
    command = dialogue.call({"op": "call", "key": "k"})
    ref = said(dialogue)[0]["ref"]
    dialogue.forget(command)
    assert dialogue.hear({"op": "result", "ref": ref, "data": 1}, 0.0) == []
    dialogue.forget(dialogue.call({"op": "call", "key": "k"}))
    assert said(dialogue) == []


def test_calls_are_bounded():
    dialogue = greeted()
    for _ in range(MAX_CALLS):
        dialogue.call({"op": "call"})
    with pytest.raises(Busy):
        dialogue.call({"op": "call"})


def test_signals_are_only_said_on_a_live_connection():
    dialogue = Dialogue()
    dialogue.signal({"topic": "post:x", "type": "typing", "data": {}})
    welcome(dialogue)
    assert said(dialogue) == []
    dialogue.signal({"topic": "post:x", "type": "typing", "data": {}})
    assert said(dialogue) == [{"op": "signal", "topic": "post:x", "type": "typing", "data": {}}]


def test_an_end_for_good_reaches_everybody():
    dialogue = greeted()
    following, command = followed(dialogue), dialogue.call({"op": "call"})
    assert set(dialogue.fail(Unreachable("gone"))) == {following, command}
    assert isinstance(following.failure, Unreachable)
    assert isinstance(command.failure, Unreachable)


def test_unknown_frames_and_unknown_topics_are_passed_over():
    dialogue = greeted()
    assert dialogue.hear({"op": "confetti", "topic": 3}, 0.0) == []
    assert dialogue.hear({"op": "events", "topic": 3}, 0.0) == []
    assert dialogue.hear({"op": "events", "topic": "app:b"}, 0.0) == []
    assert dialogue.hear({"op": "result", "ref": []}, 0.0) == []


@pytest.mark.parametrize("topics", [None, [], {"app:a": 3}, {"app:a": {"at": "soon", "resumed": False}}])
def test_an_answer_that_cannot_be_read_breaks_the_connection(topics):
    dialogue = greeted()
    dialogue.follow(Following("app:a"))
    ref = said(dialogue)[0]["ref"]
    with pytest.raises(ProtocolBroken):
        dialogue.hear({"op": "subscribed", "ref": ref, "topics": topics}, 0.0)


def test_drain_is_remembered_until_the_connection_ends():
    dialogue = greeted()
    dialogue.hear({"op": "drain", "after_ms": 1500}, 0.0)
    assert dialogue.drain_ms == 1500
    dialogue.lost()
    assert dialogue.drain_ms is None


def test_a_topic_that_may_be_followed_no_more_fails_its_subscription_and_no_other() -> None:
    dialogue = Dialogue()
    room, other = Following("room:r"), Following("app:x")
    dialogue.hear({"op": "welcome"}, 0)
    for following in (room, other):
        dialogue.follow(following)
    [asked], _ = dialogue.take(0)
    answer = {"at": "1-1", "resumed": False}
    dialogue.hear({"op": "subscribed", "ref": asked["ref"], "topics": {"room:r": answer, "app:x": answer}}, 0)
    error = {
        "op": "error",
        "topic": "room:r",
        "code": "not_found",
        "message": "You may not follow this topic any more.",
    }
    assert dialogue.hear(error, 0) == [room]
    assert room.failure is not None
    assert room.failure.code == "not_found"
    assert other.stage is Stage.LIVE
    assert dialogue.hear(error, 0) == []
    assert dialogue.take(0)[0] == []
