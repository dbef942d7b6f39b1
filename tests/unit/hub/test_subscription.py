"""How a subscription gets its next events: a table."""

from __future__ import annotations

import pytest

from livefeed.errors import IllegalTransition
from livefeed.hub.subscription import TRANSITIONS, Stage, Step, advance


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("step", Step)
def test_every_step_is_in_the_table_or_illegal(stage, step):
    if step in TRANSITIONS[stage]:
        assert advance(stage, step) is TRANSITIONS[stage][step]
    else:
        with pytest.raises(IllegalTransition):
            advance(stage, step)


def test_nothing_comes_after_the_end():
    assert TRANSITIONS[Stage.CLOSED] == {}


@pytest.mark.parametrize("stage", [Stage.JOINING, Stage.LIVE, Stage.PAGING])
def test_a_client_may_leave_at_any_time(stage):
    assert advance(stage, Step.ENDED) is Stage.CLOSED
