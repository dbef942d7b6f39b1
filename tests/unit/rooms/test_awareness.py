"""Who is in a document: whose state is whose, who has gone, and what other nodes tell."""

from __future__ import annotations

import orjson
import pytest

from livefeed.rooms import awareness
from livefeed.rooms.awareness import GRACE_S, LEASE_S, NULL, Awareness, State, TooMuch
from livefeed.rooms.varints import Malformed

ANN, BEN = {"id": "ann", "handle": "ann"}, {"id": "ben", "handle": "ben"}


def state(client: int, clock: int, text: bytes = b'{"x":1}') -> State:
    return State(client, clock, text)


def test_states_are_read_as_they_were_written() -> None:
    states = [state(2**40, 3), state(5, 0, NULL)]
    assert awareness.parse(awareness.pack(states)) == states
    for end in range(len(awareness.pack(states))):
        with pytest.raises(Malformed):
            awareness.parse(awareness.pack(states)[:end])


def test_a_clock_that_could_not_rise_any_more_is_refused() -> None:
    awareness.parse(awareness.pack([state(5, awareness.LAST_CLOCK)]))
    with pytest.raises(Malformed, match="clock"):
        awareness.parse(awareness.pack([state(5, awareness.LAST_CLOCK + 1)]))


def test_the_server_says_who_it_is() -> None:
    said = orjson.loads(awareness.stamped(b'{"cursor":1,"user":{"id":"somebody else"}}', ANN))
    assert said == {"cursor": 1, "user": ANN}
    assert awareness.stamped(NULL, ANN) == NULL


@pytest.mark.parametrize("text", [b"", b"[]", b"1", b'"x"', b"{", b"\xff"])
def test_a_state_is_a_map(text: bytes) -> None:
    with pytest.raises(Malformed):
        awareness.stamped(text, ANN)


def test_a_state_is_two_kilobytes_at_most() -> None:
    fits = b'{"x":"' + b"y" * (awareness.STATE_BYTES - 8) + b'"}'
    assert awareness.stamped(fits, ANN)
    with pytest.raises(TooMuch):
        awareness.stamped(fits[:-2] + b'y"}', ANN)


def test_a_connection_speaks_for_one_client_that_is_nobody_elses() -> None:
    """What it repeats of others is passed over, and what it says of a second one too."""
    here = Awareness()
    assert here.say("a:1", "ann", None, [state(1, 1)], ANN, 0) == 1
    assert here.say("a:2", "ben", None, [state(1, 9, b'{"x":"evil"}')], BEN, 0) is None
    assert here.say("a:2", "ben", None, [state(1, 9), state(2, 1)], BEN, 0) == 2
    assert here.say("a:2", "ben", 2, [state(3, 1), state(2, 2)], BEN, 0) == 2
    shown = {one.client: orjson.loads(one.state) for one in here.all()}
    assert shown == {1: {"x": 1, "user": ANN}, 2: {"x": 1, "user": BEN}}


@pytest.mark.parametrize("told", [True, False])
def test_whoever_said_goodbye_has_no_client_to_come_back_to_once_another_has_it(told: bool) -> None:
    """told: the goodbye was taken before the other one came."""
    here = Awareness()
    assert here.say("a:1", "ben", None, [state(7, 1)], BEN, 0) == 7
    assert here.say("a:1", "ben", 7, [state(7, 2, NULL)], BEN, 0) is None
    if told:
        here.take()
    assert here.say("a:2", "ann", None, [state(7, 1)], ANN, 0) == 7
    for bound in (None, 7):
        assert here.say("a:1", "ben", bound, [state(7, 9, b'{"x":"evil"}')], BEN, 0) is None
        assert here.say("a:1", "ben", bound, [state(7, 9, NULL)], BEN, 0) is None
    assert (here.speaker(7), [orjson.loads(one.state)["user"] for one in here.take()[0]]) == ("ann", [ANN])
    here.part("a:2", 7, 1, clean=True)
    here.expire(1)
    assert [(one.client, one.state) for one in here.take()[0]] == [(7, NULL)]


