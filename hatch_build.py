"""The build hook of the wheel: builds web/ into livefeed/web_dist, which the wheel ships."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parent / "tools"))
import web


class WebAssets(BuildHookInterface[Any]):
    """Runs for wheels only; an editable install serves what `make` built."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Return the Node.js of PyPI where the machine has none, so that an isolated build gets it."""
        return web.node_requirements()

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the assets, or find them fresh."""
        if version != "editable":
            web.build()
