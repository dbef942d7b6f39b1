"""The error tree: stable codes, one sentence each."""

from __future__ import annotations

import pytest

from livefeed import errors
from livefeed.errors import REFUSALS, Busy, IllegalTransition, KeyReused, LivefeedError, PeerError, refusal

KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, LivefeedError)]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_error_has_a_code_a_status_and_says_whose_fault_it_is(kind):
    assert kind.code == kind.code.lower()
    assert kind.code.isidentifier()
    assert (400 <= kind.status < 500) == issubclass(kind, PeerError)
    assert kind.__doc__


def test_codes_are_told_apart():
    own = [kind.code for kind in KINDS if "code" in vars(kind)]
    assert len(own) == len(set(own))


def test_a_refusal_of_a_script_is_the_error_of_its_code():
    found = refusal("key_reused", "Take another key.")
    assert type(found) is KeyReused
    assert (found.message, found.code, str(found)) == ("Take another key.", "key_reused", "Take another key.")
    assert all(type(refusal(code, "No.")) is kind for code, kind in REFUSALS.items())


def test_a_full_server_is_not_the_callers_fault():
    """The prelude refuses with `busy` while the outbox is full."""
    found = refusal("busy", "Try again.")
    assert isinstance(found, Busy)
    assert found.status == 503


def test_an_unknown_refusal_keeps_its_code_and_is_the_callers():
    found = refusal("too_late", "It is over.")
    assert isinstance(found, PeerError)
    assert (found.code, found.status) == ("too_late", 400)


def test_a_step_outside_its_table_names_the_state_and_the_event():
    assert str(IllegalTransition("idle", "finished")) == "idle does not accept 'finished'"


def test_an_error_may_say_when_to_try_again():
    assert Busy("Later.", retry_after_s=2.5).retry_after_s == 2.5
    assert Busy("Later.").retry_after_s is None
