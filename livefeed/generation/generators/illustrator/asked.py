"""What a prompt asks for: subjects, how they stand to each other, and where, when, in which weather and style."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .pixels import Colour


class Relation(StrEnum):
    """How one subject stands to another: "fox RIDING bicycle"."""

    RIDING = "riding"
    HOLDING = "holding"
    READING = "reading"
    WEARING = "wearing"
    ON = "on"
    UNDER = "under"
    OVER = "over"
    INSIDE = "inside"
    BESIDE = "beside"
    BEHIND = "behind"
    BEFORE = "before"
    FACING = "facing"
    BETWEEN = "between"
    AMONG = "among"


class Pose(StrEnum):
    """What a subject does with its body; LYING is sleeping too, FLOATING is in the air without wings."""

    STANDING = "standing"
    SITTING = "sitting"
    LYING = "lying"
    WALKING = "walking"
    RUNNING = "running"
    JUMPING = "jumping"
    FLYING = "flying"
    FLOATING = "floating"
    SWIMMING = "swimming"
    DANCING = "dancing"


ALOFT = (Pose.FLYING, Pose.FLOATING)


@dataclass(frozen=True, slots=True)
class Subject:
    """A noun to draw: which picture, how many, in which colour, size and pose.

    code, label, kind: of its picture in the art's index; count: 1 to 24; colour: a name in lexicon.COLOURS or
    lexicon.MATERIALS; role: the code of a person's picture whose dress it wears ("astronaut cat").
    """

    code: str
    label: str
    kind: str
    count: int = 1
    colour: str | None = None
    size: float = 1.0
    role: str | None = None
    pose: Pose | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """One relation between two subjects, each an index into those of an Understanding."""

    subject: int
    relation: Relation
    object: int


@dataclass(frozen=True, slots=True)
class Understanding:
    """What was read in a prompt; `setting`, `light` or `style` is None when no word says it.

    subjects: the first is the main one; decor: what grows all over the place ("a city of coral");
    over_setting: the main subject is in the air above the place ("a whale over the city"); bridged: a bridge leads
    over the place, and there the main subject is ("a train on a bridge in a canyon").
    """

    words: tuple[str, ...]
    subjects: tuple[Subject, ...] = ()
    links: tuple[Link, ...] = ()
    decor: tuple[Subject, ...] = ()
    setting: str | None = None
    light: str | None = None
    weather: frozenset[str] = frozenset()
    style: str | None = None
    lamps: frozenset[str] = frozenset()
    moons: int = 0
    suns: int = 0
    material: str | None = None
    great_wave: bool = False
    over_setting: bool = False
    in_vase: bool = False
    bridged: bool = False

    @property
    def flying(self) -> bool:
        """True when the main subject is in the air."""
        above = any(link.subject == 0 and link.relation is Relation.OVER for link in self.links)
        return self.over_setting or above or bool(self.subjects and self.subjects[0].pose in ALOFT)

    @property
    def abstract(self) -> bool:
        """True when nothing that can be drawn was recognised."""
        sky = self.light or self.weather or self.moons or self.suns
        return not (self.subjects or self.decor or self.setting or sky)

    def attached(self, subject: int) -> tuple[tuple[Relation, Subject], ...]:
        """Return what a subject (its index) rides, holds, wears or stands to otherwise, in the order it was said."""
        return tuple((link.relation, self.subjects[link.object]) for link in self.links if link.subject == subject)


@dataclass(frozen=True, slots=True)
class Asked:
    """Moons and suns to hang, the colour a place is made of, a giant wave, lamps lit.

    floats: whether the main subject does; None when there is none, so that a place shows its best view.
    shown: the labels of the subjects; embodied: the place itself is the subject ("a castle").
    """

    moons: int = 0
    suns: int = 0
    crescent: bool = False
    material: Colour | None = None
    great_wave: bool = False
    floats: bool | None = False
    lamps: frozenset[str] = frozenset()
    shown: frozenset[str] = frozenset()
    embodied: bool = False
