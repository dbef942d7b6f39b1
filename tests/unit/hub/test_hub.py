"""The hub: who gets what next, and from where."""

from __future__ import annotations

from dataclasses import replace

import pytest

from livefeed.errors import NotFound
from livefeed.hub.frames import Wanted
from livefeed.hub.held import HeldValue
from livefeed.hub.session import OUTGOING_BYTES, Session
from livefeed.hub.subscription import Stage
from livefeed.streams.entry import Page, StoredEvent, StoredValue
from livefeed.topic import Topic, feed_following
from tests.unit.hub.talk import TOPIC, at


def value(n, key, data=b"{}"):
    return StoredValue(key, at(n), "value", data)


# Joining.


def test_a_fresh_subscription_starts_at_the_cut(talk):
    talk.say(1, 2)
    session = talk.listen()
    assert talk.given(session) == [("subscribed", (2, False))]
    talk.say(3)
    assert talk.given(session) == [("events", 2, 3, [3])]


def test_subscribed_precedes_the_frames_of_its_topic(talk):
    talk.say(1, 2, 3)
    session = talk.listen(since=1, page=talk.page(2, 3, since=1))
    talk.say(4)
    assert talk.given(session) == [("subscribed", (1, True)), ("events", 1, 3, [2, 3]), ("events", 3, 4, [4])]


def test_a_position_beyond_the_cut_waits_until_the_tail_passes_it(talk):
    """Another node was ahead."""
    talk.say(1)
    session = talk.listen(since=3, page=talk.page(since=3))
    assert talk.given(session) == [("subscribed", (3, True))]
    talk.say(2, 3)
    assert talk.given(session) == []
    talk.say(4)
    assert talk.given(session) == [("events", 3, 4, [4])]


def test_a_session_beyond_the_cut_goes_on_when_its_very_entry_comes(talk):
    """An entry after it proves nothing: the follower may read a store that never had this position."""
    session = talk.listen(since=3, page=talk.page(since=3))
    talk.given(session)
    talk.say(1, 4)
    assert talk.given(session) == []
    request = talk.asked()
    assert (request.since, request.cut) == (at(3), at(4))
    talk.hub.receive_page(request, talk.page(good=False), [])
    assert talk.given(session) == [("gap", 4)]


def test_a_session_beyond_the_cut_gets_no_values(talk):
    """They may be of another history than its position."""
    talk.set(1, "k")
    session = talk.listen(since=3, page=talk.page(since=3), values=[value(1, "k")])
    talk.set(2, "l")
    assert talk.given(session) == [("subscribed", (3, True))]
    talk.say(3)
    assert talk.given(session) == [("latest", [1, 2])]


def test_a_page_that_found_a_position_which_was_passed_meanwhile_is_asked_again(talk):
    session = Session("s", talk.codec)
    join = talk.hub.join(session, Wanted(Topic(TOPIC), at(3)), shard=0)
    talk.hub.unanswered([join])
    talk.say(1, 4)
    talk.hub.receive_join(join, talk.page(since=3), [])
    (again,) = talk.hub.unanswered([join])
    assert again.cut == at(4)


def test_a_position_that_is_not_good_is_answered_with_a_gap(talk):
    talk.say(1, 2)
    session = talk.listen(since=1, page=talk.page(since=1, good=False))
    assert talk.given(session) == [("subscribed", (2, False)), ("gap", 2)]
    talk.say(3)
    assert talk.given(session) == [("events", 2, 3, [3])]


def test_replay_starts_before_the_oldest_replayed_event(talk):
    talk.say(1, 2, 3)
    session = talk.listen(page=talk.page(2, 3, since=1))
    assert talk.given(session) == [("subscribed", (1, False)), ("events", 1, 3, [2, 3])]


