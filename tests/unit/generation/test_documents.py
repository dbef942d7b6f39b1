"""Requests, documents, and the maps that are told."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livefeed.errors import BadRequest
from livefeed.generation.documents import (
    Asked,
    announce,
    check_deadline,
    check_file,
    check_number,
    check_strength,
    clean_prompt,
    clean_style,
    fitted_size,
    job_of,
    kind_of,
    making_of,
    post_of,
    too_late,
)
from livefeed.generation.generator import Range
from livefeed.generation.generators.illustrator_plugin import Illustrator
from livefeed.generation.job import State
from livefeed.making import DigitalSource, Making

AUTHOR = {"id": "u", "handle": "ann", "avatar": ""}
MEDIA = {"sha256": "00", "width": 1, "height": 1, "thumbhash": "", "palette": []}


def document(**more: Any) -> dict[str, Any]:
    asked = {
        "prompt": "a #fox", "width": 512, "height": 512, "seed": 1, "steps": 10, "generator": "quick",
        "parent": None, "strength": None, "publish": True,
    }  # fmt: skip
    return Asked(**(asked | more)).document("g", "u", 1_000, ["fox"])


@given(st.text(max_size=40))
def test_a_clean_prompt_is_normal_and_stays_as_it_is(text: str) -> None:
    try:
        prompt = clean_prompt(text, limit=100)
    except BadRequest:
        return
    assert prompt == unicodedata.normalize("NFC", prompt).strip() != ""
    assert clean_prompt(prompt, limit=100) == prompt


@pytest.mark.parametrize(
    "text", ["", " ", "\n\t", "\u200b\u200b", "\x00", "x" * 11, "x" * 10_000, "\ud800", None, 1, b"x"]
)
def test_a_prompt_that_says_nothing_or_too_much_is_refused(text: object) -> None:
    with pytest.raises(BadRequest):
        clean_prompt(text, limit=10)


def test_controls_go_and_line_breaks_stay() -> None:
    assert clean_prompt(" a\r\nred\x07 fox ", limit=10) == "a\nred fox"


@pytest.mark.parametrize("value", [0, 9, 4.0, "4", True, []])
def test_a_number_out_of_range_or_of_another_kind_is_refused(value: object) -> None:
    with pytest.raises(BadRequest, match="from 2 to 8, a multiple of 2"):
        check_number(value, Range(2, 8, 4, multiple=2), "width")


def test_no_number_means_the_default() -> None:
    assert check_number(None, Range(2, 8, 4), "width") == 4


@pytest.mark.parametrize(
    ("text", "style"),
    [
        (None, None), ("", None), (" \u200b ", None), (" ink  drawing\n", "ink drawing"), ("x" * 200, "x" * 200),
        ("na\u00efve", "na\u00efve"),
    ],
)  # fmt: skip
def test_a_style_is_one_line_or_nothing(text: object, style: str | None) -> None:
    assert clean_style(text) == style


@pytest.mark.parametrize("text", ["x" * 201, 7, ["ink"]])
def test_what_is_no_style_is_refused(text: object) -> None:
    with pytest.raises(BadRequest, match="style"):
        clean_style(text)


def test_a_style_stands_beside_the_prompt_and_the_generator_is_told_both() -> None:
    styled = document(style="ink drawing")
    assert job_of(styled).prompt == "a #fox, ink drawing"
    assert making_of(styled, Illustrator()).prompt == "a #fox, ink drawing"
    for told in (announce(styled, AUTHOR), post_of(styled, AUTHOR, MEDIA)):
        assert (told["prompt"], told["style"]) == ("a #fox", "ink drawing")
    assert "style" not in document() | announce(document(), AUTHOR) | post_of(document(), AUTHOR, MEDIA)


def test_a_strength_needs_a_parent_and_lies_between_nothing_and_all() -> None:
    assert check_strength(None, None) is None
    assert check_strength(1, "p") == 1.0
    for value, parent in ((0.5, None), (1.1, "p"), ("1", "p"), (True, "p"), (float("nan"), "p")):
        with pytest.raises(BadRequest):
            check_strength(value, parent)


def test_the_job_is_what_was_asked() -> None:
    job = job_of(document(parent="p", strength=0.25))
    assert (job.id, job.prompt, job.parent, job.strength, job.seed) == ("g", "a #fox", "p", 0.25, 1)


@pytest.mark.parametrize(
    ("wished", "fitted"),
    [
        ((768, 512), (768, 512)),
        ((1003, 752), (1000, 752)),
        ((2048, 1024), (1024, 512)),
        ((100, 80), (320, 256)),
        ((3000, 500), (1024, 256)),
        ((1, 16_384), (256, 1024)),
        ((None, 512), (768, 768)),
        ((None, None), (768, 768)),
    ],
)
def test_any_size_that_is_wished_for_becomes_one_that_may_be_asked_for(
    wished: tuple[int | None, int | None], fitted: tuple[int, int]
) -> None:
    allowed = Range(256, 1024, 768, multiple=8)
    found = fitted_size(*wished, allowed)
    assert found == fitted
    assert all(side in allowed for side in found)


def test_a_mask_without_a_picture_is_none() -> None:
    assert (job_of(document(), b"canvas", b"mask").parent_image, job_of(document(), b"canvas").mask) == (
        b"canvas",
        None,
    )
    assert job_of(document(), b"canvas", b"mask").mask == b"mask"
    assert job_of(document(), None, b"mask").mask is None


def test_a_room_is_told_and_the_files_of_its_drawing_are_not() -> None:
    asked = document(room="r", canvas="c" * 64, mask="d" * 64, publish=False)
    assert {"room", "canvas", "mask"} <= set(asked)
    told = announce(asked, AUTHOR)
    assert told["room"] == "r"
    assert not {"canvas", "mask"} & set(told)


@pytest.mark.parametrize("name", ["", "c" * 63, "C" * 64, "c" * 65, 7, b"c" * 64, "g" * 64])
def test_a_file_is_named_by_its_sha256(name: object) -> None:
    assert check_file(None, "mask") is None
    assert check_file("c" * 64, "mask") == "c" * 64
    with pytest.raises(BadRequest, match="mask must be named by the sha256"):
        check_file(name, "mask")


def test_what_is_not_known_is_not_told() -> None:
    told = announce(document(), AUTHOR)
    assert set(told) == {
        "id", "topic", "author", "prompt", "width", "height", "seed", "steps", "generator", "publish", "created",
        "state",
    }  # fmt: skip
    assert (told["topic"], told["author"], told["state"]) == ("generation:g", AUTHOR, "queued")


def test_progress_is_told_of_what_is_in_the_making_and_the_post_of_what_was_published() -> None:
    running = announce(document(), AUTHOR, State.RUNNING, step=3)
    assert (running["step"], running["steps"]) == (3, 10)
    done = announce(document(), AUTHOR, State.COMPLETED, step=3, media=MEDIA)
    assert "step" not in done
    assert (done["post"], done["media"]) == ("g", MEDIA)
    assert "post" not in announce(document(publish=False), AUTHOR, State.COMPLETED, media=MEDIA)
    assert "post" not in announce(document(), AUTHOR, State.FAILED, error={"code": "x"})


def test_a_post_carries_the_generations_id_prompt_and_parent() -> None:
    post = post_of(document(parent="p"), AUTHOR, MEDIA)
    assert (post["id"], post["caption"], post["prompt"], post["tags"]) == ("g", "a #fox", "a #fox", ["fox"])
    assert post["author"] == {**AUTHOR, "avatar": MEDIA["sha256"]}, "people look like their newest picture"
    assert (post["media"], post["parent"]) == (MEDIA, "p")
    assert "parent" not in post_of(document(), AUTHOR, MEDIA)


def test_how_a_picture_was_made_is_the_same_at_every_attempt() -> None:
    made = making_of(document(parent="p"), Illustrator())
    assert made == making_of(document(parent="p"), Illustrator())
    assert made == Making(
        id="g", source=DigitalSource.ALGORITHMIC, generator="illustrator", title=Illustrator.title, created_ms=1_000,
        prompt="a #fox", parents=("p",),
    )  # fmt: skip
    assert making_of(document(), Illustrator()).parents == ()


@pytest.mark.parametrize(
    ("source", "becomes"),
    [
        (DigitalSource.TRAINED, "compositeWithTrainedAlgorithmicMedia"),
        (DigitalSource.ALGORITHMIC, "composite"),
        (DigitalSource.EDITED, "compositeWithTrainedAlgorithmicMedia"),
        (DigitalSource.COMPOSITE, "composite"),
    ],
)
def test_a_picture_of_which_a_part_was_repainted_says_so(source: DigitalSource, becomes: str) -> None:
    """Terms of the IPTC's: edited with a trained model, or a composite of whatever elements."""

    class Engine(Illustrator):
        pass

    Engine.source = source
    masked = making_of(document(parent="p", canvas="c" * 64, mask="d" * 64), Engine())
    assert masked.source.uri == f"http://cv.iptc.org/newscodes/digitalsourcetype/{becomes}"
    assert masked.parents == ("p",)
    assert making_of(document(parent="p", canvas="c" * 64), Engine()).source is source


