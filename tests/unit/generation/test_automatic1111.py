"""What is said to an AUTOMATIC1111 server, what its answers mean, and when it is silent."""

from __future__ import annotations

import base64
import io
from typing import Any

import orjson
import pytest
from PIL import Image

from livefeed.generation.generator import EngineLost
from livefeed.generation.generators.automatic1111 import wire
from livefeed.generation.generators.automatic1111.watch import LOADING, UNKNOWN_S, Watch
from livefeed.generation.generators.automatic1111.wire import Failed, Phase, Sighting, failure, read_server, read_task
from livefeed.generation.job import Job

SILENCE_S = 10.0


def active(done: float, **more: Any) -> Sighting:
    return Sighting(Phase.ACTIVE, done, mark=("active", done), **more)


@pytest.fixture
def watch() -> Watch:
    return Watch(20, silence_s=SILENCE_S, now_s=100.0)


def test_steps_are_told_once_and_never_go_back(watch: Watch) -> None:
    done = [0.0, 0.05, 0.05, 0.15, 0.1, 1.0, 0.0]
    assert [watch.see(active(part), 100.0) for part in done] == [None, 1, None, 3, None, 20, None]


@pytest.mark.parametrize("steps", range(1, 101))
def test_every_step_that_the_server_tells_is_the_step_that_is_told(steps: int) -> None:
    """The server divides, and 29 / 100 * 100 is less than 29."""
    watch = Watch(steps, silence_s=1.0, now_s=0.0)
    assert [watch.see(active(step / steps), 0.0) for step in range(1, steps + 1)] == list(range(1, steps + 1))


def test_an_active_task_without_a_change_is_silent(watch: Watch) -> None:
    watch.see(active(0.5), 100.0)
    watch.see(active(0.5), 100.0 + SILENCE_S / 2)
    assert watch.left_s(100.0 + SILENCE_S / 2) == SILENCE_S / 2
    assert watch.left_s(100.0 + SILENCE_S) == 0


def test_before_the_first_step_a_model_may_be_loaded(watch: Watch) -> None:
    watch.see(active(0.0), 100.0)
    assert watch.left_s(100.0) == LOADING * SILENCE_S


def test_waiting_in_the_servers_queue_is_never_silence(watch: Watch) -> None:
    for now_s in range(100, 10_000, 30):
        watch.see(Sighting(Phase.QUEUED, mark=Phase.QUEUED), now_s)
        assert watch.left_s(now_s) > 0


def test_looks_that_fail_are_no_sign(watch: Watch) -> None:
    watch.see(active(0.5), 100.0)
    assert watch.left_s(100.0 + 2 * SILENCE_S) == 0


def test_the_newest_preview_is_kept_until_it_is_taken(watch: Watch) -> None:
    watch.see(active(0.1, preview="old"), 100.0)
    watch.see(active(0.1, preview="new"), 100.0)
    watch.see(active(0.1), 100.0)
    assert [watch.take_preview(), watch.take_preview()] == ["new", None]


def test_a_server_has_time_to_hear_of_our_task_before_it_counts_as_one_without_names(watch: Watch) -> None:
    assert watch.takes_names(Phase.UNKNOWN, 100.0 + UNKNOWN_S)
    assert not watch.takes_names(Phase.UNKNOWN, 101.0 + UNKNOWN_S)
    assert watch.takes_names(Phase.QUEUED, 102.0 + UNKNOWN_S)
    assert watch.takes_names(Phase.UNKNOWN, 200.0), "known once, it is forgotten by sixteen others"


@pytest.mark.parametrize(
    ("document", "phase", "done"),
    [
        ({"active": False, "queued": True, "completed": False, "id_live_preview": -1}, Phase.QUEUED, 0.0),
        ({"active": True, "queued": False, "completed": False, "progress": 0.25}, Phase.ACTIVE, 0.25),
        ({"active": True, "queued": False, "completed": False, "progress": None}, Phase.ACTIVE, 0.0),
        ({"active": True, "progress": 7}, Phase.ACTIVE, 1.0),
        ({"active": False, "queued": False, "completed": True}, Phase.COMPLETED, 0.0),
        ({"active": False, "queued": False, "completed": False}, Phase.UNKNOWN, 0.0),
        ({}, Phase.UNKNOWN, 0.0),
    ],
)
def test_a_task_is_where_the_server_says(document: dict[str, Any], phase: Phase, done: float) -> None:
    seen = read_task(document)
    assert (seen.phase, seen.done) == (phase, done)


