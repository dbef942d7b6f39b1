"""Staging: the main subject where the eye goes, everybody else around it."""

from __future__ import annotations

from .arrangement import TEMPLATES
from .asked import Relation, Understanding
from .casting import bends
from .company import Block, Cast, airborne, blocks_of, standing
from .cutout import Cutout
from .decor import decorate, vase_of
from .groups import group, row
from .habitats import CROWD
from .noise import Random
from .placing import Spot, beam, limit
from .rails import ENGINE, RAIL, steam, track
from .stage import Stage


def stand_subjects(stage: Stage, said: Understanding) -> None:
    """Place every subject of the prompt on the stage."""
    for subject in said.decor:
        decorate(stage, subject)
    arranged(stage, said).put()


def arranged(stage: Stage, said: Understanding) -> Cast:
    """Return who stands where: the main group first, then the others, each by the template of its relation."""
    cast = Cast(stage, said, [])
    if not said.subjects:
        return cast
    main, *others = blocks_of(said)
    if said.in_vase:
        figure = vase_of(said.subjects[0], stage.random("vase"))
        cast.add(figure, Spot(0.5, stage.ground, limit(stage, figure, 0.80, 0.62)))
        cast.main = 1
    else:
        place_main(cast, main, others)
    seen: dict[Relation, int] = {}
    for block in others:
        number = seen.get(block.relation, 0)
        seen[block.relation] = number + 1
        TEMPLATES[block.relation](cast, main, block, number)
    return cast


def main_height(stage: Stage, main: Block, others: list[Block]) -> float:
    """Return the height of the main block as a fraction of the shorter side: what is large is shown larger."""
    tall = (
        0.50 * min(1.35, max(0.84, main.size**0.32)) * (1.0 if main.held == 1 else 1.0 + 0.14 * min(3, main.held - 1))
    )
    if bends(main.subject) and main.held == 1:
        tall *= 1.10
    larger = max((block.size / main.size for block in others), default=1.0)
    if larger > 1.6:
        tall *= max(0.62, (1.6 / larger) ** 0.5)
    if main.held == 1 and main.subject.kind.startswith(("food", "drink", "dishware")):
        tall = 0.42 * main.subject.size
    return float(min(0.80, tall)) * stage.near


def place_main(cast: Cast, main: Block, others: list[Block]) -> None:
    """Put the main block where the eye goes: near the middle, away from the lamp; several in a row or in depth."""
    stage = cast.stage
    if main.subject.count >= CROWD:
        place_crowd(cast, main, others)
        return
    random = stage.random("main")
    count = main.subject.count
    tall = main_height(stage, main, others)
    sideways = _sideways(others)
    x = _middle(stage, main, others, random)
    if cast.said.great_wave:
        x, tall = (0.36 if stage.lamp[0] < 0.5 else 0.64), tall * 0.9
    low, high = stage.span
    widest = (high - low) * (0.96 if not sideways else 0.56 if count == 1 else 0.70)
    over = any(b.relation is Relation.OVER and not b.inverse for b in others)
    flying = airborne(main.subject) or stage.flying or over
    places = row(count, random)
    spread = max(p.x for p in places) - min(p.x for p in places)
    figures = [group(cast.said, main.base, number) for number in range(min(count, 3))]
    shape = sum(f.width / f.height for f in figures) / len(figures)
    if count > 1:
        tall *= 1.0 / (1.0 + 0.085 * (count - 1))
    apart = 1.10 if count == 2 and shape > 1.0 else 0.96 if main.held > 1 or count == 2 or shape > 0.9 else 0.74
    step = shape * tall * apart * stage.unit / stage.width
    if spread * step + shape * tall * stage.unit / stage.width > widest:
        fit = widest / (spread * step + shape * tall * stage.unit / stage.width)
        tall, step = tall * max(0.42, fit), step * fit
    if any(b.relation is Relation.BETWEEN for b in others):
        tall *= 0.84
    if over:
        tall = min(0.44, max(0.34, 0.8 * tall))
    for number, place in enumerate(places):
        figure = figures[number % len(figures)]
        height = limit(stage, figure, tall * (1.0 - 0.42 * place.depth) * place.size, widest)
        at = min(high, max(low, x + place.x * step * (1.0 - 0.2 * place.depth)))
        mirrored = place.mirrored if count > 1 else _turned(main, random.random() < 0.5, sideways, stage)
        spot = standing(stage, main.subject, height, at, place.depth, flying, mirrored, random.random())
        if count == 1:
            surround(stage, main, figure, spot)
        cast.add(figure, spot)
    cast.main = len(cast.entries)