def test_a_join_whose_page_does_not_prove_the_cut_is_asked_again(talk):
    session = Session("s", talk.codec)
    join = talk.hub.join(session, Wanted(Topic(TOPIC)), shard=0)
    (request,) = talk.hub.unanswered([join])
    talk.hub.receive_join(join, talk.page(cut_held=False), [])
    talk.say(1)
    (again,) = talk.hub.unanswered([join])
    assert (request.cut, again.cut) == (at(0), at(1))
    talk.hub.receive_join(join, talk.page(since=1), [])
    assert talk.hub.unanswered([join]) == []


def test_a_join_in_flight_across_a_reset_is_asked_again(talk):
    talk.say(1)
    session = Session("s", talk.codec)
    join = talk.hub.join(session, Wanted(Topic(TOPIC)), shard=0)
    talk.hub.unanswered([join])
    talk.hub.receive_join(join, talk.page(since=1), [])
    talk.hub.reset(0, at(5))
    (again,) = talk.hub.unanswered([join])
    assert again.cut == at(5)


def test_topics_that_were_refused_are_answered_with_their_code(talk):
    session = Session("s", talk.codec)
    talk.hub.answer(session, 7, {"app:other": NotFound("There is none.")})
    assert talk.taken(session) == [{"op": "subscribed", "ref": 7, "topics": {"app:other": {"error": "not_found"}}}]


def test_one_topic_under_two_spellings_is_answered_once(talk):
    session = Session("s", talk.codec)
    first = talk.hub.join(session, Wanted(Topic(TOPIC)), shard=0)
    second = talk.hub.join(session, Wanted(Topic(TOPIC)), shard=0)
    for _ in talk.hub.unanswered([first, second]):
        talk.hub.receive_join(second, talk.page(), [])
    talk.hub.answer(session, None, {"one": first, "two": second})
    topics = talk.taken(session)[0]["topics"]
    assert topics["one"] == {"error": "bad_request"}
    assert topics["two"] == {"at": "0-0", "resumed": False}


def test_subscribing_again_starts_anew_where_the_client_says(talk):
    session = talk.listen()
    talk.say(1, 2)
    talk.given(session)
    join = talk.hub.join(session, Wanted(Topic(TOPIC), at(1)), shard=0)
    talk.hub.unanswered([join])
    talk.hub.receive_join(join, talk.page(2, since=1), [])
    talk.hub.answer(session, None, {TOPIC: join})
    assert talk.given(session) == [("subscribed", (1, True)), ("events", 1, 2, [2])]


# Reading from the tail.


def test_sessions_at_the_same_cursor_share_their_bytes(talk):
    sessions = [talk.listen(name) for name in ("first", "second", "third", "fourth")]
    for session in sessions:
        talk.given(session)
    talk.say(1)
    talk.set(2, "k")
    talk.flush()
    assert len({session.take() for session in sessions}) == 1
    talk.say(3)
    talk.flush()
    assert len({id(session.outgoing) for session in sessions}) == 1


def test_sessions_that_stand_elsewhere_get_what_they_miss(talk):
    behind, late, level = talk.listen("behind"), talk.listen("late"), talk.listen("level")
    behind.writable = False
    for session in (behind, late, level):
        session.take()
    talk.say(1)
    talk.given(level)
    late.take()
    talk.hub.resume(behind)
    talk.say(2)
    assert talk.given(behind) == [("events", 0, 2, [1, 2])]
    assert [talk.given(session) for session in (late, level)] == [[("events", 1, 2, [2])]] * 2


def test_a_great_many_events_go_out_in_several_passes_and_nothing_overtakes_them(make_talk):
    """Each pass gives what a transport is given at once; values wait until the events before them are out."""
    talk = make_talk(tail_events=50)
    sessions = [talk.listen(name) for name in ("first", "second", "third")]
    for session in sessions:
        session.writable = False
        session.take()
    talk.say(1, 2, text="x" * OUTGOING_BYTES)
    talk.say(3, 4)
    talk.set(5, "k")
    for session in sessions:
        talk.hub.resume(session)
    passes = []
    for _ in range(3):
        talk.flush()
        passes.append([talk.taken_short(session) for session in sessions])
    assert passes[0] == [[("events", 0, 1, [1])]] * 3
    assert passes[1] == [[("events", 1, 2, [2])]] * 3
    assert passes[2] == [[("events", 2, 5, [3, 4]), ("latest", [5])]] * 3


