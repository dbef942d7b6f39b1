"""What of a prompt matters to the place a scene is set in."""

from __future__ import annotations

from dataclasses import dataclass

from .pixels import Colour


@dataclass(frozen=True, slots=True)
class Asked:
    """Moons and suns to hang, the colour a place is made of, a giant wave, subjects that float, lamps lit."""

    moons: int = 0
    suns: int = 0
    crescent: bool = False
    material: Colour | None = None
    great_wave: bool = False
    floats: bool = False
    lamps: frozenset[str] = frozenset()
