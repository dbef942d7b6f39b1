"""How a picture came to be, as its file and its post tell it. [pure]"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

_TERMS: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_TERM = re.compile(r"(?:https?://cv\.iptc\.org/newscodes/digitalsourcetype/|digsrctype:)([A-Za-z]{1,64})")


class DigitalSource(StrEnum):
    """What kind of machine makes a picture. Source: the IPTC's vocabulary "Digital Source Type"."""

    TRAINED = "trainedAlgorithmicMedia"
    """A model that learned from pictures."""
    ALGORITHMIC = "algorithmicMedia"
    """Rules alone: nothing was learned from anybody's pictures."""
    EDITED = "compositeWithTrainedAlgorithmicMedia"
    """A picture that was there, a part of it repainted by a model that learned from pictures."""
    COMPOSITE = "composite"
    """Several elements, any of which may have come of such a model or not."""

    @property
    def inpainted(self) -> DigitalSource:
        """What a picture becomes of which such a machine repaints a part; of the rest it is not known what it is."""
        trained = self in (DigitalSource.TRAINED, DigitalSource.EDITED)
        return DigitalSource.EDITED if trained else DigitalSource.COMPOSITE

    @property
    def uri(self) -> str:
        """What files say: the term's address."""
        return _TERMS + self.value


def digital_source_uri(text: str) -> str | None:
    """Return the address of a term of the vocabulary, however it was written, or None for anything else."""
    found = _TERM.fullmatch(text)
    return None if found is None else _TERMS + found[1]


def worded(prompt: str, style: str | None) -> str:
    """Return what a generator is told: the prompt with the style behind it, unless it says that already."""
    if not style or not prompt.strip() or style.lower() in prompt.lower():
        return prompt
    return f"{prompt.rstrip()}, {style}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """Who made a picture, when, and from what.

    id: of the generation, which is its post's too. generator, title: what programs and what people call it.
    created_ms: when it was asked for. prompt: what the generator was told, None unless the picture is for everybody.
    parents: ids of posts.
    """

    id: str
    source: DigitalSource
    generator: str
    title: str
    created_ms: int
    prompt: str | None = None
    parents: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return what a post keeps of it; the rest is the post's already."""
        return {
            "digital_source_type": self.source.uri,
            "generator": {"name": self.generator, "title": self.title},
        }