def test_values_are_bounded_as_events_are(make_talk):
    talk = make_talk(tail_values=3)
    session = talk.listen()
    session.take()
    for n, key in ((1, "a"), (2, "b"), (3, "c")):
        talk.set(n, key, text="x" * OUTGOING_BYTES)
    given = [talk.given(session) for _ in range(4)]
    assert given == [[("events", 0, 3, []), ("latest", [1])], [("latest", [2])], [("latest", [3])], []]


# Joining from memory.


def test_a_fresh_subscription_to_a_topic_that_is_followed_asks_the_store_nothing(talk):
    talk.listen("first")
    talk.say(1)
    assert talk.given(talk.listen_from_memory("second")) == [("subscribed", (1, False))]


@pytest.mark.parametrize("since", [1, 2, 3])
def test_a_position_that_the_tail_proves_resumes_from_memory(make_talk, since):
    talk = make_talk(tail_events=2)
    talk.listen("first")
    talk.say(1, 2, 3)
    answer, *rest = talk.given(talk.listen_from_memory("second", since=since))
    assert answer == ("subscribed", (since, True))
    assert rest == ([("events", since, 3, list(range(since + 1, 4)))] if since < 3 else [])


def test_the_newest_events_come_from_memory_when_they_are_all_there(make_talk):
    talk = make_talk(tail_events=3)
    talk.listen("first")
    talk.say(1, 2, 3, 4)
    assert talk.given(talk.listen_from_memory("second", latest=2)) == [
        ("subscribed", (2, False)),
        ("events", 2, 4, [3, 4]),
    ]
    assert talk.given(talk.listen_from_memory("third", latest=3))[0] == ("subscribed", (1, False))


@pytest.mark.parametrize("asked", [{"since": 1}, {"since": 9}, {"latest": 4}])
def test_what_memory_cannot_prove_is_asked_of_the_store(make_talk, asked):
    talk = make_talk(tail_events=2)
    talk.listen("first")
    talk.say(2, 3, 4)
    assert talk.unanswered("second", **asked)


def test_values_that_were_not_read_yet_are_asked_of_the_store(talk):
    talk.listen("first")
    talk.hub.reset(0, at(5))
    assert talk.unanswered("second")


def test_frames_are_not_kept_beyond_the_pass(talk):
    session = talk.listen()
    talk.say(1)
    talk.flush()
    assert talk.subscription(session).tail.frames == {}


def test_sessions_that_are_up_to_date_are_not_touched(talk):
    talk.listen("listener")
    talk.flush()
    assert talk.flush() == []
    talk.say(1, topic="app:other")
    assert talk.flush() == []


def test_a_stalled_session_keeps_its_cursor_and_goes_on_from_it(talk):
    session = talk.listen()
    talk.given(session)
    session.writable = False
    talk.say(1, 2)
    assert talk.given(session) == []
    assert talk.subscription(session).cursor == at(0)
    talk.hub.resume(session)
    assert talk.given(session) == [("events", 0, 2, [1, 2])]


def test_resume_below_the_tail_fetches_before_it_sends(make_talk):
    """A cursor older than memory asks for a page; nothing is skipped."""
    talk = make_talk(tail_events=2)
    session = talk.listen()
    talk.given(session)
    session.writable = False
    talk.say(1, 2, 3, 4)
    talk.hub.resume(session)
    assert talk.given(session) == []
    request = talk.asked()
    assert (request.since, request.cut) == (at(0), at(4))
    talk.hub.receive_page(request, talk.page(1, 2, 3, 4), [])
    assert talk.given(session) == [("events", 0, 4, [1, 2, 3, 4])]


