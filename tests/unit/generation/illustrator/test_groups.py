"""Groups: riding, standing on, being inside, holding, reading, wearing: one template each."""

from __future__ import annotations

import numpy as np
import pytest

from livefeed.generation.generators.illustrator.asked import Link, Relation, Subject, Understanding
from livefeed.generation.generators.illustrator.casting import cast, labelled
from livefeed.generation.generators.illustrator.cutout import Cutout
from livefeed.generation.generators.illustrator.groups import base_of, group, members, row
from livefeed.generation.generators.illustrator.mounts import MOUNTS


def said(
    *labels: str, links: tuple[tuple[int, Relation, int], ...] = (), counts: tuple[int, ...] = ()
) -> Understanding:
    """Return a plan of subjects by label."""
    pictures = [labelled(label) for label in labels]
    numbers = [*counts, *([1] * len(labels))]
    subjects = [Subject(p.code, p.label, p.kind, count=n) for p, n in zip(pictures, numbers, strict=False)]
    return Understanding((), tuple(subjects), tuple(Link(*link) for link in links))


def pair(one: str, relation: Relation, other: str, count: int = 1) -> Understanding:
    return said(one, other, links=((0, relation, 1),), counts=(count,))


def shown(plan: Understanding) -> Cutout:
    return group(plan, base_of(plan, 0))


def like(figure: Cutout, colour: tuple[float, float, float], near: float = 0.16) -> float:
    """Return how many pixels of a figure have about a colour."""
    solid = figure.picture[figure.picture[..., 3] > 0.9][:, :3]
    return float((np.abs(solid - np.float32(colour)).max(1) < near).sum())


ORANGE = (0.96, 0.48, 0.14)


CARRIERS = {
    Relation.RIDING: ["bicycle", "horse", "rocket", "broom", "sailboat", "taxi", "surfboard", "kick scooter",
                      "hot air balloon", "elephant"],
    Relation.ON: ["chair", "mushroom", "house", "rock", "taxi"],
    Relation.INSIDE: ["bucket", "basket", "chair", "rock"],
}  # fmt: skip


