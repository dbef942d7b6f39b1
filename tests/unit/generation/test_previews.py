"""The preview budget."""

from __future__ import annotations

import io
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from livefeed.generation.previews import MAX_BYTES, PER_JOB, PER_SECOND, PreviewBudget, PreviewMaker


def shown(steps: int, step_s: float) -> list[int]:
    """Return which steps are shown when each takes so long."""
    budget = PreviewBudget(steps)
    return [step for step in range(1, steps + 1) if budget.wants(step, step * step_s)]


@given(st.lists(st.floats(0, 2), min_size=1, max_size=60), st.integers(1, 60))
def test_never_more_than_four_a_second_and_eight_in_all(pauses_s: list[float], steps: int) -> None:
    budget, now_s, times = PreviewBudget(steps), 0.0, []
    for step, pause_s in enumerate(pauses_s[:steps], 1):
        now_s += pause_s
        if budget.wants(step, now_s):
            times.append(now_s)
            assert step < steps
    assert len(times) <= PER_JOB
    for index in range(len(times) - PER_SECOND):
        assert times[index + PER_SECOND] - times[index] >= 1.0


@pytest.mark.parametrize("steps", range(2, 21))
@pytest.mark.parametrize("step_s", [0.001, 0.2, 0.5, 3.0])
def test_the_first_step_is_always_shown_and_the_last_never(steps: int, step_s: float) -> None:
    found = shown(steps, step_s)
    assert found[0] == 1
    assert steps not in found


@pytest.mark.parametrize("painting_s", [2.0, 3.0, 4.0, 6.0])
def test_ten_steps_show_at_least_six_spread_over_the_job(painting_s: float) -> None:
    found = shown(10, painting_s / 10)
    assert len(found) >= 6
    assert found[-1] >= 8


def test_many_steps_are_spread_evenly() -> None:
    found = shown(60, 1.0)
    assert len(found) == PER_JOB
    assert max(after - before for before, after in itertools.pairwise(found)) <= 9


def test_one_step_shows_nothing() -> None:
    assert shown(1, 1.0) == []


def test_a_preview_has_the_size_of_its_jpeg() -> None:
    def jpeg(image: Image.Image) -> bytes:
        buffer = io.BytesIO()
        image.reduce(4).save(buffer, "JPEG")
        return buffer.getvalue()

    maker = PreviewMaker(jpeg=jpeg, palette=lambda image: [f"#{image.width:06x}"] * 6)
    preview = maker.make(Image.new("RGB", (512, 256)), 3)
    assert preview is not None
    assert (preview.step, preview.width, preview.height) == (3, 128, 64)
    assert preview.palette == ["#000080"] * 6


def test_a_preview_that_is_too_big_is_left_out() -> None:
    maker = PreviewMaker(jpeg=lambda image: b"x" * (MAX_BYTES + 1), palette=lambda image: [])
    assert maker.make(Image.new("RGB", (8, 8)), 1) is None


def test_all_previews_of_a_picture_leave_room_for_the_rest_of_what_a_watcher_is_to_pay() -> None:
    """120 KB in all; card, steps, the end and the post take up to 20 of them."""
    assert PER_JOB * MAX_BYTES <= 100_000
