"""Push notifications that nobody wants cost nothing."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from livefeed.composition import pushing
from livefeed.config import Config
from livefeed.push.services import Services


async def test_a_server_that_sends_to_nobody_makes_no_key_and_carries_nothing(tmp_path: Path) -> None:
    services: Any = SimpleNamespace(
        config=Config(data=tmp_path, push_services="none"), push_services=Services.parse("none")
    )
    async with pushing(services, node="n") as push:
        assert (push.key, push.background) == ("", [])
    assert list(tmp_path.iterdir()) == []