def test_the_prompt_of_a_picture_that_is_not_published_goes_into_no_file() -> None:
    assert making_of(document(publish=False), Illustrator()).prompt is None


def test_a_document_says_what_was_asked_beyond_the_usual_and_nothing_else() -> None:
    assert not {"priority", "deadline_s"} & set(document())
    asked = document(priority=3, deadline_s=60)
    assert (asked["priority"], asked["deadline_s"]) == (3, 60)


@pytest.mark.parametrize("value", [None, 0.5, 1, 604_800])
def test_a_deadline_may_be_any_time_up_to_a_week(value: float | None) -> None:
    assert check_deadline(value) == value


@pytest.mark.parametrize("value", [0, -1, 604_801, float("nan"), float("inf"), "1", True])
def test_a_deadline_out_of_bounds_is_refused(value: object) -> None:
    with pytest.raises(BadRequest, match="more than 0 and at most 604800"):
        check_deadline(value)


def test_how_long_a_step_takes_depends_on_the_generator_and_the_size() -> None:
    assert kind_of(document()) == "quick 262144"


def test_why_it_waits_again_is_told_while_it_waits() -> None:
    retry = {"attempt": 2, "attempts": 3, "code": "engine_lost", "message": "It was lost.", "after_s": 1.0}
    assert announce(document(), AUTHOR, State.QUEUED, retry=retry)["retry"] == retry
    assert "retry" not in announce(document(), AUTHOR, State.RUNNING, retry=retry)


def test_what_was_not_started_in_time_says_how_long_it_waited() -> None:
    ending = too_late(document(deadline_s=90))
    assert (ending.event, ending.stage, ending.code) == ("aborted", "queued", "deadline")
    assert "within 90 s" in ending.message
