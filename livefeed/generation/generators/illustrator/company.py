"""Company: who comes on stage together, and where somebody of some size can stand, float or fly."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .asked import ALOFT, Pose, Relation, Subject, Understanding
from .cutout import Cutout
from .groups import base_of, members
from .placing import Spot, put
from .sizes import size_of
from .stage import Stage

AIRBORNE = frozenset(
    ["rocket", "airplane", "helicopter", "dove", "eagle", "bat", "butterfly", "honeybee", "kite", "balloon",
     "parachute", "flying saucer", "satellite", "comet", "ringed planet", "star", "glowing star", "fairy", "ghost",
     "fly", "mosquito", "feather", "cloud", "snowflake", "red heart", "lady beetle", "airplane departure",
     "hot air balloon", "person in suit levitating", "sparkles", "globe showing Europe-Africa", "wing",
     "musical note", "musical notes", "bubbles", "aerial tramway", "suspension railway", "mountain cableway", "broom",
     "crescent moon", "full moon", "sun"]
)  # fmt: skip
AFLOAT = frozenset(
    ["duck", "swan", "goose", "person rowing boat", "woman rowing boat", "person swimming", "woman swimming",
     "person surfing", "woman surfing", "surfboard", "ring buoy", "water wave", "merperson", "merman", "mermaid",
     "otter", "seal", "lotus"]
)  # fmt: skip

BESIDES = (Relation.BESIDE, Relation.FACING, Relation.BETWEEN, Relation.AMONG, Relation.BEHIND, Relation.BEFORE,
           Relation.OVER, Relation.UNDER)  # fmt: skip


def floats(subject: Subject) -> bool:
    """True for what is at home on or in the water."""
    return (
        subject.kind in ("transport-water", "animal-marine") or subject.label in AFLOAT or subject.pose is Pose.SWIMMING
    )


def airborne(subject: Subject) -> bool:
    """True for what is at home in the air."""
    return subject.label in AIRBORNE or subject.pose in ALOFT


@dataclass(frozen=True, slots=True)
class Block:
    """A group to be placed: its base in the prompt, what of it comes how often, and how it stands to the main block.

    relation is read as "the main block RELATION this one", or the other way round when `inverse`.
    """

    base: int
    subject: Subject
    held: int
    size: float
    relation: Relation = Relation.BESIDE
    inverse: bool = False


def blocks_of(said: Understanding) -> list[Block]:
    """Return the groups of a prompt, that of the main subject first."""
    placed: set[int] = set()
    blocks: list[Block] = []
    main: frozenset[int] = frozenset()
    for index in range(len(said.subjects)):
        if index in placed:
            continue
        base = base_of(said, index)
        together = members(said, base)
        placed |= together
        size = max(size_of(said.subjects[i]) for i in together if i == base or base_of(said, i) == base)
        block = Block(base, said.subjects[base], len(together), size)
        if not blocks:
            main = together
        else:
            for link in said.links:
                if link.relation in BESIDES and link.subject in main and link.object in together:
                    block = replace(block, relation=link.relation)
                elif link.relation in BESIDES and link.object in main and link.subject in together:
                    block = replace(block, relation=link.relation, inverse=True)
        blocks.append(block)
    return blocks


@dataclass(slots=True)
class Cast:
    """Everybody who is to be put on the stage, and in which order; the first `main` of them are the main subject."""

    stage: Stage
    said: Understanding
    entries: list[tuple[float, int, Cutout, Spot]]
    main: int = 1

    def add(self, figure: Cutout, spot: Spot, order: float | None = None) -> None:
        """Add one figure, kept within the frame; order: who has less is painted first (if not given: its foot)."""
        half = 0.44 * spot.height * self.stage.unit * figure.width / figure.height / self.stage.width
        spot = replace(spot, x=min(1 - half, max(half, spot.x)) if half < 0.5 else 0.5)
        self.entries.append((spot.base if order is None else order, len(self.entries), figure, spot))

    def put(self) -> None:
        """Paint everybody, the farthest first."""
        for _, _, figure, spot in sorted(self.entries, key=lambda entry: entry[:2]):
            put(self.stage, figure, spot)


def standing(
    stage: Stage, subject: Subject, tall: float, x: float, depth: float, flying: bool, mirrored: bool, chance: float
) -> Spot:
    """Return the spot of somebody `tall` at x: on the ground, in the water or in the air, as the stage and it allow."""
    span = tall * stage.unit / stage.height
    if stage.floating:
        drift = (chance - 0.5) * 0.10 if depth else 0.0
        base = min(0.90, stage.ground + span * 0.42 - 0.30 * depth + drift)
        return Spot(x, base, tall, 0.02 + 0.3 * depth, mirrored, shadow=False)
    if flying:
        base = min(stage.ground - 0.06, stage.air - 0.04 + span * 0.5 + 0.10 * (chance - 0.5) - 0.10 * depth)
        base = max(base, span + 0.03)
        return Spot(x, base, tall, 0.02 + 0.2 * depth, mirrored, shadow=False)
    if stage.water is not None:
        line = stage.water - 0.09 * depth
        sunk = draught(subject)
        return Spot(
            x, line - (0.0 if sunk > 0.02 else 0.015), tall, 0.02 + 0.3 * depth, mirrored, shadow=False, sunk=sunk
        )
    rise = (stage.ground - stage.back) * depth
    if depth > 0:  # enough to be seen over those before, as far back as there is ground
        rise = min(max(rise, 0.9 * span * depth), stage.ground - stage.back + 0.05)
    base = stage.ground + 0.012 - rise
    if subject.kind.startswith("place"):
        base -= 0.02
    lift = 0.09 if subject.pose is Pose.JUMPING else 0.0
    return Spot(x, base, tall, 0.02 + 0.3 * depth, mirrored, lift=lift)


def draught(subject: Subject) -> float:
    """Return the share of a subject that is under water when it floats."""
    if subject.kind == "transport-water":
        return 0.05
    if subject.kind == "animal-marine":
        return 0.20
    if subject.label == "surfboard":
        return 0.005
    if subject.label in ("duck", "swan", "goose", "ring buoy", "lotus"):
        return 0.10
    if subject.kind == "person-sport":
        return 0.12
    return 0.42
