"""What `livefeed doctor` hears from whoever calls on an engine. [pure]

Each adapter has a module `visit` with `async def visit(settings: Config) -> str`: one sentence about the engine as it
was found, without asking it for a picture. Raises: Unwell; EngineLost, ValueError or RuntimeError with a sentence.
"""

from __future__ import annotations

from urllib.parse import urlsplit


class Unwell(Exception):
    """The engine is there, and will not do. says: what is wrong. do: what the operator does about it."""

    def __init__(self, says: str, do: str) -> None:
        super().__init__(says)
        self.says = says
        self.do = do


def shown(url: str) -> str:
    """Return an address without user, password and query."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path.rstrip('/')}"


def listed(names: list[str], most: int = 5) -> str:
    """Return some names for a sentence, and that there are more."""
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
