"""Bodies: animals and people are whole in every stance, in their colours."""

from __future__ import annotations

import numpy as np
import pytest

from livefeed.generation.generators.illustrator.asked import Pose, Subject
from livefeed.generation.generators.illustrator.casting import bends, cast, labelled, limbs_of, stance_for, wings
from livefeed.generation.generators.illustrator.species import COATS, HEADS
from livefeed.generation.generators.illustrator.wholes import WATERLINES


def subject(label: str, **more: object) -> Subject:
    picture = labelled(label)
    return Subject(picture.code, picture.label, picture.kind, **more)  # type: ignore[arg-type]


def below(figure, name: str = "neck") -> float:
    """Return how much of a figure's picture lies below one of its points."""
    solid = figure.picture[..., 3] > 0.5
    return float(solid[round(figure.at(name)[1]) :].sum() / solid.sum())


@pytest.mark.parametrize("label", sorted(HEADS))
def test_what_the_art_shows_only_the_head_of_is_whole(label):
    """A body: at least a third of what is seen is below the head, and it reaches the ground with feet apart."""
    figure = cast(subject(label), stance_for(subject(label)))
    assert figure.picture[..., 3].max() > 0.95
    assert below(figure) > 0.30
    feet = figure.picture[int(figure.height * 0.96) :, :, 3].max(0) > 0.5
    assert np.count_nonzero(np.diff(feet.astype(int))) >= 1


@pytest.mark.parametrize("label", ["fox", "tiger", "cow", "mouse", "panda", "unicorn", "raccoon", "dog"])
def test_every_coat_can_stand_run_sit_and_lie(label):
    """On four legs it is wider than it sits; running it is wider than standing; lying it is lower."""
    stand, run, sit, lie = (cast(subject(label), stance) for stance in ("standing", "running", "sitting", "lying"))
    assert stand.width / stand.height > sit.width / sit.height
    assert run.width > stand.width - 8
    assert lie.height < stand.height
    for figure in (stand, run, sit, lie):
        assert {"head", "neck", "crown", "eyes"} <= set(figure.points)


@pytest.mark.parametrize("label", ["fox", "robot", "cook", "santa", "zombie", "person"])
@pytest.mark.parametrize("arms", ["down", "hold", "raised", "spread"])
def test_whoever_bends_stands_upright_with_two_hands(label, arms):
    """Hands are on the figure, in the middle when they hold, above the shoulder when raised."""
    figure = cast(subject(label), "upright", arms)
    if label in ("cook", "zombie") and arms == "down":
        return  # their pictures have hands of their own
    hand, other = figure.at("hand"), figure.at("other hand")
    assert figure.picture[int(hand[1]), int(hand[0]), 3] > 0.5
    if arms == "hold":
        assert abs(hand[0] - other[0]) < 0.55 * figure.width
    if arms == "raised":
        assert hand[1] < other[1]


def test_a_colour_turns_fur_and_face_alike():
    """A blue bear is blue on its head and on its belly's side."""
    plain, blue = cast(subject("bear"), "sitting"), cast(subject("bear", colour="blue"), "sitting")
    middle = round(blue.at("neck")[1])
    for part in (slice(0, middle), slice(middle, None)):
        before, after = (p.picture[part][p.picture[part][..., 3] > 0.9][:, :3].mean(0) for p in (plain, blue))
        assert after[2] > after[0] + 0.1
        assert before[0] > before[2]


def test_a_red_fox_stays_a_fox():
    """Colours an animal has by nature change little."""
    plain, red = cast(subject("fox"), "sitting").picture, cast(subject("fox", colour="red"), "sitting").picture
    green = cast(subject("fox", colour="green"), "sitting").picture
    assert np.abs(plain - red).mean() < 0.4 * np.abs(plain - green).mean()


@pytest.mark.parametrize(
    ("pose", "stance"),
    [
        (Pose.SITTING, "sitting"),
        (Pose.LYING, "lying"),
        (Pose.RUNNING, "running"),
        (Pose.DANCING, "upright"),
        (Pose.STANDING, "standing"),
    ],
)
def test_a_pose_chooses_the_stance(pose, stance):
    assert stance_for(subject("wolf", pose=pose)) == stance


def test_an_animal_in_dress_has_its_own_face_and_paws():
    cat = subject("cat", role=labelled("astronaut").code)
    figure, person = cast(cat, "upright"), cast(subject("astronaut"), "upright")
    x, y = (int(v) for v in figure.at("head"))
    around = (slice(y - 40, y + 40), slice(x - 40, x + 40))
    assert np.abs(figure.picture[around][..., :3] - person.picture[around][..., :3]).mean() > 0.08
    assert limbs_of(cat) is not None
    assert limbs_of(cat).hand == COATS["cat"].paws


@pytest.mark.parametrize("label", ["elephant", "owl", "lighthouse", "rose"])
def test_what_has_no_limbs_does_not_bend(label):
    assert not bends(subject(label))
    assert limbs_of(subject(label)) is None


@pytest.mark.parametrize("label", sorted(WATERLINES))
def test_boats_come_without_their_water(label):
    """The art's water is cut off: the lowest rows are no longer a band of blue from edge to edge."""
    figure = cast(subject(label))
    low = figure.picture[-6:]
    blue = (low[..., 2] > low[..., 0] + 0.25) & (low[..., 3] > 0.5)
    assert blue.mean() < 0.75


def test_wings_grow_from_their_root():
    pair = wings(300)
    x, y = pair.at("root")
    assert pair.width == 300
    assert pair.picture[int(y) - 4, int(x), 3] > 0.5