def test_whoever_said_goodbye_may_come_back() -> None:
    here = Awareness()
    here.say("a:1", "ann", None, [state(1, 1)], ANN, 0)
    assert here.say("a:1", "ann", 1, [state(1, 2, NULL), state(1, 3)], ANN, 0) == 1
    assert [(one.client, one.clock) for one in here.take()[0]] == [(1, 3)]


def test_a_goodbye_binds_nobody() -> None:
    assert Awareness().say("a:1", "ann", None, [state(1, 1, NULL)], ANN, 0) is None


def test_an_older_state_changes_nothing() -> None:
    here = Awareness()
    here.say("a:1", "ann", None, [state(1, 5)], ANN, 0)
    here.take()
    here.say("a:1", "ann", 1, [state(1, 4, b'{"x":2}'), state(1, 5, b'{"x":3}')], ANN, 1)
    assert not here.pending


def test_whoever_leaves_is_gone_at_once_and_whoever_breaks_off_after_a_while() -> None:
    for clean, at_s in ((True, 0.0), (False, GRACE_S)):
        here = Awareness()
        here.say("a:1", "ann", None, [state(1, 5)], ANN, 0)
        here.take()
        here.part("a:1", 1, 0, clean=clean)
        here.expire(at_s - 0.01)
        assert not here.pending
        here.expire(at_s)
        assert here.take() == ([State(1, 5, NULL)], [(1, 5, NULL, "ann")])
        assert here.all() == []


def test_whoever_comes_back_in_time_was_never_gone() -> None:
    """Stock clients come back with the clock they had; a farewell would hide them until they move."""
    here = Awareness()
    here.say("a:1", "ann", None, [state(1, 5)], ANN, 0)
    here.part("a:1", 1, 0, clean=False)
    assert here.say("a:2", "ann", None, [state(1, 5)], ANN, 1) == 1
    here.expire(GRACE_S + 1)
    assert [one.client for one in here.all()] == [1]


def test_whoever_left_and_comes_back_is_believed() -> None:
    """Its clock is the one it left with; others are told a higher one, from then on."""
    here = Awareness()
    here.say("a:1", "ann", None, [state(1, 5)], ANN, 0)
    here.part("a:1", 1, 0, clean=True)
    here.expire(0)
    assert here.take()[0] == [State(1, 5, NULL)]
    assert here.say("a:2", "ann", None, [state(1, 5)], ANN, 1) == 1
    assert [(one.client, one.clock) for one in here.take()[0]] == [(1, 6)]
    here.say("a:2", "ann", 1, [state(1, 6, b'{"x":2}')], ANN, 2)
    assert [(one.client, one.clock) for one in here.take()[0]] == [(1, 7)]


def test_whoever_comes_back_elsewhere_is_not_gone_either() -> None:
    here, there = Awareness(), Awareness()
    here.say("a:1", "ann", None, [state(1, 5)], ANN, 0)
    there.hear("a", here.take()[1], 0)
    there.take()
    here.part("a:1", 1, 0, clean=False)
    there.say("b:1", "ann", None, [state(1, 5)], ANN, 0.5)
    here.hear("b", there.take()[1], 0.5)
    here.expire(GRACE_S + 1)
    assert [one.client for one in here.all()] == [1]


def test_clients_of_a_silent_node_are_gone() -> None:
    here = Awareness()
    here.hear("b", [(1, 5, b'{"x":1}', "ann")], 0)
    here.hear("c", [(2, 5, b'{"x":1}', "ben")], 0)
    here.take()
    here.expire(1, silent=["b"])
    assert here.take()[0] == [State(1, 5, NULL)]
    here.expire(LEASE_S + 1)
    assert here.take() == ([State(2, 5, NULL)], [])