def test_a_full_page_is_followed_by_another(make_talk):
    talk = make_talk(tail_events=1, page_limit=2)
    session = talk.listen()
    talk.given(session)
    session.writable = False
    talk.say(1, 2, 3, 4)
    talk.hub.resume(session)
    talk.flush()
    talk.hub.receive_page(talk.asked(), talk.page(1, 2, complete=False), [])
    assert talk.given(session) == [("events", 0, 2, [1, 2])]
    request = talk.asked()
    assert request.since == at(2)
    talk.hub.receive_page(request, talk.page(3, 4, since=2), [])
    assert talk.given(session) == [("events", 2, 4, [3, 4])]


def test_what_comes_during_a_page_is_not_sent_twice(make_talk):
    talk = make_talk(tail_events=1)
    session = talk.listen()
    talk.given(session)
    session.writable = False
    talk.say(1, 2)
    talk.hub.resume(session)
    talk.flush()
    request = talk.asked()
    talk.say(3)
    talk.hub.receive_page(request, talk.page(1, 2), [])
    assert talk.given(session) == [("events", 0, 2, [1, 2]), ("events", 2, 3, [3])]


def test_a_gap_in_a_running_subscription_goes_on_from_its_at(make_talk):
    talk = make_talk(tail_events=1)
    session = talk.listen()
    talk.given(session)
    session.writable = False
    talk.say(1, 2, 3)
    talk.hub.resume(session)
    talk.flush()
    talk.hub.receive_page(talk.asked(), talk.page(good=False), [])
    assert talk.given(session) == [("gap", 3)]
    talk.say(4)
    assert talk.given(session) == [("events", 3, 4, [4])]


def test_a_page_that_failed_is_asked_again_as_things_stand_now(make_talk):
    talk = make_talk(tail_events=1)
    session = talk.listen()
    session.writable = False
    talk.say(1, 2)
    talk.hub.resume(session)
    talk.flush()
    request = talk.asked()
    talk.say(3)
    talk.hub.ask_again(request)
    assert talk.asked().cut == at(3)


def test_an_answer_for_someone_who_left_is_dropped(make_talk):
    talk = make_talk(tail_events=1)
    session = talk.listen()
    session.writable = False
    talk.say(1, 2)
    talk.hub.resume(session)
    talk.flush()
    request = talk.asked()
    talk.hub.leave(session, TOPIC)
    session.take()
    talk.hub.receive_page(request, talk.page(1, 2), [])
    talk.hub.ask_again(request)
    assert talk.given(session) == []
    assert talk.hub.requests() == []


def test_the_last_to_leave_takes_the_tail_along(talk):
    first, second = talk.listen("first"), talk.listen("second")
    talk.hub.leave(first, TOPIC)
    assert TOPIC in talk.hub.shards[0].tails
    assert talk.hub.leave(second, TOPIC).stage is Stage.CLOSED
    assert talk.hub.shards[0].tails == {}
    assert talk.hub.leave(second, TOPIC) is None


def test_a_heartbeat_moves_an_idle_subscription_to_the_cut(talk):
    """An empty `events` frame, so that the position stays young."""
    session = talk.listen()
    talk.given(session)
    talk.say(1, 2, topic="app:other")
    assert talk.given(session) == []
    talk.hub.beat(session)
    assert talk.given(session) == [("events", 0, 2, [])]
    talk.hub.beat(session)
    assert talk.given(session) == []


# LATEST values.


def test_newest_values_follow_each_subscribed(talk):
    talk.say(1, 2)
    session = talk.listen(page=talk.page(at=at(2)), values=[value(1, "k"), value(2, "l")])
    assert talk.given(session) == [("subscribed", (2, False)), ("latest", [1, 2])]


def test_only_the_newest_value_of_a_key_is_sent(talk):
    session = talk.listen()
    talk.given(session)
    talk.set(1, "k")
    talk.set(2, "k")
    talk.set(3, "l")
    assert talk.given(session) == [("events", 0, 3, []), ("latest", [2, 3])]
    talk.set(4, "k")
    assert talk.given(session) == [("events", 3, 4, []), ("latest", [4])]


