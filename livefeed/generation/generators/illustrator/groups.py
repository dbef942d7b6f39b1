"""Groups: subjects that touch each other as one picture, put together by a template for every relation.

A group is everything that hangs together by riding, standing on, being inside, holding, reading and wearing. Relations
between groups (beside, over, under, ...) are a matter of the stage, see staging.py.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from .animals import Arms
from .asked import Pose, Relation, Subject, Understanding
from .attire import AIRY, CLOTHES, FOOTWEAR, grasp, hold_up, worn
from .casting import STAND_INS, Stance, bends, cast, coat_of, limbs_of, stance_for, wings
from .cutout import Cutout, Layer, assembled
from .mounts import Way, mount_of, prepared
from .noise import Random
from .rails import ENGINE, coupled
from .riding import Rider, carried
from .sizes import size_of

CARRIED = (Relation.RIDING, Relation.ON, Relation.INSIDE)
TOUCHING = (*CARRIED, Relation.HOLDING, Relation.READING, Relation.WEARING)
MOST = 3
"""How many of one subject share a mount."""


def base_of(said: Understanding, index: int) -> int:
    """Return what carries a subject in the end: the dog under the cat under the mouse."""
    seen = {index}
    while True:
        carriers = [link.object for link in said.links if link.subject == index and link.relation in CARRIED]
        if not carriers or carriers[0] in seen:
            return index
        index = carriers[0]
        seen.add(index)


def members(said: Understanding, base: int) -> frozenset[int]:
    """Return every subject that hangs together with a base, itself included: who is on it, what those hold and wear.

    Friends who hold the same thing do not hang together by it: each is drawn with one.
    """
    found = {base}
    grown = True
    while grown:
        before = len(found)
        for link in said.links:
            shelter = link.relation is Relation.UNDER and sheltering(said, link.object)
            if link.subject in found and (link.relation in TOUCHING or shelter):
                found.add(link.object)
            if link.object in found and link.relation in CARRIED:
                found.add(link.subject)
        grown = len(found) > before
    return frozenset(found)


def sheltering(said: Understanding, index: int) -> bool:
    """True for what is held over the head when somebody is under it."""
    return "umbrella" in said.subjects[index].label


def group(said: Understanding, base: int, variety: int = 0) -> Cutout:
    """Return a base with all that it carries, holds and wears. Each subject of it is shown at most MOST times."""
    return _built(said, base, variety, frozenset())


def _built(said: Understanding, index: int, variety: int, above: frozenset[int]) -> Cutout:
    """Return one subject with what it wears and holds, and with whom it carries."""
    subject = said.subjects[index]
    above |= {index}
    riding = [
        link for link in said.links if link.object == index and link.relation in CARRIED and link.subject not in above
    ]
    thing = individual(said, index, "natural" if riding else None, variety)
    if not riding:
        return coupled(thing) if subject.label == ENGINE and subject.count == 1 else thing
    way: Way | None = (
        "hull" if riding[0].relation is Relation.INSIDE else "top" if riding[0].relation is Relation.ON else None
    )
    mount = mount_of(subject.label, subject.kind, thing, way)
    if subject.kind.startswith(("animal", "plant", "food", "place", "sky")):
        rider = size_of(said.subjects[riding[0].subject])
        mount = replace(mount, scale=mount.scale * min(1.0, max(0.56, (rider / (0.8 * size_of(subject))) ** 0.5)))
    elif not bends(first := said.subjects[riding[0].subject]) and not first.kind.startswith(("animal", "person")):
        mount = replace(mount, scale=mount.scale * min(1.0, max(0.30, 0.9 * size_of(first) / size_of(subject))))
    ready = prepared(thing, mount)
    riders: list[Rider] = []
    for link in riding:
        riders += [_rider(said, link.subject, mount.way, variety, above)] * min(MOST, said.subjects[link.subject].count)
    return carried(riders[:MOST], ready, mount)


def _rider(said: Understanding, index: int, way: Way, variety: int, above: frozenset[int]) -> Rider:
    """Return a subject as it sits in the saddle, stands in the hull or on the board."""
    subject = said.subjects[index]
    carries = any(
        link.object == index and link.relation in CARRIED and link.subject not in above for link in said.links
    )
    if carries or not bends(subject):
        return Rider(_built(said, index, variety, above), None)
    match way:
        case "saddle":
            stance: Stance = "upper"
        case "top":
            stance = "lying" if subject.pose is Pose.LYING and coat_of(subject) else "sitting"
        case _:
            stance = "upright"
    body = individual(said, index, stance, variety, "spread" if way == "board" else "down")
    return Rider(body, limbs_of(subject) if way in ("saddle", "hull") else None)


def individual(said: Understanding, index: int, stance: Stance | None, variety: int = 0, free: Arms = "down") -> Cutout:
    """Return one subject in a stance (None: as its pose and what it holds ask for) with what it wears and holds.

    free: what its arms do when they hold nothing.
    """
    subject = said.subjects[index]
    attached = [
        (link.relation, said.subjects[link.object], link.object) for link in said.links if link.subject == index
    ]
    worn_things = [s for r, s, _ in attached if r is Relation.WEARING]
    held_things = [s for r, s, _ in attached if r is Relation.HOLDING]
    read_things = [s for r, s, _ in attached if r is Relation.READING]
    shelters = [s for r, s, at in attached if r is Relation.UNDER and sheltering(said, at)]
    aloft = [s for s in held_things if s.label in AIRY] + shelters
    grasped = [s for s in held_things if s.label not in AIRY]
    arms: Arms = "hold" if grasped or read_things else "raised" if aloft else free
    if subject.pose is Pose.DANCING:
        arms = "spread" if arms == free else arms
    if stance is None or (stance == "natural" and (grasped or read_things or aloft or worn_things)):
        stance = _stance(subject, bool(grasped or read_things or aloft), worn_things, variety)
    plain = replace(subject, count=1, size=1.0)
    body = cast(plain, stance, arms if stance == "upright" else "down")
    if subject.pose is Pose.FLYING and stance not in ("upper",):
        body = winged(subject, body)
    for thing in worn_things:
        body = worn(body, thing)
    for thing in read_things:
        body = grasp(body, cast(replace(thing, count=1)), "book")
    for thing in grasped:
        body = grasp(body, cast(replace(thing, count=1)), thing.label, thing.kind)
    for thing in aloft:
        body = hold_up(body, cast(replace(thing, count=1)), thing.label, thing.count)
    return body


def _stance(subject: Subject, hands: bool, clothes: list[Subject], variety: int) -> Stance:
    dressed = any(thing.label in CLOTHES | FOOTWEAR for thing in clothes)
    if bends(subject) and (hands or dressed) and subject.label not in STAND_INS:
        return "upright"
    coat = coat_of(subject)
    if coat is not None and coat.profile and clothes:
        return "standing"
    if coat is not None and clothes and subject.pose is None:
        return "sitting" if variety % 2 == 0 else "upright"
    return stance_for(subject, variety)


FLYERS = ("bird", "dove", "eagle", "bat", "butterfly", "honeybee", "owl", "duck", "swan", "goose", "parrot", "dragon",
          "fairy", "ghost", "fly", "mosquito", "lady beetle", "flamingo", "black bird", "genie", "genie woman",
          "beetle", "cricket", "rooster", "turkey", "peacock", "baby chick", "mage", "wizard", "witch")  # fmt: skip


def winged(subject: Subject, body: Cutout) -> Cutout:
    """Give wings to an animal that has none and is to fly; the others are only turned a little."""
    if (
        not subject.kind.startswith("animal")
        or subject.label in FLYERS
        or subject.kind in ("animal-bug", "animal-bird")
    ):
        return body
    pair = wings(0.72 * body.width)
    root = pair.at("root")
    x, y = body.at("back", 0.56, 0.34)
    layers: list[Layer] = [(body.picture, 0.0, 0.0), (pair.picture, x - root[0], y + 0.06 * body.height - root[1])]
    return replace(assembled(layers, body.points, body.head, body.grip).turned(-7), grip=body.grip)


@dataclass(frozen=True, slots=True)
class Placed:
    """One of several in a row: how far from the middle and back (in its own widths), and how it differs."""

    x: float
    depth: float
    mirrored: bool
    size: float


def row(count: int, random: Random) -> list[Placed]:
    """Return the places of a group of the same, back to front: two face each other, many stand in depth."""
    if count == 1:
        return [Placed(0.0, 0.0, False, 1.0)]
    places = []
    ranks = 1 if count <= 3 else 2 if count <= 6 else 3
    per_rank = -(-count // ranks)
    for index in range(count):
        rank, position = divmod(index, per_rank)
        here = min(per_rank, count - rank * per_rank)
        gap = (
            (0.5 if here % 2 == per_rank % 2 else 0.0, 0.25)[rank - 1] if rank else 0.0
        )  # to be seen between the others
        offset = position - (here - 1) / 2 + gap
        jitter = 0.10 * float(random.normal())
        depth = (
            rank / max(1, ranks)
            + 0.10 * float(random.random()) * (ranks > 1)
            + (0.06 * (position % 2) if ranks == 1 else 0)
        )
        mirrored = offset < 0 if count == 2 else bool(random.random() < 0.5)
        places.append(Placed(offset + jitter, depth, mirrored, 1.0 - 0.06 * float(random.random())))
    return sorted(places, key=lambda place: -place.depth)