def test_another_nodes_farewell_does_not_end_who_is_here() -> None:
    here = Awareness()
    here.say("a:1", "ann", None, [state(1, 5)], ANN, 0)
    here.take()
    here.hear("b", [(1, 5, NULL, "ann")], 0)
    assert not here.pending
    assert [one.client for one in here.all()] == [1]


def test_another_role_is_shown_at_once() -> None:
    here = Awareness()
    here.say("a:1", "ann", None, [state(1, 5)], {**ANN, "role": "editor"}, 0)
    here.take()
    here.restamp("a:1", 1, {**ANN, "role": "viewer"})
    (shown,) = here.take()[0]
    assert (shown.clock, orjson.loads(shown.state)["user"]["role"]) == (6, "viewer")
    here.say("a:1", "ann", 1, [state(1, 6, b'{"x":2}')], {**ANN, "role": "viewer"}, 0)
    assert here.take()[0][0].clock == 7


def test_whoever_comes_back_after_its_node_died_is_believed() -> None:
    """The node it comes to knows nothing of its past; the others do, and say so."""
    here, there = Awareness(), Awareness()
    there.hear("dead", [(1, 7, b'{"x":1}', "ann")], 0)
    there.take()
    here.say("b:1", "ann", None, [state(1, 5)], ANN, 1)
    past = there.hear("b", here.take()[1], 1)
    assert past == [(1, 7)]
    here.outdo(past)
    assert there.hear("b", here.take()[1], 1) == []
    there.expire(2, silent=["dead"])
    assert [(one.client, one.clock) for one in there.all()] == [(1, 8)]
    there.expire(LEASE_S * 2)
    there.take()
    assert there.hear("c", [(1, 8, b'{"x":1}', "ann")], LEASE_S * 2) == [(1, 8)]


def test_of_whoever_hides_nothing_is_shown_until_they_show_themselves_again() -> None:
    """Who saw them is told that they left; what they say meanwhile is there when they are back."""
    here = Awareness()
    here.say("a:1", "ann", None, [state(1, 1)], ANN, 0)
    here.say("a:2", "ben", None, [state(2, 1)], BEN, 0)
    here.take()
    here.veil({"ann"})
    [gone], [told] = here.take()
    assert (gone.client, gone.clock, gone.state) == (1, 2, NULL)
    assert told == (1, 2, NULL, "ann")
    assert ([one.client for one in here.all()], [one[0] for one in here.ours()]) == ([2], [2])
    here.say("a:1", "ann", 1, [state(1, 2, b'{"x":2}')], ANN, 1)
    assert here.take() == ([], [])
    here.veil(frozenset())
    [back], [told] = here.take()
    assert (back.client, orjson.loads(back.state)) == (1, {"x": 2, "user": ANN})
    assert back.clock > gone.clock
    assert told[:2] == (1, back.clock)


def test_of_whoever_hid_before_they_came_not_even_a_client_is_shown() -> None:
    here = Awareness()
    here.veil({"ann"})
    here.say("a:1", "ann", None, [state(1, 1)], ANN, 0)
    assert here.take() == ([], [])
    here.part("a:1", 1, 0, clean=True)
    here.expire(1)
    assert here.take() == ([], [])
    assert here.all() == []


def test_a_node_that_knows_of_the_veil_first_shows_nothing_of_what_another_tells() -> None:
    """And when the veil is lifted here before it is there, what comes then is shown; when after, what is here."""
    here, there = Awareness(), Awareness()
    there.say("b:1", "ann", None, [state(1, 1)], ANN, 0)
    here.hear("b", there.take()[1], 0)
    assert [one.client for one in here.take()[0]] == [1]
    here.veil({"ann"})
    assert here.take() == ([State(1, 1, NULL)], [])
    there.veil({"ann"})
    here.hear("b", there.take()[1], 1)
    assert here.take() == ([], [])
    there.veil(frozenset())
    here.hear("b", there.take()[1], 2)
    assert here.take() == ([], [])
    here.veil(frozenset())
    [back], told = here.take()
    assert (back.client, back.clock, told) == (1, 3, [])
    assert back.state != NULL
