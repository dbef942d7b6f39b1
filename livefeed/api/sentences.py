"""What the server says in the HTML of a page, in one of the languages of the page. [pure]

They are written beside the page's own words (web/words/, the section `head`) and built with them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from livefeed.api.languages import RIGHT_TO_LEFT

_PLACE = re.compile(r"\{(\w+)\}")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
ISOLATE, END = "\u2068", "\u2069"
"""First-strong isolate and its end: what stands between does not turn the sentence around it."""


@dataclass(frozen=True, slots=True)
class Sentences:
    """Call it with a sentence's name, without `head.`, and its values."""

    language: str
    said: Mapping[str, str]

    def __call__(self, name: str, /, **values: str) -> str:
        """Return a sentence with its values in place. Raises: KeyError for one that there is not."""
        return _PLACE.sub(lambda place: self._shown(values[place[1]]), self.said[f"head.{name}"])

    def _shown(self, value: str) -> str:
        turns = self.language in RIGHT_TO_LEFT and _LATIN.search(value)
        return f"{ISOLATE}{value}{END}" if turns else value
