"""Lua scripts as values: their text and the digest the store knows them by."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Script:
    """A Lua script, run by digest. changes: it commits something, which replicas may be waited for."""

    text: str
    changes: bool = False
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "digest", hashlib.sha1(self.text.encode(), usedforsecurity=False).hexdigest())


def source(package: str, name: str) -> str:
    """Return the text of `scripts/<name>.lua` in `package`."""
    return files(package).joinpath("scripts", f"{name}.lua").read_text(encoding="utf-8")


ROWS = source(__package__, "rows")
"""Lua that defines `rows_before`: a page of a sorted set."""
_PRELUDE = source(__package__, "prelude")
_HEAD = source(__package__, "head")


def changing(body: str) -> Script:
    """Return the script that runs `body` behind the prelude: see scripts/prelude.lua for what a body may use."""
    return Script(f"{_PRELUDE}\nreturn commit(function()\n{body}\nend)\n", changes=True)


def reading(body: str) -> Script:
    """Return the script that runs `body` with `head()`, `keys` and `args` at hand."""
    return Script(f"{_HEAD}\n{body}\n")