def test_a_changed_text_is_a_sign_of_life() -> None:
    loading = {"active": True, "progress": 0.0, "textinfo": "Loading weights"}
    assert read_task(loading).mark != read_task(loading | {"textinfo": None}).mark


@pytest.mark.parametrize(
    ("state", "busy", "done"),
    [
        ({"job_count": 0, "sampling_step": 3, "sampling_steps": 4}, False, 0.0),
        ({"job_count": -1, "job_no": 0, "sampling_step": 0, "sampling_steps": 20}, True, 0.0),
        ({"job_count": 1, "job_no": 0, "sampling_step": 5, "sampling_steps": 20}, True, 0.25),
        ({"job_count": 2, "job_no": 1, "sampling_step": 10, "sampling_steps": 20}, True, 0.75),
        ({"job_count": 1, "job_no": 0, "sampling_step": 5, "sampling_steps": 0}, True, 0.0),
    ],
)
def test_the_whole_servers_progress_is_read_from_its_steps(state: dict[str, int], busy: bool, done: float) -> None:
    """Its `progress` begins at 0.01, and is negative while the number of jobs is -1."""
    seen = read_server({"progress": -0.99, "state": state})
    assert (seen.busy, seen.done) == (busy, done)


@pytest.mark.parametrize("document", [None, [], "busy", {"progress": 0.5}, {"state": "busy"}])
def test_what_is_no_progress_is_a_failure(document: object) -> None:
    with pytest.raises(Failed):
        read_server(document)


@pytest.mark.parametrize("before", ["", "data:image/png;base64,", "data:image/webp;charset=x;base64,"])
def test_base64_is_read_with_and_without_what_may_stand_before_it(before: str) -> None:
    assert wire.unpack(before + base64.b64encode(b"a picture").decode()) == b"a picture"


@pytest.mark.parametrize("text", ["", "data:image/png;base64,AAAA", "?", "A"])
def test_a_preview_that_cannot_be_read_is_none(text: str) -> None:
    assert wire.read_preview(text) is None


def test_a_picture_in_another_size_and_mode_comes_out_as_asked() -> None:
    file = io.BytesIO()
    Image.new("RGBA", (40, 30), (1, 2, 3, 255)).save(file, "PNG")
    answer = {"images": [base64.b64encode(file.getvalue()).decode(), "a grid"], "info": '{"job_timestamp": "2026"}'}
    finished = wire.read_picture(orjson.dumps(answer), 32, 32)
    assert (finished.image.size, finished.image.mode, finished.begun) == ((32, 32), "RGB", "2026")


@pytest.mark.parametrize("info", [None, "", "no JSON", "[]", "{}"])
def test_a_picture_without_readable_words_about_it_is_a_picture(info: object) -> None:
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, "PNG")
    answer = {"images": [base64.b64encode(file.getvalue()).decode()], "info": info}
    assert wire.read_picture(orjson.dumps(answer), 8, 8).begun == ""


def test_previews_are_asked_for_as_often_as_they_are_shown() -> None:
    for steps, every in ((4, 1), (20, 2), (100, 12)):
        job = Job(id="a", prompt="b", width=256, height=256, seed=0, steps=steps, generator="automatic1111")
        route, body = wire.request_of(job, "name")
        assert route == wire.TXT2IMG
        assert orjson.loads(body)["override_settings"] == {"show_progress_every_n_steps": every}


def test_long_words_of_a_server_are_cut_and_stand_in_one_line() -> None:
    said = str(failure(500, orjson.dumps({"error": "Error", "errors": "line\n" * 500}), "http://there"))
    assert "\n" not in said
    assert len(said) < 400


def test_an_engine_that_is_lost_and_a_picture_that_failed_are_told_apart() -> None:
    own = b'{"error": "OutOfMemoryError", "detail": "", "body": "", "errors": "CUDA out of memory"}'
    assert isinstance(failure(500, own, ""), Failed)
    assert isinstance(failure(503, own, ""), EngineLost)
    assert isinstance(failure(500, b"Internal Server Error", ""), EngineLost)
