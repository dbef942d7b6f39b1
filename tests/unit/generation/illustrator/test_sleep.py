"""Sleep: eyes that close, bodies that lie."""

from __future__ import annotations

import numpy as np
import pytest

from livefeed.generation.generators.illustrator import art
from livefeed.generation.generators.illustrator.asked import Pose, Subject
from livefeed.generation.generators.illustrator.casting import cast, labelled
from livefeed.generation.generators.illustrator.pixels import luminance
from livefeed.generation.generators.illustrator.sleep import EYES, asleep
from livefeed.generation.generators.illustrator.species import BIPEDS, COATS


@pytest.mark.parametrize("label", sorted(EYES))
def test_sleep_closes_the_eyes_and_changes_nothing_else(label: str):
    face = art.pixels(labelled(label).code)
    sleeping = asleep(face, label)
    height, width = face.shape[:2]
    changed = np.abs(sleeping - face).max(-1) > 0.02
    for x, y, wide, tall in EYES[label]:
        pupil = (
            slice(int((y - 0.5 * tall) * height), int(y * height)),
            slice(int((x - 0.4 * wide) * width), int(x * width)),
        )
        assert luminance(sleeping[..., :3])[pupil].mean() > luminance(face[..., :3])[pupil].mean() + 0.05
        top, left = max(0, int((y - 2 * tall) * height) - 8), max(0, int((x - 4 * wide) * width) - 8)
        changed[top : int((y + 3 * tall) * height) + 8, left : int((x + 4 * wide) * width) + 8] = False
    assert not changed.any()
    assert (sleeping[..., 3] == face[..., 3]).all()


def test_every_animal_with_a_coat_can_close_its_eyes():
    assert {coat.face for label, coat in COATS.items() if label not in BIPEDS} == set(EYES)


@pytest.mark.parametrize("label", ["koala", "cat", "fox", "lion", "frog"])
def test_who_sleeps_lies_low(label: str):
    picture = labelled(label)
    awake = Subject(picture.code, label, picture.kind)
    lying = cast(Subject(picture.code, label, picture.kind, pose=Pose.LYING), "lying")
    assert lying.width / lying.height > 1.3 * cast(awake, "sitting").width / cast(awake, "sitting").height