def test_the_position_moves_before_a_value_goes_out(talk):
    session = talk.listen()
    talk.given(session)
    talk.say(1)
    talk.set(2, "k")
    assert talk.given(session) == [("events", 0, 2, [1]), ("latest", [2])]


def test_a_value_beyond_the_cut_is_left_to_the_follower(talk):
    """The store is ahead of the follower, or it is another store."""
    session = talk.listen(values=[value(2, "k")])
    assert talk.given(session) == [("subscribed", (0, False))]
    talk.say(1)
    assert talk.given(session) == [("events", 0, 1, [1])]
    talk.set(2, "k")
    assert talk.given(session) == [("events", 1, 2, []), ("latest", [2])]


def test_later_values_wait_behind_one_whose_bytes_are_awaited(talk):
    session = talk.listen()
    talk.given(session)
    ((tail, awaited),) = talk.set(1, "preview", image=True)
    assert talk.set(2, "progress") == []
    assert talk.given(session) == []
    talk.hub.place(tail, HeldValue(awaited, b"bytes"))
    assert talk.given(session) == [("events", 0, 2, []), ("latest", [1, 2])]


def test_bytes_that_come_too_late_bring_nothing_back(talk):
    session = talk.listen()
    ((tail, first),) = talk.set(1, "preview", image=True)
    ((_, second),) = talk.set(2, "preview", image=True)
    talk.given(session)
    talk.hub.place(tail, HeldValue(first, b"old"))
    assert talk.given(session) == []
    talk.hub.reset(0, at(0))
    talk.hub.place(tail, HeldValue(second, b"lost"))
    assert tail.values == {}


def test_after_a_gap_the_newest_values_follow_again(make_talk):
    talk = make_talk(tail_events=1)
    session = talk.listen()
    talk.set(1, "k")
    assert talk.given(session)[-1] == ("latest", [1])
    session.writable = False
    talk.say(2, 3, 4)
    talk.hub.resume(session)
    talk.flush()
    talk.hub.receive_page(talk.asked(), talk.page(good=False), [])
    assert talk.given(session) == [("gap", 4), ("latest", [1])]


# After a reconnect, and after a break of the chain.


def test_a_reset_lets_every_session_prove_its_own_position(talk):
    first, second = talk.listen("first"), talk.listen("second")
    talk.say(1)
    talk.given(first)
    second.take()
    talk.hub.reset(0, at(9))
    requests = talk.hub.requests()
    assert {request.subscription.session for request in requests} == {first, second}
    assert {(request.since, request.cut, request.values) for request in requests} == {(at(1), at(9), True)}


def test_a_reset_empties_the_tails(talk):
    talk.listen()
    talk.say(1, 2)
    talk.set(3, "k")
    tail = talk.hub.shards[0].tails[TOPIC]
    talk.hub.reset(0, at(9))
    assert (list(tail.events), tail.values, tail.start, tail.loaded) == ([], {}, at(9), False)


def test_pages_in_flight_across_a_recheck_are_asked_again(make_talk):
    talk = make_talk(tail_events=1)
    session = talk.listen()
    talk.given(session)
    session.writable = False
    talk.say(1, 2)
    talk.hub.resume(session)
    talk.flush()
    request = talk.asked()
    talk.hub.recheck(0)
    talk.hub.receive_page(request, talk.page(1, 2), [])
    assert talk.given(session) == []
    again = talk.asked()
    assert again.since == request.since
    talk.hub.receive_page(again, talk.page(1, 2), [])
    assert talk.given(session) == [("events", 0, 2, [1, 2])]


def test_a_page_without_the_cut_is_asked_again(make_talk):
    talk = make_talk(tail_events=1)
    session = talk.listen()
    talk.given(session)
    session.writable = False
    talk.say(1, 2)
    talk.hub.resume(session)
    talk.flush()
    request = talk.asked()
    talk.hub.receive_page(request, replace(talk.page(1, 2), cut_held=False), [])
    assert talk.given(session) == []
    assert talk.asked().since == request.since


