"""The places a scene can be set in: one function each, which paints a Stage and says where subjects stand."""

from __future__ import annotations

from collections.abc import Callable

from ..asked import Asked
from ..stage import Stage
from . import cosmos, deep, inside, land, town, water, woods

Setting = Callable[[Stage, Asked], None]

SETTINGS: dict[str, Setting] = {
    "meadow": land.meadow,
    "hills": land.hills,
    "mountains": land.mountains,
    "snow": land.snow,
    "desert": land.desert,
    "forest": woods.forest,
    "sea": water.sea,
    "beach": water.beach,
    "lake": water.lake,
    "underwater": deep.underwater,
    "city": town.city,
    "space": cosmos.space,
    "moon": cosmos.lunar,
    "clouds": cosmos.clouds_above,
    "room": inside.room,
    "library": inside.reading_room,
    "table": inside.table,
}