def surround(stage: Stage, main: Block, figure: Cutout, spot: Spot) -> None:
    """Paint what belongs to the main subject where it stands: a lighthouse's beam, an engine's track and steam."""
    tall = spot.height * stage.unit / stage.height
    label = main.subject.label
    if label == "lighthouse" and (stage.light.dark > 0.2 or "fog" in stage.weather):
        beam(stage, spot.x, spot.base - 0.82 * tall)
    if label in RAIL and spot.shadow and stage.water is None:
        track(stage, spot.base)
    if label == ENGINE and stage.open_air and main.held == 1:
        wide = spot.height * stage.unit / stage.width * figure.width / figure.height
        way = -1.0 if spot.mirrored else 1.0
        steam(stage, spot.x - way * 0.41 * wide, spot.base - 0.96 * tall, 0.5 * spot.height, way)


def place_crowd(cast: Cast, main: Block, others: list[Block]) -> None:
    """Spread a crowd over all the ground there is: every rank in the gaps of the one before, smaller farther back."""
    stage, count, random = cast.stage, main.subject.count, cast.stage.random("main")
    figures = [group(cast.said, main.base, number) for number in range(3)]
    shape = sum(f.width / f.height for f in figures) / len(figures)
    ranks = 2 if count <= 8 else 3 if count <= 15 else 4
    abreast = -(-count // ranks)
    low, high = stage.span
    if _sideways(others):  # who stands beside them does so away from the lamp's side
        low, high = (low + 0.32, high) if stage.lamp[0] < 0.5 else (low, high - 0.32)
    aspect = stage.unit / stage.width
    tall = main_height(stage, main, others) / (1.0 + 0.035 * count)
    tall = min(tall, (high - low) / aspect / (1.14 * shape * (0.80 * (abreast - 0.5) + 1.0)))
    flying = airborne(main.subject) or stage.flying
    reach = 2.6 if flying else 1.7 if stage.water is not None else 1.0
    for index in range(count):
        rank, position = divmod(index, abreast)
        here = min(abreast, count - rank * abreast)
        depth = 1.5 * rank / (ranks - 1) - 0.5
        height = tall * (1.0 - 0.28 * depth) * (1.0 - 0.08 * float(random.random()))
        wide = height * shape * aspect
        first = 0.5 * (rank % 2) if here == abreast else 0.5 * (abreast - here) + 0.25
        across = (position + first) / (abreast - 0.5)
        x = low + 0.5 * wide + across * (high - low - wide) + 0.06 * wide * float(random.normal())
        mirrored = bool(random.random() < 0.3)
        spot = standing(stage, main.subject, height, x, depth * reach, flying, mirrored, float(random.random()))
        cast.add(figures[index % 3], spot)
    cast.main = len(cast.entries)


def _sideways(others: list[Block]) -> list[Block]:
    return [block for block in others if block.relation in (Relation.BESIDE, Relation.FACING)]


def _middle(stage: Stage, main: Block, others: list[Block], random: Random) -> float:
    """Return the main figure's place across: away from the lamp, and from who stands beside it."""
    sideways, aside = _sideways(others), 0.0
    if sideways:
        aside = 0.15 if len(sideways) == 1 else 0.0
    elif not any(b.relation in (Relation.BETWEEN, Relation.AMONG) for b in others) and main.subject.count == 1:
        aside = 0.02 + 0.05 * float(random.random())
    return 0.5 + (aside if stage.lamp[0] < 0.5 else -aside)


def _turned(main: Block, free: bool, sideways: list[Block], stage: Stage) -> bool:
    """Return whether the main figure (the art looks to the left) is mirrored: towards the other, else as it likes."""
    if sideways:
        return stage.lamp[0] >= 0.5
    return free and main.held == 1
