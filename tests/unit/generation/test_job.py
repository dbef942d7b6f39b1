"""The states of a generation: every pair of state and event."""

from __future__ import annotations

import itertools

import pytest

from livefeed.errors import IllegalTransition
from livefeed.generation.job import (
    ACTIVE,
    TRANSITIONS,
    Job,
    JobEvent,
    State,
    advance,
    sources,
    target,
)

ACCEPTED = {
    (State.QUEUED, JobEvent.STARTED): State.RUNNING,
    (State.QUEUED, JobEvent.CANCELLED): State.CANCELLED,
    (State.QUEUED, JobEvent.FAILED): State.FAILED,
    (State.QUEUED, JobEvent.ABORTED): State.ABORTED,
    (State.RUNNING, JobEvent.QUEUED): State.QUEUED,
    (State.FAILED, JobEvent.QUEUED): State.QUEUED,
    (State.RUNNING, JobEvent.STARTED): State.RUNNING,
    (State.RUNNING, JobEvent.COMPLETED): State.COMPLETED,
    (State.RUNNING, JobEvent.REFUSED): State.REFUSED,
    (State.RUNNING, JobEvent.FAILED): State.FAILED,
    (State.RUNNING, JobEvent.CANCELLED): State.CANCELLED,
    (State.RUNNING, JobEvent.ABORTED): State.ABORTED,
}


@pytest.mark.parametrize(("state", "event"), list(itertools.product(State, JobEvent)))
def test_every_state_accepts_what_it_should_and_refuses_the_rest(state: State, event: JobEvent) -> None:
    if (state, event) in ACCEPTED:
        assert advance(state, event) is ACCEPTED[state, event]
    else:
        with pytest.raises(IllegalTransition):
            advance(state, event)


def test_an_end_is_for_good_and_only_a_failed_one_may_be_queued_again() -> None:
    ends = set(State) - ACTIVE
    assert ends == {State.COMPLETED, State.REFUSED, State.FAILED, State.CANCELLED, State.ABORTED}
    assert ends & set(TRANSITIONS) == {State.FAILED}
    assert set(TRANSITIONS[State.FAILED]) == {JobEvent.QUEUED}


def test_every_state_is_reached_from_queued() -> None:
    reached, grew = {State.QUEUED}, True
    while grew:
        more = {after for state in reached for after in TRANSITIONS.get(state, {}).values()} - reached
        reached, grew = reached | more, bool(more)
    assert reached == set(State)


@pytest.mark.parametrize("event", JobEvent)
def test_an_event_leads_to_one_state_whatever_it_comes_from(event: JobEvent) -> None:
    assert sources(event)
    assert {advance(state, event) for state in sources(event)} == {target(event)}


def test_a_job_is_a_value() -> None:
    first, again = (
        Job(id="1", prompt="a fox", width=256, height=256, seed=1, steps=4, generator="quick") for _ in range(2)
    )
    assert first == again
    assert hash(first) == hash(again)
