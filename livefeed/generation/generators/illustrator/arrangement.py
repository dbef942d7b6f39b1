"""Arrangement: how two groups stand to each other on the stage: one template for each relation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from .asked import Relation
from .company import Block, Cast, airborne, draught, floats, standing
from .cutout import Cutout
from .groups import group, row
from .placing import Spot, limit


def beside_height(main: Block, block: Block, tall: float) -> float:
    """Return the height of another block beside a main one that is `tall`, true to their sizes, but not too much so."""
    ratio = (block.size / main.size) ** 0.62
    return float(tall * min(1.7, max(0.34, ratio)) * (1.0 if block.held == 1 else 1.1))


def _main(cast: Cast) -> Spot:
    """Return the spot of the main figure (of the nearest, if there are several)."""
    return max((spot for _, _, _, spot in cast.entries[: cast.main]), key=lambda spot: spot.height)


def _copies(cast: Cast, block: Block) -> list[Cutout]:
    return [group(cast.said, block.base, number + 1) for number in range(min(3, block.subject.count))]


def _in_air(block: Block) -> bool:
    return airborne(block.subject)


def beside(cast: Cast, main: Block, block: Block, number: int) -> None:
    """Beside: on the side the main one leaves free, the next on the other side."""
    stage = cast.stage
    random = stage.random(f"beside{block.base}")
    first = _main(cast)
    side = -1.0 if stage.lamp[0] < 0.5 else 1.0
    side = -side if number % 2 else side
    count = block.subject.count
    figures = _copies(cast, block)
    tall = beside_height(main, block, first.height) / (1.0 + 0.10 * (count - 1))
    room = (0.52 if block.size > 1.6 * main.size else 0.40) if number == 0 else 0.26
    tall = limit(stage, figures[0], tall, room / (1.0 + 0.5 * min(3, count - 1)))
    gap = (0.30 if number < 2 else 0.40) + (0.04 if count > 1 else 0.0)
    wide = tall * stage.unit * figures[0].width / figures[0].height / stage.width
    far = tall > 1.15 * first.height
    for place, index in zip(row(count, random), range(count), strict=True):
        x = 0.5 + side * (gap if first.x != 0.5 or count > 1 else gap + 0.02) + place.x * wide * 0.8
        x = min(stage.span[1], max(stage.span[0], x))
        mirrored = side < 0 if count == 1 else place.mirrored
        depth = min(1.0, place.depth + (0.5 if far else 0.12))
        spot = standing(stage, block.subject, tall * place.size, x, depth, _in_air(block), mirrored, random.random())
        if stage.water is None and stage.shallows is not None and floats(block.subject):
            spot = replace(spot, base=stage.shallows, shadow=False, sunk=draught(block.subject))
        cast.add(figures[index % len(figures)], spot)


def facing(cast: Cast, main: Block, block: Block, number: int) -> None:
    """Facing: at the same depth, turned to each other."""
    beside(cast, main, block, number)
    order, index, figure, spot = cast.entries[-1]
    first = _main(cast)
    cast.entries[-1] = (
        order,
        index,
        figure,
        replace(spot, base=first.base if spot.shadow else spot.base, mirrored=spot.x < first.x),
    )


def between(cast: Cast, main: Block, block: Block, number: int) -> None:
    """Between: one of the others on each side."""
    stage, first = cast.stage, _main(cast)
    figures = _copies(cast, block)
    wide = 0.42 if block.size > 1.5 * main.size else 0.30
    tall = limit(stage, figures[0], beside_height(main, block, first.height), wide)
    sides = [(-1.0 if number % 2 == 0 else 1.0)] if block.subject.count == 1 else [-1.0, 1.0]
    for side in sides:
        spot = standing(stage, block.subject, tall, 0.5 + side * 0.33, 0.2, _in_air(block), side < 0, 0.5)
        cast.add(figures[0 if side < 0 else -1], spot)


def among(cast: Cast, main: Block, block: Block, number: int) -> None:
    """Among: some behind, some at the sides, a few small ones before the feet."""
    stage, first = cast.stage, _main(cast)
    random = stage.random(f"among{block.base}")
    figures = _copies(cast, block)
    count = max(6, block.subject.count)
    tall = limit(stage, figures[0], 0.9 * beside_height(main, block, first.height), 0.26)
    for index in range(count):
        nearer = index % 3 == 2 and not stage.floating
        x = (index + 0.5 + 0.5 * (random.random() - 0.5)) / count
        if nearer and abs(x - first.x) < 0.16:
            x = first.x + (0.24 if x >= first.x else -0.24)
        depth = -0.25 if nearer else 0.25 + 0.65 * float(random.random())
        size = tall * (1.0 - 0.35 * max(0.0, depth)) * (0.62 if nearer else 1.0)
        spot = standing(stage, block.subject, size, x, depth, _in_air(block), random.random() < 0.5, random.random())
        cast.add(figures[index % len(figures)], spot)


def behind(cast: Cast, main: Block, block: Block, number: int) -> None:
    """Behind: the one behind stands farther back and higher, half hidden by the nearer one."""
    hidden_main = not block.inverse  # "main BEHIND block"
    stage, first = cast.stage, _main(cast)
    figure = _copies(cast, block)[0]
    tall = limit(stage, figure, beside_height(main, block, first.height), 0.62)
    if hidden_main:
        spot = standing(stage, block.subject, min(tall, first.height * 0.9), first.x + 0.10, -0.3, False, False, 0.5)
        cast.add(figure, spot, order=9.0)
    else:
        rise = max(tall, 0.92 * first.height)
        rise = limit(stage, figure, rise, 0.7)
        spot = standing(
            stage, block.subject, rise, first.x + (0.16 if first.x < 0.5 else -0.16), 0.85, _in_air(block), False, 0.5
        )
        cast.add(figure, spot, order=-1.0)


def before(cast: Cast, main: Block, block: Block, number: int) -> None:
    """Before (in front of): the other way round."""
    behind(cast, main, replace(block, inverse=not block.inverse), number)


def above(cast: Cast, main: Block, block: Block, number: int) -> None:
    """Over: whoever is over somebody hangs in the air above, the other stands below."""
    stage, first = cast.stage, _main(cast)
    figures = _copies(cast, block)
    if not block.inverse:  # the main one is in the air already
        room = (stage.ground - first.base - 0.03) * stage.height / stage.unit
        tall = min(room, max(0.24, 0.9 * beside_height(main, block, first.height)))
        tall = limit(stage, figures[0], max(0.16, tall), 0.60)
        for index, place in enumerate(row(block.subject.count, stage.random("over"))):
            x = first.x + place.x * 0.18
            cast.add(
                figures[index % len(figures)],
                standing(stage, block.subject, tall, x, 0.1 + place.depth, False, False, 0.5),
            )
        return
    hang(cast, main, block, figures)


def hang(cast: Cast, main: Block, block: Block, figures: list[Cutout]) -> None:
    """Hang a block in the air over the main one."""
    stage, first = cast.stage, _main(cast)
    head = first.base - first.height * stage.unit / stage.height
    tall = limit(stage, figures[0], min(0.36, max(0.14, beside_height(main, block, first.height))), 0.5)
    for index, place in enumerate(row(block.subject.count, stage.random("hang"))):
        span = tall * stage.unit / stage.height
        base = max(span + 0.02, head - 0.03 - 0.05 * place.depth)
        cast.add(
            figures[index % len(figures)],
            Spot(first.x + place.x * 0.17, base, tall, 0.05, place.mirrored, shadow=False),
            order=-2.0,
        )


def under(cast: Cast, main: Block, block: Block, number: int) -> None:
    """Under: beneath a tree, an arch, a mushroom; beneath something that flies."""
    stage, first = cast.stage, _main(cast)
    figure = _copies(cast, block)[0]
    if block.inverse:  # somebody small is under the main one
        tall = limit(stage, figure, min(0.5 * first.height, beside_height(main, block, first.height)), 0.3)
        cast.add(figure, standing(stage, block.subject, tall, first.x + 0.05, -0.15, False, False, 0.5), order=8.0)
        return
    if _in_air(block):
        hang(cast, main, block, [figure])
        return
    tall = 0.78 * stage.height / stage.unit if block.size > 1.5 else 1.75 * first.height
    roof = limit(stage, figure, tall, 0.80)
    shift = 0.13 if first.x < 0.5 else -0.13
    spot = standing(stage, block.subject, roof, first.x + shift, 0.22, False, False, 0.5)
    cast.add(figure, spot, order=-1.0)


Template = Callable[[Cast, Block, Block, int], None]
TEMPLATES: dict[Relation, Template] = {
    Relation.BESIDE: beside, Relation.FACING: facing, Relation.BETWEEN: between, Relation.AMONG: among,
    Relation.BEHIND: behind, Relation.BEFORE: before, Relation.OVER: above, Relation.UNDER: under,
}  # fmt: skip
"""How two groups stand to each other; what touches is put together in groups.py."""
