"""What the other parts of the house know about a picture."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

WIDTHS: Final = (256, 512, 1024)
"""The widths every picture is served in, smallest first."""

_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Media:
    """A stored picture: its name, its shape, and what stands in for it until it has loaded."""

    sha256: str
    """Of the stored original, in lower-case hexadecimal."""
    width: int
    """Of the stored original, in pixels, upright."""
    height: int
    thumbhash: str
    """Base64, about 25 bytes before encoding. Source: evanw.github.io/thumbhash."""
    palette: tuple[str, ...]
    """Six colours as #rrggbb, ordered by hue."""

    def as_dict(self) -> dict[str, object]:
        """Return the wire shape `media`."""
        return {
            "sha256": self.sha256,
            "width": self.width,
            "height": self.height,
            "thumbhash": self.thumbhash,
            "palette": list(self.palette),
        }


def is_sha256(text: str) -> bool:
    """Tell whether `text` can name a picture; nothing else ever becomes part of a path."""
    return _SHA256.fullmatch(text) is not None
