"""The real code with one piece of it replaced: how a guard is taken out.

The piece must stand exactly once in the source of its function. Where the code moves, the edit fails loudly instead of
testing a copy that has grown old.
"""

from __future__ import annotations
import __future__

import contextlib
import inspect
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from unittest import mock

FLAGS = __future__.annotations.compiler_flag


class GuardMoved(LookupError):
    """The source no longer holds the text that an edit replaces: put the guard's new text into its `Edit`."""


@dataclass(frozen=True)
class Edit:
    """In `owner.name`, `old` becomes `new`; `owner`: a class, or a module."""

    owner: Any
    name: str
    old: str
    new: str

    @contextlib.contextmanager
    def applied(self) -> Iterator[None]:
        """Put the edited function in the place of the real one. Raises: GuardMoved."""
        with mock.patch.object(self.owner, self.name, self._edited()):
            yield

    def _edited(self) -> Any:
        found = inspect.getattr_static(self.owner, self.name)
        function = found.fget if isinstance(found, property) else getattr(found, "__func__", found)
        source = textwrap.dedent(inspect.getsource(function))
        if source.count(self.old) != 1:
            raise GuardMoved(f"{self.old!r} stands {source.count(self.old)} times in {function.__qualname__}")
        names: dict[str, Any] = {}
        code = compile(source.replace(self.old, self.new), f"<{self.name} without a guard>", "exec", FLAGS, True)
        exec(code, vars(sys.modules[function.__module__]), names)
        return names[self.name]