def test_after_a_reconnect_only_sessions_beyond_the_cut_prove_themselves(talk):
    talk.say(1)
    ahead = talk.listen("ahead", since=5, page=Page(True, True, at(5), [], True, []))
    talk.listen("here")
    talk.flush()
    talk.hub.recheck(0)
    request = talk.asked()
    assert request.subscription.session is ahead
    assert request.since == at(5)


def test_values_beyond_the_cut_are_asked_again_at_a_reconnect(talk):
    """They may be lost; what they hid is given out although it is older than what was sent."""
    talk.say(1, 2)
    session = talk.listen(page=talk.page(at=at(2)), values=[value(2, "l"), value(7, "k")])
    assert talk.given(session) == [("subscribed", (2, False)), ("latest", [2])]
    talk.hub.recheck(0)
    request = talk.asked()
    assert request.values
    talk.hub.receive_page(request, talk.page(at=at(2)), [HeldValue(value(1, "k")), HeldValue(value(2, "l"))])
    assert talk.given(session) == [("latest", [1, 2])]


def test_a_recheck_with_nothing_beyond_the_cut_costs_nothing(talk):
    talk.listen()
    talk.say(1)
    talk.flush()
    talk.hub.recheck(0)
    assert talk.hub.requests() == []


@pytest.mark.parametrize("stage", [Stage.CLOSED, Stage.LIVE])
def test_a_page_for_a_subscription_that_asked_for_none_is_ignored(talk, stage):
    session = talk.listen()
    talk.given(session)
    talk.hub.reset(0, at(3))
    request = talk.asked()
    if stage is Stage.CLOSED:
        talk.hub.leave(session, TOPIC)
    else:
        talk.hub.receive_page(request, talk.page(), [])
    talk.given(session)
    talk.hub.receive_page(request, talk.page(1), [])
    assert talk.given(session) == []


def test_a_pass_that_breaks_down_at_one_topic_still_owes_the_others_theirs(talk, monkeypatch):
    """Whatever is wrong with one event is not the others' fault."""
    talk.listen("listener")
    session = Session("s", talk.codec)
    names = ("app:x", "app:y", "app:z")
    joins = {name: talk.hub.join(session, Wanted(Topic(name)), shard=0) for name in names}
    talk.hub.unanswered(joins.values())
    for join in joins.values():
        talk.hub.receive_join(join, talk.page(), [])
    talk.hub.answer(session, 1, joins)
    talk.flush()
    talk.taken(session)
    for n, name in enumerate(names, 1):
        talk.say(n, topic=name)
    write, fails = talk.codec.events, iter([True])

    def events(*frame):
        if next(fails, False):
            raise RuntimeError(frame[0])
        return write(*frame)

    monkeypatch.setattr(talk.codec, "events", events)
    with pytest.raises(RuntimeError, match="app:"):
        talk.flush()
    assert talk.hub.pending
    talk.flush()
    assert len(talk.taken(session)) == 2


def test_pages_of_two_peoples_own_feeds_are_never_the_same_bytes(talk):
    """Frames call both by one name; what is shared between sessions goes by the real one."""
    said = {}
    talk.say(1, topic="app:other")
    for person in ("1" * 22, "2" * 22):
        session = Session(person, talk.codec)
        join = talk.hub.join(session, Wanted(feed_following(person), at(0)), shard=0)
        [request] = talk.hub.unanswered([join])
        own = [StoredEvent(at(1), "said", person.encode())]
        talk.hub.receive_join(join, Page(cut_held=True, good=True, at=at(0), events=own, complete=True, values=[]), [])
        assert request.subscription.tail.topic == f"feed:following:{person}"
        talk.hub.answer(session, 1, {"feed:following": join})
        talk.hub.flush()
        said[person] = talk.codec.decode(session.take())[1:]
    for person, [frame] in said.items():
        assert frame["topic"] == "feed:following"
        assert frame["events"] == [(at(1), person.encode())]
