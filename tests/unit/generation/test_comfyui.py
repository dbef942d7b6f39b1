"""What decides in the ComfyUI generator: templates, frames, whose message it is, and how it ended."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

import pytest

from livefeed.errors import ConfigurationError
from livefeed.generation.generators import comfyui
from livefeed.generation.generators.comfyui.history import File, Made, Unmade, outcome, rejection
from livefeed.generation.generators.comfyui.messages import (
    Ended,
    Ending,
    Features,
    Heard,
    Message,
    Preview,
    Step,
    read_binary,
    read_text,
)
from livefeed.generation.generators.comfyui.run import Run, Shown
from livefeed.generation.generators.comfyui.workflow import Values, parse

OURS, THEIRS = "8c1b9a52-0000-4000-8000-000000000001", "8c1b9a52-0000-4000-8000-000000000002"
VALUES = Values(
    prompt="a fox", width=264, height=256, seed=7, steps=5, denoise=0.6, job="01m", checkpoint="xl", image="p"
)


def node(kind: str, **inputs: Any) -> dict[str, Any]:
    return {"class_type": kind, "inputs": inputs}


def sampler(**inputs: Any) -> dict[str, Any]:
    return node("KSampler", latent_image=["3", 0], **inputs)


def template(**more: Any) -> str:
    return json.dumps({"1": node("CLIPTextEncode", text="{{prompt}}"), "2": sampler(seed="{{seed}}"), **more})


# Workflows


@pytest.mark.parametrize(
    ("name", "marks"),
    [
        ("txt2img.json", {"checkpoint", "prompt", "width", "height", "seed", "steps"}),
        ("img2img.json", {"checkpoint", "prompt", "image", "denoise", "seed", "steps"}),
    ],
)
def test_the_workflows_that_come_along_are_marked(name: str, marks: set[str]) -> None:
    shipped = parse(resources.files(comfyui).joinpath("workflows", name).read_text("utf-8"), name)
    assert shipped.marks == marks
    assert shipped.samplers == {"sampler"}
    assert "{{" not in json.dumps(shipped.filled(VALUES))


def test_a_mark_that_is_a_whole_text_keeps_its_values_type() -> None:
    filled = parse(template(), "own").filled(VALUES)
    assert filled["2"]["inputs"]["seed"] == 7


def test_a_mark_inside_a_text_becomes_a_part_of_it() -> None:
    more = {"4": node("SaveImage", filename_prefix="feed/{{ job }}-{{seed}}", nested={"list": ["{{width}}"]})}
    inputs = parse(template(**more), "own").filled(VALUES)["4"]["inputs"]
    assert inputs == {"filename_prefix": "feed/01m-7", "nested": {"list": [264]}}


def test_a_prompt_that_looks_like_a_mark_stays_a_prompt() -> None:
    text = template(**{"4": node("CLIPTextEncode", text="oil, {{prompt}}, {{checkpoint}}")})
    values = Values(prompt="{{seed}} \\1", width=8, height=8, seed=7, steps=5, denoise=1.0, job="01m", checkpoint="xl")
    filled = parse(text, "own").filled(values)
    assert filled["1"]["inputs"]["text"] == "{{seed}} \\1"
    assert filled["4"]["inputs"]["text"] == "oil, {{seed}} \\1, xl"


def test_filling_leaves_the_template_as_it_was() -> None:
    own = parse(template(), "own")
    before = json.dumps(own.graph)
    own.filled(VALUES)["1"]["inputs"]["text"] = "changed"
    assert json.dumps(own.graph) == before


def test_without_a_mark_every_fixed_seed_is_set_and_linked_ones_are_left() -> None:
    text = json.dumps(
        {
            "1": node("CLIPTextEncode", text="{{prompt}}"),
            "2": sampler(seed=1),
            "5": node("RandomNoise", noise_seed=2),
            "6": node("KSampler", seed=["9", 0]),
        }
    )
    filled = parse(text, "own").filled(VALUES)
    assert (filled["2"]["inputs"]["seed"], filled["5"]["inputs"]["noise_seed"]) == (7, 7)
    assert filled["6"]["inputs"]["seed"] == ["9", 0]


def test_with_a_mark_a_fixed_seed_is_meant() -> None:
    filled = parse(template(**{"5": node("RandomNoise", noise_seed=2)}), "own").filled(VALUES)
    assert filled["5"]["inputs"]["noise_seed"] == 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "is not JSON"),
        ('{"nodes": [], "links": []}', r"format of ComfyUI's editor; save it with Workflow > Export \(API\)"),
        ("[]", "not in ComfyUI's API format"),
        ("{}", "not in ComfyUI's API format"),
        ('{"1": {"inputs": {}}}', "not in ComfyUI's API format"),
        (json.dumps({"2": sampler(seed=1)}), r"where the prompt goes; write \{\{prompt\}\} there"),
        (
            json.dumps({"1": node("CLIPTextEncode", text="{{prompt}}")}),
            r"where the seed goes; write \{\{seed\}\} there",
        ),
        (
            template(**{"4": node("SaveImage", filename_prefix="{{date}}")}),
            "has the mark 'date'; there are only: check",
        ),
    ],
)
def test_a_workflow_that_cannot_be_used_says_what_to_do(text: str, says: str) -> None:
    with pytest.raises(ConfigurationError, match=f"The workflow own.json .*{says}"):
        parse(text, "own.json")


# Frames


def text(kind: str, **data: Any) -> list[Message]:
    return read_text(json.dumps({"type": kind, "data": data}))


def state(value: float, maximum: float, standing: str = "running") -> dict[str, Any]:
    return {"value": value, "max": maximum, "state": standing}


def test_text_frames_become_what_they_mean() -> None:
    assert text("feature_flags", supports_preview_metadata=True) == [Features(True)]
    assert text("progress", prompt_id=OURS, node="2", value=3, max=20) == [Step(OURS, "2", 3, 20)]
    assert text("executing", prompt_id=OURS, node="2") == [Heard(OURS)]
    assert text("executing", prompt_id=OURS, node=None) == [Ended(OURS)]
    assert text("execution_success", prompt_id=OURS) == [Ending(OURS)]
    assert text("execution_error", prompt_id=OURS) == [Ending(OURS)]
    assert text("execution_interrupted", prompt_id=OURS) == [Ending(OURS)]


def test_of_the_nodes_states_only_those_that_run_are_steps() -> None:
    """A cached node says at once that it has done one of one."""
    nodes = {"1": state(1, 1, "finished"), "2": state(4, 20), "3": state(20, 20, "finished")}
    assert text("progress_state", prompt_id=OURS, nodes=nodes) == [Heard(OURS), Step(OURS, "2", 4, 20)]


@pytest.mark.parametrize(
    "frame",
    [
        "", "no json", "[]", "null", '{"type": "status"}', '{"type": "executing", "data": {"node": "2"}}',
        '{"type": "status", "data": {"status": {"exec_info": {"queue_remaining": 1}}, "sid": "x"}}',
        '{"type": "progress", "data": {"value": 1, "max": 2, "prompt_id": 5}}', '{"type": 7, "data": []}',
    ],
)  # fmt: skip
def test_what_is_unknown_malformed_or_about_no_prompt_says_nothing(frame: str) -> None:
    assert read_text(frame) == []


@pytest.mark.parametrize("maximum", [0, -1, None, "20"])
def test_a_progress_that_cannot_be_counted_is_only_a_sign_of_life(maximum: object) -> None:
    assert text("progress", prompt_id=OURS, node="2", value=3, max=maximum) == [Heard(OURS)]


def binary(kind: int, *parts: bytes) -> bytes:
    return kind.to_bytes(4) + b"".join(parts)


def test_pictures_are_read_from_both_kinds_of_frames() -> None:
    metadata = json.dumps({"prompt_id": OURS, "node_id": "2", "image_type": "image/jpeg"}).encode()
    assert read_binary(binary(1, (1).to_bytes(4), b"jpeg")) == [Preview(None, b"jpeg")]
    assert read_binary(binary(4, len(metadata).to_bytes(4), metadata, b"jpeg")) == [Preview(OURS, b"jpeg")]


@pytest.mark.parametrize(
    "frame",
    [
        b"", b"\0\0", binary(1), binary(1, (1).to_bytes(4)), binary(3, (1).to_bytes(4), b"2text"),
        binary(4, (2**32 - 1).to_bytes(4), b"{}"), binary(4, (2).to_bytes(4), b"{}"),
        binary(4, (2).to_bytes(4), b"{}jpeg"), binary(4, (2).to_bytes(4), b"[]jpeg"),
        binary(4, (2).to_bytes(4), b"\xff\xffjpeg"), binary(9, b"12345678"),
    ],
)  # fmt: skip
def test_frames_that_hold_no_picture_of_a_prompt_say_nothing(frame: bytes) -> None:
    assert read_binary(frame) == []


# Whose message it is


def told(run: Run, *messages: Message) -> list[Shown]:
    return [shown for message in messages for shown in run.receive(message)[1]]


def step(value: float, maximum: float = 5, *, prompt: str = OURS, node: str = "2") -> Step:
    return Step(prompt, node, value, maximum)


def test_a_step_and_its_picture_are_told_once_when_the_picture_comes_first() -> None:
    run = Run(OURS, ["2"], 5)
    said: list[Message] = [
        Features(True),
        step(1),
        Preview(OURS, b"1"),
        step(1),
        step(2),
        Preview(OURS, b"2"),
        step(2),
        Ended(OURS),
    ]
    assert told(run, *said) == [Shown(1, b"1"), Shown(2, b"2")]
    assert run.started
    assert run.over


def test_a_step_and_its_picture_are_told_once_when_the_picture_comes_behind() -> None:
    run = Run(OURS, ["2"], 5)
    said: list[Message] = [step(1), step(1), Preview(None, b"1"), step(2), step(2), Preview(None, b"2"), Ended(OURS)]
    assert told(run, *said) == [Shown(1, b"1"), Shown(2, b"2")]


def test_a_step_without_a_picture_is_told_when_the_next_comes_when_it_ends_or_when_asked() -> None:
    run = Run(OURS, ["2"], 5)
    assert told(run, step(1)) == []
    assert run.waiting
    assert told(run, step(2)) == [Shown(1)]
    assert run.flush() == [Shown(2)]
    assert run.flush() == []
    assert told(run, step(3), Ending(OURS)) == [Shown(3)]


def test_steps_and_pictures_of_other_prompts_are_not_ours() -> None:
    run = Run(OURS, ["2"], 5)
    theirs: list[Message] = [
        step(1, prompt=THEIRS),
        Preview(None, b"x"),
        Preview(THEIRS, b"x"),
        Ending(THEIRS),
        Ended(THEIRS),
    ]
    assert told(run, *theirs) == []
    assert all(not run.receive(message)[0] for message in theirs)
    assert not run.started
    assert not run.over


def test_a_nameless_picture_behind_somebody_elses_step_is_not_ours_though_ours_has_begun() -> None:
    run = Run(OURS, ["2"], 5)
    assert told(run, step(1), step(3, prompt=THEIRS), Preview(None, b"x")) == []
    assert run.flush() == [Shown(1)]


def test_where_pictures_have_names_a_nameless_one_is_never_ours() -> None:
    run = Run(OURS, ["2"], 5)
    assert told(run, Features(True), step(1), Preview(None, b"x"), Preview(OURS, b"1")) == [Shown(1, b"1")]


def test_after_a_reconnection_nothing_is_agreed_on_and_nobody_was_spoken_of() -> None:
    run = Run(OURS, ["2"], 5)
    assert told(run, Features(True), step(1), Preview(OURS, b"1")) == [Shown(1, b"1")]
    run.reconnected()
    assert told(run, Preview(None, b"x"), step(2), Preview(None, b"2")) == [Shown(2, b"2")]


def test_steps_never_go_back_and_none_is_told_twice() -> None:
    run = Run(OURS, ["2"], 5)
    said = [step(3), step(2), step(3), step(9), step(1)]
    assert [shown.step for shown in [*told(run, *said), *run.flush()]] == [3, 5]


def test_two_samplers_share_the_steps_and_other_nodes_do_not_count() -> None:
    run = Run(OURS, ["2", "4"], 10)
    said: list[Message] = [step(1, 1, node="1")]
    said += [step(value, 4, node="2") for value in range(5)]
    said += [step(50, 100, node="upscaler")]
    said += [step(value, 4, node="4") for value in range(5)]
    assert [shown.step for shown in [*told(run, *said), *run.flush()]] == [1, 2, 3, 5, 6, 7, 8, 10]


def test_without_a_known_sampler_whatever_takes_several_steps_counts() -> None:
    run = Run(OURS, [], 5)
    assert [shown.step for shown in [*told(run, step(1, 1, node="1"), step(2, 4, node="x")), *run.flush()]] == [2]


def test_a_sampler_that_begins_has_not_done_a_step() -> None:
    run = Run(OURS, ["2"], 5)
    assert told(run, step(0, 1)) == []
    assert not run.waiting
    assert not run.started


# How it ended


def record(status: str, *messages: Any, outputs: Any = None) -> dict[str, Any]:
    return {"status": {"status_str": status, "messages": [list(m) for m in messages]}, "outputs": outputs or {}}


def saved(*names: str, kind: str = "output") -> dict[str, Any]:
    return {"images": [{"filename": name, "subfolder": "feed", "type": kind} for name in names]}


def test_the_picture_is_that_of_the_last_node_that_saved_one() -> None:
    made = record("success", outputs={"9": saved("late.png"), "2": saved("early.png"), "x": {"text": ["no picture"]}})
    assert outcome(made, ["2", "9"]) == Made(File("late.png", "feed", "output"))
    assert outcome(made, ["9", "2"]) == Made(File("early.png", "feed", "output"))


def test_a_saved_picture_comes_before_a_temporary_one() -> None:
    made = record("success", outputs={"2": saved("kept.png"), "9": saved("glimpse.png", kind="temp")})
    assert outcome(made, ["2", "9"]) == Made(File("kept.png", "feed", "output"))
    made = record("success", outputs={"9": saved("glimpse.png", kind="temp")})
    assert outcome(made, ["2", "9"]) == Made(File("glimpse.png", "feed", "temp"))


@pytest.mark.parametrize("outputs", [{}, {"9": {}}, {"9": None}, {"9": {"images": None}}, {"9": {"images": [{}]}}, []])
def test_an_end_without_a_picture_is_not_a_success(outputs: Any) -> None:
    ended = outcome({"status": None, "outputs": outputs}, ["9"])
    assert isinstance(ended, Unmade)
    assert "needs a node that saves one" in ended.reason


def test_an_error_and_an_interruption_are_told_apart() -> None:
    details = {
        "node_id": "2",
        "node_type": "KSampler",
        "exception_type": "RuntimeError",
        "exception_message": "out\nof\n",
    }
    failed = outcome(record("error", ["execution_start", {}], ["execution_error", details]), [])
    assert failed == Unmade("KSampler (node 2) failed: RuntimeError: out of")
    stopped = outcome(record("error", ["execution_interrupted", {}]), [])
    assert stopped == Unmade("The prompt was interrupted at the ComfyUI server.")
    assert isinstance(outcome(record("error"), []), Unmade)


def test_a_rejection_names_the_node_or_what_is_wrong_with_the_whole() -> None:
    errors = [{"message": "Value not in list", "details": "ckpt_name: 'a' not in ['b']"}]
    answer = {
        "error": {"message": "Prompt outputs failed validation"},
        "node_errors": {"4": {"class_type": "Loader", "errors": errors}},
    }
    assert rejection(answer) == "Loader (node 4): Value not in list: ckpt_name: 'a' not in ['b']"
    assert rejection({"error": {"message": "Prompt has no outputs", "details": ""}}) == "Prompt has no outputs"
    assert rejection({"error": "prompt_id already exists"}) == "prompt_id already exists"
    assert rejection([]) == rejection({}) == rejection({"node_errors": {"4": {}}}) == "no reason was given"
