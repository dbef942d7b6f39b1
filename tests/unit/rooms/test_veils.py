"""Who hides in a room: whatever becomes of the connection by which they said so."""

from __future__ import annotations

import pytest

from livefeed.rooms.veils import KEPT_S, Veil

ANN = frozenset({"ann"})
NOBODY: frozenset[str] = frozenset()


@pytest.fixture
def veil() -> Veil:
    """Of somebody who hides by a connection to another node, and is in the document here."""
    veil = Veil("here")
    veil.hide("there", ANN, 0)
    return veil


def test_whoever_hid_hides_on_without_the_connection_that_hid_them(veil: Veil) -> None:
    """It may rest for hours, in a page that nobody looks at, while the document stays open."""
    veil.hide("there", NOBODY, 1)
    assert (veil.people, veil.hiding, set(veil.kept)) == (ANN, NOBODY, ANN)
    for at_s in range(2, 10_000, 5):
        assert not veil.expire(ANN, at_s)
    assert veil.people == ANN


def test_whoever_says_that_they_hide_no_more_is_seen_at_once(veil: Veil) -> None:
    veil.hide("there", NOBODY, 1)
    veil.show(ANN)
    assert veil.people == NOBODY


def test_whoever_says_so_while_another_connection_hides_them_is_not_seen(veil: Veil) -> None:
    veil.hide("here", ANN, 1)
    veil.hide("there", NOBODY, 2)
    veil.show(ANN)
    assert veil.people == ANN
    veil.hide("here", NOBODY, 3)
    assert veil.people == ANN, "that connection has not said so"


def test_a_node_that_falls_silent_shows_nobody(veil: Veil) -> None:
    veil.keep_elsewhere("there", frozenset({"ben"}))
    veil.lose("there", 1)
    assert veil.people == ANN, "and what it kept itself is gone with its connections to the document"


def test_whoever_is_openly_there_for_long_need_not_be_hidden(veil: Veil) -> None:
    """They are on the roster. A moment after they hid it may be another device of theirs that came back first."""
    veil.hide("there", NOBODY, 1)
    assert not veil.see(ANN, KEPT_S)
    assert veil.people == ANN
    assert veil.see(ANN, 1 + KEPT_S)
    assert veil.people == NOBODY
    assert not veil.see(ANN, 1 + KEPT_S)


def test_whoever_has_gone_is_forgotten_later_than_they_would_be_back(veil: Veil) -> None:
    veil.hide("there", NOBODY, 1)
    veil.expire(ANN, 1_000)
    assert not veil.expire(NOBODY, 999 + KEPT_S)
    assert not veil.expire(ANN, 1_500)
    assert not veil.expire(NOBODY, 1_499 + KEPT_S)
    assert veil.expire(NOBODY, 1_500 + KEPT_S)
    assert veil.people == NOBODY


def test_whoever_hides_again_is_kept_anew(veil: Veil) -> None:
    veil.hide("there", NOBODY, 1)
    veil.hide("here", ANN, 20)
    veil.hide("here", NOBODY, 25)
    assert not veil.see(ANN, 24 + KEPT_S)


def test_whoever_comes_to_the_document_hidden_is_never_seen() -> None:
    veil = Veil("here")
    veil.keep("ann", 0)
    assert (veil.people, veil.hiding) == (ANN, NOBODY)


def test_whom_another_node_keeps_hidden_is_seen_when_it_lets_go_or_they_say_so() -> None:
    for say in (lambda veil: veil.show(ANN), lambda veil: veil.keep_elsewhere("there", NOBODY)):
        veil = Veil("here")
        veil.keep_elsewhere("there", ANN)
        assert (veil.people, list(veil.kept)) == (ANN, []), "it is not kept on here: two nodes would never let go"
        say(veil)
        assert veil.people == NOBODY