@pytest.mark.parametrize(("relation", "label"), [(r, label) for r, labels in CARRIERS.items() for label in labels])
def test_a_fox_can_ride_sit_on_and_be_in_everything_that_carries(relation, label):
    """The fox is seen, and so is what carries it; its face is above the middle of the whole."""
    together = shown(pair("fox", relation, label))
    assert like(together, ORANGE) > 300
    assert together.head > 0
    assert together.at("head")[1] < (0.8 if label == "hot air balloon" else 0.62) * together.height
    low = together.picture[-max(8, together.height // 8) :]
    assert (low[..., 3] > 0.5).any()


def test_every_mount_has_its_seat_on_its_picture():
    """Seats, bars and pedals are fractions; what is ridden astride has somewhere for the feet."""
    for label, mount in MOUNTS.items():
        assert 0 <= mount.seat[0] <= 1, label
        assert 0 <= mount.seat[1] <= 1, label
        assert 0.3 < mount.wide < 2, label
        if mount.way == "saddle":
            assert mount.hands is not None, label
            assert mount.foot is not None, label
            assert mount.foot[1] > mount.seat[1], label


def test_a_rider_has_hands_at_the_bar_and_feet_at_the_pedals():
    """Fur is found at the handlebar and at the pedals of the bicycle, before the frame."""
    alone, ridden = (
        cast(pair("fox", Relation.RIDING, "bicycle").subjects[1]),
        shown(pair("fox", Relation.RIDING, "bicycle")),
    )
    assert ridden.height > 1.4 * ridden.width * alone.height / alone.width
    top = ridden.height - ridden.width * alone.height / alone.width
    dark = np.float32((0.30, 0.20, 0.22))
    for x, y in ((0.33, 0.06), (0.56, 0.82)):
        column, line = int(x * ridden.width), int(top + y * (ridden.height - top))
        part = ridden.picture[max(0, line - 40) : line + 40, max(0, column - 50) : column + 50]
        paws = (np.abs(part[..., :3] - dark).max(-1) < 0.16) & (part[..., 3] > 0.9)
        assert paws.sum() > 40, (x, y)


def test_two_riders_share_a_mount_and_a_crowd_does_not():
    one, two, many = (shown(pair("fox", Relation.RIDING, "bicycle", count)) for count in (1, 2, 9))
    assert like(two, ORANGE) > 1.4 * like(one, ORANGE)
    assert like(many, ORANGE) < 4 * like(one, ORANGE)


def test_what_is_inside_is_hidden_by_the_nearer_side():
    """A fox in a bucket shows its face, not its feet."""
    inside = shown(pair("fox", Relation.INSIDE, "bucket"))
    low = Cutout(inside.picture[int(0.72 * inside.height) :])
    assert like(low, ORANGE) < 0.02 * like(inside, ORANGE)


def test_towers_stand_in_their_order():
    """A mouse on a cat on a dog: the dog carries everybody; the tower is higher than the pair."""
    tower = said("mouse", "cat", "dog", links=((0, Relation.ON, 1), (1, Relation.ON, 2)))
    assert base_of(tower, 0) == 2
    assert members(tower, 2) == {0, 1, 2}
    high, dog = shown(tower), cast(tower.subjects[2])
    assert high.height / high.width > 1.1 * dog.height / dog.width
    assert high.at("head")[1] < 0.3 * high.height


def test_rings_of_carriers_end():
    """A cat on a dog on the same cat is drawn all the same."""
    ring = said("cat", "dog", links=((0, Relation.ON, 1), (1, Relation.ON, 0)))
    assert shown(ring).height > 10


def test_friends_on_one_mount_sit_there_together():
    both = said(
        "cat", "dog", "bicycle", links=((0, Relation.BESIDE, 1), (0, Relation.RIDING, 2), (1, Relation.RIDING, 2))
    )
    assert members(both, 2) == {0, 1, 2}
    assert like(shown(both), (0.99, 0.72, 0.2)) > 100


@pytest.mark.parametrize("hat", ["crown", "top hat", "woman’s hat"])
@pytest.mark.parametrize("who", ["fox", "rabbit", "elephant", "person"])
def test_hats_sit_on_heads(hat, who):
    """The figure grows upwards, or the hat is where the head was."""
    bare, hatted = cast(pair(who, Relation.WEARING, hat).subjects[0]), shown(pair(who, Relation.WEARING, hat))
    thing = cast(pair(who, Relation.WEARING, hat).subjects[1])
    colour = np.median(thing.picture[thing.picture[..., 3] > 0.95][:, :3], axis=0)
    upper = Cutout(hatted.picture[: int(0.5 * hatted.height)])
    assert like(upper, tuple(colour), 0.2) > 0.5 * like(hatted, tuple(colour), 0.2)
    assert bare.picture.shape != hatted.picture.shape or not np.array_equal(bare.picture, hatted.picture)


def test_a_scarf_lies_at_the_neck():
    scarfed = shown(pair("penguin", Relation.WEARING, "scarf"))
    rows = np.nonzero(
        ((scarfed.picture[..., 0] > 0.7) & (scarfed.picture[..., 2] < 0.3) & (scarfed.picture[..., 1] < 0.25)).any(1)
    )[0]
    assert 0.25 * scarfed.height < rows.mean() < 0.75 * scarfed.height


@pytest.mark.parametrize("thing", ["guitar", "pizza", "red apple", "open book", "teddy bear"])
def test_hands_close_around_what_they_hold(thing):
    """Both paws are seen in front of the thing."""
    relation = Relation.READING if thing == "open book" else Relation.HOLDING
    holding = shown(pair("raccoon", relation, thing))
    for name in ("hand", "other hand"):
        x, y = (int(v) for v in holding.at(name))
        assert np.abs(holding.picture[y, x, :3] - np.float32((0.25, 0.23, 0.28))).max() < 0.2


@pytest.mark.parametrize("thing", ["balloon", "kite", "umbrella"])
def test_what_flies_or_shelters_is_held_up(thing):
    """It is higher than the head."""
    relation = Relation.UNDER if thing == "umbrella" else Relation.HOLDING
    plain, held = cast(pair("bear", relation, thing).subjects[0], "upright"), shown(pair("bear", relation, thing))
    assert held.at("head")[1] / held.height > plain.at("head")[1] / plain.height


def test_a_row_of_two_face_each_other_and_many_stand_in_depth():
    random = np.random.default_rng(5)
    two, many = row(2, random), row(9, random)
    left, right = sorted(two, key=lambda place: place.x)
    assert (left.mirrored, right.mirrored) == (True, False)
    assert len({round(place.depth, 1) for place in many}) >= 3
    assert [place.depth for place in many] == sorted((place.depth for place in many), reverse=True)
    assert row(1, random)[0].x == 0
